/* The harness, first half: the calls on sockets, replaced at link time (--wrap). Each is written down, and does what
 * it is told to. What is called with them is harness.c's, which the kit puts behind this text; libc is all that both
 * of them need. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM = 65536, SENT_MAX = 65507, SHOWN_MAX = 1452, CALLS_MAX = 30, SOCKETS_MAX = 16 };
enum { INTS_MAX = 65, ADDRESS_ROOM = 128, STACK_FILLED = 49152, UNTOUCHED = -1515870811 };

struct octets {
    int present;
    size_t length;
    unsigned char at[ROOM];
};

static struct {
    int record, quiet, calls;
    const char *failing, *next;
    int fill;
    struct octets incoming;
    struct sockaddr_in6 peer, plain;
    const void *address;
    size_t address_length;
    unsigned char *guard;
    long page;
    int sockets[SOCKETS_MAX], closed[SOCKETS_MAX], socket_count;
} net;

int __real_close(int fd);
ssize_t __real_read(int fd, void *buffer, size_t room);
ssize_t __real_write(int fd, const void *octets, size_t length);
void *__real_malloc(size_t size);
_Noreturn void __real_exit(int status);
/* Where a sanitizer is linked: the first address that must not be touched, or NULL. */
__attribute__((weak)) void *__asan_region_is_poisoned(void *begin, size_t size);

static void record(const char *format, ...)
{
    static char line[2 * SHOWN_MAX + 512];
    if (net.quiet)
        return;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line - 1, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof line - 1)
        length = sizeof line - 2;
    line[length] = '\n';
    if (__real_write(net.record, line, (size_t)length + 1) < 0)
        _exit(125);
}

/* Whatever the function is to find below it on the stack. */
__attribute__((noinline)) static void fill_stack(void)
{
    unsigned char below[STACK_FILLED];
    memset(below, net.fill, sizeof below);
    __asm__ volatile("" : : "r"(below) : "memory");
}

static int place_of(int fd)
{
    for (int i = net.socket_count - 1; i >= 0; i--) {
        if (net.sockets[i] == fd && !net.closed[i])
            return i;
    }
    return -1;
}

static int is_ours(int fd)
{
    return place_of(fd) >= 0;
}

/* Whether a call is to fail; ends a run that goes on without end. */
static int fails(const char *name)
{
    if (++net.calls > CALLS_MAX) {
        record("endless");
        _exit(0);
    }
    return net.failing != NULL && strcmp(net.failing, name) == 0;
}

static int poisoned(const void *begin, size_t size)
{
    return size > 0 && __asan_region_is_poisoned != NULL &&
           __asan_region_is_poisoned((void *)(uintptr_t)begin, size) != NULL;
}

/* Octet by octet, so that no sanitizer looks on: it is recorded whether they are the function's. */
static void copy(void *to, const void *from, size_t length)
{
    volatile unsigned char *target = to;
    const volatile unsigned char *source = from;
    for (size_t i = 0; i < length; i++)
        target[i] = source[i];
}

static const char *hex(const void *octets, size_t length)
{
    static char text[2 * SHOWN_MAX + 1];
    unsigned char shown[SHOWN_MAX];
    size_t count = length < SHOWN_MAX ? length : SHOWN_MAX;
    copy(shown, octets, count);
    for (size_t i = 0; i < count; i++)
        snprintf(text + 2 * i, 3, "%02x", shown[i]);
    text[2 * count] = '\0';
    return text;
}

static const char *which(const void *address, size_t length)
{
    if (address == NULL)
        return "null";
    if (address == net.address)
        return "same";
    unsigned char copied[sizeof net.peer];
    if (length < sizeof copied)
        return "other";
    copy(copied, address, sizeof copied);
    if (memcmp(copied, &net.peer, sizeof copied) == 0)
        return "peer";
    return memcmp(copied, &net.plain, sizeof copied) == 0 ? "copied" : "other";
}

static int result_of(const char *name, int error)
{
    int status = 0;
    if (fails(name)) {
        errno = error;
        status = -1;
    }
    int saved = errno;
    fill_stack();
    errno = saved;
    return status;
}

int __wrap_socket(int domain, int type, int protocol)
{
    record("call socket ours=1 domain=%d type=%d protocol=%d", domain, type, protocol);
    if (result_of("socket", EMFILE) < 0)
        return -1;
    int fd = open("/dev/null", O_RDWR);
    if (fd >= 0 && net.socket_count < SOCKETS_MAX) {
        net.closed[net.socket_count] = 0;
        net.sockets[net.socket_count++] = fd;
    }
    return fd;
}

static int take_address(const char *name, int fd, const struct sockaddr *address, socklen_t length,
                        int error)
{
    record("call %s ours=%d address=%s addrlen=%ld", name, is_ours(fd), which(address, length),
           (long)length);
    return result_of(name, error);
}

int __wrap_connect(int fd, const struct sockaddr *address, socklen_t length)
{
    return take_address("connect", fd, address, length, ENETUNREACH);
}

int __wrap_bind(int fd, const struct sockaddr *address, socklen_t length)
{
    return take_address("bind", fd, address, length, EADDRINUSE);
}

