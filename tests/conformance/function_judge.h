/* What the cases about both functions have in common: what was called, what was sent, what was left open. Each
 * expect_ fails the outcome, in words, where it is otherwise, and returns whether it is as it should be. */
#ifndef CONFORMANCE_FUNCTION_JUDGE_H
#define CONFORMANCE_FUNCTION_JUDGE_H

#include "function_scenario.h"

/* The calls of these names, ended by NULL, in this order, once each, on the socket's own descriptor. close and calls
 * that carry nothing are not looked at. */
bool expect_order(const struct made *made, const char *const *names, struct outcome *outcome);
bool expect_no_other_calls(const struct made *made, struct outcome *outcome);
bool expect_socket_arguments(const struct made *made, struct outcome *outcome);
bool expect_no_flags(const struct made *made, struct outcome *outcome);

/* The address and its length went to this call as they are. */
bool expect_address(const struct made *made, const char *name, long length,
                    struct outcome *outcome);

/* Runs the scenario with this call failing: -1, and no call after it but close. */
void expect_failure(const struct functions_run *run, struct scenario scenario, const char *failing,
                    struct outcome *outcome);

/* Runs the scenario with a close that fails, and with one that does not: nothing differs. */
void expect_close_ignored(const struct functions_run *run, struct scenario scenario,
                          struct outcome *outcome);

/* Runs the scenario, which has to come back with nothing left open. When says when, in words. */
bool expect_closed(const struct functions_run *run, const struct scenario *scenario,
                   const char *when, struct outcome *outcome);

/* The same, once for each call that can fail, ended by NULL. */
void expect_closed_on_failure(const struct functions_run *run, struct scenario scenario,
                              const char *const *failing, struct outcome *outcome);

/* Runs the scenario twice, with other uninitialised memory: what is sent does not change, and is all the
 * function's own. */
bool expect_own_octets(const struct functions_run *run, struct scenario scenario,
                       struct outcome *outcome);

/* Runs the scenario with a long datagram: it comes back, and its buffer has the room that it tells. */
void expect_in_buffer(const struct functions_run *run, struct scenario scenario,
                      struct outcome *outcome);

/* It returned this number. */
bool expect_returned(const struct made *made, long due, const char *when, struct outcome *outcome);

/* It sent something, which is then the outcome's comparison with what is due. */
bool expect_sent(const struct made *made, const struct datagram *due, bool is_request,
                 enum calc_format format, struct outcome *outcome);

#endif
