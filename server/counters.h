/* What became of each datagram, each outcome under a name of its own, so that nothing is left
 * unaccounted: received = replied + dropped + failed. */
#ifndef SERVER_COUNTERS_H
#define SERVER_COUNTERS_H

#include "proto/calc.h"

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
    FAILED_NOT_PERMITTED,
    FAILED_NO_BUFFERS,
    FAILED_WOULD_BLOCK,
    FAILED_UNREACHABLE,
    FAILED_NOT_VALID,
    FAILED_OTHERWISE,
    /* Not about a datagram received, so outside the sum. */
    NOTED_ICMP_ERROR,
    NOTED_INTERRUPTED,
    NOTED_RECEIVE_FAILED,
    NOTED_NOT_SHOWN,
    OUTCOME_COUNT,
};

struct counters {
    uint64_t received;
    uint64_t of[OUTCOME_COUNT];
};

/* "replied", "dropped", "failed" or "noted". */
const char *outcome_group(enum outcome outcome);

/* True: a reply was sent, a result or an error. */
bool outcome_is_reply(enum outcome outcome);

/* The reason within the group, for people. */
const char *outcome_text(enum outcome outcome);

/* The outcome of a reply that was sent, by what calc_answer() found. */
enum outcome outcome_of_reply(enum calc_code code);

/* The outcome of a reply that could not be sent, by errno of sendmsg(2). */
enum outcome outcome_of_send_error(int error);

/* One line with the sum, and one for each outcome that occurred. */
void counters_print(const struct counters *counters, FILE *out);

#endif
