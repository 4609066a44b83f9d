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

/* What a datagram is that comes to a port from which sentinels have been sent. */
enum kind {
    SENTINEL_S, /* the answer to the last sentinel */
    OUTDATED,   /* the answer to a sentinel before it */
    OTHER,
};

int64_t sooner(int64_t a, int64_t b);

/* The kit has started the server itself. */
bool is_started(const struct server_run *run);

/* One that the kit has started has ended. */
bool has_died(struct server_run *run);

/* Sends from this port, and notes what a server's buffer may hold after it. */
bool transmit(struct server_run *run, struct port *port, const struct sockaddr_in6 *peer,
              const struct datagram *request);

/* The same with a sentinel: 00 and two integers whose sum no case asks for. Each has a sum of its own, once it is known
 * that the server can add. */
bool transmit_sentinel(struct server_run *run, struct port *port, const struct sockaddr_in6 *peer);

/* first: the serial number of the first sentinel that counts. Unused bits may change from reply to reply. */
enum kind kind_of(const struct server_run *run, const struct arrived *arrived, uint32_t first);

/* How long ago the sentinel was sent that this answers. */
int64_t sentinel_age_us(const struct server_run *run, const struct arrived *arrived);

/* After so long without an answer a datagram is sent again. */
int64_t again_after_us(const struct server_run *run);

/* Waits for a datagram, and looks after the server meanwhile: it has to be read, and it may end. */
enum arrival receive(struct server_run *run, struct port *port, int64_t deadline_us,
                     struct arrived *arrived);

/* Sends the sentinel again and again until something comes back, or the server has ended. */
bool probe(struct server_run *run, struct port *port, const struct sockaddr_in6 *peer,
           int64_t deadline_us, struct arrived *arrived);

#endif
