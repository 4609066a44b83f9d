/* recv_and_handle_message: whom it replies to, and in step 5, with what. Most integers read the same in either byte
 * order, so that one mistake does not make every case red. */
#include "function_cases.h"
#include "function_judge.h"
#include "function_plain.h"
#include "judge.h"

#include "proto/show.h"

#include <string.h>

enum { MANY_OCTETS = 64 };

static void diagnose_peer(const struct made *made, const struct made_call *sent,
                          struct outcome *outcome)
{
    const struct made_call *received = made_call(made, "recvfrom");
    if (strcmp(sent->address, "same") == 0 || strcmp(sent->address, "copied") == 0)
        outcome_diagnose(outcome, "sendto is given the function's own address: the reply goes to "
                                  "where the datagram came from");
    else if (received == NULL || strcmp(received->address, "null") == 0)
        outcome_diagnose(outcome, "nobody has asked who sent the datagram: recvfrom writes it to "
                                  "its last two arguments");
    else if (received->address_length < SCENARIO_ADDRESS_LENGTH)
        outcome_diagnose(outcome,
                         "too little room for the peer's address: an IPv6 address is a struct "
                         "sockaddr_in6 (a struct sockaddr is too small), and its length has to be "
                         "set before recvfrom");
}

void server_replies_to_the_peer(struct functions_run *run, struct outcome *outcome)
{
    struct made made;
    if (!server_called(run, outcome, &made))
        return;
    const struct made_call *sent = made_sending(&made);
    if (sent == NULL) {
        outcome_fail(outcome, SILENCE, "nothing is sent");
        return;
    }
    if (strcmp(sent->address, "peer") == 0)
        return;
    if (sent->address_length < SCENARIO_ADDRESS_LENGTH)
        outcome_fail(outcome, WRONG, "%s is given an address of %ld octets; recvfrom has given %d",
                     sent->name, sent->address_length, SCENARIO_ADDRESS_LENGTH);
    else
        outcome_fail(outcome, WRONG, "%s is given another address than recvfrom has given",
                     sent->name);
    diagnose_peer(&made, sent, outcome);
}

/* Calls the function with a request, in hex digits, behind another one where `before` is one; its reply is the
 * outcome's comparison with what is due. */
static bool replies_after(const struct functions_run *run, struct outcome *outcome,
                          const char *request, const struct datagram *before, struct made *made)
{
    outcome->has_request = true;
    outcome->request = hex(request);
    struct datagram due = answer_to(outcome->request);
    struct scenario scenario = server_plain(&outcome->request);
    scenario.before = before;
    scenario.fill = before == NULL ? 0 : 1;
    return scenario_answers(run, &scenario, outcome, made) &&
           expect_sent(made, &due, false,
                       calc_format_asked(outcome->request.octets, outcome->request.length),
                       outcome);
}

static bool replies(const struct functions_run *run, struct outcome *outcome, const char *request)
{
    struct made made;
    return replies_after(run, outcome, request, NULL, &made);
}

/* What explains it is found from all replies of the run together: diagnose_replies(). */
static void wrong_reply(struct outcome *outcome)
{
    char words[REPLY_WORDS_ROOM], asked[CALC_SHOW_ROOM];
    const struct comparison *c = &outcome->comparison;
    reply_words(&outcome->request, &c->actual, c->actual_length, words);
    calc_show_request(outcome->request.octets, outcome->request.length, asked, sizeof asked);
    outcome_fail(outcome, WRONG, "%.100s: the reply is %s", asked, words);
}

/* The payload begins with what is due; that nothing more is in it is for other cases. */
static void expect_payload(struct outcome *outcome)
{
    const struct comparison *c = &outcome->comparison;
    if (c->actual_length < c->expected.length ||
        memcmp(c->actual.octets + 1, c->expected.octets + 1, c->expected.length - 1) != 0)
        wrong_reply(outcome);
}

/* A case that is a list of requests, each to get the payload that is due. */
static void expect_payloads(const struct functions_run *run, struct outcome *outcome,
                            const char *const *requests)
{
    for (; *requests != NULL && outcome->verdict == PASSED; requests++) {
        if (replies(run, outcome, *requests))
            expect_payload(outcome);
    }
}

#define PAYLOADS(name, ...)                                                                        \
    void name(struct functions_run *run, struct outcome *outcome)                                  \
    {                                                                                              \
        static const char *const requests[] = {__VA_ARGS__, NULL};                                 \
        expect_payloads(run, outcome, requests);                                                   \
    }

PAYLOADS(server_reads_network_order, "01 01020304")
PAYLOADS(server_ignores_unused, "F0 00010100 00020200", "50 00010100 00020200",
         "A0 00010100 00020200")
PAYLOADS(server_opcode, "00 00010100 00020200", "02 00020200 00000000 00010100 00010100",
         "02 00010100")
