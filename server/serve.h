/* The server as a whole: its workers, the signals that tell it what to do, and the sum of what was counted. */
#ifndef SERVER_SERVE_H
#define SERVER_SERVE_H

#include "handover.h"
#include "log.h"
#include "notify.h"
#include "sandbox.h"
#include "worker.h"

#include <sched.h>

enum { SERVE_WORKERS_MAX = LISTENERS_MAX };

struct serve_options {
    unsigned workers; /* 1 to SERVE_WORKERS_MAX */
    bool counted;     /* so many were asked for */
    bool pinned;      /* each worker stays on one of these processors, */
    cpu_set_t cpus;   /* which are given out in turn */
    struct listener_options listener;
    struct worker_options worker;
    struct sandbox_options sandbox;
    struct rate_options rate; /* for all datagrams */
    struct log log;
};

/* Serves on these listeners, and where there are more workers on further sockets on the same port, until SIGINT or
 * SIGTERM arrives on signals_fd (signals.h), once is done, or another server has taken over (handover.h). Says on
 * standard output what it listens on, on SIGUSR1 what it has counted so far, and in the end what it has counted; in
 * the log what events.h has; and to the service manager that it serves, that it lives and that it stops (notify.h).
 * Returns false, and why tells in one line, where it can not do so. The process is to end then: the workers serve no
 * longer, but their threads, sockets and memory are still there. */
bool serve(const struct listeners *listeners, struct handover *handover, int signals_fd,
           const struct serve_options *options, char why[static CALC_WHY_ROOM]);

#endif
