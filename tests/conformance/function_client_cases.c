/* create_and_send_message in step 4: what it sends, and what it makes of replies and of bad arguments. */
#include "diagnose.h"
#include "function_cases.h"
#include "function_judge.h"
#include "function_plain.h"

#include <stdio.h>
#include <string.h>

enum { COUNT_MAX = 64 };

#define ADDEND_HEX "00 00010100 00020200"

/* Calls the function; what it sends is the outcome's comparison with what is due, in hex digits. */
static bool sends(const struct functions_run *run, struct outcome *outcome, char operation,
                  char format, const char *ints, const char *due)
{
    struct datagram reply = hex(format == 's' ? "80 30" : "80 00000000");
    struct scenario scenario = {
        .ints = ints, .operation = operation, .format = format, .incoming = &reply};
    struct made made;
    outcome->has_request = true;
    outcome->request = hex(due);
    return scenario_returns(run, &scenario, outcome, &made) &&
           expect_sent(&made, &outcome->request, true,
                       format == 's' ? CALC_AS_STRING : CALC_AS_INTEGER, outcome);
}

static unsigned header_of(const struct datagram *request)
{
    return request->octets[0];
}

/* Fails the case where these bits of the header are otherwise. */
static void expect_bits(struct outcome *outcome, unsigned mask, const char *name)
{
    const struct comparison *c = &outcome->comparison;
    if (c->actual_length > 0 && (header_of(&c->actual) & mask) == (header_of(&c->expected) & mask))
        return;
    if (c->actual_length == 0)
        outcome_fail(outcome, WRONG, "an empty datagram is sent");
    else
        outcome_fail(outcome, WRONG, "%s: the header is %02x; due is %02x", name,
                     header_of(&c->actual), header_of(&c->expected));
    diagnose_request(outcome);
}

static void expect_payload(struct outcome *outcome, const char *what)
{
    const struct comparison *c = &outcome->comparison;
    if (c->actual_length >= c->expected.length &&
        memcmp(c->actual.octets + 1, c->expected.octets + 1, c->expected.length - 1) == 0)
        return;
    outcome_fail(outcome, WRONG, "%s", what);
    diagnose_request(outcome);
}

void client_sends_network_order(struct functions_run *run, struct outcome *outcome)
{
    if (sends(run, outcome, '+', 'd', "4,2,16909060", "00 00000004 00000002 01020304"))
        expect_payload(outcome, "the integers 4, 2 and 16909060 are not sent as they should be");
}

void client_ints(struct functions_run *run, struct outcome *outcome)
{
    if (sends(run, outcome, '+', 'd', "-1,0,-2139062144", "00 FFFFFFFF 00000000 80808080"))
        expect_payload(outcome, "the integers -1, 0 and -2139062144 are not sent as their 32 bits");
}

void client_opcode(struct functions_run *run, struct outcome *outcome)
{
    if (sends(run, outcome, '+', 'd', plain_ints, ADDEND_HEX))
        expect_bits(outcome, 0x0E, "opcode of '+'");
    if (outcome->verdict == PASSED &&
        sends(run, outcome, '*', 'd', plain_ints, "02 00010100 00020200"))
        expect_bits(outcome, 0x0E, "opcode of '*'");
}

void client_form(struct functions_run *run, struct outcome *outcome)
{
    if (sends(run, outcome, '+', 'd', plain_ints, ADDEND_HEX))
        expect_bits(outcome, 0x01, "F of 'd'");
    if (outcome->verdict == PASSED &&
        sends(run, outcome, '+', 's', plain_ints, "01 00010100 00020200"))
        expect_bits(outcome, 0x01, "F of 's'");
}

void client_sends_zero_in_unused(struct functions_run *run, struct outcome *outcome)
{
    static const struct {
        char operation, format;
        const char *due;
    } calls[] = {
        {'+', 'd', ADDEND_HEX            },
        {'*', 'd', "02 00010100 00020200"},
        {'+', 's', "01 00010100 00020200"},
        {'*', 's', "03 00010100 00020200"},
    };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0] && outcome->verdict == PASSED; i++) {
        if (sends(run, outcome, calls[i].operation, calls[i].format, plain_ints, calls[i].due))
            expect_bits(outcome, 0xF0, "unused bits");
    }
}

/* "0,0,0": as many as asked for. */
static void zeros(char text[static 4 * COUNT_MAX], int count)
{
    for (int i = 0; i < count; i++)
        memcpy(text + 2 * i, "0,", 3);
    text[2 * count - 1] = '\0';
}

void client_length(struct functions_run *run, struct outcome *outcome)
{
    static const int counts[] = {1, 3, COUNT_MAX};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0] && outcome->verdict == PASSED; i++) {
        char ints[4 * COUNT_MAX];
        zeros(ints, counts[i]);
        if (!sends(run, outcome, '+', 'd', ints, "00"))
            return;
        struct comparison *c = &outcome->comparison;
        c->expected.length = 1 + 4 * (size_t)counts[i];
        outcome->request = c->expected;
        if (c->actual_length == c->expected.length)
            continue;
        outcome_fail(outcome, WRONG, "%d integer%s: %zu octets are sent; due are %zu", counts[i],
                     counts[i] == 1 ? "" : "s", c->actual_length, c->expected.length);
        diagnose_request(outcome);
    }
}

