/* What the client tells: results on standard output, everything else on standard error; with --json
 * the result or the failure is one object on standard output. */
#ifndef CLIENT_REPORT_H
#define CLIENT_REPORT_H

#include "exchange.h"
#include "options.h"

/* Both datagrams as proto/draw.h draws them, to standard error. */
void report_exchange(const struct command *command, const struct exchange *exchange);

/* The request, where no reply to it came. */
void report_unanswered(const struct exchange *exchange);

/* The result. Returns false with the failure noted where it could not be printed. */
bool report_result(const struct command *command, const struct exchange *exchange,
                   const struct calc_reply *reply, struct failure *failure);

void report_failure(const struct command *command, const struct failure *failure);

#endif
