/* show.c and code.c: datagrams as a line, into room of every size that makes a difference. The datagrams are those of few
 * integers or digits, the longest, and longer ones: README.md says why those between follow. */
#include "tests/proofs/eva/any_writer.h"
#include "tests/proofs/eva/harness.h"

#include "proto/code.c"
#include "proto/message.c"
#include "proto/show.c"

static void show(size_t length, size_t readable, size_t room)
{
    uint8_t buffer[CALC_BUFFER_OCTETS];
    const uint8_t *datagram = any_octets(buffer, sizeof buffer, readable);
    char texts[CALC_SHOW_ROOM];
    char *text = texts + sizeof texts - room;
    size_t shown = calc_show_request(datagram, length, text, room);
    //@ assert request: shown < room;
    shown = calc_show_reply(datagram, length, CALC_AS_INTEGER, text, room);
    //@ assert integer: shown < room;
    shown = calc_show_reply(datagram, length, CALC_AS_STRING, text, room);
    //@ assert string: shown < room;
    calc_format_asked(datagram, length);
}

/* A text that ends where its room does. */
static void one_line(size_t length)
{
    char room[16];
    char *text = (char *)any_octets((uint8_t *)room, sizeof room, length + 1);
    text[length] = '\0';
    calc_one_line(text);
}

static void whole_lines(size_t length)
{
    char text[16];
    const char *first = (const char *)any_octets((uint8_t *)text, sizeof text, length);
    for (size_t room = 0; room <= length; room++) {
        size_t whole = calc_whole_lines(first, length, room);
        //@ assert whole: whole <= room && whole <= length;
    }
    calc_whole_lines(first, length, Frama_C_size_t_interval(length, SIZE_MAX));
}

void main(void)
{
    for (size_t length = 0; length <= 9; length++)
        show(length, length, CALC_SHOW_ROOM);
    for (size_t length = CALC_BUFFER_OCTETS - 2; length <= CALC_BUFFER_OCTETS; length++)
        show(length, length, CALC_SHOW_ROOM);
    show(Frama_C_size_t_interval(CALC_BUFFER_OCTETS + 1, DATAGRAM_MAX), CALC_BUFFER_OCTETS,
         CALC_SHOW_ROOM);
    for (size_t room = 1; room < 16; room++)
        show(9, 9, room);

    calc_code_text((enum calc_code)Frama_C_unsigned_int_interval(0, UINT32_MAX));
    for (size_t length = 0; length < 16; length++) {
        one_line(length);
        whole_lines(length);
    }
}
