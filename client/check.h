/* client --check: whether a server answers, and right. What it is asked, and whether that was the answer; the
 * exchange is that of every other request. */
#ifndef CLIENT_CHECK_H
#define CLIENT_CHECK_H

#include "exchange.h"
#include "options.h"

/* The exit status where it does not, for whatever reason. */
enum { CHECK_FAILED = 1 };

/* A sum of two random integers of 31 bits: its result fits, and nobody knows it beforehand, neither a server that
 * says the same each time, nor a copy of an old reply. SIGPIPE is ignored from now on, as the exit status is the answer.
 * Returns false with the failure noted. */
bool check_begin(struct calc_request *sum, struct failure *failure);

/* True: this is the right reply to what the command asked; with -v, a line on standard output says so. Returns
 * false with the failure noted where it is not, or that could not be printed. */
bool check_reply(const struct command *command, const struct exchange *exchange,
                 const struct calc_reply *reply, struct failure *failure);

#endif