PAYLOADS(server_form, "00 00010100 00020200 00010100", "01 00010100 00020200 00010100")

void server_sends_network_order(struct functions_run *run, struct outcome *outcome)
{
    static const uint8_t swapped[] = {0x13, 0x00, 0x01, 0x14};
    if (!replies(run, outcome, "00 12FFFF12 01010101"))
        return;
    expect_payload(outcome);
    if (outcome->comparison.actual_length == 1 + sizeof swapped &&
        memcmp(outcome->comparison.actual.octets + 1, swapped, sizeof swapped) == 0)
        outcome_diagnose(outcome, "little-endian: the result is sent without htonl(3)");
}

void server_count(struct functions_run *run, struct outcome *outcome)
{
    struct datagram most = {.length = CALC_REQUEST_MAX};
    char hex[2 * CALC_REQUEST_MAX + 1] = "00";
    for (size_t i = 1; i < CALC_REQUEST_MAX; i += CALC_INTEGER_OCTETS) {
        memcpy(most.octets + i, (const uint8_t[]){0, 1, 1, 0}, CALC_INTEGER_OCTETS);
        memcpy(hex + 2 * i, "00010100", 9);
    }
    struct made made;
    if (replies_after(run, outcome, "00 00010100", &most, &made))
        expect_payload(outcome);
    if (outcome->verdict == FAILED && outcome->comparison.received &&
        outcome->comparison.actual_length == outcome->comparison.expected.length)
        outcome_diagnose(outcome, "ignores the length, and reads past the datagram: recvfrom "
                                  "returns how many octets there are");
    if (outcome->verdict == PASSED && replies(run, outcome, hex))
        expect_payload(outcome);
}

void server_success(struct functions_run *run, struct outcome *outcome)
{
    static const char *const requests[] = {"00 00010100", "01 00010100", "02 00010100",
                                           "03 00010100"};
    for (size_t i = 0; i < 4 && outcome->verdict == PASSED; i++) {
        if (!replies(run, outcome, requests[i]))
            return;
        const struct comparison *c = &outcome->comparison;
        if (c->actual_length > 0 && (c->actual.octets[0] & 0x80) != 0)
            continue;
        wrong_reply(outcome);
        if (c->actual_length == c->expected.length &&
            memcmp(c->actual.octets + 1, c->expected.octets + 1, c->expected.length - 1) == 0)
            outcome_diagnose(outcome, (c->actual.octets[0] & 1) == 0
                                          ? "status bit missing: S is 1 in a success, the highest "
                                            "bit (mask 80)"
                                          : "status bit at the wrong end: S is the highest bit "
                                            "(mask 80), not the lowest");
    }
}

void server_sends_zero_in_unused(struct functions_run *run, struct outcome *outcome)
{
    static const char *const requests[] = {"00 00010100 00020200", "03 00010100", "0F 00010100"};
    for (size_t i = 0; i < 3 && outcome->verdict == PASSED; i++) {
        if (!replies(run, outcome, requests[i]) || outcome->comparison.actual_length == 0)
            continue;
        unsigned header = outcome->comparison.actual.octets[0];
        if ((header & 0x7F) == 0)
            continue;
        outcome_fail(outcome, WRONG, "unused bits: the header of the reply is %02x", header);
        outcome_diagnose(outcome, "unused bits are set: a reply's header is 80 or 00");
    }
}

void server_integer(struct functions_run *run, struct outcome *outcome)
{
    if (!replies(run, outcome, "00 00010100 00020200") || outcome->comparison.actual_length == 5)
        return;
    outcome_fail(outcome, WRONG, "the reply has %zu octets; due are 5: the header and one integer",
                 outcome->comparison.actual_length);
}

/* As long as what is due, leading zeros aside. */
void server_string(struct functions_run *run, struct outcome *outcome)
{
    static const char *const requests[] = {"01 00010100 00020200", "03 00010100 00000000"};
    for (size_t i = 0; i < 2 && outcome->verdict == PASSED; i++) {
        if (!replies(run, outcome, requests[i]))
            return;
        const struct comparison *c = &outcome->comparison;
        struct calc_reply reply;
        if (calc_reply_decode(c->actual.octets, c->actual_length, CALC_AS_STRING, &reply) !=
                CALC_OK &&
            c->actual_length != c->expected.length)
            wrong_reply(outcome);
    }
}

void server_leading_zeros(struct functions_run *run, struct outcome *outcome)
{
    static const char *const requests[] = {"01 00010100", "01 00000000"};
    for (size_t i = 0; i < 2 && outcome->verdict == PASSED; i++) {
        if (!replies(run, outcome, requests[i]))
            return;
        const struct comparison *c = &outcome->comparison;
        if (c->actual_length > 2 && c->actual.octets[1] == '0' && c->actual.octets[2] >= '0' &&
            c->actual.octets[2] <= '9') {
            outcome_fail(outcome, WRONG, "the digits begin with a zero that says nothing");
            outcome_diagnose(outcome, "leading zeros: print the number with %u, without a width");
        }
    }
}

