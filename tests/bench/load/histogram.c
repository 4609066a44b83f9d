/* Merging, and reading percentiles; adding is in the header, as it is on the way of every reply. */
#include "histogram.h"

void histogram_merge(struct histogram *into, const struct histogram *from)
{
    into->count += from->count;
    into->sum += from->sum;
    if (from->most > into->most)
        into->most = from->most;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
        into->buckets[i] += from->buckets[i];
}

uint64_t histogram_middle(unsigned bucket)
{
    if (bucket < HISTOGRAM_EXACT)
        return bucket;
    unsigned shift = (bucket >> HISTOGRAM_BITS) - 1;
    uint64_t least = (uint64_t)(bucket - (shift << HISTOGRAM_BITS)) << shift;
    return least + (UINT64_C(1) << shift) / 2;
}

uint64_t histogram_percentile(const struct histogram *h, double share)
{
    /* Nearest rank: rounded up, but not for what floating point adds to a whole number. */
    double exact = share * (double)h->count;
    uint64_t rank = (uint64_t)exact;
    if (exact - (double)rank > 1e-6 || rank == 0)
        rank++;
    uint64_t seen = 0;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
        seen += h->buckets[i];
        if (seen >= rank) {
            uint64_t middle = histogram_middle(i);
            return middle < h->most ? middle : h->most;
        }
    }
    return h->most;
}

double histogram_mean(const struct histogram *h)
{
    return h->count == 0 ? 0 : (double)h->sum / (double)h->count;
}
