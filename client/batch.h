/* client --batch: many calculations in one run. Lines are read and requests sent while others wait for
 * their replies, in constant memory; answers come out in the order of the lines, one for each.
 *
 * Where the reader of standard output stalls, what is done waits, up to a limit; no further line is taken
 * then, while the requests in the air go on getting their replies and their tries. SIGINT and SIGTERM end
 * it with the answers that are there; a second one, where nobody reads them, at once. */
#ifndef CLIENT_BATCH_H
#define CLIENT_BATCH_H

#include "failure.h"
#include "options.h"
#include "proto/net/endpoint.h"

/* Does what command says, all of it, and sets *worst to the highest exit status of a line. Returns false
 * with the failure noted where it had to break off, or could not begin. */
bool batch_run(const struct command *command, const struct calc_endpoints *endpoints, int *worst,
               struct failure *failure);

#endif
