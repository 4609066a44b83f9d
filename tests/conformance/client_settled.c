/* The client's cases of what PROTOCOL.md settles and the published text leaves open: invalid replies, whose reply
 * counts, and what it does without one. */
#define _GNU_SOURCE /* sys/wait.h */
#include "client_settled.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

enum {
    /* How long a client that gets no reply is watched; calc6's own gives up after 7 s. */
    PATIENCE_US = 8000000,
    SOON_US = 2000000, /* before one that waits 1 s, then 2 s and so on could give up */
    US_PER_S = 1000000,
    REPLY_SUCCESS = 0x80,
};

static const char other_result[] = "80 07000007";

/* A client that sends no request is left to the cases that judge it: there is nothing to observe. */
static void only_observe(struct outcome *outcome)
{
    if (outcome->verdict != FAILED || outcome->trouble == CRASH || outcome->trouble == HANG)
        return;
    outcome_observe(outcome, true, "nothing: %s", outcome->why);
    outcome->verdict = PASSED;
    outcome->trouble = NO_TROUBLE;
    outcome->why[0] = '\0';
    outcome->diagnosis_count = 0;
}

static bool exchange(struct client_run *run, struct outcome *outcome,
                     const struct calc_request *request, const struct client_script *script)
{
    bool fine = client_exchange(run, outcome, request, script);
    only_observe(outcome);
    return fine;
}

void unused_bits_sent(struct client_run *run, struct outcome *outcome)
{
    const struct client_script script = {.count = 1, .replies = {right_reply(&asked_sum)}};
    if (!exchange(run, outcome, &asked_sum, &script) || run->attempts[0].arrived.length == 0)
        return;
    unsigned unused = run->attempts[0].arrived.datagram.octets[0] & 0xF0U;
    if (unused == 0)
        outcome_observe(outcome, true, "sends zero in them");
    else
        outcome_observe(outcome, false, "sends %02X in them", unused);
}

void exit_statuses(struct client_run *run, struct outcome *outcome)
{
    const struct client_script result = {.count = 1, .replies = {right_reply(&asked_sum)}};
    const struct client_script error = {.count = 1, .replies = {reply_of("00")}};
    if (!exchange(run, outcome, &asked_sum, &result))
        return;
    int of_result = WEXITSTATUS(run->subject.status);
    if (exchange(run, outcome, &asked_sum, &error))
        outcome_observe(outcome, true, "exit status %d for a result, %d for an error", of_result,
                        WEXITSTATUS(run->subject.status));
}

/* The published functions hand on a number of 32 bits, so a client made with them can show none of this. */
void longest_string(struct client_run *run, struct outcome *outcome)
{
    struct client_reply reply = reply_filled(REPLY_SUCCESS, '7', CALC_DIGITS_MAX);
    const struct client_script script = {.count = 1, .replies = {reply}};
    struct shown shown;
    char digits[CALC_DIGITS_MAX + 1] = "";
    memset(digits, '7', CALC_DIGITS_MAX);
    if (!client_can(run, outcome, &asked_sum_string) ||
        !client_exchange(run, outcome, &asked_sum_string, &script))
        return;
    client_shown(run, &shown);
    if (!shown_result(&shown))
        outcome_observe(outcome, false, "shows no result of 256 digits");
    else if (shown_is(&shown, digits))
        outcome_observe(outcome, true, "shows all 256 digits");
    else
        judge_shown(run, outcome, &asked_sum_string, &reply, digits);
}

void too_long_to_be_right(struct client_run *run, struct outcome *outcome)
{
    struct client_reply reply = reply_filled(REPLY_SUCCESS, 0x07, 300);
    judge_invalid(
        run, outcome, &asked_sum, &reply, "which has 300 octets behind the header and not 4",
        "the length is not looked at, or the datagram was cut to the buffer and taken for a "
        "shorter "
        "one: have room for an octet more than is right, or see MSG_TRUNC in recv(2) (REQ-3.5)");
}

void reply_from_elsewhere(struct client_run *run, struct outcome *outcome)
{
    struct client_reply reply = reply_of(other_result);
    reply.from_elsewhere = true;
    judge_invalid(run, outcome, &asked_sum, &reply,
                  "which came from another port than it had asked",
                  "a reply is taken from anybody: connect(2) the socket, or compare the source "
                  "with where the "
                  "request went (REQ-8.1)");
}

