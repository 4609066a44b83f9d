/* What a worker measures beyond its counters, when somebody asks for metrics: requests by kind, octets, the sizes of
 * batches and the time that they take. How that is shown is for exposition.h. */
#ifndef SERVER_MEASURES_H
#define SERVER_MEASURES_H

#include "outbox.h"

enum operation { OPERATION_SUM, OPERATION_PRODUCT, OPERATION_UNKNOWN, OPERATION_COUNT };

enum {
    FORM_COUNT = CALC_AS_STRING + 1,
    RESULT_COUNT = REPLIED_ABOVE_256_DIGITS + 1, /* the outcomes that are a reply */
    /* Up to 1, 2, 4 and so on: datagrams in a batch, which has OUTBOX_EXCHANGES at most; */
    BATCH_BUCKETS = 9,
    /* and microseconds, up to 65 ms and beyond. */
    LATENCY_BUCKETS = 18,
};

struct measures {
    _Atomic uint64_t replies[OPERATION_COUNT][FORM_COUNT][RESULT_COUNT];
    _Atomic uint64_t octets_in;  /* of all datagrams received, */
    _Atomic uint64_t octets_out; /* and of the replies sent; payloads of UDP */
    _Atomic uint64_t batches[BATCH_BUCKETS];
    _Atomic uint64_t latencies[LATENCY_BUCKETS]; /* datagrams, by the time that their batch took */
    _Atomic uint64_t latency_ns;                 /* the sum of these times */
};

/* All that is counted for one worker. */
struct tally {
    _Alignas(64) struct counters counters; /* no line of the cache is written by two workers */
    struct measures measures;
};

/* Tallies for so many workers, all 0, in memory that a process which is forked later shares: mmap(2). NULL: there is
 * no memory, as errno tells. They last until the process ends, or tallies_end(). */
struct tally *tallies_begin(unsigned count);
void tallies_end(struct tally *tallies, unsigned count);

/* From now on this process can only read them. False, with errno set: mprotect(2). */
bool tallies_only_read(const struct tally *tallies, unsigned count);

/* Adds a batch, each of whose exchanges has its outcome, and which took so long from the end of the call that
 * received it to the end of the call that sent the replies. */
void measures_add(struct measures *measures, const struct outbox *batch, uint64_t nanoseconds);

/* The bucket for a value, of so many, each of which takes twice what the one before does: 0 up to 1, 1 for 2, 2 up to
 * 4. The last one takes all else. */
unsigned measures_bucket(uint64_t value, unsigned buckets);

/* False: no reply is ever of this kind (REQ-6.4, REQ-6.7, REQ-6.8). */
bool measures_can_be(enum operation operation, enum calc_format form, enum outcome result);

#endif
