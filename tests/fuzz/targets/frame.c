/* Any frame off the wire: what is read of it is written again as it was. */
#include "tests/fuzz/fuzz.h"

#include "tests/support/frame.h"

#include <string.h>

enum {
    FLOW_AT = 14, /* version, traffic class and flow label */
    FLOW_OCTETS = 4,
    HOPS_AT = 14 + 7,
    CHECKSUM_AT = 14 + 40 + 6,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct frame frame;
    struct exact octets = exact_copy(data, size);
    bool good = frame_read(octets.octets, size, &frame);
    if (good) {
        uint8_t again[FRAME_ROOM];
        bool mapped =
            IN6_IS_ADDR_V4MAPPED(&frame.source) && IN6_IS_ADDR_V4MAPPED(&frame.destination);
        size_t length = frame_write(&frame, again);
        /* These are not kept. */
        memcpy(again + FLOW_AT, octets.octets + FLOW_AT, FLOW_OCTETS);
        again[HOPS_AT] = octets.octets[HOPS_AT];
        memcpy(again + CHECKSUM_AT, octets.octets + CHECKSUM_AT, 2);
        require(mapped || (length == size && memcmp(again, octets.octets, size) == 0),
                "a frame is written as it was read");
    }
    exact_free(&octets);
    return 0;
}
