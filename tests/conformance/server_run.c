/* The server's life: found or started, learned about, and started again. */
#include "server_talk.h"

#include "clock.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

enum {
    START_US = 5000000, /* for a server that is started to be ready: interpreters take their time */
    BURST = 4,
    MEASURED = 3,
};

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

bool server_start(struct server_run *run, char why[static OUTCOME_TEXT_ROOM])
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

/* A server that runs already has its address; one that was started is asked on ::1, and where it does not
 * answer there, on 127.0.0.1. */
static bool find(struct server_run *run, struct arrived *arrived)
{
    int64_t patience_us = run->settings->timeout_us;
    if (is_started(run) && patience_us < START_US)
        patience_us = START_US;
    int64_t deadline_us = kit_now_us() + patience_us;
    bool is_loopback = IN6_IS_ADDR_LOOPBACK(&run->peer.sin6_addr);
    while (kit_now_us() < deadline_us && !has_died(run)) {
        int64_t turn_us =
            is_loopback ? sooner(kit_now_us() + 2 * AGAIN_US, deadline_us) : deadline_us;
        if (probe(run, &run->listener, &run->peer, turn_us, arrived))
            return true;
        struct sockaddr_in6 mapped = over_ipv4(&run->peer), any = {.sin6_family = AF_INET6};
        struct port port;
        if (!is_loopback || has_died(run) || !port_open(&port, &any, NULL))
            continue;
        run->ipv4_only = probe(run, &port, &mapped, kit_now_us() + AGAIN_US, arrived);
        /* It may have come up just now, for both. */
        if (run->ipv4_only &&
            probe(run, &run->listener, &run->peer, kit_now_us() + 2 * AGAIN_US, arrived)) {
            run->ipv4_only = false;
            port_close(&port);
            return true;
        }
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
    uint32_t first = run->serial + 1;
    for (unsigned i = 0; i < BURST; i++)
        transmit_sentinel(run, &run->listener, &run->peer);
    while (answered < BURST) {
        int64_t until_us = kit_now_us() + again_after_us(run);
        if (receive(run, &run->listener, until_us, &arrived) != ARRIVED)
            return true;
        answered += !run->adds || kind_of(run, &arrived, first) == SENTINEL_S;
    }
    return false;
}

/* How long it takes; or it has ended behind its first answer. */
static void measure(struct server_run *run)
{
    struct arrived arrived;
    int64_t least_us = INT64_MAX;
    for (int i = 0; i < MEASURED; i++) {
        if (!probe(run, &run->listener, &run->peer, kit_now_us() + START_US, &arrived)) {
            run->ends = has_died(run);
            return;
        }
        least_us = sooner(least_us, sentinel_age_us(run, &arrived));
    }
    run->round_trip_us = least_us;
}

static void learn(struct server_run *run, const struct arrived *arrived)
{
    run->usual = arrived->datagram;
    run->distinct = arrived->length == 5;
    run->adds = true;
    run->adds = kind_of(run, arrived, 1) == SENTINEL_S;
    measure(run);
    if (!run->ends)
        run->reopens = loses_some(run);
}

static void tell_no_server(const struct server_run *run, char why[static OUTCOME_TEXT_ROOM])
{
    char ending[SUBJECT_ENDING_ROOM];
    const char *printed = run->subject.printed;
    size_t length = strlen(printed);
    if (!is_started(run)) {
        snprintf(why, OUTCOME_TEXT_ROOM, "nothing answers there");
        return;
    }
    if (run->subject.ended && WIFEXITED(run->subject.status) &&
        WEXITSTATUS(run->subject.status) == 0 && length == 0) {
        snprintf(why, OUTCOME_TEXT_ROOM,
                 "the server has ended by itself, exit status 0: it has to stay in the foreground");
        return;
    }
    while (length > 0 && printed[length - 1] == '\n')
        length--;
    subject_ending(&run->subject, ending);
    snprintf(why, OUTCOME_TEXT_ROOM,
             "nothing answers at UDP port %u of ::1, nor of 127.0.0.1; the server: %s%s%.*s",
             ntohs(run->peer.sin6_port), ending, length > 0 ? "; it printed: " : "",
             length < 200 ? (int)length : 200, printed);
}

bool server_run_begin(struct server_run *run, const struct settings *settings,
                      char why[static OUTCOME_TEXT_ROOM])
{
    struct arrived arrived;
    *run = (struct server_run){
        .settings = settings, .peer = settings->endpoint, .listener = {.fd = -1}};
    if (is_started(run) && !free_port(&run->peer)) {
        snprintf(why, OUTCOME_TEXT_ROOM, "no port for the server: %s", strerror(errno));
        return false;
    }
    struct sockaddr_in6 local;
    if (!port_local_towards(&run->peer, &local) || !port_open(&run->listener, &local, NULL)) {
        snprintf(why, OUTCOME_TEXT_ROOM, "no way to the server: %s", strerror(errno));
        return false;
    }
    if (is_started(run) && !server_start(run, why))
        return false;
    if (!find(run, &arrived)) {
        tell_no_server(run, why);
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
    if (fresh && !server_start(run, why)) {
        outcome_fail(outcome, CRASH, "it can not be started again: %s", why);
        return false;
    }
    int64_t patience_us = fresh ? START_US : run->gone ? AGAIN_US : run->settings->timeout_us;
    if (probe(run, &run->listener, &run->peer, kit_now_us() + patience_us, &arrived)) {
        run->gone = false;
        return true;
    }
    enum trouble trouble = has_died(run)                         ? CRASH
                           : server_listens(run, &run->listener) ? HANG
                                                                 : UNREACHABLE;
    run->gone = trouble != CRASH;
    outcome_fail(outcome, trouble, "%s%s",
                 fresh ? "started again, it does not answer"
                       : "before this case, it does not answer any more",
                 trouble == UNREACHABLE ? ": port unreachable (ICMPv6)" : "");
    return false;
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
        outcome_fail(outcome, UNREACHABLE, "port unreachable (ICMPv6): %s",
                     is_started(run) ? "the server runs, but its socket is closed, or connected "
                                       "(connect(2)) to somebody else"
                                     : "nobody listens any more");
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
