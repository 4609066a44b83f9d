/* Packets off the wire, through libpcap. */
#ifndef TESTS_CAPTURE_H
#define TESTS_CAPTURE_H

#include "tests/support/test.h"

#include "tests/support/frame.h"

#include <pcap/pcap.h>

struct packet {
    int64_t time_us;
    size_t length; /* as it was on the wire */
    uint8_t octets[FRAME_ROOM];
};

/* Sees what goes through an interface of the current network namespace, from now on. NULL: why says
 * what is missing. */
pcap_t *capture_open(const char *interface, const char *filter, char why[static PCAP_ERRBUF_SIZE]);

/* The next packet; a test that waits for none in vain has failed. */
struct packet capture_next(pcap_t *capture);

/* Fails the test where there is a packet that nobody took. */
void capture_assert_empty(pcap_t *capture);

/* Compares all octets; the message of a failure names the first that differs. */
void assert_packet(const struct packet *actual, const struct frame *expected);

#endif
