/* What the service manager is told of the server's life: the protocol of sd_notify(3), by a socket that is connected
 * before the sandbox closes, as none can be opened behind that. What there is to tell is the caller's. */
#ifndef SERVER_NOTIFY_H
#define SERVER_NOTIFY_H

#include "log.h"

#include <sys/types.h>

struct notify {
    int fd; /* connected to the manager; -1: nobody wants to know */
    const struct log *log;
    bool failed; /* once; it was said */
};

/* Connects to where NOTIFY_SOCKET says: a path, or with @ in front an abstract name (unix(7)). Where that can not be
 * done, says so in the log, and nobody is told. */
void notify_begin(struct notify *notify, const struct log *log);

/* Tells the manager in one datagram: assignments as in sd_notify(3), with line feeds between; printf(3). Waits a
 * second at most, makes no call but ppoll(2) and sendmmsg(2), and says in the log when that fails for the first time. */
__attribute__((format(printf, 2, 3))) void notify_say(struct notify *notify, const char *format,
                                                      ...);

/* How often WATCHDOG=1 has to be said at the least, in microseconds: sd_watchdog_enabled(3), WATCHDOG_USEC and
 * WATCHDOG_PID. 0: never, as nobody asks, or the process that is asked is another one, or, as the log says then, it
 * is no such number. */
uint64_t notify_watchdog_us(const struct notify *notify, pid_t process);

#endif
