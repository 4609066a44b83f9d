/* Where the server's sockets come from: from who started it, from the server that runs, or from the kernel. */
#ifndef SERVER_SOCKETS_H
#define SERVER_SOCKETS_H

#include "options.h"

/* Takes the sockets that were handed over, by who started the server (LISTEN_FDS; sd_listen_fds(3)) or by the server
 * at command->upgrade; where there are none, opens the first one at ADDRESS and PORT. Each socket handed over gets a
 * worker: command->serve.workers becomes their number, or stays what was asked for where that is more, and the log
 * tells where it is less. Metrics are asked for at the stream socket among those of LISTEN_FDS, or at
 * command->metrics. False: why tells in one line what was tried and what came of it; the process is to end then. */
bool sockets_get(struct command *command, struct listeners *listeners, struct handover *handover,
                 char why[static CALC_WHY_ROOM]);

#endif
