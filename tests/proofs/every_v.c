/* Every V of PROTOCOL.md's section 7, 80 and 4 octets, taken for a request: the answer is 8E and the same 4 octets
 * (REQ-7.1). All 2^32 of them, a part at a time: every_v PART PARTS. */
#include "proto/calc.h"

#include <stdio.h>
#include <stdlib.h>

static bool is_answered_by_l(uint32_t payload)
{
    const uint8_t v[] = {0x80, (uint8_t)(payload >> 24), (uint8_t)(payload >> 16),
                         (uint8_t)(payload >> 8), (uint8_t)payload};
    uint8_t reply[CALC_REPLY_MAX];
    size_t length;
    calc_answer(v, sizeof v, reply, &length);
    return length == sizeof v && reply[0] == 0x8E && reply[1] == v[1] && reply[2] == v[2] &&
           reply[3] == v[3] && reply[4] == v[4];
}

int main(int argc, char **argv)
{
    uint64_t part = argc == 3 ? strtoull(argv[1], NULL, 10) : 0;
    uint64_t parts = argc == 3 ? strtoull(argv[2], NULL, 10) : 1;
    if (parts == 0 || part >= parts) {
        fprintf(stderr, "every_v: %s of %s: allowed is a part from 0 to below their number\n",
                argv[1], argv[2]);
        return 2;
    }
    uint64_t end = ((uint64_t)1 << 32) * (part + 1) / parts;
    for (uint64_t payload = ((uint64_t)1 << 32) * part / parts; payload < end; payload++) {
        if (!is_answered_by_l((uint32_t)payload)) {
            fprintf(stderr, "every_v: 80 %08llX is not answered by 8E and the same\n",
                    (unsigned long long)payload);
            return 1;
        }
    }
    return 0;
}
