/* One exchange with a client, judged: what it asked, or what it has shown. */
#include "client_judge.h"

#include "diagnose.h"
#include "diagnose_shown.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEADER_LOW = 0x0F, /* opcode and F */
    HEADER_UNUSED = 0xF0,
    HEX_OCTETS_MAX = 12,
    HEX_ROOM = 3 * HEX_OCTETS_MAX + sizeof "... (1452 octets)",
};

const struct calc_request asked_sum = {
    .count = 2, .integers = {0x04000004, 0x05000005}
};
const struct calc_request asked_sum_string = {
    .format = CALC_AS_STRING, .count = 2, .integers = {20, 4}
};

struct client_reply reply_of(const char *text)
{
    return (struct client_reply){.datagram = hex(text)};
}

struct client_reply reply_filled(uint8_t header, uint8_t octet, size_t count)
{
    struct client_reply reply = {
        .datagram = {.length = 1 + count, .octets = {header}}
    };
    memset(reply.datagram.octets + 1, octet, count);
    return reply;
}

struct client_reply right_reply(const struct calc_request *request)
{
    struct datagram asked;
    struct client_reply reply = {.from_elsewhere = false};
    if (calc_request_encode(request, asked.octets, DATAGRAM_ROOM, &asked.length) == CALC_OK)
        reply.datagram = answer_to(asked);
    return reply;
}

/* "80 00 00 00 09", the first octets of a long one, "of 0 octets" */
static void write_hex(const struct datagram *datagram, char text[static HEX_ROOM])
{
    size_t shown = datagram->length < HEX_OCTETS_MAX ? datagram->length : HEX_OCTETS_MAX;
    size_t at = 0;
    if (datagram->length == 0)
        snprintf(text, HEX_ROOM, "of 0 octets");
    for (size_t i = 0; i < shown; i++)
        at += (size_t)snprintf(text + at, HEX_ROOM - at, i == 0 ? "%02X" : " %02X",
                               (unsigned)datagram->octets[i]);
    if (shown < datagram->length)
        snprintf(text + at, HEX_ROOM - at, "... (%zu octets)", datagram->length);
}

static void compare_requests(struct outcome *outcome, const struct arrived *arrived)
{
    struct comparison *comparison = &outcome->comparison;
    *comparison = (struct comparison){
        .present = true,
        .of_requests = true,
        .expected = outcome->request,
        .received = true,
        .actual = arrived->datagram,
        .actual_length = arrived->length,
    };
    uint8_t *header = comparison->expected.octets;
    if (arrived->length > 0 && (arrived->datagram.octets[0] & HEADER_LOW) == *header)
        *header |= arrived->datagram.octets[0] & HEADER_UNUSED; /* any value is right (REQ-4.1) */
}

static int by_value(const void *a, const void *b)
{
    return memcmp(a, b, CALC_INTEGER_OCTETS);
}

/* The same integers, in whatever order; whether there is more behind them is for others. */
static bool same_integers(struct datagram expected, struct datagram actual)
{
    size_t octets = expected.length - CALC_HEADER_OCTETS;
    size_t count = octets / CALC_INTEGER_OCTETS;
    if (actual.length < expected.length)
        return false;
    qsort(expected.octets + 1, count, CALC_INTEGER_OCTETS, by_value);
    qsort(actual.octets + 1, count, CALC_INTEGER_OCTETS, by_value);
    return memcmp(expected.octets + 1, actual.octets + 1, octets) == 0;
}

static void judge_part(struct outcome *outcome, const struct calc_request *request,
                       enum request_part part)
{
    const struct comparison *comparison = &outcome->comparison;
    uint8_t header = comparison->actual.octets[0];
    unsigned opcode = header >> 1 & 7, format = header & 1;
    if (part == PART_NONE)
        return;
    if (comparison->actual_length == 0)
        outcome_fail(outcome, WRONG, "it sent an empty datagram");
    else if (part == PART_OPCODE && opcode != request->opcode)
        outcome_fail(outcome, WRONG, "its header is %02X, opcode %u: a %s has %u", (unsigned)header,
                     opcode, request->opcode == CALC_SUM ? "sum" : "product", request->opcode);
    else if (part == PART_FORMAT && format != request->format)
        outcome_fail(outcome, WRONG, "its header is %02X, F %u: for %s it is %u", (unsigned)header,
                     format, request->format == CALC_AS_STRING ? "a string" : "an integer",
                     request->format);
    else if (part == PART_LENGTH && comparison->actual_length != comparison->expected.length)
        outcome_fail(outcome, WRONG, "it sent %zu octets: %zu integer%s make %zu",
                     comparison->actual_length, request->count, request->count == 1 ? "" : "s",
                     comparison->expected.length);
    else if (part == PART_INTEGERS && !same_integers(comparison->expected, comparison->actual))
        outcome_fail(outcome, WRONG, "it did not send the integers that it was given");
    if (outcome->verdict == FAILED)
        diagnose_request(outcome);
}

