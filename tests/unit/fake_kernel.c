/* The calls, and what they are given; the tests say what is to happen. */
#define _GNU_SOURCE /* in6_pktinfo, mmsghdr */
#include "fake_kernel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/udp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int __wrap_sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags);
int __wrap_recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags,
                    struct timespec *timeout);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t length);
int __wrap_ppoll(struct pollfd *waits, nfds_t count, const struct timespec *timeout,
                 const sigset_t *mask);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __real_clock_gettime(clockid_t clock, struct timespec *now);

struct fake_kernel kernel;
struct listener listener;
struct counters counters;

struct in6_addr address(const char *text)
{
    struct in6_addr a;
    assert_int_equal(inet_pton(AF_INET6, text, &a), 1);
    return a;
}

struct sockaddr_in6 endpoint(const char *text, uint16_t port)
{
    return (struct sockaddr_in6){
        .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = address(text)};
}

struct sockaddr_in6 peer(uint16_t port)
{
    struct sockaddr_in6 from = endpoint("fe80::77", port);
    from.sin6_scope_id = INTERFACE;
    return from;
}

struct event from_port(uint16_t port, uint8_t header, size_t length)
{
    return (struct event){.length = length, .header = header, .port = port};
}

struct event arrival(uint8_t header, size_t length)
{
    return from_port(CLIENT_PORT, header, length);
}

struct event sum(void)
{
    return arrival(0x00, 5);
}

struct event merged(uint8_t header, size_t length, int segment)
{
    struct event event = arrival(header, length);
    event.segment = segment;
    return event;
}

struct event receive_error(int error)
{
    return (struct event){.error = error};
}

struct trouble trouble(int level, int type, uint8_t origin)
{
    return (struct trouble){.level = level, .type = type, .origin = origin};
}

struct trouble icmp6(void)
{
    return trouble(IPPROTO_IPV6, IPV6_RECVERR, SO_EE_ORIGIN_ICMP6);
}

struct trouble icmp(void)
{
    return trouble(IPPROTO_IP, IP_RECVERR, SO_EE_ORIGIN_ICMP);
}

static ssize_t failure(int error)
{
    errno = error;
    return -1;
}

/* Behind what is there already; used is how much that is. */
static void give_control(struct msghdr *message, size_t *used, int level, int type,
                         const void *data, size_t size)
{
    assert_true(message->msg_controllen >= *used + CMSG_SPACE(size));
    struct cmsghdr *c = (struct cmsghdr *)((uint8_t *)message->msg_control + *used);
    memset(c, 0, CMSG_SPACE(size));
    c->cmsg_level = level;
    c->cmsg_type = type;
    c->cmsg_len = CMSG_LEN(size);
    memcpy(CMSG_DATA(c), data, size);
    *used += CMSG_SPACE(size);
}

static ssize_t give_trouble(struct msghdr *message)
{
    assert_true(kernel.troubled < CALLS_LIMIT);
    const struct trouble *t = &kernel.troubles[kernel.endless ? 0 : kernel.troubled];
    size_t used = 0;
    if (t->type == 0) {
        message->msg_controllen = 0;
        return failure(EAGAIN);
    }
    kernel.troubled++;
    struct sock_extended_err error = {.ee_errno = ECONNREFUSED, .ee_origin = t->origin};
    give_control(message, &used, t->level, t->type, &error,
                 t->cut ? sizeof error - 1 : sizeof error);
    message->msg_controllen = used;
    message->msg_flags = MSG_ERRQUEUE;
    return 1;
}

static const struct event *next_event(void)
{
    static const struct event none = {0};
    size_t next = kernel.endless ? 0 : kernel.arrived;
    return next < SCRIPT_MAX ? &kernel.arrivals[next] : &none;
}

static bool is_end(const struct event *event)
{
    return (event->error == 0 && event->port == 0) ||
           (kernel.late != 0 && kernel.arrived + 1 == kernel.late);
}

