/* manager NAME: what a service manager hears, at the other end of NOTIFY_SOCKET (sd_notify(3)): a path, or @ and an
 * abstract name. Prints "listening", and then for each datagram the number of the process that has sent it and its
 * lines, with | between. */
#define _GNU_SOURCE /* struct ucred */

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

_Noreturn static void die(const char *what)
{
    fprintf(stderr, "manager: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int listen_at(const char *name)
{
    const int on = 1;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const size_t length = strlen(name);
    if (length >= sizeof address.sun_path)
        die(name);
    memcpy(address.sun_path, name, length);
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    const socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) < 0 ||
        bind(fd, (const struct sockaddr *)&address, size) < 0)
        die(name);
    return fd;
}

/* The process that the kernel says has sent a datagram. */
static int sender(struct msghdr *message)
{
    struct ucred who = {.pid = 0};
    const struct cmsghdr *c = CMSG_FIRSTHDR(message);
    if (c != NULL && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_CREDENTIALS)
        memcpy(&who, CMSG_DATA(c), sizeof who);
    return (int)who.pid;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: manager NAME\n", stderr);
        return 1;
    }
    int fd = listen_at(argv[1]);
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    puts("listening");
    for (;;) {
        char text[4096] = "";
        _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(struct ucred))];
        struct iovec payload = {.iov_base = text, .iov_len = sizeof text - 1};
        struct msghdr message = {.msg_iov = &payload,
                                 .msg_iovlen = 1,
                                 .msg_control = control,
                                 .msg_controllen = sizeof control};
        if (recvmsg(fd, &message, 0) < 0)
            die("recvmsg");
        for (char *p = text; (p = strchr(p, '\n')) != NULL;)
            *p = '|';
        printf("%d %s\n", sender(&message), text);
    }
}
