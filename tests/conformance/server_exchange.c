/* Requests and what comes of them: a request, and behind it a sentinel that is always answered. */
#include "server_talk.h"

#include "clock.h"

#include <errno.h>
#include <string.h>

enum {
    SILENT_ROUNDS = 3, /* unanswered so often, with the sentinel answered: silence */
    SILENT_ROUNDS_LOSSY = 8,
};

/* A request on its way. */
struct asking {
    struct server_run *run;
    struct port *port;
    struct answer *answer;
    uint32_t first; /* sentinel of this port */
    bool sentinel_answered;
    bool refused;
};

/* The listener gets answers to probes, and nothing else, unless a reply goes astray. */
static bool is_misdirected(struct server_run *run)
{
    struct arrived arrived;
    bool found = false;
    while (port_receive(&run->listener, 0, &arrived) == ARRIVED)
        found = found || (run->distinct && kind_of(run, &arrived, 1) == OTHER);
    return found;
}

static void take(struct answer *answer, const struct arrived *arrived)
{
    if (!answer->came)
        answer->first = *arrived;
    answer->came = true;
    answer->replies++;
}

/* Takes what comes, until then, or until what is waited for is there: the sentinel's answer, or a reply. */
static void listen_until(struct asking *asking, int64_t until_us, bool for_sentinel)
{
    struct arrived arrived;
    enum arrival arrival;
    while ((arrival = receive(asking->run, asking->port, until_us, &arrived)) == ARRIVED) {
        enum kind kind = kind_of(asking->run, &arrived, asking->first);
        if (kind == OTHER)
            take(asking->answer, &arrived);
        asking->sentinel_answered = asking->sentinel_answered || kind == SENTINEL_S;
        if (for_sentinel ? kind == SENTINEL_S : kind == OTHER)
            return;
    }
    if (arrival == REFUSED) {
        asking->refused = true;
        asking->run->reopens = asking->run->reopens || !asking->run->ends;
        kit_pause_us(AGAIN_SOON_US);
    }
}

/* Sends sentinels until one is answered, or the request has to be sent again before. */
static void await_sentinel(struct asking *asking, int64_t deadline_us)
{
    struct server_run *run = asking->run;
    struct answer *answer = asking->answer;
    int64_t wait_us = again_after_us(run);
    asking->sentinel_answered = false;
    do {
        asking->refused = false;
        transmit_sentinel(run, asking->port, &run->peer);
        listen_until(asking, sooner(kit_now_us() + wait_us, deadline_us), true);
        if (asking->sentinel_answered || (asking->refused && !answer->came))
            return;
        answer->misdirected = is_misdirected(run);
        wait_us = sooner(2 * wait_us, wait_us > AGAIN_MAX_US ? wait_us : AGAIN_MAX_US);
    } while (!answer->misdirected && kit_now_us() < deadline_us && !has_died(run));
    /* It answers, but not as usual: it can not be told by that any more. */
    if (answer->came && !has_died(run))
        run->distinct = run->adds = false;
}

static void conclude(struct server_run *run, struct answer *answer, bool alive, bool refused)
{
    if (answer->came)
        return;
    answer->trouble = has_died(run)         ? CRASH
                      : answer->misdirected ? WRONG
                      : alive               ? SILENCE
                      : refused             ? UNREACHABLE
                                            : HANG;
    run->gone = answer->trouble == HANG || answer->trouble == UNREACHABLE;
}

/* A server that ends after each request: it is started for this one, and nothing else is sent to it. */
static void ask_a_fresh_one(struct asking *asking, const struct datagram *request,
                            int64_t deadline_us)
{
    struct server_run *run = asking->run;
    struct answer *answer = asking->answer;
    char why[OUTCOME_TEXT_ROOM];
    subject_wait(&run->subject, kit_now_us() + AGAIN_US);
    server_start(run, why);
    while (!answer->came && !has_died(run) && kit_now_us() < deadline_us) {
        asking->refused = false;
        answer->sent += transmit(run, asking->port, &run->peer, request);
        listen_until(asking, sooner(kit_now_us() + AGAIN_MAX_US, deadline_us), false);
    }
    conclude(run, answer, !asking->refused, asking->refused);
}

