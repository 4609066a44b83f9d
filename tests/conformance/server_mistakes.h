/* A model of a server with mistakes: what it would send. Which of them explains a reply is diagnose_reply.c's
 * question. Pure. */
#ifndef CONFORMANCE_SERVER_MISTAKES_H
#define CONFORMANCE_SERVER_MISTAKES_H

#include "tests/support/datagram.h"

#include <stdbool.h>

/* What a server does with a request, one step after the other. */
enum step { HEADER, READING, COMPUTING, WRITING, STATUS, TAIL, STEPS };

/* How it does each: 0 is right. */
struct theory {
    unsigned char steps[STEPS];
};

/* COMPUTING in 32 bits is no mistake: the published text leaves overflow open. */
enum { COMPUTING_IN_32_BITS = 1 };

/* A request, and what was in the server's buffer before it. */
struct exchange {
    const struct datagram *request; /* of at least one octet */
    const struct datagram *earlier;
};

/* Those that can be told from one reply, whatever else is right. */
extern const char mistake_unknown_opcode[], mistake_unused_bits[], mistake_nul[];

/* How many ways there are to do this step. */
size_t theory_choices(enum step step);

/* The reply that such a server sends; its unused bits are zero. False: it can not be such a server. */
bool theory_reply(const struct theory *theory, const struct exchange *exchange,
                  struct datagram *reply);

/* What it does wrong, in words; returns how many. */
size_t theory_mistakes(const struct theory *theory, const char *mistakes[static STEPS]);

#endif
