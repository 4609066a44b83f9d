/* Probes, sentinels and restarts. Nothing here waits a fixed time: what is lost is sent again, at growing
 * intervals, until the deadline. */
#include "server_run.h"

#include "clock.h"

#include "proto/net/endpoint.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
    START_US = 5000000,   /* for a server to be ready: interpreters take their time */
    LOOK_US = 20000,      /* how long a death goes unseen, at most */
    AGAIN_US = 100000,    /* a request or its reply was lost */
    AGAIN_SOON_US = 1000, /* the same, with a server that loses what is queued */
    AGAIN_MAX_US = 200000,
    SILENT_ROUNDS = 3, /* unanswered so often, with the sentinel answered: silence */
    SILENT_ROUNDS_LOSSY = 8,
    BURST = 4,
};

/* 00 and two integers whose sum no case asks for. */
static const struct datagram sentinel = {
    .length = 9, .octets = {0, 0x0C, 0x0D, 0xE0, 0x00, 0x00, 0x00, 0x0C, 0xA6}
};

static bool is_started(const struct server_run *run)
{
    return run->settings->exec != NULL;
}

static bool has_died(struct server_run *run)
{
    if (!is_started(run) || run->subject.pid == 0)
        return false;
    subject_look(&run->subject);
    return run->subject.ended;
}

static int64_t sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Waits for a datagram, and looks after the server meanwhile: it has to be read, and it may end. */
static enum arrival receive(struct server_run *run, struct port *port, int64_t deadline_us,
                            struct arrived *arrived)
{
    for (;;) {
        int64_t slice_us =
            is_started(run) ? sooner(deadline_us, kit_now_us() + LOOK_US) : deadline_us;
        enum arrival arrival = port_receive(port, slice_us, arrived);
        if (arrival != NOTHING || slice_us == deadline_us)
            return arrival;
        if (has_died(run))
            return port_receive(port, 0, arrived); /* its last words */
    }
}

/* A free port for a server to listen on. */
static bool free_port(struct sockaddr_in6 *peer)
{
    struct sockaddr_in6 any = {.sin6_family = AF_INET6};
    struct port port;
    if (!port_open(&port, &any, NULL))
        return false;
    *peer = (struct sockaddr_in6){
        .sin6_family = AF_INET6, .sin6_port = port.local.sin6_port, .sin6_addr = in6addr_loopback};
    port_close(&port);
    return true;
}

static bool start(struct server_run *run, char why[static OUTCOME_TEXT_ROOM])
{
    char number[8];
    snprintf(number, sizeof number, "%u", ntohs(run->peer.sin6_port));
    const char *values[] = {number, "::"};
    const struct placeholder placeholders[] = {
        {"{port}", &values[0], 1},
        {"{host}", &values[1], 1}
    };
    struct words words;
    char wrong[WORDS_WHY_ROOM], failure[SUBJECT_WHY_ROOM];
    subject_end(&run->subject);
    if (!words_split(&words, run->settings->exec, placeholders, 2, wrong)) {
        snprintf(why, OUTCOME_TEXT_ROOM, "--exec '%.200s': %s", run->settings->exec, wrong);
        return false;
    }
    if (!subject_start(&run->subject, &words, &run->settings->limits, failure)) {
        snprintf(why, OUTCOME_TEXT_ROOM, "%s", failure);
        return false;
    }
    return true;
}

static struct sockaddr_in6 over_ipv4(const struct sockaddr_in6 *peer)
{
    struct sockaddr_in6 mapped = *peer;
    static const uint8_t loopback[16] = {[10] = 0xFF, [11] = 0xFF, [12] = 127, [15] = 1};
    memcpy(&mapped.sin6_addr, loopback, sizeof loopback);
    return mapped;
}

static bool transmit(struct server_run *run, struct port *port, const struct sockaddr_in6 *peer,
                     const struct datagram *datagram)
{
    if (port->outcome != NULL && datagram != &sentinel)
        port->outcome->earlier = run->earlier;
    memcpy(run->earlier.octets, datagram->octets, datagram->length);
    if (datagram->length > run->earlier.length)
        run->earlier.length = datagram->length;
    return port_send(port, peer, datagram);
}

/* What is still in the queue answers something older. */
static void drain(struct port *port)
{
    struct arrived arrived;
    enum arrival arrival;
    do
        arrival = port_receive(port, 0, &arrived);
    while (arrival == ARRIVED || arrival == REFUSED);
}

/* Sends the sentinel again and again until something comes back, or the server has ended. */
static bool probe(struct server_run *run, struct port *port, const struct sockaddr_in6 *peer,
                  int64_t deadline_us, struct arrived *arrived)
{
    drain(port);
    for (int64_t wait_us = AGAIN_SOON_US; kit_now_us() < deadline_us;
         wait_us = sooner(2 * wait_us, AGAIN_MAX_US)) {
        if (!transmit(run, port, peer, &sentinel) && errno != ECONNREFUSED)
            return false;
        int64_t again_us = sooner(kit_now_us() + wait_us, deadline_us);
        enum arrival arrival;
        while ((arrival = receive(run, port, again_us, arrived)) == REFUSED)
            kit_pause_us(AGAIN_SOON_US);
        if (arrival == ARRIVED)
            return true;
        if (has_died(run))
            return false;
    }
    return false;
}

/* A server that runs already has its address; one that was started is asked on ::1, and where it does not
 * answer there, on 127.0.0.1. */
