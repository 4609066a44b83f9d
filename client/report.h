/* What the client tells: results on standard output, everything else on standard error; with --json
 * the result or the failure is one object on standard output. */
#ifndef CLIENT_REPORT_H
#define CLIENT_REPORT_H

#include "exchange.h"
#include "options.h"

#include <stdio.h>

/* A result, and all that -j tells about it. */
struct result {
    uint64_t line; /* of a batch; 0 where there is none */
    const struct calc_request *request;
    const struct calc_reply *reply;
    const struct sockaddr_in6 *server;
    int64_t round_trip_us;
    unsigned sent;
};

/* Both datagrams as proto/draw.h draws them, to standard error. */
void report_exchange(const struct command *command, const struct exchange *exchange);

/* The request, where no reply to it came. */
void report_unanswered(const struct exchange *exchange);

/* The result. Returns false with the failure noted where it could not be printed. */
bool report_result(const struct command *command, const struct exchange *exchange,
                   const struct calc_reply *reply, struct failure *failure);

/* The result as a bare number in digits, with a final NUL. Returns how many digits. */
enum { REPORT_DIGITS_ROOM = CALC_DIGITS_MAX + 1 };
size_t report_digits(const struct calc_reply *reply, char digits[static REPORT_DIGITS_ROOM]);

/* One JSON object, and the end of its line; line as in struct result. */
void report_json_result(FILE *out, const struct result *result);
void report_json_failure(FILE *out, uint64_t line, const struct failure *failure);

/* The failure, by itself. */
void report_failure(const struct command *command, const struct failure *failure);

#endif
