/* Stands for the writer of wire.h in the proofs of what writes text: of its position no more is known than that it stays
 * in its room, which writer.c proves. What is in the room is any text from the beginning. */
#ifndef PROOFS_ANY_WRITER_H
#define PROOFS_ANY_WRITER_H

#include "__fc_builtin.h"

#define wire_write_u8 wire_write_u8_itself
#define wire_write_octets wire_write_octets_itself
#define text_begin text_begin_itself
#include "proto/text.h"
#undef wire_write_u8
#undef wire_write_octets
#undef text_begin

/* The most that text is written of at once: a line of show.h, in draw.c. */
enum { PIECE_MAX = 1024 };

static void wire_write_octets(struct wire_writer *w, const void *octets, size_t count)
{
    const uint8_t *first = octets;
    //@ assert piece: 1 <= count <= PIECE_MAX;
    //@ assert readable: \initialized(first + (0 .. count - 1));
    //@ assert room: w->p <= w->end;
    w->failed = Frama_C_unsigned_int_interval(0, 1);
    w->p = w->end - Frama_C_size_t_interval(0, (size_t)(w->end - w->p));
}

static void wire_write_u8(struct wire_writer *w, uint8_t value)
{
    wire_write_octets(w, &value, 1);
}

static struct wire_writer text_begin(char *text, size_t room)
{
    Frama_C_make_unknown(text, room);
    return text_begin_itself(text, room);
}

#endif
