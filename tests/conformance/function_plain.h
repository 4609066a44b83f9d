/* The plainest call of the step under test, which nothing in it makes fail. Its integers, 65792 and 131584, read the
 * same in either byte order, so that one mistake does not make every case red. */
#ifndef CONFORMANCE_FUNCTION_PLAIN_H
#define CONFORMANCE_FUNCTION_PLAIN_H

#include "function_judge.h"

/* The integers as a list for a scenario, and a reply to their sum as an integer, in hex digits. */
extern const char plain_ints[], plain_reply[];

/* reply has to outlive the scenario; step 1 gets none. */
struct scenario client_plain(const struct functions_run *run, const struct datagram *reply);

/* Makes this call with plain_reply; whether it came back. */
bool client_called(const struct functions_run *run, struct outcome *outcome, struct made *made);

/* The plainest datagram for recv_and_handle_message, with a header in step 5. */
struct datagram server_datagram(const struct functions_run *run);

/* datagram has to outlive the scenario. */
struct scenario server_plain(const struct datagram *datagram);

/* Makes this call with server_datagram(); whether it answered. */
bool server_called(const struct functions_run *run, struct outcome *outcome, struct made *made);

#endif
