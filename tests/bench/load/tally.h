/* What is counted. */
#ifndef LOAD_TALLY_H
#define LOAD_TALLY_H

#include "histogram.h"

/* Of the requests that were due within the interval: sent = received + lost + wrong. */
struct tally {
    uint64_t sent, received, lost, wrong;
    uint64_t refused;     /* due, but not sent: no slot, or no time */
    uint64_t unexpected;  /* replies since the interval began */
    uint64_t in_time;     /* right replies that came within the interval, to whatever request */
    uint64_t early_wrong; /* wrong replies to the requests of the warm-up */
    int64_t last;         /* when the last right reply came */
    struct histogram latency;
};

#endif