bool judge_request(struct client_run *run, struct outcome *outcome,
                   const struct calc_request *request, enum request_part part)
{
    const struct client_script script = {.count = 1, .replies = {right_reply(request)}};
    if (!client_can(run, outcome, request))
        return false;
    bool fine = client_exchange(run, outcome, request, &script);
    if (run->attempt_count == 0 || run->attempts[0].over_ipv4)
        return false;
    compare_requests(outcome, &run->attempts[0].arrived);
    if (fine)
        judge_part(outcome, request, part);
    return fine;
}

/* The client asks, gets this reply, and shows something. False: the outcome says why it came to nothing. */
static bool exchange(struct client_run *run, struct outcome *outcome,
                     const struct calc_request *request, const struct client_reply *reply,
                     struct shown *shown)
{
    const struct client_script script = {.count = 1, .replies = {*reply}};
    if (!client_can(run, outcome, request) || !client_exchange(run, outcome, request, &script))
        return false;
    client_shown(run, shown);
    return true;
}

void judge_shown(struct client_run *run, struct outcome *outcome,
                 const struct calc_request *request, const struct client_reply *reply,
                 const char *digits)
{
    struct shown shown;
    char octets[HEX_ROOM];
    if (!exchange(run, outcome, request, reply, &shown))
        return;
    if (shown_is(&shown, digits))
        return;
    write_hex(&reply->datagram, octets);
    if (shown.count == 0)
        outcome_fail(outcome, WRONG, "it showed no result for the reply %s: no line like '%.60s'",
                     octets, run->settings->expect);
    else if (shown.differ)
        outcome_fail(outcome, WRONG, "it showed more than one result for the reply %s", octets);
    else
        outcome_fail(outcome, WRONG, "it showed '%.80s' for the reply %s", shown.text, octets);
    diagnose_shown(outcome, &shown, &reply->datagram, request->format, digits);
}

void judge_error(struct client_run *run, struct outcome *outcome,
                 const struct calc_request *request, const struct client_reply *reply)
{
    struct shown shown;
    char octets[HEX_ROOM];
    if (!exchange(run, outcome, request, reply, &shown))
        return;
    if (!shown_result(&shown))
        return;
    write_hex(&reply->datagram, octets);
    outcome_fail(outcome, WRONG, "it showed the result '%.80s' for the reply %s, an error",
                 shown.text, octets);
    diagnose_shown(outcome, &shown, &reply->datagram, request->format, NULL);
}

/* Does it show what the reply holds, a number below zero for all that? */
static bool shows_payload(const struct shown *shown, const struct datagram *reply)
{
    return shown->count > 0 && reply->length > 1 && strlen(shown->text) == reply->length - 1 &&
           memcmp(shown->text, reply->octets + 1, reply->length - 1) == 0;
}

void judge_invalid(struct client_run *run, struct outcome *outcome,
                   const struct calc_request *request, const struct client_reply *reply,
                   const char *what, const char *diagnosis)
{
    const struct client_reply right = right_reply(request);
    const struct client_script script = {
        .count = 2, .replies = {*reply, right}
    };
    struct calc_reply result;
    struct shown shown;
    char digits[CALC_DIGITS_MAX + 1], octets[HEX_ROOM];
    if (!client_can(run, outcome, request) || !client_exchange(run, outcome, request, &script))
        return;
    calc_reply_decode(right.datagram.octets, right.datagram.length, request->format, &result);
    if (request->format == CALC_AS_STRING)
        snprintf(digits, sizeof digits, "%.*s", (int)result.digit_count, result.digits);
    else
        snprintf(digits, sizeof digits, "%u", (unsigned)result.number);
    client_shown(run, &shown);
    if (shown_is(&shown, digits) ||
        (!shown_result(&shown) && !shows_payload(&shown, &reply->datagram)))
        return;
    write_hex(&reply->datagram, octets);
    outcome_fail(outcome, WRONG, "it showed the result '%.80s' for the reply %s, %s", shown.text,
                 octets, what);
    outcome_diagnose(outcome, diagnosis);
}
