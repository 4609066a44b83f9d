/* Where a UNIX socket stands in the file system: unix(7). What goes through it is for others. */
#ifndef SERVER_LOCAL_H
#define SERVER_LOCAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

enum {
    LOCAL_PATH_MAX = 99
}; /* octets: with the number of a process behind it, it fits a sockaddr_un */

/* True: a path of 1 to LOCAL_PATH_MAX octets. */
bool local_fits(const char *path);

/* Binds a UNIX socket to the path, which fits, in place of whatever stands there, so that there is no moment without
 * one. Its rights are what umask(2) says. Returns what could not be done, with errno set, or NULL. */
const char *local_bind(int fd, const char *path);

/* A socket of SOCK_DGRAM that is connected to this one, of which size octets are known; -1 with errno set. */
int local_connect(const struct sockaddr_un *address, socklen_t size);

/* The address as people write it, where it has a name: a path, or @ and an abstract name. */
void local_text(const struct sockaddr_un *address, socklen_t size, char *text, size_t room);

#endif