static void give_arrival(struct mmsghdr *message, const struct event *a)
{
    struct msghdr *header = &message->msg_hdr;
    struct sockaddr_in6 from = peer(a->port);
    assert_true(header->msg_namelen >= sizeof from);
    memcpy(header->msg_name, &from, sizeof from);
    header->msg_namelen = sizeof from;

    struct iovec *room = header->msg_iov;
    assert_int_equal(header->msg_iovlen, 1);
    assert_true(room->iov_len >= 65536);
    uint8_t *octets = room->iov_base;
    memset(octets, FILL, a->length);
    size_t step = a->segment > 0 ? (size_t)a->segment : a->length;
    for (size_t at = 0; at < a->length; at += step)
        octets[at] = a->header;

    size_t used = 0;
    struct in6_pktinfo info = {.ipi6_addr = kernel.destination, .ipi6_ifindex = INTERFACE};
    if (kernel.control_type != 0)
        give_control(header, &used, IPPROTO_IPV6, kernel.control_type, &info, sizeof info);
    if (a->segment > 0)
        give_control(header, &used, IPPROTO_UDP, UDP_GRO, &a->segment, sizeof a->segment);
    header->msg_controllen = used;
    message->msg_len = (unsigned)a->length;
}

int __wrap_recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags,
                    struct timespec *timeout)
{
    assert_int_equal(fd, kernel.fd);
    assert_null(timeout);
    if (flags == (MSG_ERRQUEUE | MSG_DONTWAIT))
        return (int)give_trouble(&messages->msg_hdr);
    assert_true(flags == MSG_DONTWAIT || flags == MSG_WAITFORONE);
    kernel.receives++;
    unsigned given = 0;
    for (; given < count; given++) {
        assert_true(kernel.arrived < CALLS_LIMIT || kernel.endless);
        const struct event *event = next_event();
        /* An error behind datagrams is the next call's: recvmmsg(2). */
        if (is_end(event) || (event->error != 0 && given > 0))
            break;
        kernel.arrived++;
        if (kernel.arrived == kernel.stop_after)
            kernel.told = kernel.stops_with;
        if (event->error != 0)
            return (int)failure(event->error);
        give_arrival(&messages[given], event);
    }
    if (given > 0)
        return (int)given;
    if (kernel.told == WORKER_SERVE)
        kernel.told = kernel.stops_with;
    return (int)failure(flags == MSG_DONTWAIT ? EAGAIN : EINTR);
}

int __wrap_connect(int fd, const struct sockaddr *address, socklen_t length)
{
    assert_int_equal(fd, kernel.fd);
    /* To itself. */
    assert_int_equal(length, sizeof listener.endpoint);
    assert_memory_equal(address, &listener.endpoint, sizeof listener.endpoint);
    kernel.connects++;
    kernel.arrived_before = kernel.arrived;
    if (kernel.connect_error != 0)
        return (int)failure(kernel.connect_error);
    kernel.endless = false;
    return 0;
}

int __wrap_ppoll(struct pollfd *waits, nfds_t count, const struct timespec *timeout,
                 const sigset_t *mask)
{
    assert_int_equal(count, 1);
    assert_int_equal(waits->fd, kernel.fd);
    assert_int_equal(waits->events, POLLIN);
    assert_true(timeout->tv_sec == 0 && timeout->tv_nsec > 0);
    assert_int_equal(sigismember(mask, SIGUSR2), 1);
    kernel.late = 0;
    return !is_end(next_event());
}

