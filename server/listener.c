/* The server's socket, and what the kernel reports on it besides datagrams. ICMP errors are asked for
 * (IPV6_RECVERR), because only then does the kernel say which replies it had to drop (udp(7)). The
 * price: an error about one peer may be reported by the call that serves another, so a send that
 * fails is tried again once the errors have been taken. */
#define _GNU_SOURCE /* in6_pktinfo */

#include "listener.h"

#include <assert.h>
#include <errno.h>
#include <linux/errqueue.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
    SEND_TRIES = 4,
    ERRORS_AT_ONCE = 64, /* a flood of ICMP errors must not hold up the datagrams */
};

static bool set_option(int fd, int level, int option, int value)
{
    return setsockopt(fd, level, option, &value, sizeof value) == 0;
}

/* Returns what could not be done, with errno set, or NULL. */
static const char *prepare(int fd, const struct sockaddr_in6 *endpoint, bool v6only)
{
    if (!set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, v6only))
        return "set IPV6_V6ONLY for";
    if (!set_option(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1))
        return "set IPV6_RECVPKTINFO for";
    if (!set_option(fd, IPPROTO_IPV6, IPV6_RECVERR, 1))
        return "set IPV6_RECVERR for";
    if (!v6only && !set_option(fd, IPPROTO_IP, IP_RECVERR, 1))
        return "set IP_RECVERR for";
    if (bind(fd, (const struct sockaddr *)endpoint, sizeof *endpoint) < 0)
        return "bind";
    return NULL;
}

/* Another address of the name may do; one that is taken must not be evaded in silence. */
static bool is_not_ours(int error)
{
    return error == EADDRNOTAVAIL || error == EAFNOSUPPORT || error == EINVAL;
}

static void explain(const char *failed, const struct sockaddr_in6 *endpoint, bool v6only,
                    char why[static CALC_WHY_ROOM])
{
    char text[CALC_ENDPOINT_ROOM];
    int error = errno;
    calc_endpoint_text(endpoint, text);
    const char *hint = "";
    if (v6only && IN6_IS_ADDR_V4MAPPED(&endpoint->sin6_addr))
        hint = " (an IPv4 address can not be served with --v6only)";
    snprintf(why, CALC_WHY_ROOM, "can not %s %s: %s%s", failed, text, strerror(error), hint);
}

bool listener_open(const struct calc_endpoints *endpoints, bool v6only, struct listener *listener,
                   char why[static CALC_WHY_ROOM])
{
    for (size_t i = 0; i < endpoints->count; i++) {
        const struct sockaddr_in6 *endpoint = &endpoints->list[i];
        if (calc_is_multicast(&endpoint->sin6_addr)) {
            snprintf(why, CALC_WHY_ROOM,
                     "ADDRESS is a multicast address: no request to it gets a reply (REQ-6.9)");
            continue;
        }
        int fd = calc_socket();
        const char *failed = fd < 0 ? "open a socket for" : prepare(fd, endpoint, v6only);
        socklen_t size = sizeof listener->endpoint;
        if (failed == NULL && getsockname(fd, (struct sockaddr *)&listener->endpoint, &size) < 0)
            failed = "get the name of";
        if (failed == NULL) {
            listener->fd = fd;
            return true;
        }
        int error = errno;
        explain(failed, endpoint, v6only, why);
        if (fd >= 0)
            close(fd);
        if (!is_not_ours(error))
            return false;
    }
    return false;
}

static void read_destination(struct msghdr *message, struct arrival *datagram)
{
    datagram->destination_known = false;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo info;
            memcpy(&info, CMSG_DATA(c), sizeof info);
            datagram->destination_known = true;
            datagram->destination = info.ipi6_addr;
            datagram->interface = info.ipi6_ifindex;
        }
    }
}

