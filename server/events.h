/* What --log=pairs tells of the server's life, one line each: its start, its stop, workers that hang, and the limits
 * that datagrams met. Never a line for a datagram. Without pairs, only what people have to know. */
#ifndef SERVER_EVENTS_H
#define SERVER_EVENTS_H

#include "sandbox.h"
#include "serve.h"

/* What the limits had turned away when that was last told. */
struct events_limits {
    uint64_t told[3];
};

/* where: "[::1]:10000". sockets: where they come from, "bound", "handed_over" or "activated". metrics: where they
 * are to be had, or "none". The sandbox is closed. */
void events_started(const struct serve_options *options, const char *where, const char *sockets,
                    const char *metrics, const struct sandbox *sandbox);

/* why: "SIGTERM", "SIGINT", "once", "replaced" or "failed"; the counters are the last ones. */
void events_stopped(const struct log *log, const char *why, const struct counters *counters);

/* Says for each limit how many datagrams it has cost since the last time, if any. To be called once a minute, and not
 * more often. */
void events_limited(const struct log *log, struct events_limits *limits,
                    const struct counters *counters);

/* The worker of this number, from 0 on as the metrics have it, hangs; said as text, too. */
void events_stuck(const struct log *log, unsigned worker, uint64_t received);

#endif
