/* What became of each datagram, each outcome under a name of its own, so that nothing is left
 * unaccounted: received = replied + dropped + failed, and what the kernel lost before is beside it. Each worker has
 * counters of its own, each written by one thread; any may read them. */
#ifndef SERVER_COUNTERS_H
#define SERVER_COUNTERS_H

#include "proto/calc.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>

enum outcome {
    REPLIED_RESULT,
    REPLIED_TOO_LONG,
    REPLIED_NOT_WHOLE,
    REPLIED_UNKNOWN_OPCODE,
    REPLIED_ABOVE_32_BITS,
    REPLIED_ABOVE_256_DIGITS,
    DROPPED_MULTICAST,
    DROPPED_UNSPECIFIED,
    DROPPED_PORT_ZERO,
    DROPPED_PORT_RESERVED,
    DROPPED_PORT_OWN,
    DROPPED_NO_INTEGERS,
    DROPPED_LOOP_RATE,
    DROPPED_RATE,
    FAILED_NOT_PERMITTED,
    FAILED_NO_BUFFERS,
    FAILED_WOULD_BLOCK,
    FAILED_UNREACHABLE,
    FAILED_NOT_VALID,
    FAILED_OTHERWISE,
    /* Not about a datagram received, or about one that has its outcome, so outside the sum. */
    NOTED_LEAKED,
    NOTED_ICMP_ERROR,
    NOTED_INTERRUPTED,
    NOTED_RECEIVE_FAILED,
    NOTED_NOT_SHOWN,
    LOST_QUEUE_FULL,
    OUTCOME_COUNT,
};

struct counters {
    _Atomic uint64_t received;
    _Atomic uint64_t of[OUTCOME_COUNT];
};

/* Adds to a counter of the calling thread. Others who read it see some value that it has had, and that is all they
 * need: so this costs what it would without them. */
static inline void count(_Atomic uint64_t *counter, uint64_t more)
{
    uint64_t before = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, before + more, memory_order_relaxed);
}

/* How many datagrams have an outcome. It is what was received, once nobody counts any longer. */
uint64_t counters_settled(const struct counters *counters);

/* Adds all counters of one to those of another. */
void counters_add(const struct counters *some, struct counters *sum);

/* The sum of the outcomes of a group. */
uint64_t counters_total(const struct counters *counters, const char *group);

/* "replied", "dropped", "failed", "noted" or "lost". */
const char *outcome_group(enum outcome outcome);

/* True: a reply was sent, a result or an error. */
bool outcome_is_reply(enum outcome outcome);

/* The reason within the group: one word for programs, which stays as it is, */
const char *outcome_label(enum outcome outcome);

/* and for people. */
const char *outcome_text(enum outcome outcome);

/* The outcome of a reply that was sent, by what calc_answer() found. */
enum outcome outcome_of_reply(enum calc_code code);

/* The outcome of a reply that could not be sent, by errno of sendmmsg(2). */
enum outcome outcome_of_send_error(int error);

/* One line with the sum, and one for each outcome that occurred. */
void counters_print(const struct counters *counters, FILE *out);

#endif