enum receive_code listener_receive(const struct listener *listener, struct arrival *datagram,
                                   struct counters *counters)
{
    struct iovec payload = {.iov_base = datagram->octets, .iov_len = sizeof datagram->octets};
    _Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(struct in6_pktinfo))];
    struct msghdr message = {
        .msg_name = &datagram->peer,
        .msg_namelen = sizeof datagram->peer,
        .msg_iov = &payload,
        .msg_iovlen = 1,
        .msg_control = control,
        .msg_controllen = sizeof control,
    };
    /* MSG_TRUNC: the length is that of the datagram, however much of it fits. */
    ssize_t length = recvmsg(listener->fd, &message, MSG_DONTWAIT | MSG_TRUNC);
    if (length >= 0) {
        datagram->length = (size_t)length;
        read_destination(&message, datagram);
        counters->received++;
        return RECEIVED;
    }
    assert(errno != EBADF && errno != EFAULT && errno != ENOTSOCK);
    if (errno == EAGAIN)
        return RECEIVE_QUEUE_EMPTY;
    if (errno == EINTR) {
        counters->of[NOTED_INTERRUPTED]++;
        return RECEIVE_AGAIN;
    }
    uint64_t before = counters->of[NOTED_ICMP_ERROR];
    listener_take_errors(listener, counters);
    if (counters->of[NOTED_ICMP_ERROR] == before)
        counters->of[NOTED_RECEIVE_FAILED]++;
    return RECEIVE_AGAIN;
}

static void set_source(struct msghdr *message, const struct arrival *request)
{
    struct in6_pktinfo info = {.ipi6_addr = request->destination};
    /* Only a link-local address needs its interface; any other may be routed back another way. */
    if (IN6_IS_ADDR_LINKLOCAL(&request->destination))
        info.ipi6_ifindex = request->interface;
    struct cmsghdr *c = CMSG_FIRSTHDR(message);
    c->cmsg_level = IPPROTO_IPV6;
    c->cmsg_type = IPV6_PKTINFO;
    c->cmsg_len = CMSG_LEN(sizeof info);
    memcpy(CMSG_DATA(c), &info, sizeof info);
}

int listener_send(const struct listener *listener, const struct arrival *request,
                  const uint8_t *reply, size_t length, struct counters *counters)
{
    struct iovec payload = {.iov_base = (void *)(uintptr_t)reply, .iov_len = length};
    _Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(struct in6_pktinfo))] = {0};
    struct sockaddr_in6 peer = request->peer;
    struct msghdr message = {
        .msg_name = &peer,
        .msg_namelen = sizeof peer,
        .msg_iov = &payload,
        .msg_iovlen = 1,
    };
    if (request->destination_known) {
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        set_source(&message, request);
    }
    int error = 0;
    for (int i = 0; i < SEND_TRIES; i++) {
        if (sendmsg(listener->fd, &message, MSG_DONTWAIT) >= 0)
            return 0;
        error = errno;
        assert(error != EBADF && error != EFAULT && error != ENOTSOCK);
        if (error == EAGAIN)
            break;
        if (error == EINTR)
            counters->of[NOTED_INTERRUPTED]++;
        else
            listener_take_errors(listener, counters);
    }
    return error;
}

void listener_take_errors(const struct listener *listener, struct counters *counters)
{
    for (int i = 0; i < ERRORS_AT_ONCE; i++) {
        _Alignas(struct cmsghdr) uint8_t control[512];
        struct msghdr message = {.msg_control = control, .msg_controllen = sizeof control};
        if (recvmsg(listener->fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
            return;
        for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c != NULL; c = CMSG_NXTHDR(&message, c)) {
            struct sock_extended_err error;
            bool about_error = (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR) ||
                               (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR);
            if (!about_error || c->cmsg_len < CMSG_LEN(sizeof error))
                continue;
            memcpy(&error, CMSG_DATA(c), sizeof error);
            if (error.ee_origin == SO_EE_ORIGIN_ICMP || error.ee_origin == SO_EE_ORIGIN_ICMP6)
                counters->of[NOTED_ICMP_ERROR]++;
        }
    }
}

void listener_close(struct listener *listener)
{
    close(listener->fd);
    listener->fd = -1;
}
