/* capabilities(7), in the order that it asks for: each step still has the right to the next. */
#define _GNU_SOURCE /* setresuid, syscall */

#include "privileges.h"
#include "refuse.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOBODY = 65534 }; /* what the kernel shows for a user that it can not name */

bool privileges_find(const char *name, struct identity *identity, char why[static CALC_WHY_ROOM])
{
    const struct passwd *entry = getpwnam(name != NULL ? name : "nobody");
    if (entry == NULL && name != NULL)
        return refuse(why, "--user '%.99s' is not a user that this host knows", name);
    *identity = (struct identity){.user = NOBODY, .group = NOBODY};
    if (entry != NULL)
        *identity = (struct identity){.user = entry->pw_uid, .group = entry->pw_gid};
    if (identity->user == 0)
        return refuse(why, "--user '%.99s' is root; any other user is allowed",
                      name != NULL ? name : "nobody");
    return true;
}

bool privileges_are_roots(void)
{
    uid_t real, effective, saved;
    return getresuid(&real, &effective, &saved) == 0 && (real == 0 || effective == 0 || saved == 0);
}

static const char *explain(bool done)
{
    return done ? NULL : strerror(errno);
}

const char *privileges_become(const struct identity *identity)
{
    if (!privileges_are_roots() && getuid() == identity->user)
        return NULL;
    /* One that may not do so has no new privileges from an exec all the same: privileges_freeze(). */
    for (unsigned long number = 0; prctl(PR_CAPBSET_READ, number, 0, 0, 0) >= 0; number++)
        (void)prctl(PR_CAPBSET_DROP, number, 0, 0, 0);
    return explain(setgroups(0, NULL) == 0 &&
                   setresgid(identity->group, identity->group, identity->group) == 0 &&
                   setresuid(identity->user, identity->user, identity->user) == 0);
}

const char *privileges_empty(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};
    /* The ambient ones go with the permitted ones. */
    return explain(syscall(SYS_capset, &header, none) == 0);
}

const char *privileges_freeze(void)
{
    return explain(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
}

const char *privileges_hide(void)
{
    return explain(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0);
}
