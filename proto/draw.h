/* Datagrams as drawings for people, well-formed or not: the header bit by bit under the ruler of
 * PROTOCOL.md, the payload, the octets, and what it all means. Who prints them, and where, is the
 * caller's. */
#ifndef CALC_DRAW_H
#define CALC_DRAW_H

#include "calc.h"

enum {
    CALC_DRAW_COLUMNS = 80, /* no line is wider */
    CALC_DRAW_ROOM = 8192,  /* enough for any drawing */
};

/* Each draws a datagram of length octets (the length as sent, of which only the first
 * CALC_BUFFER_OCTETS need be readable, and no more are shown) as lines of text, ends them with NUL
 * and returns their length without the NUL. room must be above zero; where it ends, the text is cut
 * behind the last line that fits whole. With coloured, SGR sequences (ECMA-48) mark names, values
 * and what is wrong, and are reset before their line ends; without, there are none. */

/* Fields, integers in the order of the wire and of this host, octets, and the line of
 * calc_show_request() (REQ-3.3, REQ-4.1 to REQ-4.5). */
size_t calc_draw_request(const uint8_t *datagram, size_t length, bool coloured, char *text,
                         size_t room);

/* The same of a reply to a request of the given format (REQ-5.1 to REQ-5.6). */
size_t calc_draw_reply(const uint8_t *datagram, size_t length, enum calc_format format,
                       bool coloured, char *text, size_t room);

#endif
