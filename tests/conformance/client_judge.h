/* What a case says about a client, in one call: a whole exchange with it, and the judgement. What is asked and what
 * is replied is the case's business (client_cases.c). Each skips where the client's command can not ask. */
#ifndef CONFORMANCE_CLIENT_JUDGE_H
#define CONFORMANCE_CLIENT_JUDGE_H

#include "case.h"
#include "client_run.h"

/* A part of a request, to be judged apart from the others. */
enum request_part {
    PART_NONE, /* nothing is judged but that there is a request */
    PART_OPCODE,
    PART_FORMAT,
    PART_LENGTH,
    PART_INTEGERS, /* in whatever order: it says nothing in a sum or a product */
};

/* Two requests that most cases make. The integers' octets, and those of their sum, read the same from both ends:
 * the order of octets is left to the cases that are about it. */
extern const struct calc_request asked_sum, asked_sum_string;

/* A reply from pairs of hex digits, capital ones; blanks are for the reader. */
struct client_reply reply_of(const char *hex);

/* A reply of this header and so many equal octets. */
struct client_reply reply_filled(uint8_t header, uint8_t octet, size_t count);

/* The reply that is right for a request (REQ-5.3 to REQ-5.5). */
struct client_reply right_reply(const struct calc_request *request);

/* The client asks for this; this part of its first datagram has to be right. Returns whether there was one. */
bool judge_request(struct client_run *run, struct outcome *outcome,
                   const struct calc_request *request, enum request_part part);

/* The reply is one that the client has to take: it shows these digits, and nothing else. */
void judge_shown(struct client_run *run, struct outcome *outcome,
                 const struct calc_request *request, const struct client_reply *reply,
                 const char *digits);

/* The reply is an error: the client shows no result. */
void judge_error(struct client_run *run, struct outcome *outcome,
                 const struct calc_request *request, const struct client_reply *reply);

/* The reply is not valid, or none for this request; the right one follows it. The client shows no result, or the
 * right one. `what` says in words what is wrong with the reply, `diagnosis` what a client that shows it does. */
void judge_invalid(struct client_run *run, struct outcome *outcome,
                   const struct calc_request *request, const struct client_reply *reply,
                   const char *what, const char *diagnosis);

#endif
