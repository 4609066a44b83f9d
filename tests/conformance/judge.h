/* A reply held against the one that is due. Pure: no subject needed. */
#ifndef CONFORMANCE_JUDGE_H
#define CONFORMANCE_JUDGE_H

#include "outcome.h"

/* The payload is the one that the reply to the request has to have, of at least one octet. */
bool answers(const struct datagram *request, const struct datagram *actual, size_t actual_length);

/* The actual octets are a right reply to the request: the status, and for a success the payload. Unused bits may
 * have any value (REQ-5.2), leading zeros are let pass (REQ-8.7), and what is behind an error means nothing
 * (REQ-5.6). Otherwise the outcome tells what is wrong, with the
 * comparison; diagnose.h finds out why. */
bool judge_reply(struct outcome *outcome, const struct datagram *request,
                 const struct datagram *actual, size_t actual_length);

/* What an actual reply is, in words: "an error", "an error with 12 octets behind it", "the result 5", or what
 * is wrong with it. */
enum { REPLY_WORDS_ROOM = 400 };
void reply_words(const struct datagram *request, const struct datagram *actual,
                 size_t actual_length, char words[static REPLY_WORDS_ROOM]);

#endif
