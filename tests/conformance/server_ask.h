/* What most server cases do: ask, and hold the reply against what is due, or report what is left open. */
#ifndef CONFORMANCE_SERVER_ASK_H
#define CONFORMANCE_SERVER_ASK_H

#include "judge.h"
#include "server_run.h"

/* The header octets of requests whose unused bits are zero. */
enum { SUM = 0x00, SUM_AS_STRING = 0x01, PRODUCT = 0x02, PRODUCT_AS_STRING = 0x03 };

/* Notes the request that the case is at, unless it has failed already. */
void note_request(struct outcome *outcome, const struct datagram *request);

/* Asks; no answer fails the case. */
bool ask(struct server_run *run, struct outcome *outcome, const struct datagram *request,
         struct answer *answer);

/* Asks; any other answer than the one that is due fails the case. Where an error is due, any error will do. */
bool expect_due(struct server_run *run, struct outcome *outcome, const struct datagram *request);

/* Asks, and reports what comes, or that nothing does. Only a server that is gone after it fails. */
void observe(struct server_run *run, struct outcome *outcome, const struct datagram *request);

#endif
