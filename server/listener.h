/* The server's socket: bind it, take a datagram with all that is known about its way here, send
 * the reply back the same way. What to reply is decided elsewhere. */
#ifndef SERVER_LISTENER_H
#define SERVER_LISTENER_H

#include "counters.h"
#include "proto/calc.h"
#include "proto/net/endpoint.h"

#include <stdbool.h>

struct listener {
    int fd;
    struct sockaddr_in6 endpoint; /* with the port that the kernel picked, if it did */
};

struct arrival {
    size_t length; /* as sent, even where octets holds less of it (REQ-3.5) */
    uint8_t octets[CALC_BUFFER_OCTETS];
    struct sockaddr_in6 peer;
    bool destination_known;
    struct in6_addr destination; /* the address of this host that the datagram was sent to */
    unsigned interface;          /* the index of the interface that it came in on */
};

enum receive_code {
    RECEIVED,
    RECEIVE_QUEUE_EMPTY,
    RECEIVE_AGAIN, /* something else was reported, and has been counted */
};

/* Binds the first of the endpoints that is an address of this host. On failure returns false, and why tells in one
 * line what was tried and what came of it. */
bool listener_open(const struct calc_endpoints *endpoints, bool v6only, struct listener *listener,
                   char why[static CALC_WHY_ROOM]);

/* Takes one datagram from the queue: recvmsg(2), ipv6(7). Never waits. */
enum receive_code listener_receive(const struct listener *listener, struct arrival *datagram,
                                   struct counters *counters);

/* Sends the reply from the address that the request came to (REQ-3.4) to where it came from. Never
 * waits. Returns 0, or errno as sendmsg(2) set it. */
int listener_send(const struct listener *listener, const struct arrival *request,
                  const uint8_t *reply, size_t length, struct counters *counters);

/* Takes the ICMP errors about earlier replies off the socket, and counts them. */
void listener_take_errors(const struct listener *listener, struct counters *counters);

void listener_close(struct listener *listener);

#endif