void server_ask_from(struct server_run *run, struct port *port, const struct datagram *request,
                     bool due, struct answer *answer)
{
    *answer = (struct answer){.came = false};
    struct asking asking = {.run = run, .port = port, .answer = answer, .first = run->serial + 1};
    int64_t deadline_us = kit_now_us() + run->settings->timeout_us;
    if (run->ends) {
        ask_a_fresh_one(&asking, request, deadline_us);
        return;
    }
    if (!run->distinct) {
        server_ask_beside(run, port, request, due, answer);
        return;
    }
    unsigned silent = 0;
    int64_t pause_us = AGAIN_SOON_US;
    while (!answer->came && !answer->misdirected && !has_died(run) && kit_now_us() < deadline_us) {
        answer->sent += transmit(run, port, &run->peer, request);
        await_sentinel(&asking, deadline_us);
        if (answer->came || !asking.sentinel_answered)
            continue;
        if (++silent == (run->reopens ? SILENT_ROUNDS_LOSSY : SILENT_ROUNDS) && !due)
            break;
        /* What loses what is queued has to be back first; what works at several requests may be at it still. */
        if (run->reopens)
            kit_pause_us(pause_us);
        else if (due)
            listen_until(&asking, sooner(kit_now_us() + again_after_us(run), deadline_us), false);
        pause_us = sooner(2 * pause_us, AGAIN_MAX_US);
    }
    conclude(run, answer, silent > 0, asking.refused);
}

/* Takes all that has come to the port by the time the server has answered somebody else. False: it has not. */
static bool take_all(struct asking *asking)
{
    struct server_run *run = asking->run;
    if (!server_answers(run)) {
        conclude(run, asking->answer, false, false);
        return false;
    }
    asking->answer->misdirected = run->strayed;
    struct arrived arrived;
    enum arrival arrival;
    while ((arrival = port_receive(asking->port, 0, &arrived)) == ARRIVED || arrival == REFUSED) {
        if (arrival == ARRIVED)
            take(asking->answer, &arrived);
    }
    return true;
}

void server_ask_beside(struct server_run *run, struct port *port, const struct datagram *request,
                       bool due, struct answer *answer)
{
    if (run->ends) {
        server_ask_from(run, port, request, due, answer);
        return;
    }
    *answer = (struct answer){.trouble = SILENCE};
    struct asking asking = {.run = run, .port = port, .answer = answer, .first = run->serial + 1};
    int64_t deadline_us = kit_now_us() + run->settings->timeout_us, pause_us = AGAIN_SOON_US;
    unsigned rounds = run->reopens ? SILENT_ROUNDS_LOSSY : SILENT_ROUNDS;
    while (!answer->came && !answer->misdirected &&
           (due ? kit_now_us() < deadline_us : rounds-- > 0)) {
        answer->sent += transmit(run, port, &run->peer, request);
        if (!take_all(&asking))
            return;
        if (run->reopens && !answer->came)
            kit_pause_us(pause_us);
        else if (due && !answer->came)
            listen_until(&asking, sooner(kit_now_us() + again_after_us(run), deadline_us), false);
        pause_us = sooner(2 * pause_us, AGAIN_MAX_US);
    }
    if (answer->came)
        take_all(&asking);
    else
        conclude(run, answer, !answer->misdirected, false);
}

bool server_answers(struct server_run *run)
{
    struct arrived arrived;
    return probe(run, &run->listener, &run->peer, kit_now_us() + run->settings->timeout_us,
                 &arrived);
}

bool server_listens(struct server_run *run, struct port *port)
{
    for (int64_t pause_us = AGAIN_SOON_US; pause_us < 16 * AGAIN_SOON_US; pause_us *= 2) {
        struct arrived arrived;
        transmit_sentinel(run, port, &run->peer);
        if (receive(run, port, kit_now_us() + again_after_us(run), &arrived) != REFUSED)
            return true;
        kit_pause_us(pause_us);
    }
    return false;
}

void server_ask(struct server_run *run, const struct datagram *request, bool due,
                struct outcome *outcome, struct answer *answer)
{
    struct port port;
    if (!port_open(&port, &run->local, outcome)) {
        outcome_error(outcome, "no port to ask from: %s", strerror(errno));
        *answer = (struct answer){.trouble = NO_TROUBLE};
        return;
    }
    server_ask_from(run, &port, request, due, answer);
    port_close(&port);
}
