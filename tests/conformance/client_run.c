/* The kit as the server of one client, and as its parent. */
#define _GNU_SOURCE
#include "client_run.h"

#include "clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum {
    PORT_ROOM = sizeof "65535",
    INTEGER_ROOM = sizeof "4294967295",
    /* How long a look at the client's end may be late. */
    TICK_MS = 5,
};

static const char host[] = "::1";

static void close_ports(struct client_run *run)
{
    port_close(&run->here);
    port_close(&run->elsewhere);
    port_close(&run->ipv4);
}

/* The words of the command, for this request. */
static bool make_words(const struct client_run *run, const struct calc_request *request,
                       struct words *words, char why[static WORDS_WHY_ROOM])
{
    char port[PORT_ROOM], integers[CALC_INTEGERS_MAX][INTEGER_ROOM];
    const char *list[CALC_INTEGERS_MAX];
    for (size_t i = 0; i < request->count; i++) {
        snprintf(integers[i], sizeof integers[i], "%u", (unsigned)request->integers[i]);
        list[i] = integers[i];
    }
    snprintf(port, sizeof port, "%u", (unsigned)ntohs(run->here.local.sin6_port));
    const struct placeholder placeholders[] = {
        {"{op}",   (const char *[]){request->opcode == CALC_PRODUCT ? "*" : "+"}, 1                                },
        {"{s}",    (const char *[]){"-s"},                                        request->format == CALC_AS_STRING},
        {"{host}", (const char *[]){host},                                        1                                },
        {"{port}", (const char *[]){port},                                        1                                },
        {"{ints}", list,                                                          request->count                   },
    };
    return words_split(words, run->settings->exec, placeholders,
                       sizeof placeholders / sizeof placeholders[0], why);
}

bool client_run_begin(struct client_run *run, const struct settings *settings,
                      char why[static SUBJECT_WHY_ROOM])
{
    struct words words;
    char words_why[WORDS_WHY_ROOM];
    char pattern_why[EXPECT_WHY_ROOM];
    const struct calc_request one = {.count = 1};
    *run = (struct client_run){
        .settings = settings, .here = {.fd = -1}, .elsewhere = {.fd = -1}, .ipv4 = {.fd = -1}};
    run->subject.output = -1;
    if (!expect_pattern(settings->expect, pattern_why)) {
        snprintf(why, SUBJECT_WHY_ROOM, "%s", pattern_why);
        return false;
    }
    if (!make_words(run, &one, &words, words_why)) {
        snprintf(why, SUBJECT_WHY_ROOM, "%s", words_why);
        return false;
    }
    /* In another folder, or as another user, only the start itself can tell. */
    if (settings->limits.directory == NULL && !subject_exists(words.list[0])) {
        snprintf(why, SUBJECT_WHY_ROOM, "starting '%.255s': there is no such program",
                 words.list[0]);
        return false;
    }
    return true;
}

void client_run_end(struct client_run *run)
{
    if (run->subject.pid > 0)
        subject_end(&run->subject);
    close_ports(run);
}

bool client_can(struct client_run *run, struct outcome *outcome, const struct calc_request *request)
{
    const char *command = run->settings->exec;
    if (request->opcode == CALC_PRODUCT && !words_mention(command, "{op}"))
        outcome_skip(outcome, "the command has no {op}, so it can not ask for a product");
    if (request->format == CALC_AS_STRING && !words_mention(command, "{s}"))
        outcome_skip(outcome, "the command has no {s}, so it can not ask for a string");
    return outcome->verdict == PASSED;
}

/* Where the port of IPv4 is another's, or there is no IPv4, nothing can come over it. */
static bool open_ports(struct client_run *run, struct outcome *outcome)
{
    struct sockaddr_in6 local = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr_in6 mapped = {.sin6_family = AF_INET6};
    close_ports(run);
    if (!port_open(&run->elsewhere, &local, outcome) || !port_open(&run->here, &local, outcome)) {
        outcome_error(outcome, "could not open a UDP port on %s: %s", host, strerror(errno));
        return false;
    }
    inet_pton(AF_INET6, "::ffff:127.0.0.1", &mapped.sin6_addr);
    mapped.sin6_port = run->here.local.sin6_port;
    port_open(&run->ipv4, &mapped, outcome);
    return true;
}

static bool start(struct client_run *run, struct outcome *outcome,
                  const struct calc_request *request, int64_t limit_us)
{
    struct words words;
    char words_why[WORDS_WHY_ROOM], why[SUBJECT_WHY_ROOM];
    run->attempt_count = 0;
    run->ended_us = 0;
    outcome->has_request = calc_request_encode(request, outcome->request.octets, DATAGRAM_ROOM,
                                               &outcome->request.length) == CALC_OK;
    if (!make_words(run, request, &words, words_why)) {
        outcome_error(outcome, "%s", words_why);
        return false;
    }
    run->began_us = kit_now_us();
    run->deadline_us = run->began_us + (limit_us > 0 ? limit_us : run->settings->timeout_us);
    if (!subject_start(&run->subject, &words, &run->settings->limits, why)) {
        outcome_fail(outcome, UNREACHABLE, "%s", why);
        return false;
    }
    return true;
}

bool client_start(struct client_run *run, struct outcome *outcome,
                  const struct calc_request *request, int64_t limit_us)
{
    client_run_end(run);
    return open_ports(run, outcome) && start(run, outcome, request, limit_us);
}

