/* The client's cases of what PROTOCOL.md settles: what each checks is said in the table, in client_cases.c. */
#ifndef CONFORMANCE_CLIENT_SETTLED_H
#define CONFORMANCE_CLIENT_SETTLED_H

#include "client_judge.h"

typedef void client_case(struct client_run *run, struct outcome *outcome);

client_case unused_bits_sent, exit_statuses, longest_string, too_long_to_be_right,
    reply_from_elsewhere, reply_twice, empty_reply, header_alone, three_octets, five_octets,
    no_digits, nul_at_the_end, nul_inside, no_digit_among_them, minus_sign, digits_257,
    leading_zeros, no_reply, fresh_port, late_reply, port_unreachable;

#endif
