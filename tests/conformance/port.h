/* A port of the kit's own: sends and receives single datagrams, sees from where they come and what ICMPv6 says, and
 * notes all of it in the outcome. What is said is for others. */
#ifndef CONFORMANCE_PORT_H
#define CONFORMANCE_PORT_H

#include "outcome.h"

struct port {
    int fd; /* -1: not open */
    struct sockaddr_in6 local;
    struct outcome *outcome; /* where the packets are noted; NULL: nowhere */
};

enum arrival {
    ARRIVED,
    REFUSED, /* port unreachable, for a datagram that left from here */
    NOTHING, /* until the deadline */
    BROKEN,  /* the kit's own failure: errno says which */
};

struct arrived {
    struct sockaddr_in6 source;
    size_t length;            /* as sent */
    struct datagram datagram; /* at most its first DATAGRAM_ROOM octets */
};

/* Opens a port on the local address (its port 0: the kernel picks one), not connected, so that a datagram from
 * anywhere is seen. False: errno as socket(2) or bind(2) set it. */
bool port_open(struct port *port, const struct sockaddr_in6 *local, struct outcome *outcome);

/* The local address from which the peer is reached, with port 0. False: errno as connect(2) sets it. */
bool port_local_towards(const struct sockaddr_in6 *peer, struct sockaddr_in6 *local);

/* False: errno as sendto(2) set it. An error of an earlier datagram is not taken for one of this. */
bool port_send(struct port *port, const struct sockaddr_in6 *peer, const struct datagram *datagram);

/* Waits until the deadline (kit_now_us; one in the past only looks). */
enum arrival port_receive(struct port *port, int64_t deadline_us, struct arrived *arrived);

void port_close(struct port *port);

#endif
