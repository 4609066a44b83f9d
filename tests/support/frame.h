/* A datagram in its UDP, IPv6 and Ethernet headers: written octet by octet from what it should be, so
 * that a captured one can be compared as a whole, and read back. And the ICMPv6 error about one. */
#ifndef TESTS_FRAME_H
#define TESTS_FRAME_H

#include "tests/support/datagram.h"

#include <netinet/in.h>
#include <stdbool.h>

enum { FRAME_ROOM = 14 + 40 + 8 + DATAGRAM_ROOM };

struct link_address {
    uint8_t octets[6];
};

struct frame {
    struct link_address link_source, link_destination;
    struct in6_addr source, destination;
    uint16_t source_port, destination_port; /* in host byte order */
    /* Loopback leaves the checksum to hardware that is not there: the field holds the sum over the
     * pseudo header only. */
    bool checksum_left_out;
    struct datagram payload;
};

struct in6_addr address_of(const char *text);

/* The frame that goes back with this payload. */
struct frame frame_back(const struct frame *frame, struct datagram payload);

/* Flow label 0, hop limit 64 (RFC 8200, section 3; RFC 768). Where both addresses are V4-mapped, the header is
 * IPv4's (RFC 791), as it is on the wire. Returns the length in octets. */
size_t frame_write(const struct frame *frame, uint8_t octets[static FRAME_ROOM]);

/* The ICMPv6 error of this type and code (RFC 4443, sections 3.1 and 3.3), from the source of `error` to
 * its destination, whose ports and payload say nothing. It quotes the datagram `about` whole, or as much
 * as 1280 octets of IPv6 leave room for. Returns the length in octets. */
size_t frame_write_error(const struct frame *error, uint8_t type, uint8_t code,
                         const struct frame *about, uint8_t octets[static FRAME_ROOM]);

/* False: it is no IPv6 and UDP in Ethernet, or its lengths do not agree. */
bool frame_read(const uint8_t *octets, size_t length, struct frame *frame);

#endif
