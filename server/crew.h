/* The workers as a whole: their threads from start to end, and what they have counted together. When they start and
 * stop is for serve.h to say. */
#ifndef SERVER_CREW_H
#define SERVER_CREW_H

#include "serve.h"

struct crew;

/* The sockets and the buffers of all workers: these listeners, and where there are more workers, further sockets on
 * the same port; and with a socket for metrics, the process that tells what they count, which has it alone then. The
 * options have to stay where they are. NULL: why tells in one line what could not be had. */
struct crew *crew_gather(const struct listeners *listeners, const struct serve_options *options,
                         char why[static CALC_WHY_ROOM]);

/* Closes and frees everything, unless one of the threads was started: then the process is to end. */
void crew_disband(struct crew *crew);

/* The threads of all workers, which wait when this returns. False: why tells. */
bool crew_start(struct crew *crew, char why[static CALC_WHY_ROOM]);

/* From here on, in as few system calls as the sandbox allows. Lets them serve. */
void crew_go(struct crew *crew);

/* Returns when all of them have ended: they answer what is queued first, or leave it to others who have their
 * sockets. */
void crew_stop(struct crew *crew, bool leave);

/* To poll(2): readable when a worker has ended. */
int crew_ended_fd(const struct crew *crew);

/* To poll(2): readable when the process for metrics has ended; -1: there is none. */
int crew_metrics_end_fd(const struct crew *crew);

/* The sockets of all workers; returns how many there are. */
unsigned crew_sockets(const struct crew *crew, int fds[static SERVE_WORKERS_MAX]);

/* Counts what the kernel has lost since it was last asked. */
void crew_count_lost(struct crew *crew);

/* Adds up what all have counted, and what the kernel has lost. */
void crew_sum_up(struct crew *crew, struct counters *sum);

/* Looks at each worker (watchdog.h), and says in the log which of them has begun to hang. False: one hangs. */
bool crew_is_alive(struct crew *crew);

#endif
