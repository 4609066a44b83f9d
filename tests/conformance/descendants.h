/* All that this process has started, and what that has started: found and ended. A process that leaves its
 * parent becomes a child of ours, where we are its subreaper (prctl(2)). */
#ifndef CONFORMANCE_DESCENDANTS_H
#define CONFORMANCE_DESCENDANTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* From here on, users are the kit's own to give away: nobody else is one of them (systemd's list of UIDs and
 * GIDs has them as unused). */
enum { DESCENDANTS_OWN_USERS = 2000000000 };

/* How many processes and threads a user has, as RLIMIT_NPROC counts them. */
size_t descendants_tasks_of(uid_t user);

/* Octets of memory that all of them hold together, as far as /proc tells. */
uint64_t descendants_memory(void);

/* Stops, kills and reaps every child of this process and all that came of them, until this time
 * (kit_now_us). Where that does not help, and their user is one of the kit's own (0: they have none), all
 * processes of this user.
 * Returns whether none is left. */
bool descendants_end(uid_t user, int64_t deadline_us);

#endif
