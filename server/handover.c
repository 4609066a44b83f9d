/* The messages are of 8 octets each, with the descriptors beside them:
 *
 *     octet   0 1 2 3   4         5      6 7
 *             "calc"    version   kind   number of descriptors, in this and the messages behind it
 */
#define _GNU_SOURCE /* sendmmsg, struct ucred, ppoll */

#include "handover.h"
#include "clock.h"
#include "local.h"
#include "refuse.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { ASK = 1, SOCKETS, READY };

enum {
    VERSION = 1,
    MESSAGE_OCTETS = 8,
    MESSAGE_FDS_MAX = 128, /* the kernel takes 253: SCM_MAX_FD, unix(7) */
    TAKEN_MAX = 64,
    PATIENCE_MS = 2000,
};

struct message {
    uint8_t kind; /* 0: none of ours */
    unsigned number;
    uid_t sender; /* where the socket was asked to tell; otherwise nobody's */
    unsigned count;
    int fds[MESSAGE_FDS_MAX];
};

static const uint8_t magic[] = {'c', 'a', 'l', 'c', VERSION};

/* On failure leaves errno; never waits. */
static bool send_message(int to, uint8_t kind, unsigned number, const int *fds, unsigned count)
{
    uint8_t octets[MESSAGE_OCTETS];
    _Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(MESSAGE_FDS_MAX * sizeof(int))] = {0};
    memcpy(octets, magic, sizeof magic);
    octets[5] = kind;
    octets[6] = (uint8_t)(number >> 8);
    octets[7] = (uint8_t)number;
    struct iovec payload = {.iov_base = octets, .iov_len = sizeof octets};
    struct mmsghdr message = {
        .msg_hdr = {.msg_iov = &payload, .msg_iovlen = 1}
    };
    if (count > 0) {
        message.msg_hdr.msg_control = control;
        message.msg_hdr.msg_controllen = CMSG_SPACE(count * sizeof *fds);
        struct cmsghdr *c = CMSG_FIRSTHDR(&message.msg_hdr);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(count * sizeof *fds);
        memcpy(CMSG_DATA(c), fds, count * sizeof *fds);
    }
    return sendmmsg(to, &message, 1, MSG_DONTWAIT | MSG_NOSIGNAL) == 1;
}

static void read_control(struct msghdr *header, struct message *message)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c != NULL; c = CMSG_NXTHDR(header, c)) {
        size_t size = c->cmsg_len - CMSG_LEN(0);
        struct ucred sender;
        if (c->cmsg_level != SOL_SOCKET)
            continue;
        if (c->cmsg_type == SCM_CREDENTIALS && size == sizeof sender) {
            memcpy(&sender, CMSG_DATA(c), size);
            message->sender = sender.uid;
        } else if (c->cmsg_type == SCM_RIGHTS && size <= sizeof message->fds) {
            memcpy(message->fds, CMSG_DATA(c), size);
            message->count = (unsigned)(size / sizeof(int));
        }
    }
}

/* Never waits. No more descriptors come in than there is room for in the control octets. False: there is nothing, and
 * errno is EAGAIN, or the other end is closed. */
static bool receive_message(int from, void *control, size_t room, struct message *message)
{
    uint8_t octets[MESSAGE_OCTETS + 1] = {0};
    *message = (struct message){.sender = (uid_t)-1};
    struct iovec payload = {.iov_base = octets, .iov_len = sizeof octets};
    struct mmsghdr received = {
        .msg_hdr = {
                    .msg_iov = &payload, .msg_iovlen = 1, .msg_control = control, .msg_controllen = room}
    };
    errno = 0;
    if (recvmmsg(from, &received, 1, MSG_DONTWAIT | MSG_CMSG_CLOEXEC, NULL) != 1)
        return false;
    read_control(&received.msg_hdr, message);
    if (received.msg_len == MESSAGE_OCTETS && memcmp(octets, magic, sizeof magic) == 0) {
        message->kind = octets[5];
        message->number = (unsigned)octets[6] << 8 | octets[7];
    }
    return received.msg_len > 0;
}

void handover_begin(struct handover *handover)
{
    *handover = (struct handover){.path_fd = -1, .next_fd = -1, .running_fd = -1};
    handover->owner = geteuid();
}

static void close_all(const int *fds, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        close(fds[i]);
}

/* Returns what went wrong, or NULL with all descriptors in fds: the one at the path is the first. */
static const char *take_sockets(int from, int *fds, unsigned room, unsigned *count)
{
    const uint64_t until = clock_ns() + UINT64_C(1000000) * PATIENCE_MS;
    _Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(MESSAGE_FDS_MAX * sizeof(int))];
    struct message message;
    *count = 0;
    do {
        struct pollfd wait = {.fd = from, .events = POLLIN};
        const uint64_t now = clock_ns();
        if (now >= until || poll(&wait, 1, (int)((until - now) / 1000000) + 1) == 0)
            return "does not answer";
        if (!receive_message(from, control, sizeof control, &message)) {
            if (errno == EAGAIN || errno == EINTR)
                continue;
            return "has ended, or has no sockets to hand over";
        }
        if (message.kind != SOCKETS || message.number < 2 || message.count == 0 ||
            message.count > room - *count) {
            close_all(message.fds, message.count);
            return "is no server of this version";
        }
        memcpy(fds + *count, message.fds, message.count * sizeof *fds);
        *count += message.count;
    } while (*count == 0 || *count < message.number);
    return NULL;
}

