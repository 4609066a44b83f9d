/* Under another name first, which then takes the place of the old one: rename(2). */
#define _GNU_SOURCE /* struct sockaddr_un */

#include "local.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

_Static_assert(LOCAL_PATH_MAX + sizeof ".4194304" <=
                   sizeof(struct sockaddr_un) - offsetof(struct sockaddr_un, sun_path),
               "it fits");

bool local_fits(const char *path)
{
    return *path != '\0' && strlen(path) <= LOCAL_PATH_MAX;
}

const char *local_bind(int fd, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s.%d", path, (int)getpid());
    (void)unlink(address.sun_path); /* of a process of this number that was killed here */
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0)
        return "bind";
    if (rename(address.sun_path, path) == 0)
        return NULL;
    int error = errno;
    (void)unlink(address.sun_path);
    errno = error;
    return "take the place of";
}
