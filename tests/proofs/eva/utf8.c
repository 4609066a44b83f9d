/* utf8.h: any octets, as many of them as are there. */
#include "tests/proofs/eva/harness.h"

#include "proto/utf8.h"

void main(void)
{
    for (size_t room = 0; room <= 8; room++) {
        uint8_t buffer[8];
        const uint8_t *p = any_octets(buffer, sizeof buffer, room);
        size_t length = utf8_length(p, p + room);
        //@ assert bound: length <= 4 && length <= room;
        if (length > 0)
            utf8_code(p, length);
    }
}
