/* What the server may do because of who started it: its user, its groups and its capabilities. */
#ifndef SERVER_PRIVILEGES_H
#define SERVER_PRIVILEGES_H

#include "proto/net/endpoint.h"

#include <sys/types.h>

struct identity {
    uid_t user;
    gid_t group;
};

/* The user of this name, or with NULL the one who stands for nobody. False: there is no such user, or it is root; why
 * tells which. */
bool privileges_find(const char *name, struct identity *identity, char why[static CALC_WHY_ROOM]);

/* True: the process is root's, wholly or in part (credentials(7)). */
bool privileges_are_roots(void);

/* The process becomes that user's, with one group, and gives up for good what an exec could gain (capabilities(7): the
 * bounding set). Returns NULL, or why it may not. */
const char *privileges_become(const struct identity *identity);

/* The three that follow are for this thread and those that it begins. Each returns NULL, or why not.
 * It has no capability, */
const char *privileges_empty(void);
/* gets none from an exec (PR_SET_NO_NEW_PRIVS), */
const char *privileges_freeze(void);
/* and no other process of its user looks into it (PR_SET_DUMPABLE). */
const char *privileges_hide(void);

#endif
