/* Kernel buffers and waiting are here; what a packet should hold is not. */
#define _GNU_SOURCE
#include "capture.h"

#include <poll.h>
#include <stdio.h>

enum { PATIENCE_MS = 10000, SNAPSHOT_OCTETS = 65535 };

pcap_t *capture_open(const char *interface, const char *filter, char why[static PCAP_ERRBUF_SIZE])
{
    pcap_t *capture = pcap_create(interface, why);
    if (capture == NULL)
        return NULL;
    pcap_set_snaplen(capture, SNAPSHOT_OCTETS);
    pcap_set_immediate_mode(capture, 1);
    struct bpf_program program;
    if (pcap_activate(capture) >= 0 &&
        pcap_compile(capture, &program, filter, 1, PCAP_NETMASK_UNKNOWN) == 0) {
        int set = pcap_setfilter(capture, &program);
        pcap_freecode(&program);
        if (set == 0 && pcap_setnonblock(capture, 1, why) == 0)
            return capture;
    }
    snprintf(why, PCAP_ERRBUF_SIZE, "%s", pcap_geterr(capture));
    pcap_close(capture);
    return NULL;
}

/* False: none has arrived. */
static bool take(pcap_t *capture, struct packet *packet)
{
    struct pcap_pkthdr *header;
    const u_char *octets;
    int taken = pcap_next_ex(capture, &header, &octets);
    assert_int_not_equal(taken, PCAP_ERROR);
    if (taken != 1)
        return false;
    assert_int_equal(header->caplen, header->len);
    assert_true(header->len <= FRAME_ROOM);
    packet->time_us = (int64_t)header->ts.tv_sec * 1000000 + header->ts.tv_usec;
    packet->length = header->len;
    memcpy(packet->octets, octets, header->len);
    return true;
}

struct packet capture_next(pcap_t *capture)
{
    struct packet packet = {0};
    while (!take(capture, &packet)) {
        struct pollfd wait = {.fd = pcap_get_selectable_fd(capture), .events = POLLIN};
        if (poll(&wait, 1, PATIENCE_MS) == 0)
            fail_msg("no packet in %d ms", PATIENCE_MS);
    }
    return packet;
}

void capture_assert_empty(pcap_t *capture)
{
    struct packet packet;
    if (take(capture, &packet))
        fail_msg("a packet of %zu octets that nobody expects", packet.length);
}

void assert_packet(const struct packet *actual, const struct frame *expected)
{
    uint8_t octets[FRAME_ROOM];
    size_t length = frame_write(expected, octets);
    assert_int_equal(actual->length, length);
    assert_memory_equal(actual->octets, octets, length);
}