void client_owns_its_octets(struct functions_run *run, struct outcome *outcome)
{
    struct datagram reply = hex(plain_reply);
    if (expect_own_octets(run, client_plain(run, &reply), outcome) && run->client_step == 4) {
        struct datagram digits = hex("80 30");
        struct scenario scenario = {
            .ints = "1,2,3", .operation = '*', .format = 's', .incoming = &digits};
        expect_own_octets(run, scenario, outcome);
    }
}

void client_stays_in_its_memory(struct functions_run *run, struct outcome *outcome)
{
    struct datagram integer = hex(plain_reply), digits = hex("80 393837"), error = hex("00");
    char ints[4 * COUNT_MAX];
    zeros(ints, COUNT_MAX);
    struct scenario calls[] = {
        {.ints = "1,2,3",       .incoming = &integer},
        {           .ints = ints, .incoming = &integer                    },
        { .ints = "7",     .incoming = &digits,            .operation = '*', .format = 's'},
        {           .ints = "7",   .incoming = &error,        .format = 's'},
    };
    struct made made;
    for (size_t i = 0; i < (run->client_step == 1 ? 1 : 4); i++) {
        calls[i].strict = true;
        if (!scenario_returns(run, &calls[i], outcome, &made))
            return;
    }
}

void client_stays_in_its_buffer(struct functions_run *run, struct outcome *outcome)
{
    expect_in_buffer(run, (struct scenario){.ints = plain_ints, .format = 's'}, outcome);
}

/* What the function is to make of this reply, in hex digits: a result and 0, or -1. */
struct understanding {
    char format;
    const char *reply;
    long returned, result;
};

/* *result is set where there is one, and another than is due. */
static bool understands(const struct functions_run *run, struct outcome *outcome,
                        const struct understanding *due, unsigned char fill, long *result)
{
    struct datagram reply = hex(due->reply);
    struct scenario scenario = {
        .ints = plain_ints, .format = due->format, .incoming = &reply, .fill = fill};
    struct made made;
    if (!scenario_returns(run, &scenario, outcome, &made))
        return false;
    char when[128];
    snprintf(when, sizeof when, "after the reply '%.90s' (format '%c')", due->reply, due->format);
    if (!expect_returned(&made, due->returned, when, outcome))
        return false;
    if (due->returned == 0 && (!made.result_written || made.result != due->result)) {
        *result = made.result;
        if (made.result_written)
            outcome_fail(outcome, WRONG, "*result is %ld %s; due is %ld", made.result, when,
                         due->result);
        else
            outcome_fail(outcome, WRONG, "nothing is written to *result %s; due is %ld", when,
                         due->result);
        return false;
    }
    return true;
}

static void understands_all(const struct functions_run *run, struct outcome *outcome,
                            const struct understanding *list, size_t count)
{
    long result;
    for (size_t i = 0; i < count && outcome->verdict == PASSED; i++)
        understands(run, outcome, &list[i], 0, &result);
}

/* A case that is one list of replies and what is to be made of them: {format, reply, returned, result}. */
#define UNDERSTANDS(name, ...)                                                                     \
    void name(struct functions_run *run, struct outcome *outcome)                                  \
    {                                                                                              \
        static const struct understanding list[] = {__VA_ARGS__};                                  \
        understands_all(run, outcome, list, sizeof list / sizeof list[0]);                         \
    }

UNDERSTANDS(client_result, {'d', "80 00030300", 0, 0x30300}, {'d', "80 00000000", 0, 0})
UNDERSTANDS(client_result_32_bits, {'d', "80 FF0000FF", 0, -16776961})
UNDERSTANDS(client_string_32_bits, {'s', "80 32313437343833363438", 0, -2147483647 - 1},
            {'s', "80 34323934393637323934", 0, -2})
UNDERSTANDS(client_string_above_32_bits, {'s', "80 34323934393637323936", -1, 0},
            {'s', "80 3130303030303030303030", -1, 0},
            {'s', "80 3138343436373434303733373039353531363136", -1, 0})
UNDERSTANDS(client_error, {'d', "00", -1, 0}, {'s', "00", -1, 0})
UNDERSTANDS(client_error_payload, {'d', "00 00030300", -1, 0}, {'s', "00 393837", -1, 0},
            {'d', "7F 00030300", -1, 0})
UNDERSTANDS(client_ignores_unused, {'d', "FF 00030300", 0, 0x30300},
            {'d', "81 00030300", 0, 0x30300}, {'d', "C0 00030300", 0, 0x30300},
            {'s', "AA 393837", 0, 987})
