/* The two calls, and what they are given; the tests say what is to happen. */
#define _GNU_SOURCE /* in6_pktinfo */
#include "fake_kernel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t __wrap_recvmsg(int fd, struct msghdr *message, int flags);

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

/* The one control message that there is room for. */
static void give_control(struct msghdr *message, int level, int type, const void *data, size_t size)
{
    assert_true(message->msg_controllen >= CMSG_SPACE(size));
    memset(message->msg_control, 0, message->msg_controllen);
    struct cmsghdr *c = CMSG_FIRSTHDR(message);
    c->cmsg_level = level;
    c->cmsg_type = type;
    c->cmsg_len = CMSG_LEN(size);
    memcpy(CMSG_DATA(c), data, size);
    message->msg_controllen = CMSG_SPACE(size);
}

static void tell_to_stop(void)
{
    struct signalfd_siginfo info = {.ssi_signo = SIGTERM};
    assert_int_equal(write(kernel.stop_fd, &info, sizeof info), sizeof info);
}

static ssize_t give_trouble(struct msghdr *message)
{
    assert_true(kernel.troubled < CALLS_LIMIT);
    const struct trouble *t = &kernel.troubles[kernel.endless ? 0 : kernel.troubled];
    if (t->type == 0) {
        message->msg_controllen = 0;
        return failure(EAGAIN);
    }
    kernel.troubled++;
    struct sock_extended_err error = {.ee_errno = ECONNREFUSED, .ee_origin = t->origin};
    give_control(message, t->level, t->type, &error, t->cut ? sizeof error - 1 : sizeof error);
    message->msg_flags = MSG_ERRQUEUE;
    return 0;
}

static ssize_t give_arrival(struct msghdr *message)
{
    assert_true(kernel.arrived < CALLS_LIMIT);
    const struct event *a = &kernel.arrivals[kernel.endless ? 0 : kernel.arrived];
    bool last = a->error == 0 && a->port == 0;
    if (kernel.stop_fd > 0 && (kernel.stop_after == 0 ? last : kernel.arrived == kernel.stop_after))
        tell_to_stop();
    if (last)
        return failure(EAGAIN);
    kernel.arrived++;
    if (a->error != 0)
        return failure(a->error);

    struct sockaddr_in6 from = peer(a->port);
    assert_true(message->msg_namelen >= sizeof from);
    memcpy(message->msg_name, &from, sizeof from);
    message->msg_namelen = sizeof from;

    struct iovec *room = message->msg_iov;
    assert_int_equal(message->msg_iovlen, 1);
    assert_true(room->iov_len >= 258);
    uint8_t *octets = room->iov_base;
    memset(octets, FILL, a->length < room->iov_len ? a->length : room->iov_len);
    if (a->length > 0)
        octets[0] = a->header;

    struct in6_pktinfo info = {.ipi6_addr = kernel.destination, .ipi6_ifindex = INTERFACE};
    if (kernel.control_type != 0)
        give_control(message, IPPROTO_IPV6, kernel.control_type, &info, sizeof info);
    else
        message->msg_controllen = 0;
    return (ssize_t)a->length;
}

ssize_t __wrap_recvmsg(int fd, struct msghdr *message, int flags)
{
    assert_int_equal(fd, kernel.fd);
    if (flags == (MSG_ERRQUEUE | MSG_DONTWAIT))
        return give_trouble(message);
    assert_int_equal(flags, MSG_DONTWAIT | MSG_TRUNC);
    return give_arrival(message);
}

ssize_t __wrap_sendmsg(int fd, const struct msghdr *message, int flags)
{
    assert_int_equal(fd, kernel.fd);
    assert_int_equal(flags, MSG_DONTWAIT);
    assert_int_equal(message->msg_namelen, sizeof kernel.sent_to);
    memcpy(&kernel.sent_to, message->msg_name, sizeof kernel.sent_to);

    assert_int_equal(message->msg_iovlen, 1);
    kernel.sent_length = message->msg_iov->iov_len;
    assert_true(kernel.sent_length <= sizeof kernel.sent);
    memcpy(kernel.sent, message->msg_iov->iov_base, kernel.sent_length);

    kernel.source_given = message->msg_controllen > 0;
    if (kernel.source_given) {
        const struct cmsghdr *c = CMSG_FIRSTHDR(message);
        assert_int_equal(message->msg_controllen, CMSG_SPACE(sizeof kernel.source));
        assert_int_equal(c->cmsg_level, IPPROTO_IPV6);
        assert_int_equal(c->cmsg_type, IPV6_PKTINFO);
        assert_int_equal(c->cmsg_len, CMSG_LEN(sizeof kernel.source));
        memcpy(&kernel.source, CMSG_DATA(c), sizeof kernel.source);
    }
    assert_true(kernel.sends < SCRIPT_MAX);
    int error = kernel.send_errors[kernel.sends++];
    return error == 0 ? (ssize_t)kernel.sent_length : failure(error);
}

int kernel_begin(void **state)
{
    (void)state;
    memset(&kernel, 0, sizeof kernel);
    memset(&counters, 0, sizeof counters);
    kernel.destination = address("2001:db8::1");
    kernel.control_type = IPV6_PKTINFO;
    /* Always ready, as far as poll() can see. */
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
