/* fresh [-i IN_FLIGHT] [-n REQUESTS] ADDRESS PORT: what it costs to open a socket for each request: socket, connect,
 * send, recv, close. The other side for `client --batch`: request number i is the sum of i, i + 1 and i + 2. Each reply is
 * compared. When nothing more comes for a second, what is left is sent again. Prints what became of the requests. */
#define _GNU_SOURCE /* epoll, and getopt() under -std=c11 */

#include "proto/calc.h"
#include "proto/net/endpoint.h"
#include "proto/wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    IN_FLIGHT_MAX = 1000, /* what a process may have open, as a rule, and some more descriptors */
    REQUESTS_MAX = 100000000, /* three times the last one still fits 32 bits */
    PATIENCE_MS = 1000,
    EXIT_FAILED = 10,
};

struct flight {
    int fd; /* -1: none */
    uint32_t number;
};

struct run {
    struct sockaddr_in6 server;
    int epoll_fd;
    unsigned long slots;
    unsigned long requests;
    unsigned long sent;
    unsigned long right;
    unsigned long wrong;
    unsigned long again;
    struct flight flights[IN_FLIGHT_MAX];
};

_Noreturn static void die(const char *what)
{
    fprintf(stderr, "fresh: can not %s: %s\n", what, strerror(errno));
    exit(EXIT_FAILED);
}

static size_t write_request(uint32_t number, uint8_t octets[static CALC_REQUEST_MAX])
{
    struct wire_writer w = {.p = octets, .end = octets + CALC_REQUEST_MAX};
    wire_write_u8(&w, 0x00);
    for (uint32_t i = 0; i < 3; i++)
        wire_write_u32(&w, number + i);
    return (size_t)(w.p - octets);
}

static bool is_reply(uint32_t number, const uint8_t *octets, size_t length)
{
    uint8_t due[CALC_HEADER_OCTETS + CALC_INTEGER_OCTETS] = {0};
    struct wire_writer w = {.p = due, .end = due + sizeof due};
    wire_write_u8(&w, 0x80);
    wire_write_u32(&w, 3 * number + 3);
    return length == sizeof due && memcmp(octets, due, sizeof due) == 0;
}

/* Sends a request from a socket of its own. */
static void launch(struct run *run, size_t slot)
{
    struct flight *flight = &run->flights[slot];
    flight->fd = calc_socket();
    if (flight->fd < 0)
        die("open a socket");
    if (connect(flight->fd, (const struct sockaddr *)&run->server, sizeof run->server) < 0)
        die("connect");
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = slot};
    if (epoll_ctl(run->epoll_fd, EPOLL_CTL_ADD, flight->fd, &event) < 0)
        die("wait for a socket");
    uint8_t octets[CALC_REQUEST_MAX];
    if (send(flight->fd, octets, write_request(flight->number, octets), 0) < 0)
        die("send");
}

/* The next request, if there is one. */
static void launch_next(struct run *run, size_t slot)
{
    run->flights[slot].fd = -1;
    if (run->sent == run->requests)
        return;
    run->flights[slot].number = (uint32_t)++run->sent;
    launch(run, slot);
}

/* Its descriptor leaves the epoll set when it is closed. */
static void land(struct run *run, size_t slot)
{
    const struct flight *flight = &run->flights[slot];
    uint8_t octets[CALC_BUFFER_OCTETS];
    ssize_t length = recv(flight->fd, octets, sizeof octets, 0);
    if (length < 0 && errno == EAGAIN)
        return;
    if (length < 0)
        die("receive");
    if (is_reply(flight->number, octets, (size_t)length))
        run->right++;
    else
        run->wrong++;
    close(flight->fd);
    launch_next(run, slot);
}

/* Nothing has come for long enough: whatever is out got lost. */
static void send_again(struct run *run)
{
    for (size_t slot = 0; slot < run->slots; slot++) {
        if (run->flights[slot].fd < 0)
            continue;
        run->again++;
        close(run->flights[slot].fd);
        launch(run, slot);
    }
}

static void fly(struct run *run)
{
    struct epoll_event events[IN_FLIGHT_MAX];
    for (size_t slot = 0; slot < run->slots; slot++)
        launch_next(run, slot);
    while (run->right + run->wrong < run->requests) {
        int count = epoll_wait(run->epoll_fd, events, IN_FLIGHT_MAX, PATIENCE_MS);
        if (count < 0 && errno != EINTR)
            die("wait");
        if (count == 0)
            send_again(run);
        for (int i = 0; i < count; i++)
            land(run, (size_t)events[i].data.u64);
    }
}

static unsigned long read_number(const char *name, const char *word, unsigned long most)
{
    unsigned long number = calc_is_number(word) ? strtoul(word, NULL, 10) : 0;
    if (number < 1 || number > most) {
        fprintf(stderr, "fresh: %s '%s' is not a number from 1 to %lu\n", name, word, most);
        exit(1);
    }
    return number;
}

int main(int argc, char **argv)
{
    struct run run = {.slots = 256, .requests = 200000};
    opterr = 0;
    for (int option; (option = getopt(argc, argv, "+i:n:")) != -1;) {
        if (option == 'i')
            run.slots = read_number("IN_FLIGHT", optarg, IN_FLIGHT_MAX);
        else if (option == 'n')
            run.requests = read_number("REQUESTS", optarg, REQUESTS_MAX);
        else
            optind = argc; /* falls to the usage */
    }
    if (argc - optind != 2) {
        fputs("usage: fresh [-i IN_FLIGHT] [-n REQUESTS] ADDRESS PORT\n", stderr);
        return 1;
    }
    char why[CALC_WHY_ROOM];
    if (calc_literal(argv[optind], argv[optind + 1], CALC_TO_SEND, &run.server, why) !=
        CALC_RESOLVED) {
        fprintf(stderr, "fresh: %s\n", why);
        return 1;
    }
    run.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (run.epoll_fd < 0)
        die("open an epoll instance");
    fly(&run);
    close(run.epoll_fd);
    printf("%lu right, %lu wrong, %lu sent again\n", run.right, run.wrong, run.again);
    return run.wrong > 0 ? EXIT_FAILED : 0;
}
