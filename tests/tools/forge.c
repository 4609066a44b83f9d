/* forge COUNT RATE FROM[/BITS] FROM_PORT TO TO_PORT HEX: sends a datagram so many times, so many a second (0: as fast
 * as it can), from an address that need not be its own: of FROM only the first BITS stay, and the others are new each
 * time. The port is new each time where FROM_PORT is 0, and ephemeral then. COUNT 0 goes on until it is ended. Takes
 * a raw socket, raw(7). */
#define _DEFAULT_SOURCE

#include "tests/support/frame.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

enum { ETHERNET_HEADER = 14, EPHEMERAL = 32768, BURST = 64 };

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* The bits behind the prefix anew. */
static void renew(struct in6_addr *address, unsigned prefix, uint64_t *random)
{
    for (unsigned i = 0; i < 16; i++) {
        unsigned kept = prefix <= 8 * i ? 0 : prefix - 8 * i;
        uint8_t mask = (uint8_t)(kept >= 8 ? 0 : 0xFF >> kept);
        address->s6_addr[i] =
            (uint8_t)((address->s6_addr[i] & ~mask) | (random_u32(random) & mask));
    }
}

/* Waits until so many are due. */
static void pace(int64_t began, uint64_t sent, uint64_t rate)
{
    int64_t due = began + (int64_t)(sent * 1000000 / rate);
    int64_t wait = due - now_us();
    if (wait > 0)
        nanosleep(&(struct timespec){.tv_sec = wait / 1000000, .tv_nsec = wait % 1000000 * 1000},
                  NULL);
}

static void send_one(int fd, const struct frame *frame)
{
    uint8_t octets[FRAME_ROOM];
    struct sockaddr_in6 to = {.sin6_family = AF_INET6, .sin6_addr = frame->destination};
    size_t length = frame_write(frame, octets) - ETHERNET_HEADER;
    if (sendto(fd, octets + ETHERNET_HEADER, length, 0, (struct sockaddr *)&to, sizeof to) < 0 &&
        errno != ENOBUFS) {
        fprintf(stderr, "forge: can not send: %s\n", strerror(errno));
        exit(1);
    }
}

int main(int argc, char **argv)
{
    if (argc != 8) {
        fputs("usage: forge COUNT RATE FROM[/BITS] FROM_PORT TO TO_PORT HEX\n", stderr);
        return 1;
    }
    uint64_t count = strtoull(argv[1], NULL, 10), rate = strtoull(argv[2], NULL, 10);
    char *slash = strchr(argv[3], '/');
    unsigned prefix = slash == NULL ? 128 : (unsigned)strtoul(slash + 1, NULL, 10);
    if (slash != NULL)
        *slash = '\0';
    struct frame frame = {
        .source = address_of(argv[3]),
        .destination = address_of(argv[5]),
        .source_port = (uint16_t)strtoul(argv[4], NULL, 10),
        .destination_port = (uint16_t)strtoul(argv[6], NULL, 10),
        .payload = hex(argv[7]),
    };
    bool any_port = frame.source_port == 0;
    int fd = socket(AF_INET6, SOCK_RAW, IPPROTO_RAW);
    if (fd < 0) {
        fprintf(stderr, "forge: can not open a raw socket: %s\n", strerror(errno));
        return 1;
    }
    uint64_t random = 0x9E3779B97F4A7C15;
    int64_t began = now_us();
    for (uint64_t sent = 0; count == 0 || sent < count; sent++) {
        renew(&frame.source, prefix, &random);
        if (any_port)
            frame.source_port = (uint16_t)(EPHEMERAL + random_u32(&random) % EPHEMERAL);
        if (rate > 0 && sent % BURST == 0)
            pace(began, sent, rate);
        send_one(fd, &frame);
    }
    return 0;
}