/* A connected socket to whoever listens at the path, or -1. */
static int reach(const char *path, enum handover_code *code, char why[static CALC_WHY_ROOM])
{
    struct stat there;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    *code = HANDOVER_NOBODY;
    bool found = stat(path, &there) == 0;
    if (!found && errno == ENOENT)
        return -1;
    *code = HANDOVER_FAILED;
    if (!found) {
        refuse(why, "can not look at --upgrade '%.99s': %s", path, strerror(errno));
        return -1;
    }
    if (!S_ISSOCK(there.st_mode) || (there.st_uid != geteuid() && there.st_uid != 0)) {
        refuse(why, "--upgrade '%.99s' is not a socket of this user", path);
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    int fd = local_connect(&address, sizeof address);
    if (fd >= 0)
        return fd;
    if (errno == ECONNREFUSED)
        *code = HANDOVER_NOBODY;
    refuse(why, "can not reach a server at --upgrade '%.99s': %s", path, strerror(errno));
    return -1;
}

static bool ask(int at, int fds[static 2])
{
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
        return false;
    bool asked = send_message(at, ASK, 1, &fds[1], 1);
    int error = errno;
    close(fds[1]);
    if (!asked)
        close(fds[0]);
    errno = error;
    return asked;
}

enum handover_code handover_ask(struct handover *handover, const char *path,
                                int fds[static LISTENERS_MAX], unsigned *count,
                                char why[static CALC_WHY_ROOM])
{
    enum handover_code code = HANDOVER_FAILED;
    int pair[2], got[1 + LISTENERS_MAX];
    if (!local_fits(path)) {
        refuse(why, "--upgrade '%.120s' is not a path of 1 to %d octets", path, LOCAL_PATH_MAX);
        return code;
    }
    int at = reach(path, &code, why);
    if (at < 0)
        return code;
    bool asked = ask(at, pair);
    int error = errno;
    close(at);
    if (!asked) {
        refuse(why, "can not ask the server at --upgrade '%.99s': %s", path, strerror(error));
        return HANDOVER_FAILED;
    }
    const char *failed = take_sockets(pair[0], got, 1 + LISTENERS_MAX, count);
    if (failed != NULL) {
        close_all(got, *count);
        close(pair[0]);
        refuse(why, "the server at --upgrade '%.99s' %s", path, failed);
        return HANDOVER_FAILED;
    }
    handover->running_fd = pair[0];
    handover->path_fd = got[0];
    --*count;
    memcpy(fds, got + 1, *count * sizeof *fds);
    return HANDOVER_DONE;
}

/* Returns what could not be done, with errno set, or NULL. */
static const char *bind_at(int fd, const char *path)
{
    const int on = 1;
    if (setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) < 0)
        return "set SO_PASSCRED for";
    mode_t mask = umask(0177);
    const char *failed = local_bind(fd, path);
    umask(mask); /* leaves errno alone */
    return failed;
}

bool handover_open(struct handover *handover, const char *path, char why[static CALC_WHY_ROOM])
{
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const char *failed = fd < 0 ? "open a socket for" : bind_at(fd, path);
    if (failed != NULL) {
        refuse(why, "can not %s --upgrade '%.99s': %s", failed, path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    handover->path_fd = fd;
    return true;
}

void handover_ready(const struct handover *handover)
{
    /* It may have ended by itself. */
    if (handover->running_fd >= 0)
        (void)send_message(handover->running_fd, READY, 0, NULL, 0);
}

int handover_waits_for(const struct handover *handover)
{
    if (handover_has_begun(handover))
        return handover->next_fd;
    return handover->taken < TAKEN_MAX ? handover->path_fd : -1;
}

bool handover_has_begun(const struct handover *handover)
{
    return handover->next_fd >= 0;
}

/* All of them, and first the one at the path. */
static bool send_sockets(int to, int path_fd, const int *fds, unsigned count)
{
    if (!send_message(to, SOCKETS, 1 + count, &path_fd, 1))
        return false;
    for (unsigned sent = 0; sent < count;) {
        unsigned more = count - sent < MESSAGE_FDS_MAX ? count - sent : MESSAGE_FDS_MAX;
        if (!send_message(to, SOCKETS, 1 + count, fds + sent, more))
            return false;
        sent += more;
    }
    return true;
}

static void take_question(struct handover *handover, const int *fds, unsigned count)
{
    /* Room for the sender, and for one descriptor but not for the two that CMSG_SPACE() would give. */
    _Alignas(struct cmsghdr)
        uint8_t control[CMSG_SPACE(sizeof(struct ucred)) + CMSG_LEN(sizeof(int))];
    struct message message;
    bool received = receive_message(handover->path_fd, control, sizeof control, &message);
    handover->taken += message.count;
    if (!received)
        return;
    bool may = message.sender == 0 || message.sender == handover->owner;
    if (may && message.kind == ASK && message.count == 1 &&
        send_sockets(message.fds[0], handover->path_fd, fds, count))
        handover->next_fd = message.fds[0];
}

bool handover_go_on(struct handover *handover, const int *fds, unsigned count)
{
    struct message message;
    if (!handover_has_begun(handover)) {
        take_question(handover, fds, count);
        return false;
    }
    bool received = receive_message(handover->next_fd, NULL, 0, &message);
    if (!received && errno == EAGAIN)
        return false;
    /* It is ready; or it has ended, and another one may ask. */
    handover->next_fd = -1;
    return received && message.kind == READY;
}
