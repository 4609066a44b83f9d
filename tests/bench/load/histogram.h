/* Times in a log-linear histogram: each doubling is cut into as many equal buckets, so that the relative error is
 * bounded and adding a time costs some shifts. Our own, because Debian has no HdrHistogram for C. */
#ifndef LOAD_HISTOGRAM_H
#define LOAD_HISTOGRAM_H

#include <stdint.h>

enum {
    HISTOGRAM_BITS = 7,                    /* 128 buckets for each doubling */
    HISTOGRAM_EXACT = 2 << HISTOGRAM_BITS, /* below, each value has its own bucket */
    HISTOGRAM_VALUE_BITS =
        42, /* an hour in nanoseconds; longer ones count as that, but for the maximum */
    HISTOGRAM_BUCKETS = (HISTOGRAM_VALUE_BITS - HISTOGRAM_BITS + 1) << HISTOGRAM_BITS,
};

/* What histogram_percentile() returns is off by this share of the exact value at most: half a bucket. */
#define HISTOGRAM_ERROR (0.5 / (1 << HISTOGRAM_BITS))

struct histogram {
    uint64_t count;
    uint64_t sum;
    uint64_t most;
    uint64_t buckets[HISTOGRAM_BUCKETS];
};

static inline unsigned histogram_bucket(uint64_t value)
{
    if (value >> HISTOGRAM_VALUE_BITS != 0)
        return HISTOGRAM_BUCKETS - 1;
    if (value < HISTOGRAM_EXACT)
        return (unsigned)value;
    unsigned shift = 63U - (unsigned)__builtin_clzll(value) - HISTOGRAM_BITS;
    return (shift << HISTOGRAM_BITS) + (unsigned)(value >> shift);
}

static inline void histogram_add(struct histogram *h, uint64_t value)
{
    h->count++;
    h->sum += value;
    if (value > h->most)
        h->most = value;
    h->buckets[histogram_bucket(value)]++;
}

/* Adds all that is in another one. */
void histogram_merge(struct histogram *into, const struct histogram *from);

/* The middle of a bucket's values; buckets count from 0. */
uint64_t histogram_middle(unsigned bucket);

/* The value that the given share of all (0 to 1) does not exceed, by nearest rank: within HISTOGRAM_ERROR of the exact
 * one, and never above the maximum. 0 where there is none. */
uint64_t histogram_percentile(const struct histogram *h, double share);

/* Exact; 0 where there is none. */
double histogram_mean(const struct histogram *h);

#endif
