/* The server under test: found or started, asked, watched, and started again when it dies. What it has to answer is
 * for the cases. */
#ifndef CONFORMANCE_SERVER_RUN_H
#define CONFORMANCE_SERVER_RUN_H

#include "case.h"
#include "port.h"
#include "settings.h"

/* The diagnosis of a reply that went to somebody else. */
#define SERVER_ANSWERS_EARLIER                                                                     \
    "replies to an earlier client: each reply goes to the address that recvfrom(2) gave for its "  \
    "request, so set "                                                                             \
    "addrlen and use it anew each time"

enum { SENTINELS_KNOWN = 16 };

struct server_run {
    const struct settings *settings;
    struct subject subject; /* with --exec */
    bool ipv4_only;         /* it does not answer over IPv6, and does over IPv4 */
    bool
        reopens; /* away for a moment after each request, and what is queued is lost: the course's loop */
    bool ends; /* ends after one request */
    bool gone; /* has not answered for a whole deadline, and can not be started again */
    struct sockaddr_in6 peer, local;
    struct port listener;  /* sends the first probe, and stays open: nothing else is due here */
    bool distinct;         /* a sentinel's answer can be told from others */
    struct datagram asked; /* the last request of a case */
    bool strayed;          /* the reply to it came to the listener */
    bool adds;             /* it is the right one: the sum */
    uint32_t serial;       /* of the last sentinel */
    int64_t sent_us[SENTINELS_KNOWN]; /* when the last ones were sent, by their numbers */
    int64_t round_trip_us;            /* how long it takes to answer */
    struct datagram usual;            /* the answer to the sentinel */
    struct datagram
        earlier; /* what a buffer holds that all requests were received into, one over the other */
    uint64_t random; /* state for the cases */
};

/* What came of a request. */
struct answer {
    bool came;
    struct arrived first;
    unsigned replies; /* all that came before the answer to the sentinel behind the request */
    unsigned sent; /* how often the request was sent: more than once where it may have been lost */
    bool misdirected;     /* it went to the port that had asked first */
    enum trouble trouble; /* where none came */
};

/* Finds or starts the server, and waits until it answers. False: it never did; why says so in one line. */
bool server_run_begin(struct server_run *run, const struct settings *settings,
                      char why[static OUTCOME_TEXT_ROOM]);

/* Starts it, and ends the one before. False: why says in one line what was tried. */
bool server_start(struct server_run *run, char why[static OUTCOME_TEXT_ROOM]);

/* Before a case: starts the server where it has to run and does not, and sees that it answers. False: the
 * outcome says why the case can not be tried. */
bool server_run_ready(struct server_run *run, struct outcome *outcome);

/* Sends the request from a fresh port, and behind it a sentinel, a request that is always answered: when the
 * sentinel's answer is there, there is none to the request, without waiting for a deadline. But where a reply is
 * due, it is waited for until then: a server that works on several requests at a time may answer the sentinel first.
 * The course's server, which loses what is queued, is asked again. */
void server_ask(struct server_run *run, const struct datagram *request, bool due,
                struct outcome *outcome, struct answer *answer);

/* The same, from this port, which the caller opened. */
void server_ask_from(struct server_run *run, struct port *port, const struct datagram *request,
                     bool due, struct answer *answer);

/* The same, with the sentinel from another port: for ports that a server may leave without reply, and to count
 * all that comes back to one. */
void server_ask_beside(struct server_run *run, struct port *port, const struct datagram *request,
                       bool due, struct answer *answer);

/* Whether it answers a probe, before the deadline. */
bool server_answers(struct server_run *run);

/* Whether anybody listens where the run's peer is: false where requests from this port are refused, each time. */
bool server_listens(struct server_run *run, struct port *port);

/* Says in the outcome that no answer came, and how. */
void server_no_answer(const struct server_run *run, const struct answer *answer,
                      struct outcome *outcome);

void server_run_end(struct server_run *run);

#endif