static bool find(struct server_run *run, struct arrived *arrived)
{
    int64_t deadline_us =
        kit_now_us() +
        (run->settings->timeout_us > START_US ? run->settings->timeout_us : START_US);
    bool is_loopback = IN6_IS_ADDR_LOOPBACK(&run->peer.sin6_addr);
    while (kit_now_us() < deadline_us && !has_died(run)) {
        int64_t turn_us =
            is_loopback ? sooner(kit_now_us() + 10 * AGAIN_US / 4, deadline_us) : deadline_us;
        if (probe(run, &run->listener, &run->peer, turn_us, arrived))
            return true;
        struct sockaddr_in6 mapped = over_ipv4(&run->peer), any = {.sin6_family = AF_INET6};
        struct port port;
        if (!is_loopback || has_died(run) || !port_open(&port, &any, NULL))
            continue;
        run->ipv4_only = probe(run, &port, &mapped, kit_now_us() + AGAIN_US, arrived);
        if (run->ipv4_only) {
            port_close(&run->listener);
            run->listener = port;
            run->peer = mapped;
            return true;
        }
        port_close(&port);
    }
    return false;
}

/* Requests right behind each other: does it lose some? */
static bool loses_some(struct server_run *run)
{
    struct arrived arrived;
    unsigned answered = 0;
    for (unsigned i = 0; i < BURST; i++)
        transmit(run, &run->listener, &run->peer, &sentinel);
    while (answered < BURST) {
        enum arrival arrival = receive(run, &run->listener, kit_now_us() + AGAIN_US / 2, &arrived);
        if (arrival != ARRIVED)
            return true;
        answered++;
    }
    return false;
}

static void learn(struct server_run *run, const struct arrived *arrived)
{
    struct arrived again;
    run->answered = true;
    run->usual = arrived->datagram;
    run->distinct = arrived->length == 5;
    /* It may be about to end: a second request tells. */
    if (!probe(run, &run->listener, &run->peer, kit_now_us() + run->settings->timeout_us, &again) &&
        has_died(run))
        run->ends = true;
    if (!run->ends)
        run->reopens = loses_some(run);
}

bool server_run_begin(struct server_run *run, const struct settings *settings,
                      char why[static OUTCOME_TEXT_ROOM])
{
    struct arrived arrived;
    *run = (struct server_run){.settings = settings,
                               .peer = settings->endpoint,
                               .listener = {.fd = -1},
                               .random = settings->seed | 1};
    if (is_started(run) && !free_port(&run->peer)) {
        snprintf(why, OUTCOME_TEXT_ROOM, "no port for the server: %s", strerror(errno));
        return false;
    }
    struct sockaddr_in6 local;
    if (!port_local_towards(&run->peer, &local) || !port_open(&run->listener, &local, NULL)) {
        snprintf(why, OUTCOME_TEXT_ROOM, "no way to the server: %s", strerror(errno));
        return false;
    }
    if (is_started(run) && !start(run, why))
        return false;
    if (!find(run, &arrived)) {
        char ending[SUBJECT_ENDING_ROOM] = "";
        if (is_started(run))
            subject_ending(&run->subject, ending);
        snprintf(why, OUTCOME_TEXT_ROOM, "the server does not answer%s%s%s%.200s",
                 is_started(run) ? ": " : "", ending,
                 is_started(run) && run->subject.printed[0] ? "; it printed: " : "",
                 is_started(run) ? run->subject.printed : "");
        return false;
    }
    run->local = run->listener.local;
    run->local.sin6_port = 0;
    learn(run, &arrived);
    return true;
}

bool server_run_ready(struct server_run *run, struct outcome *outcome)
{
    char why[OUTCOME_TEXT_ROOM];
    struct arrived arrived;
    if (run->ends)
        return true;
    bool fresh = is_started(run) && (run->subject.pid == 0 || has_died(run) || run->gone);
    if (fresh && !start(run, why)) {
        outcome_error(outcome, "%s", why);
        return false;
    }
    int64_t patience_us = fresh ? START_US : run->gone ? AGAIN_US : run->settings->timeout_us;
    if (probe(run, &run->listener, &run->peer, kit_now_us() + patience_us, &arrived)) {
        run->gone = false;
        return true;
    }
    bool died = has_died(run);
    run->gone = !died;
    outcome_fail(outcome, died ? CRASH : HANG, "%s",
                 fresh ? "started again, it does not answer"
                       : "before this case, it does not answer any more");
    return false;
}

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

void server_ask_from(struct server_run *run, struct port *port, const struct datagram *request,
                     struct answer *answer)
{
    *answer = (struct answer){.came = false};
    int64_t deadline_us = kit_now_us() + run->settings->timeout_us;
    char why[OUTCOME_TEXT_ROOM];
    if (run->ends) {
        subject_wait(&run->subject, kit_now_us() + AGAIN_US);
        start(run, why);
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

void server_no_answer(const struct server_run *run, const struct answer *answer,
                      struct outcome *outcome)
{
    char ending[SUBJECT_ENDING_ROOM] = "";
    switch (answer->trouble) {
    case CRASH:
        subject_ending(&run->subject, ending);
        outcome_fail(outcome, CRASH, "the server ended at this request: %s", ending);
        break;
    case HANG:
        outcome_fail(outcome, HANG,
                     "the server runs, but answers nothing any more since this request");
        break;
    case UNREACHABLE:
        outcome_fail(outcome, UNREACHABLE, "port unreachable (ICMPv6): nobody listens any more");
        break;
    case WRONG:
        outcome_fail(outcome, WRONG,
                     "the reply went to another port: to one that had asked before");
        outcome_diagnose(outcome, SERVER_ANSWERS_EARLIER);
        break;
    default:
        outcome_fail(outcome, SILENCE, "no reply, while the server answers other requests");
    }
    if (is_started(run))
        snprintf(outcome->output, sizeof outcome->output, "%.*s", OUTCOME_OUTPUT_ROOM - 1,
                 run->subject.printed);
}

void server_run_end(struct server_run *run)
{
    subject_end(&run->subject);
    port_close(&run->listener);
}
