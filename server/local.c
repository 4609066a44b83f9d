/* Under another name first, which then takes the place of the old one: rename(2). */
#define _GNU_SOURCE /* struct sockaddr_un */

#include "local.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
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
    struct stat there;
    if (lstat(address.sun_path, &there) == 0 && S_ISSOCK(there.st_mode))
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

int local_connect(const struct sockaddr_un *address, socklen_t size)
{
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)address, size) == 0)
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

void local_text(const struct sockaddr_un *address, socklen_t size, char *text, size_t room)
{
    const size_t length = size - offsetof(struct sockaddr_un, sun_path);
    const bool abstract = address->sun_path[0] == '\0';
    snprintf(text, room, "%s%.*s", abstract ? "@" : "", (int)(length - abstract),
             address->sun_path + abstract);
}
