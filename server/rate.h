/* How many replies a second each source prefix may get. The memory is the same however many sources there are, and any
 * number of threads share it without a lock. What becomes of a datagram beyond the rate is decided elsewhere. */
#ifndef SERVER_RATE_H
#define SERVER_RATE_H

#include "siphash.h"

#include <netinet/in.h>
#include <stdbool.h>

enum { RATE_MAX = 1000000 };

struct rate_options {
    unsigned per_second; /* 1 to RATE_MAX, in bursts of as many; 0: there is no limit */
    unsigned prefix; /* 48, 56 or 64 bits of an IPv6 address; of an IPv4 address it is always 24 */
};

struct rate;

/* 128 KiB. NULL: there is no memory. The key is to be a secret: who knows it can make sources meet in the same
 * place. */
struct rate *rate_new(const struct rate_options *options, const struct siphash_key *key);
void rate_free(struct rate *rate);

/* Takes one reply to this source off what its prefix may still get. False: there is none left. The time is of a clock
 * that does not go back, such as CLOCK_MONOTONIC, and may be up to a minute behind what another thread said. */
bool rate_allows(struct rate *rate, const struct in6_addr *source, uint64_t now_ns);

#endif
