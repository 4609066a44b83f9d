/* Whether a worker still receives what comes: looked at from time to time, from beside it. What follows from that is
 * for others. */
#ifndef SERVER_WATCHDOG_H
#define SERVER_WATCHDOG_H

#include <stdbool.h>
#include <stdint.h>

/* A worker as it was when it was last looked at; all zero at first. */
struct watched {
    bool waiting;      /* datagrams were queued for it, */
    uint64_t received; /* and so many had been received */
    bool stuck;
};

enum watchdog_finding { WATCHDOG_ALIVE, WATCHDOG_BECAME_STUCK, WATCHDOG_STUCK };

/* A look: datagrams wait in its queue or not, and it has received so many. It is stuck when some wait now and did so
 * the last time, and it has received none in between. */
enum watchdog_finding watchdog_look(struct watched *worker, bool waiting, uint64_t received);

/* Nanoseconds between looks where a sign of life is due each so many microseconds: half of that, as
 * sd_watchdog_enabled(3) advises, but a millisecond at the least and a day at the most. 0 for 0: never. */
uint64_t watchdog_interval_ns(uint64_t us);

#endif
