/* The server's sockets: how they are bound, shared and asked for what the kernel can tell. What goes in and out of them
 * is for intake.h and outbox.h. */
#ifndef SERVER_LISTENER_H
#define SERVER_LISTENER_H

#include "counters.h"
#include "proto/net/endpoint.h"

#include <stdbool.h>

struct listener_options {
    bool v6only;   /* on ::, leave out IPv4 */
    bool takeover; /* share the port with whoever has it, where the kernel allows that */
    bool
        merged; /* take the datagrams of one sender merged (UDP_GRO, udp(7)), where the kernel does that */
};

enum { LISTENERS_MAX = 256, WHERE_ROOM = 128 };

struct listener {
    int fd;
    bool kept; /* by whoever handed it over, for the next server: what is queued is not lost */
    struct sockaddr_in6 endpoint; /* with the port that the kernel picked, if it did */
};

struct listeners {
    int metrics_fd; /* a stream socket that listens, for who asks for metrics (where.h); -1: nobody can */
    char metrics[WHERE_ROOM]; /* where that is, as text; "": nowhere */
    unsigned count;
    struct listener list[LISTENERS_MAX];
};

/* Binds the first of the endpoints that is an address of this host. Without takeover nobody else may have the port;
 * from then on further sockets may share it. On failure returns false, and why tells in one line what was tried and
 * what came of it. */
bool listener_open(const struct calc_endpoints *endpoints, const struct listener_options *options,
                   struct listener *listener, char why[static CALC_WHY_ROOM]);

/* Binds a socket of any kind to a port that nobody else has, or, shared, with the sockets of this user that share it; from
 * then on further ones may (SO_REUSEPORT, socket(7)). Returns what could not be done, with errno set, or NULL. */
const char *listener_bind(int fd, const struct sockaddr_in6 *endpoint, bool shared);

/* Takes over a socket that another process has opened and bound, and prepares it as its own; options->v6only has to
 * be true of it already, and without options->merged it must not take datagrams merged. what names it in messages. On
 * failure as listener_open(), and the descriptor stays open. */
bool listener_adopt(int fd, const char *what, const struct listener_options *options,
                    struct listener *listener, char why[static CALC_WHY_ROOM]);

/* Opens one more socket on the port of the first: the kernel spreads the senders over them (SO_REUSEPORT, socket(7)).
 * On failure as listener_open(). */
bool listener_share(const struct listener *first, const struct listener_options *options,
                    struct listener *listener, char why[static CALC_WHY_ROOM]);

/* From now on nothing comes in any more: the senders are told so (port unreachable), or meet another socket on the
 * port. What is queued stays, and replies can be sent. False: errno tells why that could not be done; connect(2). */
bool listener_turn_away(const struct listener *listener);

/* Waits for something to receive. False: in so many milliseconds, whatever signals arrive, nothing came. */
bool listener_wait(const struct listener *listener, int milliseconds);

/* True: a datagram waits to be received; asked without waiting, by any thread. */
bool listener_has_queued(const struct listener *listener);

/* The kernel gives a multicast datagram to each socket of a port: to count it, one is enough, and this is another
 * one. */
void listener_ignore_multicast(const struct listener *listener);

/* Takes the ICMP errors about earlier replies off the socket, and counts them. */
void listener_take_errors(const struct listener *listener, struct counters *counters);

/* How many datagrams the kernel has lost before they could be received, modulo 2^32 (SO_MEMINFO). */
uint32_t listener_lost(const struct listener *listener);

void listener_close(struct listener *listener);

#endif
