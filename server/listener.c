/* The server's sockets, and what the kernel reports on them besides datagrams. ICMP errors are asked for
 * (IPV6_RECVERR), because only then does the kernel say which replies it had to drop (udp(7)). */
#define _GNU_SOURCE /* IPV6_RECVERR, recvmmsg, ppoll */

#include "listener.h"
#include "option.h"
#include "refuse.h"

#include <time.h> /* errqueue.h takes struct timespec for granted */

#include <errno.h>
#include <fcntl.h>
#include <linux/errqueue.h>
#include <linux/sock_diag.h>
#include <netinet/udp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    ERRORS_AT_ONCE = 64, /* a flood of ICMP errors must not hold up the datagrams */
    QUEUE_OCTETS = 1 << 20,
};

/* What does not depend on when the socket is bound. Returns what could not be done, with errno set, or NULL. */
static const char *prepare(int fd, const struct sockaddr_in6 *endpoint, bool v6only, bool merged)
{
    /* calc_socket() makes it one that does not block: a worker that has nothing to do waits in its receive call. */
    if (fcntl(fd, F_SETFL, 0) < 0)
        return "wait for datagrams on";
    /* With one address there is no choice to make, and what is not asked for costs nothing. */
    if (calc_is_unspecified(&endpoint->sin6_addr) &&
        !option_set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1))
        return "set IPV6_RECVPKTINFO for";
    if (!option_set(fd, IPPROTO_IPV6, IPV6_RECVERR, 1))
        return "set IPV6_RECVERR for";
    if (!v6only && !option_set(fd, IPPROTO_IP, IP_RECVERR, 1))
        return "set IP_RECVERR for";
    /* The default holds some 250 small datagrams, fewer than one batch of a busy client; less than this, down to what
     * the host allows (net.core.rmem_max), will do. */
    (void)option_set(fd, SOL_SOCKET, SO_RCVBUF, QUEUE_OCTETS);
    (void)option_set(fd, IPPROTO_UDP, UDP_GRO, merged); /* without it, they come one by one */
    return NULL;
}

const char *listener_bind(int fd, const struct sockaddr_in6 *endpoint, bool shared)
{
    /* A port that the kernel picks must not be somebody's. */
    shared = shared && endpoint->sin6_port != 0;
    if (shared && !option_set(fd, SOL_SOCKET, SO_REUSEPORT, 1))
        return "set SO_REUSEPORT for";
    if (bind(fd, (const struct sockaddr *)endpoint, sizeof *endpoint) < 0)
        return "bind";
    /* Set only now, it makes the bind itself the probe whether somebody else has the port. */
    if (!shared && !option_set(fd, SOL_SOCKET, SO_REUSEPORT, 1))
        return "set SO_REUSEPORT for";
    return NULL;
}

