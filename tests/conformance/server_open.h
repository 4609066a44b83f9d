/* The server's cases about what the published text leaves open, or what needs more than one address: they
 * observe. */
#ifndef CONFORMANCE_SERVER_OPEN_H
#define CONFORMANCE_SERVER_OPEN_H

#include "case.h"

void open_reply_address(struct server_run *run, struct outcome *outcome);
void open_cut(struct server_run *run, struct outcome *outcome);
void open_reply_bits(struct server_run *run, struct outcome *outcome);
void open_leading_zeros(struct server_run *run, struct outcome *outcome);
void open_error_payload(struct server_run *run, struct outcome *outcome);
void open_empty(struct server_run *run, struct outcome *outcome);
void open_header_only(struct server_run *run, struct outcome *outcome);
void open_258_octets(struct server_run *run, struct outcome *outcome);
void open_65_integers(struct server_run *run, struct outcome *outcome);
void open_1_octet(struct server_run *run, struct outcome *outcome);
void open_3_octets(struct server_run *run, struct outcome *outcome);
void open_5_octets(struct server_run *run, struct outcome *outcome);
void open_random(struct server_run *run, struct outcome *outcome);
void open_256_digits(struct server_run *run, struct outcome *outcome);
void open_257_digits(struct server_run *run, struct outcome *outcome);
void open_equal_reply(struct server_run *run, struct outcome *outcome);
void open_chain(struct server_run *run, struct outcome *outcome);
void open_low_port(struct server_run *run, struct outcome *outcome);
void open_same_port(struct server_run *run, struct outcome *outcome);

#endif
