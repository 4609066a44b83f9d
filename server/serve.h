/* The loop: wait, receive, answer, count, until told to stop. */
#ifndef SERVER_SERVE_H
#define SERVER_SERVE_H

#include "listener.h"

struct serve_options {
    bool once;    /* stop after the first reply that was sent */
    bool verbose; /* print each exchange to standard output */
};

/* Serves until SIGINT or SIGTERM arrives on signals_fd (signals.h), or once is done. SIGUSR1 prints
 * the counters to standard output. Returns 0, or errno where waiting itself failed. */
int serve(const struct listener *listener, int signals_fd, const struct serve_options *options,
          struct counters *counters);

#endif
