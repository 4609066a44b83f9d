/* One of the server's threads: it receives a batch, answers each datagram, and sends the batch, on a socket and with
 * buffers of its own, until it is told to stop. */
#ifndef SERVER_WORKER_H
#define SERVER_WORKER_H

#include "intake.h"
#include "limits.h"
#include "measures.h"

/* What a worker is told. To end, it first turns away what is new and answers all that the kernel has queued for it;
 * or it leaves the queue to others, who have its socket, too. */
enum { WORKER_SERVE, WORKER_END, WORKER_LEAVE };

struct worker_options {
    bool once;     /* stop after the first reply that was sent */
    bool verbose;  /* print each exchange to standard output */
    bool measured; /* take measures, too: somebody asks for them */
    bool merges;   /* give replies to the kernel merged where it can take them so */
    unsigned
        busy_poll_us; /* so long after the last datagram it looks again and again before it sleeps */
};

struct worker {
    struct listener listener;
    struct worker_options options;
    const struct limits *limits;
    const atomic_int *told; /* set by somebody else */
    bool coloured;          /* what verbose prints */
    struct counters *counters;
    struct measures *measures;   /* NULL: nobody asks for them */
    const struct origin *judged; /* of this batch, the one that the verdict is about */
    enum outcome verdict;
    bool limited;     /* all that comes from there */
    uint64_t now_ns;  /* when this batch was there; 0: not asked yet */
    uint64_t refused; /* datagrams beyond the operator's limit, from a number of its own on */
    struct intake intake;
    struct outbox outbox;
};

/* The worker has taken over the listener, and counts in that tally. False: there is no memory. worker_end() is due in
 * both cases. */
bool worker_begin(struct worker *worker, const struct listener *listener,
                  const struct worker_options *options, const struct limits *limits,
                  struct tally *tally, const atomic_int *told);

/* Serves until *told says otherwise (and a receive call that waits has been interrupted) or once is done. To answer
 * what is queued takes it a second at most, whatever comes. */
void worker_run(struct worker *worker);

/* Closes the socket. */
void worker_end(struct worker *worker);

#endif
