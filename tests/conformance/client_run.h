/* One run of a client under test: a server of the kit's own on a port of its own, the client, and what both have sent.
 * What is sent, and whether the client does well, is the case's business (client_cases.c). */
#ifndef CONFORMANCE_CLIENT_RUN_H
#define CONFORMANCE_CLIENT_RUN_H

#include "expect.h"
#include "outcome.h"
#include "port.h"
#include "settings.h"

enum {
    ATTEMPTS_MAX = 24,
    CLIENT_REPLIES_MAX = 3,
    CLIENT_TEXT_ROOM = 128,
};

/* A datagram of the client's. */
struct attempt {
    int64_t at_us; /* kit_now_us() */
    bool over_ipv4;
    struct arrived arrived;
};

struct client_run {
    const struct settings *settings;
    struct subject subject;
    struct port here;      /* where the client is to send to */
    struct port elsewhere; /* another one */
    struct port ipv4;      /* 127.0.0.1 and the same port, for those who know IPv4 only */
    int64_t began_us, deadline_us;
    int64_t ended_us; /* when the client had ended; 0: the kit has ended it at the deadline */
    size_t attempt_count;
    struct attempt attempts[ATTEMPTS_MAX];
};

/* What the kit sends when a request comes: all of it, in this order; to each further one the last one again. */
struct client_script {
    size_t count;
    struct client_reply {
        struct datagram datagram;
        bool from_elsewhere; /* from another port than the request was sent to */
    } replies[CLIENT_REPLIES_MAX];
};

/* False: no client can be run like this; why says in one line what is wrong. */
bool client_run_begin(struct client_run *run, const struct settings *settings,
                      char why[static SUBJECT_WHY_ROOM]);

/* Ends the client and closes what is open. */
void client_run_end(struct client_run *run);

/* Whether the client's command has what the request needs: {op} for a product, {s} for a string. Else the case
 * is skipped. */
bool client_can(struct client_run *run, struct outcome *outcome,
                const struct calc_request *request);

/* Starts the client with the words of this request, ends the one before. How long it may run: the
 * time limit of the settings, or the one given where it is above 0. False, and noted: it could not be started. */
bool client_start(struct client_run *run, struct outcome *outcome,
                  const struct calc_request *request, int64_t limit_us);

/* The same, on a port that is closed. */
bool client_start_refused(struct client_run *run, struct outcome *outcome,
                          const struct calc_request *request, int64_t limit_us);

/* Waits for the client's next datagram. NULL: it has ended, or its time is over. */
const struct attempt *client_next(struct client_run *run);

/* Sends the client a datagram. */
void client_send(struct client_run *run, struct outcome *outcome, const struct client_reply *reply,
                 const struct attempt *to);

/* Ends the client where it still runs, and reads what it has printed. False, and noted: it has crashed. */
bool client_stop(struct client_run *run, struct outcome *outcome);

/* A whole exchange by a script: start, wait, reply, until the client ends. False, and noted: it could not be
 * started, sent no request, crashed, or still ran at the deadline. */
bool client_exchange(struct client_run *run, struct outcome *outcome,
                     const struct calc_request *request, const struct client_script *script);

/* What it has shown as a result, after the end. */
void client_shown(const struct client_run *run, struct shown *shown);

/* When it sent its first datagram, or else when it was started: programs differ in how long that takes. */
int64_t client_first_us(const struct client_run *run);

/* "waits for ever (the kit ended it after 8.0 s)", "ends after 0.10 s: exit status 9", counted from its first
 * datagram. */
void client_ending(const struct client_run *run, char text[static CLIENT_TEXT_ROOM]);

#endif