UNDERSTANDS(client_empty_reply, {'d', "", -1, 0}, {'s', "", -1, 0})
UNDERSTANDS(client_wrong_length, {'d', "80", -1, 0}, {'d', "80 000303", -1, 0},
            {'d', "80 00030300 00", -1, 0}, {'d', "80 00030300 00030300", -1, 0})
UNDERSTANDS(client_not_digits, {'s', "80", -1, 0}, {'s', "80 31322E33", -1, 0},
            {'s', "80 31323300", -1, 0}, {'s', "80 2D31", -1, 0})
UNDERSTANDS(client_leading_zeros, {'s', "80 30303432", 0, 42},
            {'s', "80 303030303030303030303034323934393637", 0, 4294967})

void client_reads_network_order(struct functions_run *run, struct outcome *outcome)
{
    static const struct understanding due = {'d', "80 01020304", 0, 0x01020304};
    long result = 0x01020304;
    if (!understands(run, outcome, &due, 0, &result) && result == 0x04030201)
        outcome_diagnose(outcome, "little-endian: the integer of the reply needs ntohl()");
}

/* Digits are in memory behind those of the reply. */
void client_string(struct functions_run *run, struct outcome *outcome)
{
    static const struct understanding due[] = {
        {'s', "80 393837", 0, 987},
        {'s', "80 30",     0, 0  }
    };
    for (size_t i = 0; i < sizeof due / sizeof due[0] && outcome->verdict == PASSED; i++) {
        long result = due[i].result;
        if (!understands(run, outcome, &due[i], '7', &result) && result != due[i].result)
            outcome_diagnose(outcome, "reads past the datagram: no NUL ends the digits, so recv's "
                                      "return has to");
    }
}

void client_leaves_result(struct functions_run *run, struct outcome *outcome)
{
    static const char *const replies[] = {"00", "00 00030300"};
    bool written = false;
    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
        struct datagram reply = hex(replies[i]);
        struct scenario scenario = {.ints = plain_ints, .incoming = &reply};
        struct made made;
        if (!scenario_returns(run, &scenario, outcome, &made))
            return;
        written |= made.returned != 0 && made.result_written;
    }
    outcome_observe(outcome, !written, "%s",
                    written ? "writes to *result and returns -1" : "leaves *result as it is");
}

/* -1, and nothing is sent. */
static void refuses(const struct functions_run *run, struct scenario scenario, const char *what,
                    struct outcome *outcome)
{
    struct datagram reply = hex(scenario.format == 's' ? "80 30" : "80 00030300");
    struct made made;
    char when[64];
    snprintf(when, sizeof when, "for %s", what);
    scenario.incoming = &reply;
    if (!scenario_returns(run, &scenario, outcome, &made))
        return;
    if (made_sending(&made) != NULL)
        outcome_fail(outcome, WRONG, "sends a request for %s; due is -1 before anything is sent",
                     what);
    else
        expect_returned(&made, -1, when, outcome);
}

void client_bad_operation(struct functions_run *run, struct outcome *outcome)
{
    static const char operations[] = "-/x1";
    for (const char *p = operations; *p != '\0' && outcome->verdict == PASSED; p++) {
        char what[] = "the operation '?'";
        what[15] = *p;
        refuses(run, (struct scenario){.ints = plain_ints, .operation = *p}, what, outcome);
    }
}

void client_bad_format(struct functions_run *run, struct outcome *outcome)
{
    static const char formats[] = "xi1";
    for (const char *p = formats; *p != '\0' && outcome->verdict == PASSED; p++) {
        char what[] = "the format '?'";
        what[12] = *p;
        refuses(run, (struct scenario){.ints = plain_ints, .format = *p}, what, outcome);
    }
}

void client_null_ints(struct functions_run *run, struct outcome *outcome)
{
    refuses(run, (struct scenario){.ints = "null", .count = 1}, "ints that are NULL", outcome);
}

void client_no_ints(struct functions_run *run, struct outcome *outcome)
{
    refuses(run, (struct scenario){.ints = plain_ints, .no_count = true}, "0 integers", outcome);
}

void client_65_ints(struct functions_run *run, struct outcome *outcome)
{
    char ints[4 * COUNT_MAX];
    zeros(ints, COUNT_MAX + 1);
    refuses(run, (struct scenario){.ints = ints}, "65 integers", outcome);
}

void client_socket_before_arguments(struct functions_run *run, struct outcome *outcome)
{
    struct datagram reply = hex(plain_reply);
    struct scenario scenarios[] = {
        {.ints = plain_ints, .operation = '-', .incoming = &reply},
        {.ints = plain_ints, .format = 'x',    .incoming = &reply},
        {.ints = plain_ints, .no_count = true, .incoming = &reply},
    };
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
        struct made made;
        if (scenario_returns(run, &scenarios[i], outcome, &made) &&
            made_call(&made, "socket") == NULL)
            outcome_fail(outcome, WRONG, "bad arguments make it return before it calls socket");
    }
}
