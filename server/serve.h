/* The server as a whole: its workers, the signals that tell it what to do, and the sum of what was counted. */
#ifndef SERVER_SERVE_H
#define SERVER_SERVE_H

#include "sandbox.h"
#include "worker.h"

#include <sched.h>

enum { SERVE_WORKERS_MAX = 256 };

struct serve_options {
    unsigned workers; /* 1 to SERVE_WORKERS_MAX */
    bool pinned;      /* each worker stays on one of these processors, */
    cpu_set_t cpus;   /* which are given out in turn */
    struct listener_options listener;
    struct worker_options worker;
    struct sandbox_options sandbox;
};

/* Serves on this listener, and with several workers on further sockets on the same port, until SIGINT or SIGTERM arrives on
 * signals_fd (signals.h), or once is done. Says on standard output what it listens on, on SIGUSR1 what it has counted so far,
 * and in the end what it has counted. Returns false, and why tells in one line, where it can not do so. The process is to
 * end then: the workers serve no longer, but their threads, sockets and memory are still there. */
bool serve(const struct listener *listener, int signals_fd, const struct serve_options *options,
           char why[static CALC_WHY_ROOM]);

#endif