/* What a message has beside its octets. */
static uint16_t read_control(const struct msghdr *message, struct sent *sent)
{
    uint16_t segment = 0;
    sent->source_given = false;
    size_t used = 0;
    struct msghdr copy = *message;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&copy); c != NULL; c = CMSG_NXTHDR(&copy, c)) {
        if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
            assert_int_equal(c->cmsg_len, CMSG_LEN(sizeof sent->source));
            memcpy(&sent->source, CMSG_DATA(c), sizeof sent->source);
            sent->source_given = true;
            used += CMSG_SPACE(sizeof sent->source);
        } else {
            assert_int_equal(c->cmsg_level, IPPROTO_UDP);
            assert_int_equal(c->cmsg_type, UDP_SEGMENT);
            assert_int_equal(c->cmsg_len, CMSG_LEN(sizeof segment));
            memcpy(&segment, CMSG_DATA(c), sizeof segment);
            used += CMSG_SPACE(sizeof segment);
        }
    }
    assert_int_equal(message->msg_controllen, used);
    return segment;
}

static void deliver(const struct msghdr *message, size_t segment, struct sent sent)
{
    const uint8_t *octets = message->msg_iov->iov_base;
    size_t left = message->msg_iov->iov_len;
    do {
        sent.length = segment > 0 && segment < left ? segment : left;
        assert_true(sent.length <= sizeof sent.octets);
        memcpy(sent.octets, octets, sent.length);
        octets += sent.length;
        left -= sent.length;
        assert_true(kernel.sent_count < SENT_MAX);
        kernel.sent[kernel.sent_count++] = sent;
    } while (left > 0);
}

static ssize_t take_message(int fd, const struct msghdr *message, int flags)
{
    assert_int_equal(fd, kernel.fd);
    assert_int_equal(flags, MSG_DONTWAIT);
    struct sent sent;
    assert_int_equal(message->msg_namelen, sizeof sent.to);
    memcpy(&sent.to, message->msg_name, sizeof sent.to);
    assert_int_equal(message->msg_iovlen, 1);
    uint16_t segment = read_control(message, &sent);

    size_t at = kernel.sends++;
    int error = at < SCRIPT_MAX ? kernel.send_errors[at] : 0;
    if (error == 0 && segment > 0)
        error = kernel.refusal;
    if (error != 0)
        return failure(error);
    kernel.merged += segment > 0;
    deliver(message, segment, sent);
    return (ssize_t)message->msg_iov->iov_len;
}

int __wrap_sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
    assert_true(count > 0);
    if (kernel.sends_at_once > 0 && count > kernel.sends_at_once)
        count = kernel.sends_at_once;
    for (unsigned i = 0; i < count; i++) {
        ssize_t sent = take_message(fd, &messages[i].msg_hdr, flags);
        if (sent < 0 && i > 0)
            kernel.sends--; /* the next call meets the error: sendmmsg(2) */
        if (sent < 0)
            return i > 0 ? (int)i : -1;
        messages[i].msg_len = (unsigned)sent;
    }
    return (int)count;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    kernel.looks++;
    if (kernel.now_ns == 0)
        return __real_clock_gettime(clock, now);
    assert_int_equal(clock, CLOCK_MONOTONIC);
    *now = (struct timespec){
        .tv_sec = (time_t)(kernel.now_ns / 1000000000),
        .tv_nsec = (long)(kernel.now_ns % 1000000000),
    };
    kernel.now_ns += kernel.step_ns;
    return 0;
}

int kernel_begin(void **state)
{
    (void)state;
    memset(&kernel, 0, sizeof kernel);
    memset(&counters, 0, sizeof counters);
    kernel.destination = address("2001:db8::1");
    kernel.control_type = IPV6_PKTINFO;
    kernel.stops_with = WORKER_END;
    kernel.fd = eventfd(1, EFD_CLOEXEC);
    listener = (struct listener){.fd = kernel.fd, .endpoint = endpoint("::", 10000)};
    return kernel.fd < 0 ? -1 : 0;
}

int kernel_end(void **state)
{
    (void)state;
    return close(kernel.fd);
}

void assert_only_counted(enum outcome which, uint64_t count)
{
    for (enum outcome i = 0; i < OUTCOME_COUNT; i++)
        assert_int_equal(counters.of[i], i == which ? count : 0);
}
