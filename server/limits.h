/* The limits on replies that all workers share: the one of PROTOCOL.md, REQ-7.5, which is always there, and the one
 * that the operator sets. Which datagrams they are about, and what becomes of those beyond, is the worker's business. */
#ifndef SERVER_LIMITS_H
#define SERVER_LIMITS_H

#include "rate.h"

enum { LIMITS_LEAK = 8 };

struct limits {
    struct siphash_key key;
    struct rate *loops; /* for what could come from a server */
    struct rate *all;   /* for everything; NULL: no limit */
};

/* Draws a key and makes the tables. False: errno tells why. limits_end() is due in both cases. */
bool limits_begin(struct limits *limits, const struct rate_options *all);
void limits_end(struct limits *limits);

/* True for one number in LIMITS_LEAK, at random to all who do not know the key. A reply beyond the limit goes out
 * then, so that he who forges somebody's address can not keep all replies from him. */
bool limits_leak(const struct limits *limits, uint64_t number);

#endif