void server_unknown_opcode(struct functions_run *run, struct outcome *outcome)
{
    static const char *const requests[] = {"04 00010100", "06 00010100", "08 00010100",
                                           "0A 00010100", "0C 00010100", "0E 00010100"};
    for (size_t i = 0; i < 6 && outcome->verdict == PASSED; i++) {
        if (!replies(run, outcome, requests[i]))
            return;
        const struct comparison *c = &outcome->comparison;
        if (c->actual_length == 0 || (c->actual.octets[0] & 0x80) != 0)
            wrong_reply(outcome);
    }
}

void server_owns_its_octets(struct functions_run *run, struct outcome *outcome)
{
    struct datagram datagram = server_datagram(run);
    bool own = expect_own_octets(run, server_plain(&datagram), outcome);
    static const char *const requests[] = {"03 00010100", "0E 00010100"};
    for (size_t i = 0; i < 2 && own && run->server_step == 5; i++) {
        datagram = hex(requests[i]);
        own = expect_own_octets(run, server_plain(&datagram), outcome);
    }
}

void server_stays_in_its_memory(struct functions_run *run, struct outcome *outcome)
{
    static const char *const requests[] = {"00 00000001", "03 00000002 00000003", "04 00010100",
                                           "00000001 00000002 00000003"};
    struct datagram most = {.length = run->server_step == 5 ? CALC_REQUEST_MAX : MANY_OCTETS};
    struct scenario scenario = server_plain(&most);
    struct made made;
    scenario.strict = true;
    for (size_t i = 0; i < 4 && scenario_answers(run, &scenario, outcome, &made); i++) {
        most = hex(requests[i]);
        scenario = server_plain(&most);
        scenario.strict = true;
    }
}

void server_stays_in_its_buffer(struct functions_run *run, struct outcome *outcome)
{
    expect_in_buffer(run, server_plain(NULL), outcome);
}

void server_returns_0(struct functions_run *run, struct outcome *outcome)
{
    struct made made;
    if (server_called(run, outcome, &made))
        expect_returned(&made, 0, "after the result", outcome);
}

void server_error_returns_0(struct functions_run *run, struct outcome *outcome)
{
    struct made made;
    if (replies_after(run, outcome, "04 00010100", NULL, &made))
        expect_returned(&made, 0, "after an error was sent", outcome);
}

/* What it does where the published text leaves it open. */
static void observe(const struct functions_run *run, struct outcome *outcome,
                    const struct datagram *request)
{
    struct scenario scenario = server_plain(request);
    struct made made;
    outcome->has_request = true;
    outcome->request = *request;
    if (!scenario_answers(run, &scenario, outcome, &made))
        return;
    struct datagram due = answer_to(*request);
    const struct made_call *sent = made_sending(&made);
    if (sent == NULL) {
        outcome_observe(outcome, due.length == 0 && made.returned == 0, "no reply, and returns %ld",
                        made.returned);
        return;
    }
    char words[REPLY_WORDS_ROOM];
    reply_words(request, &sent->octets, sent->length, words);
    bool as_settled = due.length != 0 && sent->length == due.length &&
                      memcmp(sent->octets.octets, due.octets, due.length) == 0;
    outcome_observe(outcome, as_settled, "the reply is %s", words);
}

#define OBSERVED(name, request)                                                                    \
    void name(struct functions_run *run, struct outcome *outcome)                                  \
    {                                                                                              \
        struct datagram datagram = hex(request);                                                   \
        observe(run, outcome, &datagram);                                                          \
    }

OBSERVED(server_error_payload, "04 00010100")
OBSERVED(server_not_whole, "00 00010100 0001")
OBSERVED(server_large_sum, "01 FFFFFFFF FFFFFFFF")
OBSERVED(server_large_product, "03 FFFFFFFF FFFFFFFF FFFFFFFF")
OBSERVED(server_overflow, "00 FFFFFFFF 00010100")
OBSERVED(server_same_octets, "80 00010100")

void server_no_integers(struct functions_run *run, struct outcome *outcome)
{
    struct datagram one = hex("00"), none = {0};
    observe(run, outcome, &one);
    if (outcome->verdict == PASSED && !outcome->otherwise) {
        outcome->observed[0] = '\0';
        observe(run, outcome, &none);
    }
}

void server_too_long(struct functions_run *run, struct outcome *outcome)
{
    struct datagram request = {.length = CALC_REQUEST_MAX + 1};
    observe(run, outcome, &request);
}

void server_257_digits(struct functions_run *run, struct outcome *outcome)
{
    struct datagram request = {.length = CALC_REQUEST_MAX};
    memset(request.octets, 0xFF, request.length);
    request.octets[0] = 0x03;
    observe(run, outcome, &request);
}
