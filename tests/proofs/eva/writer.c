/* The writer of wire.h, whatever room is left of its buffer: it goes no further than the end, and writes nothing beyond it.
 * Proves what any_writer.h takes for granted. */
#include "tests/proofs/eva/harness.h"

#include "proto/wire.h"

enum { PIECE_MAX = 1024, ROOM_MAX = 8192 };

static uint8_t octets[PIECE_MAX];

static void check(const struct wire_writer *w)
{
    //@ assert within: w->p <= w->end;
}

static void with_room(size_t left)
{
    uint8_t room[ROOM_MAX];
    uint8_t *end = room + sizeof room;
    struct wire_writer w = {.p = end - left, .end = end};
    wire_write_u8(&w, Frama_C_unsigned_char_interval(0, 255));
    check(&w);
    w = (struct wire_writer){.p = end - left, .end = end};
    wire_write_u32(&w, Frama_C_unsigned_int_interval(0, UINT32_MAX));
    check(&w);
    w = (struct wire_writer){.p = end - left, .end = end};
    wire_write_octets(&w, octets, Frama_C_size_t_interval(1, PIECE_MAX));
    check(&w);
}

void main(void)
{
    Frama_C_make_unknown((char *)octets, sizeof octets);
    for (size_t left = 0; left <= PIECE_MAX; left++)
        with_room(left);
    with_room(Frama_C_size_t_interval(PIECE_MAX + 1, ROOM_MAX));
}
