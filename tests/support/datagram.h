/* A datagram as what is sent and received: octets, and how many. */
#ifndef TESTS_DATAGRAM_H
#define TESTS_DATAGRAM_H

#include <stddef.h>
#include <stdint.h>

/* What an Ethernet frame has room for, behind the headers of IPv6 and UDP. */
enum { DATAGRAM_ROOM = 1500 - 40 - 8 };

struct datagram {
    size_t length;
    uint8_t octets[DATAGRAM_ROOM];
};

#endif
