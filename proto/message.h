/* Where the bits of the two headers are (PROTOCOL.md, sections 4 and 5), for the files of this
 * folder, and for whoever counts datagrams by their headers. */
#ifndef CALC_MESSAGE_H
#define CALC_MESSAGE_H

#include "calc.h"

enum {
    REQUEST_UNUSED_SHIFT = 4,
    REQUEST_OPCODE_SHIFT = 1,
    REQUEST_OPCODE_MASK = 0x7,
    REQUEST_FORMAT_MASK = 0x1,
    REPLY_SUCCESS = 0x80,
    REPLY_UNUSED_MASK = 0x7F,
    /* Unused bits 0001110 in a reply that would equal its request: read as a request, this is
     * opcode 7, which ends the loop (REQ-7.1). */
    REPLY_UNUSED_LOOP = 0x0E,
};

/* Whether the fields can be those of a request (REQ-4.3, REQ-4.5). */
enum calc_code request_check(const struct calc_request *request);

#endif
