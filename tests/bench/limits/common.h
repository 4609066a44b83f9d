/* What the servers that show the limits have in common: their command line, the socket, and what becomes of the
 * octets. What each is there to show, the way of a datagram, is its own. */
#ifndef LIMITS_COMMON_H
#define LIMITS_COMMON_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

enum {
    /* What an Ethernet frame has room for, and an odd number of cache lines: buffers in a row then begin in
     * different sets of the cache. A longer request is cut. */
    LIMIT_OCTETS = 1472,
    LIMIT_BATCH = 64,
    /* Octets that the kernel may hold for the socket. Its default has room for some 200 small datagrams, and a load has
     * more of them in flight. */
    LIMIT_QUEUE = 1 << 20,
};

struct limit {
    const char *name;
    struct sockaddr_in6 endpoint; /* as bound */
    int fd;                       /* blocks */
    size_t reply;                 /* octets of each reply; 0: as many as the request has */
};

/* Reads [--reply OCTETS] ADDRESS PORT (the option where it is allowed), opens and binds the socket, and prints
 * "listening on [ADDRESS]:PORT". False: it has said on standard error, in one line, what is wrong. */
bool limit_open(int argc, char **argv, bool with_reply, struct limit *limit);

/* Says that a call about the socket failed, with errno; returns the exit status. */
int limit_failed(const struct limit *limit, const char *what);

/* Makes a request of length octets its own reply, and returns the reply's length: the first octets, or zeros behind. */
static inline size_t limit_reply(const struct limit *limit, uint8_t octets[static LIMIT_OCTETS],
                                 size_t length)
{
    if (limit->reply == 0)
        return length;
    if (length < limit->reply)
        memset(octets + length, 0, limit->reply - length);
    return limit->reply;
}

#endif
