/* No file, no TCP port, no other process: landlock(7). */
#ifndef SERVER_LANDLOCK_H
#define SERVER_LANDLOCK_H

#include <stdbool.h>

/* For both, PR_SET_NO_NEW_PRIVS is to be set. Each returns NULL, or why the kernel does not do so. From now on this
 * thread, and the threads and processes that it begins, signal none but each other. A kernel that knows no such rule
 * goes on without. */
const char *landlock_signals(void);

/* From now on this thread, and those that it begins, open no file of any kind, whoever owns it, and reach no process
 * outside; with kin, signals reach those that landlock_signals() leaves. What is open stays so. */
const char *landlock_close(bool kin);

#endif
