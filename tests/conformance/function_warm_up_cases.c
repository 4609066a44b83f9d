/* The course's first three steps: five integers are sent; integers are received, and their sum goes back, as an
 * integer or as a string. Their messages have no header, so their mistakes are told here. */
#include "function_cases.h"
#include "function_judge.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { INTEGERS_MAX = 16, TEXT_ROOM = 12, SHOWN_MAX = 24, HEX_ROOM = 3 * SHOWN_MAX + 8 };

/* What else could have been sent, and the mistake that makes it so. */
struct mistake {
    struct datagram octets;
    const char *diagnosis;
};

static void put_hex(char text[static HEX_ROOM], const struct datagram *datagram)
{
    int used = snprintf(text, HEX_ROOM, "%s", datagram->length == 0 ? " nothing" : "");
    for (size_t i = 0; i < datagram->length && i < SHOWN_MAX; i++)
        used += snprintf(text + used, HEX_ROOM - (size_t)used, " %02x", datagram->octets[i]);
    if (datagram->length > SHOWN_MAX)
        snprintf(text + used, HEX_ROOM - (size_t)used, " ...");
}

/* What was sent and what is due are no messages of the protocol, so they are not compared as such. */
static void wrong(struct outcome *outcome, const char *what)
{
    struct comparison *c = &outcome->comparison;
    char actual[HEX_ROOM], due[HEX_ROOM];
    put_hex(actual, &c->actual);
    put_hex(due, &c->expected);
    outcome_fail(outcome, WRONG, "%s: sent are the %zu octets%s; due are%s", what, c->actual_length,
                 actual, due);
    c->present = false;
}

static bool same(const struct datagram *a, const struct datagram *b)
{
    return a->length == b->length && memcmp(a->octets, b->octets, a->length) == 0;
}

static void diagnose(struct outcome *outcome, const struct mistake *mistakes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (same(&outcome->comparison.actual, &mistakes[i].octets))
            outcome_diagnose(outcome, mistakes[i].diagnosis);
    }
}

void warm_up_sends_odd_digits(struct functions_run *run, struct outcome *outcome)
{
    struct datagram due = hex("00000001 00000003 00000005 00000007 00000009");
    struct scenario scenario = {0};
    struct made made;
    if (!scenario_answers(run, &scenario, outcome, &made) ||
        !expect_sent(&made, &due, true, CALC_AS_INTEGER, outcome) ||
        same(&outcome->comparison.actual, &due))
        return;
    const struct mistake mistakes[] = {
        {hex("01000000 03000000 05000000 07000000 09000000"),
         "little-endian: each integer needs htonl()"                                                                         },
        {hex("01 03 05 07 09"),                               "single octets: an integer has 4"                              },
        {hex("31 33 35 37 39"),                               "ASCII: digits were sent as text"                              },
        {hex("31 33 35 37 39 00"),                            "ASCII: digits were sent as text"                              },
        {hex("00000001"),                                     "sends one integer: all five go in one datagram, with one send"},
        {hex("01000000"),                                     "sends one integer: all five go in one datagram, with one send"},
    };
    wrong(outcome, "1, 3, 5, 7, 9");
    diagnose(outcome, mistakes, sizeof mistakes / sizeof mistakes[0]);
    if (outcome->comparison.actual_length == sizeof(void *))
        outcome_diagnose(outcome, "sizeof of a pointer: the length is that of the integers");
    if (outcome->comparison.actual_length == 40)
        outcome_diagnose(outcome, "integers of 8 octets: an integer of the protocol has 4");
}

void warm_up_returns_0(struct functions_run *run, struct outcome *outcome)
{
    struct scenario scenario = {0};
    struct made made;
    if (scenario_answers(run, &scenario, outcome, &made))
        expect_returned(&made, 0, "after all is sent", outcome);
}

/* The sum as step 2 or 3 sends it. */
static struct datagram sum_as_sent(const struct functions_run *run, uint32_t sum)
{
    struct datagram datagram;
    char text[TEXT_ROOM];
    snprintf(text, sizeof text, run->server_step == 2 ? "%08" PRIX32 : "%" PRIu32, sum);
    if (run->server_step == 2)
        return hex(text);
    datagram.length = strlen(text);
    memcpy(datagram.octets, text, datagram.length);
    return datagram;
}

static bool begins_with(const struct datagram *datagram, const struct datagram *due)
{
    return datagram->length >= due->length &&
           memcmp(datagram->octets, due->octets, due->length) == 0;
}

/* Calls the function with these integers, in hex digits; what comes back is the comparison. */
static bool sums(const struct functions_run *run, struct outcome *outcome, const char *integers,
                 uint32_t sum, const struct datagram *before)
{
    struct datagram incoming = hex(integers), due = sum_as_sent(run, sum);
    struct scenario scenario = {.server = true, .incoming = &incoming, .before = before};
    struct made made;
    scenario.fill = before == NULL ? 0 : 1;
    bool sent = scenario_answers(run, &scenario, outcome, &made) &&
                expect_sent(&made, &due, false,
                            run->server_step == 2 ? CALC_AS_INTEGER : CALC_AS_STRING, outcome);
    outcome->comparison.present &= sent;
    return sent;
}

/* A sum in the right form, if not the right one. */
static bool has_form(const struct functions_run *run, const struct datagram *actual)
{
    if (run->server_step == 2)
        return actual->length == 4;
    return actual->length > 0 && actual->octets[0] >= '0' && actual->octets[0] <= '9';
}

