/* Datagrams over unix(7). What a process says is believed because of its number, which the kernel adds. */
#define _GNU_SOURCE /* sendmmsg, ppoll */

#include "notify.h"
#include "local.h"
#include "proto/net/endpoint.h"
#include "refuse.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGE_ROOM = 512, PATIENCE_S = 1 };

/* The name of a socket. False: it is none. */
static bool find(const char *name, struct sockaddr_un *address, socklen_t *size)
{
    const bool abstract = name[0] == '@';
    const size_t length = strlen(name);
    /* A path has a NUL behind it; the name of an abstract one is all that there is. */
    const size_t room = sizeof address->sun_path - (abstract ? 0 : 1);
    if ((!abstract && name[0] != '/') || length < 2 || length > room)
        return false;
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    memcpy(address->sun_path, name, length);
    if (abstract)
        address->sun_path[0] = '\0';
    *size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + (abstract ? 0 : 1));
    return true;
}

/* A socket that is connected, or -1, and why tells. */
static int reach(const char *name, char why[static CALC_WHY_ROOM])
{
    struct sockaddr_un address;
    socklen_t size;
    if (!find(name, &address, &size)) {
        refuse(why, "NOTIFY_SOCKET '%.120s' is neither a path nor @ and a name, of 2 to %zu octets",
               name, sizeof address.sun_path);
        return -1;
    }
    int fd = local_connect(&address, size);
    if (fd < 0)
        refuse(why, "can not reach NOTIFY_SOCKET '%.120s': %s", name, strerror(errno));
    return fd;
}

void notify_begin(struct notify *notify, const struct log *log)
{
    char why[CALC_WHY_ROOM];
    const char *name = getenv("NOTIFY_SOCKET");
    *notify = (struct notify){.fd = -1, .log = log};
    if (name == NULL)
        return;
    notify->fd = reach(name, why);
    if (notify->fd < 0)
        log_say(log, LOG_WARNING, "notify", why);
}

static bool send_whole(int fd, char *text, size_t length)
{
    struct pollfd wait = {.fd = fd, .events = POLLOUT};
    const struct timespec patience = {.tv_sec = PATIENCE_S};
    struct iovec payload = {.iov_base = text, .iov_len = length};
    struct mmsghdr message = {
        .msg_hdr = {.msg_iov = &payload, .msg_iovlen = 1}
    };
    (void)ppoll(&wait, 1, &patience, NULL); /* without room, the call that follows says so */
    return sendmmsg(fd, &message, 1, MSG_DONTWAIT | MSG_NOSIGNAL) == 1;
}

void notify_say(struct notify *notify, const char *format, ...)
{
    char text[MESSAGE_ROOM], why[CALC_WHY_ROOM];
    va_list arguments;
    if (notify->fd < 0)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (send_whole(notify->fd, text, strlen(text)) || notify->failed)
        return;
    notify->failed = true;
    refuse(why, "can not tell NOTIFY_SOCKET '%.*s': %s", (int)strcspn(text, "\n"), text,
           strerror(errno));
    log_say(notify->log, LOG_WARNING, "notify", why);
}

uint64_t notify_watchdog_us(const struct notify *notify, pid_t process)
{
    const char *every = getenv("WATCHDOG_USEC");
    const char *whom = getenv("WATCHDOG_PID");
    char why[CALC_WHY_ROOM], own[16];
    snprintf(own, sizeof own, "%d", (int)process);
    if (notify->fd < 0 || every == NULL || (whom != NULL && strcmp(whom, own) != 0))
        return 0;
    errno = 0;
    const uint64_t us = calc_is_number(every) ? strtoull(every, NULL, 10) : 0;
    if (us != 0 && errno == 0 && us != UINT64_MAX)
        return us;
    refuse(why, "WATCHDOG_USEC '%.99s' is not 1 to %" PRIu64, every, UINT64_MAX - 1);
    log_say(notify->log, LOG_WARNING, "notify", why);
    return 0;
}