/* As above. */
static const char *prepare_and_bind(int fd, const struct sockaddr_in6 *endpoint,
                                    const struct listener_options *options)
{
    if (!option_set(fd, IPPROTO_IPV6, IPV6_V6ONLY, options->v6only))
        return "set IPV6_V6ONLY for";
    const char *failed = prepare(fd, endpoint, options->v6only, options->merged);
    return failed != NULL ? failed : listener_bind(fd, endpoint, options->takeover);
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

/* On failure leaves errno. */
static bool open_at(const struct sockaddr_in6 *endpoint, const struct listener_options *options,
                    struct listener *listener, char why[static CALC_WHY_ROOM])
{
    int fd = calc_socket();
    const char *failed = fd < 0 ? "open a socket for" : prepare_and_bind(fd, endpoint, options);
    socklen_t size = sizeof listener->endpoint;
    if (failed == NULL && getsockname(fd, (struct sockaddr *)&listener->endpoint, &size) < 0)
        failed = "get the name of";
    if (failed == NULL) {
        listener->fd = fd;
        listener->kept = false;
        return true;
    }
    int error = errno;
    explain(failed, endpoint, options->v6only, why);
    if (fd >= 0)
        close(fd);
    errno = error;
    return false;
}

bool listener_open(const struct calc_endpoints *endpoints, const struct listener_options *options,
                   struct listener *listener, char why[static CALC_WHY_ROOM])
{
    for (size_t i = 0; i < endpoints->count; i++) {
        const struct sockaddr_in6 *endpoint = &endpoints->list[i];
        if (calc_is_multicast(&endpoint->sin6_addr)) {
            snprintf(why, CALC_WHY_ROOM,
                     "ADDRESS is a multicast address: no request to it gets a reply (REQ-6.9)");
            continue;
        }
        if (open_at(endpoint, options, listener, why))
            return true;
        if (!is_not_ours(errno))
            return false;
    }
    return false;
}

bool listener_share(const struct listener *first, const struct listener_options *options,
                    struct listener *listener, char why[static CALC_WHY_ROOM])
{
    struct listener_options shared = *options;
    shared.takeover = true;
    if (!open_at(&first->endpoint, &shared, listener, why))
        return false;
    listener_ignore_multicast(listener);
    return true;
}

/* Returns what is wrong with a socket that others have opened, as the end of a sentence, or NULL. */
static const char *fault(int fd, const struct listener_options *options,
                         struct sockaddr_in6 *endpoint)
{
    struct sockaddr_storage other;
    socklen_t size = sizeof *endpoint, other_size = sizeof other;
    int domain = option_of(fd, SOL_SOCKET, SO_DOMAIN);
    if (domain < 0)
        return "is not a socket";
    if (domain != AF_INET6 || option_of(fd, SOL_SOCKET, SO_PROTOCOL) != IPPROTO_UDP)
        return "is not a UDP socket over IPv6";
    if (getsockname(fd, (struct sockaddr *)endpoint, &size) < 0 || endpoint->sin6_port == 0)
        return "is not bound to a port";
    if (getpeername(fd, (struct sockaddr *)&other, &other_size) == 0)
        return "is connected, so it hears one peer only";
    if (options->v6only && option_of(fd, IPPROTO_IPV6, IPV6_V6ONLY) != 1)
        return "takes IPv4, against --v6only";
    /* What it has queued merged would come without the length of a segment, as one datagram. */
    if (!options->merged && option_of(fd, IPPROTO_UDP, UDP_GRO) == 1)
        return "takes datagrams merged, against --no-gro and --once";
    return NULL;
}

bool listener_adopt(int fd, const char *what, const struct listener_options *options,
                    struct listener *listener, char why[static CALC_WHY_ROOM])
{
    *listener = (struct listener){.fd = fd};
    const char *wrong = fault(fd, options, &listener->endpoint);
    if (wrong != NULL)
        return refuse(why, "%s %s", what, wrong);
    bool v6only = option_of(fd, IPPROTO_IPV6, IPV6_V6ONLY) == 1;
    const char *failed = prepare(fd, &listener->endpoint, v6only, options->merged);
    if (failed == NULL && fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
        failed = "keep to itself";
    if (failed != NULL)
        explain(failed, &listener->endpoint, false, why);
    return failed == NULL;
}

void listener_ignore_multicast(const struct listener *listener)
{
    (void)option_set(listener->fd, IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0);
    (void)option_set(listener->fd, IPPROTO_IP, IP_MULTICAST_ALL, 0);
}

bool listener_turn_away(const struct listener *listener)
{
    /* Connected to itself: nobody else has its address and port. There is always a route, and :: becomes ::1. */
    const struct sockaddr_in6 *self = &listener->endpoint;
    return connect(listener->fd, (const struct sockaddr *)self, sizeof *self) == 0;
}

bool listener_wait(const struct listener *listener, int milliseconds)
{
    struct pollfd wait = {.fd = listener->fd, .events = POLLIN};
    const struct timespec timeout = {.tv_sec = milliseconds / 1000,
                                     .tv_nsec = (long)(milliseconds % 1000) * 1000000};
    sigset_t all;
    sigfillset(&all);
    return ppoll(&wait, 1, &timeout, &all) > 0;
}

bool listener_has_queued(const struct listener *listener)
{
    struct pollfd wait = {.fd = listener->fd, .events = POLLIN};
    const struct timespec now = {0};
    /* Errors about replies may wait there, too. */
    return ppoll(&wait, 1, &now, NULL) > 0 && (wait.revents & POLLIN) != 0;
}

static bool is_about_reply(const struct cmsghdr *c)
{
    struct sock_extended_err error;
    bool about_error = (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR) ||
                       (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR);
    if (!about_error || c->cmsg_len < CMSG_LEN(sizeof error))
        return false;
    memcpy(&error, CMSG_DATA(c), sizeof error);
    return error.ee_origin == SO_EE_ORIGIN_ICMP || error.ee_origin == SO_EE_ORIGIN_ICMP6;
}

void listener_take_errors(const struct listener *listener, struct counters *counters)
{
    for (int i = 0; i < ERRORS_AT_ONCE; i++) {
        _Alignas(struct cmsghdr) uint8_t control[512];
        struct mmsghdr message = {
            .msg_hdr = {.msg_control = control, .msg_controllen = sizeof control}
        };
        if (recvmmsg(listener->fd, &message, 1, MSG_ERRQUEUE | MSG_DONTWAIT, NULL) < 0)
            return;
        struct msghdr *header = &message.msg_hdr;
        for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c != NULL; c = CMSG_NXTHDR(header, c)) {
            if (is_about_reply(c))
                count(&counters->of[NOTED_ICMP_ERROR], 1);
        }
    }
}

uint32_t listener_lost(const struct listener *listener)
{
    uint32_t info[SK_MEMINFO_VARS] = {0};
    socklen_t size = sizeof info;
    /* A kernel that does not tell has lost none that we know of. */
    (void)getsockopt(listener->fd, SOL_SOCKET, SO_MEMINFO, info, &size);
    return info[SK_MEMINFO_DROPS];
}

void listener_close(struct listener *listener)
{
    close(listener->fd);
    listener->fd = -1;
}
