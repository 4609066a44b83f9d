/* The rights are written out here, as the kernel's headers may be older than the kernel, and libc has no call. */
#define _GNU_SOURCE /* syscall */

#include "landlock.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef SYS_landlock_create_ruleset

enum { ASK_VERSION = 1, SIGNALS_SINCE = 6 };

enum { SCOPE_ABSTRACT_SOCKETS = 1 << 0, SCOPE_SIGNALS = 1 << 1 };

/* As the kernel has it; an older one takes the rest while that is 0. */
struct ruleset {
    uint64_t files;
    uint64_t tcp_ports;
    uint64_t scopes;
};

/* What the kernel can forbid from each version on. Rights that are not known here are left alone: a later version may
 * well have some over UDP. */
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
    if (version >= SIGNALS_SINCE)
        all.scopes = SCOPE_ABSTRACT_SOCKETS | SCOPE_SIGNALS;
    return all;
}

static long known_version(void)
{
    return syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);
}

/* Without one rule that would allow something. */
static const char *forbid(const struct ruleset *rules)
{
    int fd = (int)syscall(SYS_landlock_create_ruleset, rules, sizeof *rules, 0);
    if (fd < 0)
        return strerror(errno);
    const char *failed = syscall(SYS_landlock_restrict_self, fd, 0) < 0 ? strerror(errno) : NULL;
    close(fd);
    return failed;
}

const char *landlock_signals(void)
{
    const struct ruleset signals = {.scopes = SCOPE_SIGNALS};
    return known_version() < SIGNALS_SINCE ? NULL : forbid(&signals);
}

const char *landlock_close(bool kin)
{
    long version = known_version();
    if (version < 0)
        return strerror(errno);
    struct ruleset all = everything(version);
    if (kin)
        all.scopes &= ~(uint64_t)SCOPE_SIGNALS;
    return forbid(&all);
}

#else

const char *landlock_signals(void)
{
    return NULL;
}

const char *landlock_close(bool kin)
{
    (void)kin;
    return "built without it";
}

#endif
