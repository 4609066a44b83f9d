/* One thread of the load: its flows, when they send, and what is counted of them. */
#ifndef LOAD_WORKER_H
#define LOAD_WORKER_H

#include "cpu.h"
#include "flow.h"
#include "options.h"
#include "tally.h"

#include <pthread.h>
#include <stdatomic.h>

/* When all threads measure, on the clock CLOCK_MONOTONIC in nanoseconds. */
struct interval {
    int64_t begin;
    _Atomic int64_t end;  /* nothing is sent from then on; comes sooner where somebody wants it */
    _Atomic int sending;  /* threads that have not sent all */
    pthread_t controller; /* gets SIGUSR1 when none is left */
};

enum { WORKER_FAILURE_ROOM = 160 };

struct worker {
    const struct options *options;
    const struct mix *mix;
    struct interval *interval;
    struct flow *flows;
    unsigned flow_count;
    double rate;    /* of this thread; 0: the closed loop */
    uint64_t quota; /* requests that it may send within the interval */

    struct tally tally;
    double cpu, busy; /* its CPU seconds a second within the interval, and cpu_busy() */
    char failure[WORKER_FAILURE_ROOM]; /* "" if none */

    /* Its own. */
    struct post post;
    int epoll;
    bool begun, sending;
    int64_t began_at;
    struct cpu_time began_cpu;
    int64_t next_sweep;
    uint64_t in_flight;
};

/* CLOCK_MONOTONIC */
int64_t monotonic_ns(void);

/* Makes the load until the interval has ended and nothing is in flight any more: a closed loop, with as many requests
 * on each flow as the window says; an open one, by the clock; or, for one flow with one request, a closed one that
 * waits in recv(2) and nowhere else. */
void worker_run(struct worker *worker);

#endif