static size_t results_shown(struct client_run *run, struct outcome *outcome, size_t replies)
{
    struct client_script script = {.count = replies};
    struct shown shown = {.count = 0};
    for (size_t i = 0; i < replies; i++)
        script.replies[i] = right_reply(&asked_sum);
    if (client_exchange(run, outcome, &asked_sum, &script))
        client_shown(run, &shown);
    return shown.count;
}

void reply_twice(struct client_run *run, struct outcome *outcome)
{
    size_t of_one = results_shown(run, outcome, 1);
    size_t of_two = results_shown(run, outcome, 2);
    if (of_one == of_two)
        return;
    outcome_fail(outcome, WRONG,
                 "it showed %zu results where its reply came twice, and %zu where it came once",
                 of_two, of_one);
    outcome_diagnose(outcome,
                     "a reply that came twice is taken for two: a request has one (REQ-8.1)");
}

/* ---- Replies that are not valid (REQ-8.6) ---- */

#define INVALID(name, request, reply, what, diagnosis)                                             \
    void name(struct client_run *run, struct outcome *outcome)                                     \
    {                                                                                              \
        const struct client_reply invalid = reply;                                                 \
        judge_invalid(run, outcome, &(request), &invalid, what, diagnosis);                        \
    }

#define LENGTH_IGNORED                                                                             \
    "the length is not looked at: what recv(2) returns tells how much there is (REQ-8.6)"
#define DIGITS_IGNORED "the octets are not looked at: each has to be 0 to 9, 30 to 39 (REQ-8.6)"

INVALID(empty_reply, asked_sum, reply_of(""), "an empty datagram", LENGTH_IGNORED)
INVALID(header_alone, asked_sum, reply_of("80"), "without an integer", LENGTH_IGNORED)
INVALID(three_octets, asked_sum, reply_of("80 090000"), "3 octets and not 4", LENGTH_IGNORED)
INVALID(five_octets, asked_sum, reply_of("80 07000007 00"), "5 octets and not 4", LENGTH_IGNORED)
INVALID(no_digits, asked_sum_string, reply_of("80"), "without a digit", LENGTH_IGNORED)
INVALID(nul_at_the_end, asked_sum_string, reply_of("80 3137 00"), "a NUL at its end",
        DIGITS_IGNORED)
INVALID(nul_inside, asked_sum_string, reply_of("80 31 00 37"), "a NUL in it", DIGITS_IGNORED)
INVALID(no_digit_among_them, asked_sum_string, reply_of("80 3137 61"), "a letter in it",
        DIGITS_IGNORED)
INVALID(minus_sign, asked_sum_string, reply_of("80 2D 3137"), "a minus in front", DIGITS_IGNORED)
INVALID(digits_257, asked_sum_string, reply_filled(REPLY_SUCCESS, '7', CALC_DIGITS_MAX + 1),
        "257 digits where 256 are the most", LENGTH_IGNORED)

/* ---- Leading zeros (REQ-8.7) ---- */

void leading_zeros(struct client_run *run, struct outcome *outcome)
{
    const struct client_script script = {.count = 1, .replies = {reply_of("80 30303234")}};
    struct shown shown;
    if (!client_can(run, outcome, &asked_sum_string) ||
        !exchange(run, outcome, &asked_sum_string, &script))
        return;
    client_shown(run, &shown);
    if (shown.count == 0)
        outcome_observe(outcome, false, "shows no result for 0024");
    else
        outcome_observe(outcome, shown_is(&shown, "24"), "shows '%.80s' for 0024", shown.text);
}

/* ---- Without a reply (REQ-8.2, REQ-8.4, REQ-8.5) ---- */

/* Waits for the next try: the same datagram as the first one. NULL: none comes. */
static const struct attempt *next_try(struct client_run *run)
{
    const struct arrived *first = &run->attempts[0].arrived;
    for (;;) {
        const struct attempt *attempt = client_next(run);
        if (attempt == NULL || (attempt->arrived.length == first->length &&
                                memcmp(attempt->arrived.datagram.octets, first->datagram.octets,
                                       first->datagram.length) == 0))
            return attempt;
        run->attempt_count--;
    }
}

