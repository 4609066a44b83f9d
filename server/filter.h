/* Which system calls the kernel still takes from a process of the server: seccomp(2), by libseccomp. */
#ifndef SERVER_FILTER_H
#define SERVER_FILTER_H

#include <sys/types.h>

enum { FILTER_CALLS_MAX = 12 }; /* that answering requests takes */

enum filter_set {
    FILTER_SERVE,   /* these, */
    FILTER_METRICS, /* and what it takes to tell over HTTP what was counted */
};

/* From now on any system call that is not of the set, of any thread of this process, ends it by SIGSYS, and so does
 * one that is made in another way than this machine's own. PR_SET_NO_NEW_PRIVS is to be set. Returns NULL, or why
 * not: then nothing has changed. */
const char *filter_close(enum filter_set set, pid_t process);

#endif