static void wrong_sum(struct outcome *outcome, uint32_t sum, const char *mistake)
{
    char what[64];
    snprintf(what, sizeof what, "the sum %" PRIu32, sum);
    wrong(outcome, what);
    if (mistake != NULL)
        outcome_diagnose(outcome, mistake);
}

/* With a carry between octets, so that two mistakes of byte order do not make up for each other. In which order
 * the sum is sent is for another case. */
void warm_up_reads_network_order(struct functions_run *run, struct outcome *outcome)
{
    struct datagram swapped = hex("00010000");
    struct datagram unread = hex(run->server_step == 2 ? "00000000" : "30");
    if (!sums(run, outcome, "000000F0 00000010", 256, NULL))
        return;
    const struct comparison *c = &outcome->comparison;
    if (!begins_with(&c->actual, &c->expected) &&
        !(run->server_step == 2 && begins_with(&c->actual, &swapped)))
        wrong_sum(outcome, 256,
                  same(&c->actual, &unread)
                      ? "little-endian: each integer of the datagram needs ntohl()"
                      : NULL);
}

void warm_up_sends_network_order(struct functions_run *run, struct outcome *outcome)
{
    struct datagram unsent = hex("00000101");
    if (sums(run, outcome, "00FFFF00 00010100", 0x01010000, NULL) &&
        !begins_with(&outcome->comparison.actual, &outcome->comparison.expected))
        wrong_sum(outcome, 0x01010000,
                  same(&outcome->comparison.actual, &unsent)
                      ? "little-endian: the sum needs htonl() before it is sent"
                      : NULL);
}

void warm_up_count(struct functions_run *run, struct outcome *outcome)
{
    struct datagram most = {.length = INTEGERS_MAX * 4};
    char hex[8 * INTEGERS_MAX + 1] = "";
    for (size_t i = 0; i < INTEGERS_MAX; i++) {
        memcpy(most.octets + 4 * i, (const uint8_t[]){0, 1, 1, 0}, 4);
        memcpy(hex + 8 * i, "00010100", 9);
    }
    if (sums(run, outcome, "00010100", 65792, &most) &&
        !begins_with(&outcome->comparison.actual, &outcome->comparison.expected))
        wrong_sum(outcome, 65792,
                  !has_form(run, &outcome->comparison.actual)
                      ? NULL
                      : "ignores the length, and reads past the datagram: recvfrom returns how "
                        "many octets there are");
    if (outcome->verdict == PASSED && sums(run, outcome, hex, INTEGERS_MAX * 65792, NULL) &&
        !begins_with(&outcome->comparison.actual, &outcome->comparison.expected))
        wrong_sum(outcome, INTEGERS_MAX * 65792,
                  !has_form(run, &outcome->comparison.actual)
                      ? NULL
                      : "takes a part of the integers: as many came as the length says");
}

static void wrong_form(struct outcome *outcome)
{
    const struct datagram *actual = &outcome->comparison.actual;
    const struct mistake mistakes[] = {
        {hex("313937333736"),     "ASCII: the sum was sent as text"                  },
        {hex("31393733373600"),   "ASCII: the sum was sent as text"                  },
        {hex("00030300"),         "the sum was sent as an integer: digits are due"   },
        {hex("3139373337360A"),   "a newline was sent behind the digits"             },
        {hex("0003030000000000"), "an integer of 8 octets: one of the protocol has 4"},
    };
    diagnose(outcome, mistakes, sizeof mistakes / sizeof mistakes[0]);
    if (outcome->diagnosis_count == 0 && actual->length == sizeof(void *))
        outcome_diagnose(outcome, "sizeof of a pointer: the length is that of what it points to");
    else if (outcome->diagnosis_count == 0 && begins_with(actual, &outcome->comparison.expected))
        outcome_diagnose(outcome, "a whole buffer was sent (sizeof), and not what is in use of it");
}

void warm_up_integer(struct functions_run *run, struct outcome *outcome)
{
    if (!sums(run, outcome, "00010100 00020200", 197376, NULL) ||
        outcome->comparison.actual_length == 4)
        return;
    wrong(outcome, "the sum 197376 as one integer");
    wrong_form(outcome);
}

/* How many octets are behind the digits; SIZE_MAX: these are not the digits. */
static size_t behind_digits(const struct functions_run *run, struct outcome *outcome)
{
    if (!sums(run, outcome, "00010100 00020200", 197376, NULL))
        return SIZE_MAX;
    const struct comparison *c = &outcome->comparison;
    return begins_with(&c->actual, &c->expected) ? c->actual_length - c->expected.length : SIZE_MAX;
}

static bool nul_follows(const struct outcome *outcome)
{
    const struct comparison *c = &outcome->comparison;
    return c->actual.octets[c->expected.length] == '\0';
}

void warm_up_string(struct functions_run *run, struct outcome *outcome)
{
    size_t behind = behind_digits(run, outcome);
    if (outcome->verdict != PASSED || behind == 0 || (behind == 1 && nul_follows(outcome)))
        return;
    wrong(outcome, "the sum 197376 as its digits");
    wrong_form(outcome);
}

void warm_up_nul(struct functions_run *run, struct outcome *outcome)
{
    size_t behind = behind_digits(run, outcome);
    if (outcome->verdict == PASSED && behind == 0)
        outcome_observe(outcome, true, "sends no NUL behind the digits");
    else if (outcome->verdict == PASSED && behind == 1 && nul_follows(outcome))
        outcome_observe(outcome, true, "sends a NUL behind the digits");
}
