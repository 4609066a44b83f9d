/* TCP over IPv6, or a UNIX socket: ipv6(7), unix(7). */
#define _GNU_SOURCE /* accept4, SO_REUSEPORT */

#include "where.h"
#include "local.h"
#include "option.h"
#include "refuse.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { WAITING_MAX = 64 }; /* connections */

/* Without brackets, the address is IPv4's. */
static bool parse_endpoint(const char *word, struct sockaddr_in6 *endpoint)
{
    char address[CALC_ENDPOINT_ROOM], why[CALC_WHY_ROOM];
    const char *colon = strrchr(word, ':');
    if (colon == NULL || (size_t)(colon - word) >= sizeof address)
        return false;
    size_t length = (size_t)(colon - word);
    bool bracketed = length >= 2 && word[0] == '[' && word[length - 1] == ']';
    if (bracketed != (memchr(word, ':', length) != NULL))
        return false;
    if (bracketed) {
        word++;
        length -= 2;
    }
    memcpy(address, word, length);
    address[length] = '\0';
    return calc_literal(address, colon + 1, CALC_TO_BIND, endpoint, why) == CALC_RESOLVED;
}

bool where_parse(const char *word, struct where *where)
{
    *where = (struct where){.given = true};
    if (strchr(word, '/') == NULL)
        return parse_endpoint(word, &where->endpoint);
    where->path = word;
    return local_fits(word);
}

/* Returns what could not be done, with errno set, or NULL. */
static const char *bind_port(int fd, const struct sockaddr_in6 *endpoint, bool shared)
{
    /* Connections that have ended a minute ago are in nobody's way. */
    if (!option_set(fd, SOL_SOCKET, SO_REUSEADDR, 1))
        return "set SO_REUSEADDR for";
    if (!option_set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0))
        return "set IPV6_V6ONLY for";
    return listener_bind(fd, endpoint, shared);
}

/* As above. What is no socket is not ours to replace. */
static const char *bind_path(int fd, const char *path)
{
    struct stat there;
    if (lstat(path, &there) < 0)
        return errno == ENOENT ? local_bind(fd, path) : "look at";
    errno = EEXIST;
    return S_ISSOCK(there.st_mode) ? local_bind(fd, path) : "take the place of";
}

/* What was asked for. */
static void wanted_text(const struct where *where, char text[static WHERE_ROOM])
{
    if (where->path != NULL)
        snprintf(text, WHERE_ROOM, "%s", where->path);
    else
        calc_endpoint_text(&where->endpoint, text);
}

int where_listen(const struct where *where, bool shared, char text[static WHERE_ROOM],
                 char why[static CALC_WHY_ROOM])
{
    wanted_text(where, text);
    int fd = socket(where->path != NULL ? AF_UNIX : AF_INET6,
                    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const char *failed = NULL;
    if (fd < 0)
        failed = "open a socket for";
    else if (where->path != NULL)
        failed = bind_path(fd, where->path);
    else
        failed = bind_port(fd, &where->endpoint, shared);
    if (failed == NULL && listen(fd, WAITING_MAX) < 0)
        failed = "listen at";
    if (failed == NULL && where->path == NULL)
        where_text(fd, text);
    if (failed == NULL)
        return fd;
    refuse(why, "can not %s --metrics '%.99s': %s", failed, text, strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

bool where_is_listener(int fd)
{
    return option_of(fd, SOL_SOCKET, SO_TYPE) == SOCK_STREAM &&
           option_of(fd, SOL_SOCKET, SO_ACCEPTCONN) == 1;
}

void where_text(int fd, char text[static WHERE_ROOM])
{
    union {
        struct sockaddr any;
        struct sockaddr_in6 ipv6;
        struct sockaddr_un local;
    } name = {.any.sa_family = AF_UNSPEC};
    socklen_t size = sizeof name;
    snprintf(text, WHERE_ROOM, "descriptor %d", fd);
    if (getsockname(fd, &name.any, &size) < 0)
        return;
    if (name.any.sa_family == AF_INET6)
        calc_endpoint_text(&name.ipv6, text);
    else if (name.any.sa_family == AF_UNIX && size > offsetof(struct sockaddr_un, sun_path))
        local_text(&name.local, size, text, WHERE_ROOM);
}
