/* What the loops of a thread have in common; for the files worker*.c only. */
#ifndef LOAD_WORKER_PARTS_H
#define LOAD_WORKER_PARTS_H

#include "worker.h"

enum {
    NS_PER_S = 1000000000,
    NS_PER_MS = 1000000,
    EVENTS = 256,
};

static inline int64_t worker_end(const struct worker *w)
{
    return atomic_load_explicit(&w->interval->end, memory_order_relaxed);
}

/* Notes what the time brings: the interval's begin and its end, and requests without a reply. */
void worker_pass(struct worker *w, int64_t now);

/* Ends the interval for all threads, because of a system call that has failed. */
void worker_fail(struct worker *w, const char *what);

/* Counts the replies of so many messages that have been taken. */
void worker_count_replies(struct worker *w, struct flow *flow, int messages, int64_t now);

/* Counts requests that have been sent. */
void worker_count_sent(struct worker *w, uint64_t requests, int64_t due);

/* Takes what has come on a flow, until there is no more. Returns when the last came; 0: nothing has. */
int64_t worker_drain(struct worker *w, struct flow *flow);

/* Waits so long for replies (ns; 0: not at all), and takes them; in the closed loop, the places of those that came are
 * taken by new ones. */
void worker_wait(struct worker *w, int64_t wait_ns);

/* Closed loop: fills the window of a flow. */
void worker_fill(struct worker *w, struct flow *flow, int64_t now);

void worker_run_closed(struct worker *w);
void worker_run_open(struct worker *w);
void worker_run_lone(struct worker *w);

#endif