/* A socket that is connected to somebody else keeps its port, and the port is closed to all others. */
bool client_start_refused(struct client_run *run, struct outcome *outcome,
                          const struct calc_request *request, int64_t limit_us)
{
    client_run_end(run);
    if (!open_ports(run, outcome))
        return false;
    port_close(&run->ipv4);
    if (connect(run->here.fd, (const struct sockaddr *)&run->elsewhere.local,
                sizeof run->elsewhere.local) < 0) {
        outcome_error(outcome, "could not close a port: %s", strerror(errno));
        return false;
    }
    return start(run, outcome, request, limit_us);
}

/* Takes a datagram that has come, if any. */
static const struct attempt *take(struct client_run *run, struct port *port)
{
    struct attempt attempt = {.at_us = kit_now_us(), .over_ipv4 = port == &run->ipv4};
    if (port->fd < 0 || port_receive(port, 0, &attempt.arrived) != ARRIVED ||
        run->attempt_count == ATTEMPTS_MAX)
        return NULL;
    run->attempts[run->attempt_count] = attempt;
    return &run->attempts[run->attempt_count++];
}

static const struct attempt *take_any(struct client_run *run)
{
    const struct attempt *attempt = take(run, &run->here);
    return attempt != NULL ? attempt : take(run, &run->ipv4);
}

/* Until something comes or is printed, or it is time to look whether the client has ended. */
static void wait_a_moment(const struct client_run *run)
{
    struct pollfd fds[] = {
        {.fd = run->here.fd,        .events = POLLIN},
        {.fd = run->ipv4.fd,        .events = POLLIN},
        {.fd = run->subject.output, .events = POLLIN},
    };
    poll(fds, sizeof fds / sizeof fds[0], TICK_MS);
}

const struct attempt *client_next(struct client_run *run)
{
    for (;;) {
        /* What it has sent before its end is there by the time that the end is seen. */
        subject_look(&run->subject);
        const struct attempt *attempt = take_any(run);
        if (attempt != NULL)
            return attempt;
        int64_t now = kit_now_us();
        if (run->subject.ended) {
            run->ended_us = now;
            return NULL;
        }
        if (now >= run->deadline_us)
            return NULL;
        wait_a_moment(run);
    }
}

void client_send(struct client_run *run, struct outcome *outcome, const struct client_reply *reply,
                 const struct attempt *to)
{
    struct port *from = reply->from_elsewhere ? &run->elsewhere : &run->here;
    if (!to->over_ipv4 && !port_send(from, &to->arrived.source, &reply->datagram))
        outcome_error(outcome, "could not send a reply of %zu octets: %s", reply->datagram.length,
                      strerror(errno));
}

bool client_stop(struct client_run *run, struct outcome *outcome)
{
    bool ended = run->subject.ended;
    char ending[SUBJECT_ENDING_ROOM];
    subject_ending(&run->subject, ending);
    subject_end(&run->subject);
    size_t length = run->subject.printed_length;
    if (length >= OUTCOME_OUTPUT_ROOM)
        length = OUTCOME_OUTPUT_ROOM - 1;
    memcpy(outcome->output, run->subject.printed, length);
    outcome->output[length] = '\0';
    if (ended && WIFSIGNALED(run->subject.status)) {
        outcome_fail(outcome, CRASH, "the client crashed: %s", ending);
        return false;
    }
    return true;
}

static void note_no_request(const struct client_run *run, struct outcome *outcome)
{
    char ending[CLIENT_TEXT_ROOM];
    client_ending(run, ending);
    outcome_fail(outcome, run->ended_us > 0 ? SILENCE : HANG, "it sent no request; it %s", ending);
}

static void note_ipv4(struct outcome *outcome)
{
    outcome_fail(outcome, WRONG, "it was told %s, and sent its request to 127.0.0.1", host);
    outcome_diagnose(outcome,
                     "IPv4 only: the protocol runs over IPv6; a socket of AF_INET6 and a struct "
                     "sockaddr_in6, see ipv6(7) and inet_pton(3) (REQ-3.1)");
}

bool client_exchange(struct client_run *run, struct outcome *outcome,
                     const struct calc_request *request, const struct client_script *script)
{
    if (!client_start(run, outcome, request, 0))
        return false;
    const struct attempt *attempt = client_next(run);
    bool any = attempt != NULL;
    for (size_t from = 0; attempt != NULL; attempt = client_next(run)) {
        if (attempt->over_ipv4)
            note_ipv4(outcome);
        for (size_t i = from; i < script->count; i++)
            client_send(run, outcome, &script->replies[i], attempt);
        from = script->count - 1;
    }
    if (!client_stop(run, outcome))
        return false;
    if (!any)
        note_no_request(run, outcome);
    else if (run->ended_us == 0)
        outcome_fail(outcome, HANG, "it got its reply and still ran after %.1f s",
                     (double)(run->deadline_us - run->began_us) / 1e6);
    return outcome->verdict == PASSED;
}

void client_shown(const struct client_run *run, struct shown *shown)
{
    expect_find(run->settings->expect, run->subject.printed, run->subject.printed_length, shown);
}

int64_t client_first_us(const struct client_run *run)
{
    return run->attempt_count > 0 ? run->attempts[0].at_us : run->began_us;
}

void client_ending(const struct client_run *run, char text[static CLIENT_TEXT_ROOM])
{
    char ending[SUBJECT_ENDING_ROOM];
    if (run->ended_us == 0) {
        snprintf(text, CLIENT_TEXT_ROOM, "waits for ever (the kit ended it after %.1f s)",
                 (double)(run->deadline_us - run->began_us) / 1e6);
        return;
    }
    subject_ending(&run->subject, ending);
    snprintf(text, CLIENT_TEXT_ROOM, "ends after %.2f s: %.60s",
             (double)(run->ended_us - client_first_us(run)) / 1e6, ending);
}
