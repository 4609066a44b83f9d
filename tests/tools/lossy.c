/* lossy ADDRESS SEED LOSS TWICE DELAY QUIET LATE: the server at the other end of a bad network. Of 100 requests, and of 100
 * replies, it loses LOSS; TWICE of 100 requests are answered twice; each reply is delayed by up to DELAY ms, so they
 * overtake each other. The same SEED loses the same ones. The first integer of each request is its number, up to 65535.
 * Prints a line for each port that a client uses against the rules: twice for one request (REQ-8.2), or again for another
 * one before it has rested: QUIET ms from its reply, LATE ms from the last try where there were several (REQ-8.3). */
#define _GNU_SOURCE /* clock_gettime, ppoll */

#include "proto/net/endpoint.h"
#include "proto/wire.h"
#include "tests/support/datagram.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

enum { NUMBERS = 65536, REPLIES_MAX = 65536 };

struct pending {
    int64_t due;
    struct sockaddr_in6 peer;
    size_t length;
    uint8_t octets[CALC_REPLY_MAX];
};

struct network {
    int fd;
    uint64_t seed;
    unsigned loss;
    unsigned twice;
    int64_t delay;
    int64_t quiet;
    int64_t late;
    size_t pending_count;
    struct pending pending[REPLIES_MAX];
    struct {
        unsigned tries;
        int64_t last;
    } requests[NUMBERS];
    struct {
        bool used;
        bool replied;
        uint32_t number;
        int64_t last; /* the request, then the first reply to it */
    } ports[NUMBERS];
};

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

_Noreturn static void die(const char *what)
{
    fprintf(stderr, "lossy: %s: %s\n", what, strerror(errno));
    exit(1);
}

static bool happens(struct network *network, unsigned percent)
{
    return random_u32(&network->seed) % 100 < percent;
}

static void check_port(struct network *network, unsigned port, uint32_t number, int64_t now)
{
    if (network->ports[port].used && network->ports[port].number == number) {
        printf("against REQ-8.2: request %u comes from port %u again\n", number, port);
    } else if (network->ports[port].used) {
        uint32_t before = network->ports[port].number;
        bool several = network->requests[before].tries > 1;
        int64_t rest = now - (several ? network->requests[before].last : network->ports[port].last);
        if (rest < (several ? network->late : network->quiet))
            printf("against REQ-8.3: port %u has rested for %lld us after request %u, tried %u "
                   "times\n",
                   port, (long long)rest, before, network->requests[before].tries);
    }
    fflush(stdout);
    network->ports[port].used = true;
    network->ports[port].replied = false;
    network->ports[port].number = number;
    network->ports[port].last = now;
    network->requests[number].tries++;
    network->requests[number].last = now;
}

static void take(struct network *network)
{
    uint8_t octets[CALC_BUFFER_OCTETS];
    struct sockaddr_in6 peer;
    socklen_t size = sizeof peer;
    ssize_t length =
        recvfrom(network->fd, octets, sizeof octets, 0, (struct sockaddr *)&peer, &size);
    if (length < 5)
        return;
    struct wire_reader r = {.p = octets + 1, .end = octets + 5};
    int64_t now = now_us();
    check_port(network, ntohs(peer.sin6_port), wire_read_u32(&r) % NUMBERS, now);
    if (happens(network, network->loss))
        return;
    for (int copies = happens(network, network->twice) ? 2 : 1; copies > 0; copies--) {
        if (network->pending_count == REPLIES_MAX || happens(network, network->loss))
            continue;
        struct pending *reply = &network->pending[network->pending_count++];
        reply->peer = peer;
        reply->due = now + random_u32(&network->seed) % (network->delay + 1);
        calc_answer(octets, (size_t)length, reply->octets, &reply->length);
    }
}

/* What comes after the first one comes to a port that rests, or should. */
static void note_reply(struct network *network, unsigned port, int64_t now)
{
    if (!network->ports[port].replied)
        network->ports[port].last = now;
    network->ports[port].replied = true;
}

/* Returns when the next one is due, or -1. */
static int64_t send_due(struct network *network)
{
    int64_t next = -1;
    for (size_t i = 0; i < network->pending_count;) {
        struct pending *reply = &network->pending[i];
        int64_t now = now_us();
        if (reply->due > now) {
            next = next < 0 || reply->due < next ? reply->due : next;
            i++;
            continue;
        }
        sendto(network->fd, reply->octets, reply->length, 0, (const struct sockaddr *)&reply->peer,
               sizeof reply->peer);
        note_reply(network, ntohs(reply->peer.sin6_port), now);
        *reply = network->pending[--network->pending_count];
    }
    return next;
}

static void open_at(struct network *network, const char *address)
{
    struct sockaddr_in6 local;
    char text[CALC_WHY_ROOM];
    if (calc_literal(address, "0", CALC_TO_BIND, &local, text) != CALC_RESOLVED) {
        fprintf(stderr, "lossy: %s\n", text);
        exit(1);
    }
    socklen_t size = sizeof local;
    int room = 4 << 20;
    network->fd = calc_socket();
    if (network->fd < 0 || bind(network->fd, (struct sockaddr *)&local, sizeof local) < 0 ||
        getsockname(network->fd, (struct sockaddr *)&local, &size) < 0)
        die("bind");
    setsockopt(network->fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    calc_endpoint_text(&local, text);
    printf("listening on %s\n", text);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    if (argc != 8) {
        fputs("usage: lossy ADDRESS SEED LOSS TWICE DELAY QUIET LATE\n", stderr);
        return 1;
    }
    struct network *network = calloc(1, sizeof *network);
    if (network == NULL)
        die("memory");
    unsigned long numbers[6];
    for (int i = 0; i < 6; i++)
        numbers[i] = strtoul(argv[i + 2], NULL, 10);
    network->seed = numbers[0] + 1;
    network->loss = (unsigned)numbers[1];
    network->twice = (unsigned)numbers[2];
    network->delay = (int64_t)numbers[3] * 1000;
    network->quiet = (int64_t)numbers[4] * 1000;
    network->late = (int64_t)numbers[5] * 1000;
    open_at(network, argv[1]);
    for (;;) {
        int64_t next = send_due(network);
        int64_t wait = next - now_us();
        struct timespec timeout = {.tv_nsec = wait > 0 ? wait % 1000000 * 1000 : 0,
                                   .tv_sec = wait > 0 ? wait / 1000000 : 0};
        struct pollfd in = {.fd = network->fd, .events = POLLIN};
        if (ppoll(&in, 1, next < 0 ? NULL : &timeout, NULL) > 0)
            take(network);
    }
}
