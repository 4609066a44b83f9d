/* Which requests are sent, and the one right reply to each: all made before the first is sent, and no two replies the
 * same, so that a reply tells by its octets which request it belongs to. Pure; what is in flight is slots.h's. */
#ifndef LOAD_MIX_H
#define LOAD_MIX_H

#include "proto/calc.h"

#include <string.h>

enum mix_name { MIX_PLAIN, MIX_DEAREST };

enum {
    MIX_BLOCK_MAX = 64,  /* requests in one send: UDP_MAX_SEGMENTS of the older kernels */
    MIX_ECHO_LEAST = 5,  /* with fewer octets of a request, echoes could not be told apart */
    MIX_ECHO_MAX = 1452, /* what an Ethernet frame has room for */
    MIX_WHY_ROOM = 160,
};

struct mix_choice {
    enum mix_name name;
    unsigned least, most;       /* integers in each request */
    bool sum, product;          /* one at least */
    bool as_integer, as_string; /* one at least */
    size_t echo; /* octets of each request that come back; 0: the server calculates */
    size_t
        block; /* so many requests in a row have the same length, and start at a multiple of it */
    uint64_t seed;
};

struct mix {
    size_t count; /* a multiple of the choice's block */
    uint8_t *requests;
    uint32_t *request_at; /* where each begins in requests; one more for the end of the last */
    uint8_t *replies;
    uint32_t *reply_at;
    uint32_t *table; /* from the hash of a reply to its number and one more; 0 is empty */
    size_t table_mask;
    size_t reply_most; /* octets of the longest reply */
};

#define MIX_NONE SIZE_MAX

/* Makes count requests, a multiple of the choice's block. False: why tells in one line, and there is nothing to free. */
bool mix_make(struct mix *mix, const struct mix_choice *choice, size_t count,
              char why[static MIX_WHY_ROOM]);

void mix_free(struct mix *mix);

/* Octets of memory for each request of such a mix, at most. */
size_t mix_octets(const struct mix_choice *choice);

/* The number of the request that this is the right reply to; MIX_NONE where there is none in the mix. */
size_t mix_find(const struct mix *mix, const uint8_t *reply, size_t length);

static inline const uint8_t *mix_request(const struct mix *mix, size_t number)
{
    return mix->requests + mix->request_at[number];
}

/* Octets of so many requests in a row. */
static inline size_t mix_length(const struct mix *mix, size_t number, size_t count)
{
    return mix->request_at[number + count] - mix->request_at[number];
}

static inline bool mix_matches(const struct mix *mix, size_t number, const uint8_t *reply,
                               size_t length)
{
    size_t at = mix->reply_at[number];
    return mix->reply_at[number + 1] - at == length &&
           memcmp(mix->replies + at, reply, length) == 0;
}

#endif
