/* Sockets are opened when none has rested, until one more can not be had. */
#define _GNU_SOURCE /* RLIMIT_NOFILE, EPOLL_CLOEXEC */

#include "ports.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    OTHER_DESCRIPTORS = 32,
    ERRORS_MAX = 16,         /* that wait on a socket; more would be one that stays */
    LIMIT_HOLDS_US = 100000, /* by then others may have closed theirs */
};

/* Returns how many sockets there can be. */
static uint32_t raise_descriptors(void)
{
    struct rlimit limit;
    const rlim_t wanted = PORTS_MAX + OTHER_DESCRIPTORS;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return PORTS_MAX;
    rlim_t before = limit.rlim_cur;
    if (before < wanted)
        limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        limit.rlim_cur = before;
    if (limit.rlim_cur >= wanted)
        return PORTS_MAX;
    /* With less, so many are tried all the same; what can not be opened is seen then. */
    const rlim_t least = OTHER_DESCRIPTORS;
    return (uint32_t)(limit.rlim_cur > 2 * least ? limit.rlim_cur - least : least);
}

bool ports_open(struct ports *ports, const struct calc_endpoints *endpoints, int epoll_fd)
{
    uint32_t most = raise_descriptors();
    *ports = (struct ports){.endpoints = endpoints,
                            .epoll_fd = epoll_fd,
                            .share = (most + (uint32_t)endpoints->count - 1) /
                                     (uint32_t)endpoints->count,
                            .limit = PORTS_MAX};
    ports->list = malloc(PORTS_MAX * sizeof *ports->list);
    bool done = ports->list != NULL;
    for (size_t i = 0; done && i < endpoints->count; i++)
        done = timers_open(&ports->resting[i], PORTS_MAX);
    if (!done) {
        ports_close(ports);
        errno = ENOMEM;
        return false;
    }
    /* Touched, as timers.c does. */
    memset(ports->list, 0xFF, PORTS_MAX * sizeof *ports->list);
    return true;
}

void ports_close(struct ports *ports)
{
    for (uint32_t i = 0; ports->list != NULL && i < ports->count; i++)
        close(ports->list[i].fd);
    free(ports->list);
    for (size_t i = 0; i < CALC_ENDPOINTS_MAX; i++)
        timers_close(&ports->resting[i]);
    *ports = (struct ports){0};
}

static bool connect_and_watch(const struct ports *ports, int fd, uint8_t endpoint, uint32_t number)
{
    const struct sockaddr_in6 *peer = &ports->endpoints->list[endpoint];
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data = {.u64 = number}};
    return connect(fd, (const struct sockaddr *)peer, sizeof *peer) == 0 &&
           epoll_ctl(ports->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

/* A server does not reply to its own port's number: REQ-7.4. */
static bool is_of_use(int fd, const struct sockaddr_in6 *peer)
{
    struct sockaddr_in6 local = {.sin6_family = AF_INET6};
    socklen_t size = sizeof local;
    return getsockname(fd, (struct sockaddr *)&local, &size) == 0 &&
           local.sin6_port != peer->sin6_port;
}

/* Opens a socket in this place of the list. Returns false with errno set. */
static bool open_port(struct ports *ports, uint8_t endpoint, uint32_t number)
{
    int fd = calc_socket();
    if (fd < 0)
        return false;
    if (!connect_and_watch(ports, fd, endpoint, number)) {
        int error = errno;
        close(fd);
        errno = error;
        return false;
    }
    ports->list[number] =
        (struct port){.fd = fd, .endpoint = endpoint, .taken = true, .next = PORTS_NONE};
    return true;
}

/* There is no more of something: descriptors, memory, or ports (EAGAIN of connect(2)). */
static bool is_shortage(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM ||
           error == ENOSPC || error == EAGAIN || error == EADDRNOTAVAIL || error == EADDRINUSE;
}

/* Opens one more, if there may be one more. One with the server's own number is kept, so that the kernel
 * does not give it out again, and another one is opened. Returns false with errno set. */
static bool open_next(struct ports *ports, uint8_t endpoint, int64_t now, uint32_t *number)
{
    /* Where there are none at all, one request after the other would fail for as long as the limit holds. */
    if (ports->count == 0 || now - ports->limited >= LIMIT_HOLDS_US)
        ports->limit = PORTS_MAX;
    errno = EMFILE;
    while (ports->count < ports->limit && ports->counts[endpoint] < ports->share) {
        if (!open_port(ports, endpoint, ports->count)) {
            if (is_shortage(errno)) {
                ports->limit = ports->count;
                ports->limited = now;
            }
            return false;
        }
        *number = ports->count++;
        ports->counts[endpoint]++;
        if (is_of_use(ports->list[*number].fd, &ports->endpoints->list[endpoint]))
            return true;
        ports->list[*number].taken = false;
    }
    return false;
}

enum ports_code ports_take(struct ports *ports, uint8_t endpoint, int64_t now, uint32_t *number,
                           int64_t *when)
{
    struct timers *resting = &ports->resting[endpoint];
    const struct timer *first = timers_first(resting);
    if (first != NULL && first->due <= now) {
        *number = first->owner;
        timers_remove(resting, *number);
        ports_drain(ports, *number);
        ports->list[*number].taken = true;
        return PORTS_TAKEN;
    }
    if (open_next(ports, endpoint, now, number)) {
        ports_drain(ports, *number);
        return PORTS_TAKEN;
    }
    if (!is_shortage(errno))
        return PORTS_FAILED;
    *when = first != NULL ? first->due : 0;
    return PORTS_LATER;
}

void ports_rest(struct ports *ports, uint32_t number, int64_t until)
{
    struct port *port = &ports->list[number];
    assert(port->taken);
    port->taken = false;
    timers_set(&ports->resting[port->endpoint], number, until);
}

void ports_drain(struct ports *ports, uint32_t number)
{
    /* An error that waits is taken from the socket in the same way. One octet is enough to see a
     * datagram. */
    uint8_t octet;
    int fd = ports->list[number].fd;
    for (int errors = 0; errors < ERRORS_MAX;) {
        if (recv(fd, &octet, sizeof octet, 0) >= 0)
            ports->strays++;
        else if (errno == EAGAIN)
            return;
        else
            errors++;
    }
}
