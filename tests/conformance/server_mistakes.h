/* A model of a server with mistakes: what it would send. Which of them explains a reply is diagnose_reply.c's
 * question. Pure. */
#ifndef CONFORMANCE_SERVER_MISTAKES_H
#define CONFORMANCE_SERVER_MISTAKES_H

#include "tests/support/datagram.h"

#include <stdbool.h>

enum { THEORY_STEPS = 6 };

/* How a server goes about a request, step by step; 0 is right. */
struct theory {
    size_t header, reading, computing, writing, status, tail;
};

/* The reply that such a server sends; its unused bits are zero. False: it can not be such a server. */
bool theory_reply(const struct theory *theory, const struct datagram *request,
                  struct datagram *reply);

/* What it does wrong, in words; returns how many. */
size_t theory_mistakes(const struct theory *theory, const char *mistakes[static THEORY_STEPS]);

/* The next of all theories, from the one that is all 0. False: that was the last. */
bool theory_next(struct theory *theory);

#endif