static ssize_t take_octets(const char *name, int fd, const void *octets, size_t length, int flags,
                           const void *address, socklen_t address_length)
{
    if (length > SENT_MAX) {
        record("call %s ours=%d flags=%d length=%zu", name, is_ours(fd), flags, length);
        errno = EMSGSIZE;
        return -1;
    }
    record("call %s ours=%d flags=%d address=%s addrlen=%ld outside=%d length=%zu octets=%s", name,
           is_ours(fd), flags, which(address, address_length), (long)address_length,
           poisoned(octets, length), length, hex(octets, length));
    return result_of("send", ENETUNREACH) < 0 ? -1 : (ssize_t)length;
}

ssize_t __wrap_send(int fd, const void *octets, size_t length, int flags)
{
    return take_octets("send", fd, octets, length, flags, NULL, 0);
}

ssize_t __wrap_sendto(int fd, const void *octets, size_t length, int flags,
                      const struct sockaddr *address, socklen_t address_length)
{
    return take_octets("sendto", fd, octets, length, flags, address, address_length);
}

ssize_t __wrap_write(int fd, const void *octets, size_t length)
{
    if (!is_ours(fd))
        return __real_write(fd, octets, length);
    return take_octets("write", fd, octets, length, 0, NULL, 0);
}

static void read_hex(struct octets *octets, const char *text)
{
    octets->present = 1;
    octets->length = strlen(text) / 2;
    for (size_t i = 0; i < octets->length && i < ROOM; i++) {
        char pair[] = {text[2 * i], text[2 * i + 1], '\0'};
        octets->at[i] = (unsigned char)strtoul(pair, NULL, 16);
    }
}

/* A function that is called twice and never comes back from its first exchange, for it is in a loop, gets on
 * with its second. */
static int next_exchange(void)
{
    if (!net.quiet || net.next == NULL)
        return 0;
    net.quiet = 0;
    read_hex(&net.incoming, net.next);
    return 1;
}

/* As recv(2) does it: cut where the room ends; a second datagram never comes. */
static ssize_t give_octets(const char *name, int fd, void *octets, size_t room, int flags,
                           struct sockaddr *address, socklen_t *address_length)
{
    record("call %s ours=%d flags=%d address=%s addrlen=%ld outside=%d length=%zu", name,
           is_ours(fd), flags, address == NULL ? "null" : "given",
           address_length == NULL ? -1L : (long)*address_length,
           poisoned(octets, room < ROOM ? room : ROOM), room);
    if (result_of("recv", ECONNREFUSED) < 0)
        return -1;
    if (!net.incoming.present && !next_exchange()) {
        net.quiet = 0;
        record("blocks");
        _exit(0);
    }
    net.incoming.present = (flags & MSG_PEEK) != 0;
    size_t length = net.incoming.length < room ? net.incoming.length : room;
    memcpy(octets, net.incoming.at, length);
    if (address != NULL && address_length != NULL) {
        size_t size = *address_length < sizeof net.peer ? *address_length : sizeof net.peer;
        memcpy(address, &net.peer, size);
        *address_length = sizeof net.peer;
    }
    fill_stack();
    return (ssize_t)((flags & MSG_TRUNC) != 0 ? net.incoming.length : length);
}

ssize_t __wrap_recv(int fd, void *octets, size_t room, int flags)
{
    return give_octets("recv", fd, octets, room, flags, NULL, NULL);
}

ssize_t __wrap_recvfrom(int fd, void *octets, size_t room, int flags, struct sockaddr *address,
                        socklen_t *address_length)
{
    return give_octets("recvfrom", fd, octets, room, flags, address, address_length);
}

ssize_t __wrap_read(int fd, void *octets, size_t room)
{
    if (!is_ours(fd))
        return __real_read(fd, octets, room);
    return give_octets("read", fd, octets, room, 0, NULL, NULL);
}

int __wrap_close(int fd)
{
    int place = place_of(fd);
    if (place < 0)
        return __real_close(fd);
    record("call close ours=1");
    net.closed[place] = 1;
    __real_close(fd);
    return result_of("close", EIO);
}

/* Calls that no function of the course makes: they succeed, and are written down. */
#define OTHER_CALL(type, name, parameters)                                                         \
    type __wrap_##name parameters                                                                  \
    {                                                                                              \
        record("call " #name " ours=%d", is_ours(fd));                                             \
        return result_of(#name, EINVAL);                                                           \
    }

OTHER_CALL(int, setsockopt, (int fd, int level, int name, const void *value, socklen_t length))
OTHER_CALL(int, getsockopt, (int fd, int level, int name, void *value, socklen_t *length))
OTHER_CALL(int, getsockname, (int fd, struct sockaddr *address, socklen_t *length))
OTHER_CALL(int, getpeername, (int fd, struct sockaddr *address, socklen_t *length))
OTHER_CALL(int, listen, (int fd, int backlog))
OTHER_CALL(int, accept, (int fd, struct sockaddr *address, socklen_t *length))
OTHER_CALL(int, shutdown, (int fd, int how))
OTHER_CALL(ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags))
OTHER_CALL(ssize_t, recvmsg, (int fd, struct msghdr *message, int flags))

void *__wrap_malloc(size_t size)
{
    void *memory = __real_malloc(size);
    if (memory != NULL)
        memset(memory, net.fill, size);
    return memory;
}

void __wrap_exit(int status)
{
    record("exits %d", status);
    __real_exit(status);
}
