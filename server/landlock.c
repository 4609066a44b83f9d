/* The rights are written out here, as the kernel's headers may be older than the kernel, and libc has no call. */
#define _GNU_SOURCE /* syscall */

#include "landlock.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef SYS_landlock_create_ruleset

enum { ASK_VERSION = 1 };

/* As the kernel has it; an older one takes the rest while that is 0. */
struct ruleset {
    uint64_t files;
    uint64_t tcp_ports;
    uint64_t scopes;
};

/* What the kernel can forbid from each version on. Rights that are not known here are left alone: a later version may well
 * have some over UDP. */
static struct ruleset everything(long version)
{
    struct ruleset all = {.files = (1 << 13) - 1}; /* to execute, read, write, list, remove, make */
    if (version >= 2)
        all.files |= 1 << 13; /* LANDLOCK_ACCESS_FS_REFER */
    if (version >= 3)
        all.files |= 1 << 14; /* LANDLOCK_ACCESS_FS_TRUNCATE */
    if (version >= 4)
        all.tcp_ports = (1 << 2) - 1; /* to bind, connect */
    if (version >= 5)
        all.files |= 1 << 15; /* LANDLOCK_ACCESS_FS_IOCTL_DEV */
    if (version >= 6)
        all.scopes = (1 << 2) - 1; /* abstract UNIX sockets, signals */
    return all;
}

const char *landlock_close(void)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);
    if (version < 0)
        return strerror(errno);
    struct ruleset all = everything(version);
    int fd = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
    if (fd < 0)
        return strerror(errno);
    /* Without one rule that would allow something. */
    const char *failed = syscall(SYS_landlock_restrict_self, fd, 0) < 0 ? strerror(errno) : NULL;
    close(fd);
    return failed;
}

#else

const char *landlock_close(void)
{
    return "built without it";
}

#endif
