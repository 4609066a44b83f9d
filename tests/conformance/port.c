/* One socket of UDP over IPv6, with the errors that come back to it (IPV6_RECVERR, ipv6(7), ip(7)). */
#define _GNU_SOURCE
#include "port.h"

#include "clock.h"

#include "proto/net/endpoint.h"

#include <time.h> /* errqueue.h takes struct timespec for granted */

#include <errno.h>
#include <linux/errqueue.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool port_open(struct port *port, const struct sockaddr_in6 *local, struct outcome *outcome)
{
    socklen_t size = sizeof port->local;
    int on = 1, off = 0;
    *port = (struct port){.fd = calc_socket(), .outcome = outcome};
    if (port->fd < 0)
        return false;
    setsockopt(port->fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    /* Without these an error is not told to a socket that is not connected. IPv4 is for V4-mapped peers. */
    setsockopt(port->fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
    setsockopt(port->fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
    if (bind(port->fd, (const struct sockaddr *)local, sizeof *local) == 0 &&
        getsockname(port->fd, (struct sockaddr *)&port->local, &size) == 0)
        return true;
    int error = errno;
    port_close(port);
    errno = error;
    return false;
}

bool port_local_towards(const struct sockaddr_in6 *peer, struct sockaddr_in6 *local)
{
    socklen_t size = sizeof *local;
    int fd = calc_socket();
    if (fd < 0)
        return false;
    bool known = connect(fd, (const struct sockaddr *)peer, sizeof *peer) == 0 &&
                 getsockname(fd, (struct sockaddr *)local, &size) == 0;
    int error = errno;
    close(fd);
    errno = error;
    local->sin6_port = 0;
    return known;
}

static void note(struct port *port, const struct sockaddr_in6 *source,
                 const struct sockaddr_in6 *destination, const uint8_t *octets, size_t length)
{
    if (port->outcome != NULL)
        outcome_packet(port->outcome, source, destination, octets, length);
}

bool port_send(struct port *port, const struct sockaddr_in6 *peer, const struct datagram *datagram)
{
    /* The first call may report the error of an earlier datagram, and sends nothing then. */
    for (int tries = 0; tries < 4; tries++) {
        if (sendto(port->fd, datagram->octets, datagram->length, 0, (const struct sockaddr *)peer,
                   sizeof *peer) >= 0) {
            note(port, &port->local, peer, datagram->octets, datagram->length);
            return true;
        }
        if (errno != ECONNREFUSED && errno != EINTR)
            return false;
    }
    return false;
}

/* Takes an error off the queue; false: there was none. */
static bool take_error(struct port *port, bool *refused)
{
    char control[512];
    struct iovec nothing = {.iov_base = NULL};
    struct msghdr message = {.msg_iov = &nothing,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = sizeof control};
    if (recvmsg(port->fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
        return false;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c != NULL; c = CMSG_NXTHDR(&message, c)) {
        struct sock_extended_err error;
        if (c->cmsg_len < CMSG_LEN(sizeof error) ||
            (c->cmsg_type != IPV6_RECVERR && c->cmsg_type != IP_RECVERR))
            continue;
        memcpy(&error, CMSG_DATA(c), sizeof error);
        *refused = error.ee_errno == ECONNREFUSED;
    }
    return true;
}

static bool take_datagram(struct port *port, struct arrived *arrived)
{
    socklen_t size = sizeof arrived->source;
    ssize_t length = recvfrom(port->fd, arrived->datagram.octets, DATAGRAM_ROOM,
                              MSG_TRUNC | MSG_DONTWAIT, (struct sockaddr *)&arrived->source, &size);
    if (length < 0)
        return false;
    arrived->length = (size_t)length;
    arrived->datagram.length = arrived->length < DATAGRAM_ROOM ? arrived->length : DATAGRAM_ROOM;
    note(port, &arrived->source, &port->local, arrived->datagram.octets, arrived->length);
    return true;
}

enum arrival port_receive(struct port *port, int64_t deadline_us, struct arrived *arrived)
{
    for (;;) {
        bool refused = false;
        if (take_datagram(port, arrived))
            return ARRIVED;
        if (errno != EAGAIN && errno != EINTR && errno != ECONNREFUSED)
            return BROKEN;
        if (take_error(port, &refused)) {
            if (refused)
                return REFUSED;
            continue;
        }
        int64_t left_us = deadline_us - kit_now_us();
        if (left_us <= 0)
            return NOTHING;
        struct pollfd wait = {.fd = port->fd, .events = POLLIN};
        struct timespec left = {.tv_sec = (time_t)(left_us / 1000000),
                                .tv_nsec = (long)(left_us % 1000000 * 1000)};
        if (ppoll(&wait, 1, &left, NULL) < 0 && errno != EINTR)
            return BROKEN;
    }
}

void port_close(struct port *port)
{
    if (port->fd >= 0)
        close(port->fd);
    port->fd = -1;
}
