/* Requests and what comes of them: a request, and behind it a sentinel that is always answered. */
#include "server_talk.h"

#include "clock.h"

#include <errno.h>
#include <string.h>

enum {
    SILENT_ROUNDS = 3, /* unanswered so often, with the sentinel answered: silence */
    SILENT_ROUNDS_LOSSY = 8,
};

/* Unused bits may change from reply to reply: the payload tells. */
static bool is_usual(const struct server_run *run, const struct arrived *arrived)
{
    return run->distinct && arrived->length == run->usual.length &&
           memcmp(arrived->datagram.octets + 1, run->usual.octets + 1, run->usual.length - 1) == 0;
}

/* The listener gets answers to probes, and nothing else, unless a reply goes astray. */
static bool is_misdirected(struct server_run *run)
{
    struct arrived arrived;
    bool found = false;
    while (port_receive(&run->listener, 0, &arrived) == ARRIVED)
        found = found || (run->distinct && !is_usual(run, &arrived));
    return found;
}

/* One round: the request, then the sentinel until it is answered. */
struct round {
    bool sentinel_answered;
    bool refused;
};

static void take(struct answer *answer, const struct arrived *arrived)
{
    if (!answer->came)
        answer->first = *arrived;
    answer->came = true;
    answer->replies++;
}

static struct round ask_once(struct server_run *run, struct port *port,
                             const struct datagram *request, int64_t deadline_us,
                             struct answer *answer)
{
    struct round round = {false};
    int64_t wait_us = run->reopens ? AGAIN_SOON_US : AGAIN_US;
    bool with_sentinel = run->distinct && !run->ends;
    answer->sent += transmit(run, port, &run->peer, request);
    do {
        if (with_sentinel)
            transmit(run, port, &run->peer, &sentinel);
        int64_t again_us = sooner(kit_now_us() + wait_us, deadline_us);
        struct arrived arrived;
        enum arrival arrival;
        while ((arrival = receive(run, port, again_us, &arrived)) == ARRIVED) {
            round.sentinel_answered = is_usual(run, &arrived);
            if (round.sentinel_answered)
                return round;
            take(answer, &arrived);
            if (!with_sentinel)
                return round;
        }
        answer->misdirected = is_misdirected(run);
        if (arrival == REFUSED) {
            round.refused = true;
            kit_pause_us(AGAIN_SOON_US);
            if (!answer->came)
                return round;
        }
        wait_us = sooner(2 * wait_us, AGAIN_MAX_US);
    } while (with_sentinel && !answer->misdirected && kit_now_us() < deadline_us && !has_died(run));
    /* It answers, but not as usual: it can not be told by that any more. */
    if (with_sentinel && answer->came && !has_died(run))
        run->distinct = false;
    return round;
}

/* Takes all that has come to the port by the time the server has answered somebody else. False: it has not. */
static bool take_all(struct server_run *run, struct port *port, struct answer *answer)
{
    struct arrived arrived;
    enum arrival arrival;
    if (!probe(run, &run->listener, &run->peer, kit_now_us() + run->settings->timeout_us,
               &arrived)) {
        answer->trouble = has_died(run) ? CRASH : HANG;
        run->gone = !has_died(run);
        return false;
    }
    while ((arrival = port_receive(port, 0, &arrived)) == ARRIVED || arrival == REFUSED) {
        if (arrival == ARRIVED)
            take(answer, &arrived);
    }
    return true;
}

void server_ask_beside(struct server_run *run, struct port *port, const struct datagram *request,
                       struct answer *answer)
{
    if (run->ends) {
        server_ask_from(run, port, request, answer);
        return;
    }
    *answer = (struct answer){.trouble = SILENCE};
    int rounds = run->reopens ? SILENT_ROUNDS_LOSSY : SILENT_ROUNDS;
    for (int64_t pause_us = AGAIN_SOON_US; rounds > 0 && !answer->came; rounds--, pause_us *= 2) {
        answer->sent += transmit(run, port, &run->peer, request);
        if (!take_all(run, port, answer))
            return;
        if (run->reopens && !answer->came)
            kit_pause_us(pause_us);
    }
    if (answer->came)
        take_all(run, port, answer);
}

void server_ask_from(struct server_run *run, struct port *port, const struct datagram *request,
                     struct answer *answer)
{
    *answer = (struct answer){.came = false};
    int64_t deadline_us = kit_now_us() + run->settings->timeout_us;
    char why[OUTCOME_TEXT_ROOM];
    if (run->ends) {
        subject_wait(&run->subject, kit_now_us() + AGAIN_US);
        server_start(run, why);
    }
    unsigned silent = 0;
    bool refused = false;
    int64_t pause_us = AGAIN_SOON_US;
    if (!run->distinct && !run->ends) {
        server_ask_beside(run, port, request, answer);
        return;
    }
    while (!answer->came && !answer->misdirected && !has_died(run) && kit_now_us() < deadline_us) {
        struct round round = ask_once(run, port, request, deadline_us, answer);
        refused = round.refused;
        if (refused && !run->ends)
            run->reopens = true;
        silent += round.sentinel_answered && !answer->came;
        if (silent == (run->reopens ? SILENT_ROUNDS_LOSSY : SILENT_ROUNDS))
            break;
        /* What loses what is queued has to be back first. */
        if (silent > 0 && run->reopens) {
            kit_pause_us(pause_us);
            pause_us = sooner(2 * pause_us, AGAIN_MAX_US);
        }
    }
    if (answer->came)
        return;
    bool alive = silent > 0 || (run->ends && !refused);
    answer->trouble = has_died(run)         ? CRASH
                      : answer->misdirected ? WRONG
                      : alive               ? SILENCE
                      : refused             ? UNREACHABLE
                                            : HANG;
    run->gone = answer->trouble == HANG || answer->trouble == UNREACHABLE;
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
        transmit(run, port, &run->peer, &sentinel);
        if (receive(run, port, kit_now_us() + AGAIN_US, &arrived) != REFUSED)
            return true;
        kit_pause_us(pause_us);
    }
    return false;
}

void server_ask(struct server_run *run, const struct datagram *request, struct outcome *outcome,
                struct answer *answer)
{
    struct port port;
    if (!port_open(&port, &run->local, outcome)) {
        outcome_error(outcome, "no port to ask from: %s", strerror(errno));
        *answer = (struct answer){.trouble = NO_TROUBLE};
        return;
    }
    server_ask_from(run, &port, request, answer);
    port_close(&port);
}
