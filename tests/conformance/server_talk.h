/* Single datagrams to and from the server under test, while it is looked after: for server_run.c, which finds it, and
 * server_exchange.c, which asks it. */
#ifndef CONFORMANCE_SERVER_TALK_H
#define CONFORMANCE_SERVER_TALK_H

#include "server_run.h"

enum {
    AGAIN_US = 100000,    /* a request or its reply was lost */
    AGAIN_SOON_US = 1000, /* the same, with a server that loses what is queued */
    AGAIN_MAX_US = 200000,
};

/* 00 and two integers whose sum no case asks for. */
extern const struct datagram sentinel;

int64_t sooner(int64_t a, int64_t b);

/* The kit has started the server itself. */
bool is_started(const struct server_run *run);

/* One that the kit has started has ended. */
bool has_died(struct server_run *run);

/* Sends from this port, and notes what a server's buffer may hold after it. */
bool transmit(struct server_run *run, struct port *port, const struct sockaddr_in6 *peer,
              const struct datagram *datagram);

/* Waits for a datagram, and looks after the server meanwhile: it has to be read, and it may end. */
enum arrival receive(struct server_run *run, struct port *port, int64_t deadline_us,
                     struct arrived *arrived);

/* Sends the sentinel again and again until something comes back, or the server has ended. */
bool probe(struct server_run *run, struct port *port, const struct sockaddr_in6 *peer,
           int64_t deadline_us, struct arrived *arrived);

#endif
