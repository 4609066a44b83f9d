/* How a server that runs hands its sockets to the next one (--upgrade), over a UNIX socket at a path: unix(7), SCM_RIGHTS. The
 * socket at the path is handed over with the others, so that it never is without a server.
 *
 *     next                              running
 *       | asks, at the path: one end of a pair |
 *       |------------------------------------->|
 *       |          through that pair: all sockets |
 *       |<-------------------------------------|
 *       | serves                               |
 *       | ready                                |
 *       |------------------------------------->| ends, and leaves what is queued
 *
 * A running server that is not told "ready" goes on: no socket of UDP was taken from it. */
#ifndef SERVER_HANDOVER_H
#define SERVER_HANDOVER_H

#include "listener.h"

#include <sys/types.h>

struct handover {
    int path_fd; /* where the next server asks; -1: nowhere */
    int next_fd; /* to the next server, which has the sockets but has not said yet that it serves; -1: none */
    int running_fd; /* to the server that these sockets come from; -1: none */
    unsigned
        taken; /* descriptors that came with questions: none is closed again, as close(2) is not allowed any longer */
    uid_t owner; /* who may ask, besides root */
};

enum handover_code { HANDOVER_DONE, HANDOVER_NOBODY, HANDOVER_FAILED };

/* A server that hands nothing over, and got nothing. */
void handover_begin(struct handover *handover);

/* Asks the server at the path for its sockets: at most LISTENERS_MAX descriptors go into fds, and theirs is the
 * caller's. It has 2 seconds. HANDOVER_NOBODY: there is no server. HANDOVER_FAILED: why tells in one line what came
 * of it; the path is somebody else's, or what answered was no server of ours, or of another version. */
enum handover_code handover_ask(struct handover *handover, const char *path,
                                int fds[static LISTENERS_MAX], unsigned *count,
                                char why[static CALC_WHY_ROOM]);

/* Listens at the path, in place of whatever socket stands there; only the user of this process and root may ask. */
bool handover_open(struct handover *handover, const char *path, char why[static CALC_WHY_ROOM]);

/* From here on, in as few system calls as the sandbox allows, and without waiting. Tells the server that the sockets
 * come from that this one serves. */
void handover_ready(const struct handover *handover);

/* The descriptor to poll(2) for handover_go_on(), or -1. */
int handover_waits_for(const struct handover *handover);

/* True: the next server may have the sockets already. */
bool handover_has_begun(const struct handover *handover);

/* Hands these sockets over, or hears what became of that. True: the next server serves, and this one is to end. */
bool handover_go_on(struct handover *handover, const int *fds, unsigned count);

#endif
