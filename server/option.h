/* The options of a socket whose value is an int: getsockopt(2). */
#ifndef SERVER_OPTION_H
#define SERVER_OPTION_H

#include <stdbool.h>
#include <sys/socket.h>

/* False, with errno set: the kernel does not take it. */
static inline bool option_set(int fd, int level, int option, int value)
{
    return setsockopt(fd, level, option, &value, sizeof value) == 0;
}

/* -1: this is no socket, or has no such option. */
static inline int option_of(int fd, int level, int option)
{
    int value = -1;
    socklen_t size = sizeof value;
    return getsockopt(fd, level, option, &value, &size) == 0 ? value : -1;
}

#endif
