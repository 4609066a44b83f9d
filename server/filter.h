/* Which system calls the kernel still takes from the server: seccomp(2), by libseccomp. */
#ifndef SERVER_FILTER_H
#define SERVER_FILTER_H

#include <sys/types.h>

enum { FILTER_CALLS_MAX = 12 };

/* From now on any other system call, of any thread of this process, ends it by SIGSYS, and so does one that is made in another
 * way than this machine's own. PR_SET_NO_NEW_PRIVS is to be set. Returns NULL, or why not: then nothing has changed. */
const char *filter_close(pid_t process);

#endif
