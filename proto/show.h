/* Datagrams as one line of text for people, well-formed or not. Writes into the caller's room; who
 * prints it, and where, is the caller's. */
#ifndef CALC_SHOW_H
#define CALC_SHOW_H

#include "calc.h"

/* Room enough for any of these texts about any datagram. */
enum { CALC_SHOW_ROOM = 1024 };

/* Each writes a text that ends with NUL and is cut where the room ends, and returns its length
 * without the NUL. room must be above zero. Lengths of datagrams are as sent; what is read of them
 * is the first CALC_BUFFER_OCTETS at most. draw.h has more than a line. */

/* One line: "sum(1, 3, 5) as integer", or why it is no request that can be answered. */
size_t calc_show_request(const uint8_t *datagram, size_t length, char *text, size_t room);

/* One line: "success, 9", or why there is no result. */
size_t calc_show_reply(const uint8_t *datagram, size_t length, enum calc_format format, char *text,
                       size_t room);

/* Puts ? for the control characters of a text that has words from elsewhere in it, so that it stays one
 * line and does nothing to a terminal. */
void calc_one_line(char *text);

/* How much of a text of this length goes into room octets: all of it, or up to the end of the last line that does, or,
 * where no line does, as much as there is room. */
size_t calc_whole_lines(const char *text, size_t length, size_t room);

/* The form that a request asks its reply to have, whatever else is wrong with it (REQ-4.4). */
enum calc_format calc_format_asked(const uint8_t *datagram, size_t length);

#endif
