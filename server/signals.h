/* Signals as something to read, so that they need no handler and no global state: signalfd(2). */
#ifndef SERVER_SIGNALS_H
#define SERVER_SIGNALS_H

#include <sys/types.h>

/* From now on SIGINT, SIGTERM and SIGUSR1 wait to be read, and SIGPIPE is ignored. Returns
 * a descriptor to poll(2), or -1 with errno set. */
int signals_open(void);

/* The next signal that waits, or 0. */
int signals_next(int fd);

/* Lets the system call that a thread of this process waits in return with EINTR, and does nothing to a thread that
 * waits in none, or is 0; gettid(2). */
void signals_interrupt(pid_t process, pid_t thread);

#endif
