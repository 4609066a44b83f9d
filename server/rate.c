/* A leaky bucket for each prefix, kept as the time when it will be empty, in turns: a turn is the time in which one reply
 * leaks out. A reply moves that time on by a turn; where it would be more than a burst ahead there is no reply (the
 * generic cell rate algorithm, ITU-T I.371).
 *
 * A prefix has a place in one set of a table, by a keyed hash: one cache line of ways, each with a tag and a time. A prefix
 * that is not there takes the way that is empty soonest. So a flood from many sources pushes out those that have had few
 * replies, not those near their limit; and who is pushed out starts anew, so it silences nobody. Only a prefix
 * whose tag is that of a busy one in the same set shares its limit, one in SETS * 2^16 for each busy prefix. */
#include "rate.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    SETS = 2048,
    WAYS = 8,
    TAG_BITS = 16,
    CACHE_LINE = 64,
    /* What is further ahead than a burst and this is from before the turns began again from zero. */
    CLOCKS_APART_S = 60,
    SECOND_NS = 1000000000,
    IPV4_PREFIX = 24,
};

#define TURN_BITS (64 - TAG_BITS)
#define TURN_MASK ((UINT64_C(1) << TURN_BITS) - 1)

struct rate {
    struct rate_options options;
    struct siphash_key key;
    _Alignas(CACHE_LINE) struct {
        _Atomic uint64_t ways[WAYS]; /* the tag, and behind it the turn when it is empty */
    } sets[SETS];
};

struct rate *rate_new(const struct rate_options *options, const struct siphash_key *key)
{
    struct rate *rate = aligned_alloc(CACHE_LINE, sizeof *rate);
    if (rate == NULL)
        return NULL;
    memset(rate, 0, sizeof *rate);
    rate->options = *options;
    rate->key = *key;
    return rate;
}

void rate_free(struct rate *rate)
{
    free(rate);
}

static uint64_t first_bits(const uint8_t octets[static 8], unsigned bits)
{
    uint64_t word = 0;
    for (int i = 0; i < 8; i++)
        word = word << 8 | octets[i];
    return word & UINT64_MAX << (64 - bits);
}

/* All of IPv4 has one prefix of 64 zeros. So there it is what DNS servers limit by, the first three octets, behind the
 * mark of V4-mapped addresses, where no IPv6 prefix in use comes to lie. */
static uint64_t prefix_of(const struct in6_addr *source, unsigned bits)
{
    if (IN6_IS_ADDR_V4MAPPED(source))
        return first_bits(source->s6_addr + 8, 32 + IPV4_PREFIX);
    return first_bits(source->s6_addr, bits);
}

/* How far ahead of now that turn is; 0 where it has passed. */
static uint64_t turns_ahead(const struct rate *rate, uint64_t turn, uint64_t now)
{
    uint64_t ahead = (turn - now) & TURN_MASK;
    return ahead > (uint64_t)rate->options.per_second * (1 + CLOCKS_APART_S) ? 0 : ahead;
}

/* The way of that tag, or else the one that is empty soonest; what it holds is in *seen. */
static _Atomic uint64_t *find(struct rate *rate, uint64_t hash, uint64_t now, uint64_t *seen)
{
    _Atomic uint64_t *ways = rate->sets[hash % SETS].ways;
    _Atomic uint64_t *soonest = NULL;
    uint64_t least = UINT64_MAX;
    for (int i = 0; i < WAYS; i++) {
        uint64_t way = atomic_load_explicit(&ways[i], memory_order_relaxed);
        uint64_t ahead = turns_ahead(rate, way, now);
        bool found = way >> TURN_BITS == hash >> TURN_BITS;
        if (found || ahead < least) {
            soonest = &ways[i];
            least = ahead;
            *seen = way;
        }
        if (found)
            break;
    }
    return soonest;
}

bool rate_allows(struct rate *rate, const struct in6_addr *source, uint64_t now_ns)
{
    uint64_t per_second = rate->options.per_second;
    uint64_t now = now_ns / SECOND_NS * per_second + now_ns % SECOND_NS * per_second / SECOND_NS;
    uint64_t hash = siphash(&rate->key, prefix_of(source, rate->options.prefix));
    uint64_t tag = hash >> TURN_BITS << TURN_BITS;
    for (;;) {
        uint64_t seen = 0;
        _Atomic uint64_t *way = find(rate, hash, now, &seen);
        uint64_t ahead = (seen & ~TURN_MASK) == tag ? turns_ahead(rate, seen, now) : 0;
        if (ahead >= per_second)
            return false;
        /* Where another thread was faster, it has got on, and this one looks again. */
        if (atomic_compare_exchange_weak_explicit(way, &seen, tag | ((now + ahead + 1) & TURN_MASK),
                                                  memory_order_relaxed, memory_order_relaxed))
            return true;
    }
}
