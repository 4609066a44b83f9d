/* Where a UNIX socket stands in the file system: unix(7). What goes through it is for others. */
#ifndef SERVER_LOCAL_H
#define SERVER_LOCAL_H

#include <stdbool.h>

enum {
    LOCAL_PATH_MAX = 99
}; /* octets: with the number of a process behind it, it fits a sockaddr_un */

/* True: a path of 1 to LOCAL_PATH_MAX octets. */
bool local_fits(const char *path);

/* Binds a UNIX socket to the path, which fits, in place of whatever stands there, so that there is no moment without one. Its rights
 * are what umask(2) says. Returns what could not be done, with errno set, or NULL. */
const char *local_bind(int fd, const char *path);

#endif