static double seconds(const struct client_run *run, int64_t at_us)
{
    return (double)(at_us - client_first_us(run)) / US_PER_S;
}

/* "after 0.00, 1.00 and 3.00 s" */
static void when_sent(const struct client_run *run, char *text, size_t room)
{
    size_t at = (size_t)snprintf(text, room, "after");
    for (size_t i = 0; i < run->attempt_count && at < room; i++) {
        const char *before = i == 0 ? " " : i + 1 < run->attempt_count ? ", " : " and ";
        at += (size_t)snprintf(text + at, room - at, "%s%.2f", before,
                               seconds(run, run->attempts[i].at_us));
    }
    if (at < room)
        snprintf(text + at, room - at, " s");
}

/* Each wait should be twice the one before, the last one, before it gives up, among them. A busy machine stretches
 * them, so the last one is held against the first: it is to be longer by half for each try. */
static bool backs_off(const struct client_run *run)
{
    size_t last = run->attempt_count - 1;
    if (run->attempt_count == 1)
        return true;
    double first_wait = (double)(run->attempts[1].at_us - run->attempts[0].at_us);
    double last_wait = (double)(run->ended_us - run->attempts[last].at_us);
    for (size_t i = 0; i < last; i++)
        first_wait *= 1.5;
    return run->ended_us > 0 && last_wait > first_wait;
}

void no_reply(struct client_run *run, struct outcome *outcome)
{
    char when[160], ending[CLIENT_TEXT_ROOM];
    if (!client_start(run, outcome, &asked_sum, PATIENCE_US))
        return;
    while (next_try(run) != NULL) {
    }
    client_ending(run, ending);
    if (!client_stop(run, outcome))
        return;
    if (run->attempt_count == 0) {
        outcome_observe(outcome, true, "sends nothing; it %s", ending);
        return;
    }
    when_sent(run, when, sizeof when);
    outcome_observe(outcome, backs_off(run), "sends %zu time%s, %s; it %s", run->attempt_count,
                    run->attempt_count == 1 ? "" : "s", when, ending);
}

/* Starts it, and waits for its second try without a reply to the first. NULL, and observed: there is none. */
static const struct attempt *second_try(struct client_run *run, struct outcome *outcome)
{
    char ending[CLIENT_TEXT_ROOM];
    if (!client_start(run, outcome, &asked_sum, PATIENCE_US))
        return NULL;
    next_try(run);
    const struct attempt *second = next_try(run);
    if (second != NULL)
        return second;
    client_ending(run, ending);
    if (client_stop(run, outcome))
        outcome_observe(outcome, true, "does not try again; it %s", ending);
    return NULL;
}

void fresh_port(struct client_run *run, struct outcome *outcome)
{
    const struct attempt *second = second_try(run, outcome);
    const struct client_reply reply = right_reply(&asked_sum);
    if (second == NULL)
        return;
    client_send(run, outcome, &reply, second);
    while (next_try(run) != NULL) {
    }
    if (!client_stop(run, outcome))
        return;
    bool same = second->arrived.source.sin6_port == run->attempts[0].arrived.source.sin6_port;
    outcome_observe(outcome, !same, "tries again from %s port", same ? "the same" : "a fresh");
}

void late_reply(struct client_run *run, struct outcome *outcome)
{
    const struct client_reply reply = right_reply(&asked_sum);
    struct shown shown;
    if (second_try(run, outcome) == NULL)
        return;
    client_send(run, outcome, &reply, &run->attempts[0]);
    while (next_try(run) != NULL) {
    }
    if (!client_stop(run, outcome))
        return;
    client_shown(run, &shown);
    outcome_observe(outcome, shown.count > 0, "%s",
                    shown.count > 0 ? "takes a reply to its first try after the second"
                                    : "does not take a reply to its first try after the second");
}

void port_unreachable(struct client_run *run, struct outcome *outcome)
{
    char ending[CLIENT_TEXT_ROOM];
    if (!client_start_refused(run, outcome, &asked_sum, PATIENCE_US))
        return;
    while (next_try(run) != NULL) {
    }
    client_ending(run, ending);
    if (client_stop(run, outcome))
        outcome_observe(outcome, run->ended_us > 0 && run->ended_us - run->began_us < SOON_US, "%s",
                        ending);
}
