/* What a network has seen of requests and of the ports that they left from: which try a reply belongs to, what came of each
 * request, and whether ports were used as Section 8 of proto/PROTOCOL.md wants it. Times are in microseconds. */
#ifndef TESTS_LEDGER_H
#define TESTS_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
    LEDGER_CLIENTS = 16,
    LEDGER_TRIES = 16,      /* of a request whose fates are kept */
    LEDGER_OUTSTANDING = 4, /* two uses of a port, each request delivered twice */
};

struct ledger_request {
    uint64_t name; /* of its octets, never 0 */
    uint32_t number;
    uint16_t tries;
    uint16_t delivered; /* replies, whole ones */
    int64_t first_try;
    int64_t last_try;
    char fates[LEDGER_TRIES];
};

/* One datagram that has left with a request. */
struct ledger_try {
    struct ledger_request *request; /* NULL: none is known */
    unsigned number;
    int64_t sent;
    unsigned copy; /* of the request, that a reply is to; from 0 */
};

struct ledger_port {
    struct ledger_request *request; /* the last one */
    bool replied;
    int64_t last; /* the request, then the first reply to it */
    /* Handed to the server, not answered yet, the oldest first: a server answers one port in order. */
    struct ledger_try outstanding[LEDGER_OUTSTANDING];
    unsigned outstanding_count;
};

struct ledger {
    int64_t quiet_us; /* that a port is to rest after a reply */
    int64_t late_us;  /* and after the last of several tries */
    size_t count;
    struct ledger_request *requests;
    struct ledger_port *ports;
};

/* False: there is no memory. */
bool ledger_open(struct ledger *ledger, int64_t quiet_us, int64_t late_us);
void ledger_close(struct ledger *ledger);

/* client: 0 to LEDGER_CLIENTS - 1. */
struct ledger_port *ledger_port(struct ledger *ledger, unsigned client, uint16_t port);

/* One more try, of the request with this name and number, has left from a port. Prints a line to standard output where the
 * port was used for that request before (REQ-8.2), or has not rested since another one (REQ-8.3). Ends the process where
 * there are too many requests. */
struct ledger_try ledger_sent(struct ledger *ledger, struct ledger_port *port, uint64_t name,
                              uint32_t number, int64_t now);

/* What is to become of that try, for the account. */
void ledger_note_fate(const struct ledger_try *sent, char letter);

/* It has reached the server. */
void ledger_reached(struct ledger_port *port, const struct ledger_try *sent);

/* The server has replied to this port. Returns what to. */
struct ledger_try ledger_replied(struct ledger_port *port);

/* That reply has come to the port, whole. */
void ledger_delivered(struct ledger_port *port, const struct ledger_try *sent, int64_t now);

/* For each request: "request", its number, how many replies were delivered, the fate of each try, and the time from the first to
 * the last one in ms. */
void ledger_print(const struct ledger *ledger, FILE *out);

#endif
