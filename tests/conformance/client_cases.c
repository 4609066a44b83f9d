/* The client's cases: what the published text fixes, clause by clause. What is settled is client_settled.h's. */
#include "client_judge.h"
#include "client_settled.h"

#include <string.h>

enum {
    REPLY_SUCCESS = 0x80,
    UNUSED_BITS = 7,
};

static const struct calc_request product = {
    .opcode = CALC_PRODUCT, .count = 2, .integers = {0x04000004, 0x00000001}
};
static const struct calc_request product_string = {
    .opcode = CALC_PRODUCT, .format = CALC_AS_STRING, .count = 2, .integers = {12, 2}
};

static const char sum_digits[] = "150994953";
static const char string_digits[] = "24";
static const char other_result[] = "80 07000007";

/* A case of one request, of which one part is judged. */
#define ASKS(name, request, part)                                                                  \
    static void name(struct client_run *run, struct outcome *outcome)                              \
    {                                                                                              \
        judge_request(run, outcome, &(request), part);                                             \
    }

/* ---- 3 Transport ---- */

static void one_datagram(struct client_run *run, struct outcome *outcome)
{
    if (!judge_request(run, outcome, &asked_sum, PART_NONE))
        return;
    const struct arrived *first = &run->attempts[0].arrived;
    for (size_t i = 1; i < run->attempt_count; i++) {
        const struct arrived *other = &run->attempts[i].arrived;
        if (other->length == first->length &&
            memcmp(other->datagram.octets, first->datagram.octets, first->datagram.length) == 0)
            continue;
        outcome_fail(outcome, WRONG,
                     "it sent a datagram of %zu octets, and another one of %zu: a request is one",
                     first->length, other->length);
        outcome_diagnose(
            outcome, "the request is sent in pieces: each send(2) makes a datagram, so put header "
                     "and integers into one buffer (REQ-3.1)");
    }
}

static void network_order(struct client_run *run, struct outcome *outcome)
{
    const struct calc_request request = {
        .count = 4, .integers = {0x01020304, 1, 2, 3}
    };
    judge_request(run, outcome, &request, PART_INTEGERS);
}

static void large_integers(struct client_run *run, struct outcome *outcome)
{
    const struct calc_request request = {
        .count = 4, .integers = {0xFFFFFFFF, 0x80000080, 0x81000081, 0x82000082}
    };
    judge_request(run, outcome, &request, PART_INTEGERS);
}

static void zeros(struct client_run *run, struct outcome *outcome)
{
    const struct calc_request request = {
        .count = 4, .integers = {0x05000005, 0, 0x06000006, 0x07000007}
    };
    judge_request(run, outcome, &request, PART_INTEGERS);
}

static void result_in_network_order(struct client_run *run, struct outcome *outcome)
{
    const struct calc_request request = {
        .count = 2, .integers = {0x01020300, 4}
    };
    const struct client_reply reply = right_reply(&request);
    judge_shown(run, outcome, &request, &reply, "16909060");
}

static void unsigned_result(struct client_run *run, struct outcome *outcome)
{
    const struct client_reply largest = reply_of("80 FFFFFFFF"), half = reply_of("80 80000080");
    judge_shown(run, outcome, &asked_sum, &largest, "4294967295");
    if (outcome->verdict == PASSED)
        judge_shown(run, outcome, &asked_sum, &half, "2147483776");
}

/* ---- 4 Request ---- */

ASKS(opcode_of_a_sum, asked_sum, PART_OPCODE)
ASKS(opcode_of_a_product, product, PART_OPCODE)
ASKS(opcode_of_a_product_as_a_string, product_string, PART_OPCODE)
ASKS(format_of_an_integer, asked_sum, PART_FORMAT)
ASKS(format_of_a_string, asked_sum_string, PART_FORMAT)
ASKS(format_of_a_product_as_a_string, product_string, PART_FORMAT)
static void one_integer(struct client_run *run, struct outcome *outcome)
{
    const struct calc_request request = {.count = 1, .integers = {0x01020304}};
    judge_request(run, outcome, &request, PART_LENGTH);
}

static void five_integers(struct client_run *run, struct outcome *outcome)
{
    const struct calc_request request = {
        .count = 5, .integers = {0x01020304, 5, 6, 7, 8}
    };
    judge_request(run, outcome, &request, PART_LENGTH);
}

static struct calc_request of_64_integers(void)
{
    struct calc_request request = {.count = CALC_INTEGERS_MAX};
    for (uint32_t i = 0; i < CALC_INTEGERS_MAX; i++)
        request.integers[i] = (i + 1) << 16 | (i + 1) << 8;
    return request;
}

static void number_of_64_integers(struct client_run *run, struct outcome *outcome)
{
    const struct calc_request request = of_64_integers();
    judge_request(run, outcome, &request, PART_LENGTH);
}

static void all_of_64_integers(struct client_run *run, struct outcome *outcome)
{
    const struct calc_request request = of_64_integers();
    judge_request(run, outcome, &request, PART_INTEGERS);
}

/* ---- 5 Reply ---- */

static void integer_is_shown(struct client_run *run, struct outcome *outcome)
{
    const struct calc_request request = {
        .count = 3, .integers = {0x01000001, 0x02000002, 0x03000003}
    };
    const struct client_reply reply = right_reply(&request);
    judge_shown(run, outcome, &request, &reply, "100663302");
}

static void error_shows_nothing(struct client_run *run, struct outcome *outcome)
{
    const struct client_reply reply = reply_of("00");
    judge_error(run, outcome, &asked_sum, &reply);
}

/* The header with each unused bit set alone, then with all of them. */
static uint8_t with_unused_bit(uint8_t header, unsigned bit)
{
    return (uint8_t)(bit < UNUSED_BITS ? header | 1U << bit : header | 0x7FU);
}

/* Does it show the result of an error whose last bit is set? */
static void diagnose_wrong_end(struct client_run *run, struct outcome *outcome,
                               const struct calc_request *request, const char *digits)
{
    struct client_reply reply = right_reply(request);
    struct outcome other = {.verdict = PASSED};
    reply.datagram.octets[0] = 0x01;
    judge_shown(run, &other, request, &reply, digits);
    if (other.verdict == PASSED)
        outcome_diagnose(
            outcome, "S is looked for at the wrong end: it is the first bit of the reply, mask 80 "
                     "(REQ-5.1)");
}

/* First without: what else is wrong with it is not the unused bits' fault. */
static void shown_whatever_is_unused(struct client_run *run, struct outcome *outcome,
                                     const struct calc_request *request, const char *digits)
{
    struct client_reply reply = right_reply(request);
    judge_shown(run, outcome, request, &reply, digits);
    if (outcome->verdict == FAILED)
        diagnose_wrong_end(run, outcome, request, digits);
    for (unsigned bit = 0; bit <= UNUSED_BITS && outcome->verdict == PASSED; bit++) {
        reply.datagram.octets[0] = with_unused_bit(REPLY_SUCCESS, bit);
        judge_shown(run, outcome, request, &reply, digits);
        if (outcome->verdict == FAILED)
            outcome_diagnose(
                outcome, "unused bits of the reply are looked at: they may have any value, S alone "
                         "is the first bit, mask 80 (REQ-5.2)");
    }
}

static void unused_bits_of_an_integer(struct client_run *run, struct outcome *outcome)
{
    shown_whatever_is_unused(run, outcome, &asked_sum, sum_digits);
}

static void unused_bits_of_a_string(struct client_run *run, struct outcome *outcome)
{
    shown_whatever_is_unused(run, outcome, &asked_sum_string, string_digits);
}

static void unused_bits_of_an_error(struct client_run *run, struct outcome *outcome)
{
    struct client_reply reply = reply_of(other_result);
    for (unsigned bit = 0; bit <= UNUSED_BITS && outcome->verdict == PASSED; bit++) {
        reply.datagram.octets[0] = with_unused_bit(0, bit);
        judge_error(run, outcome, &asked_sum, &reply);
    }
}

static void zero_is_a_result(struct client_run *run, struct outcome *outcome)
{
    const struct calc_request request = {
        .count = 2, .integers = {0, 0}
    };
    const struct client_reply reply = right_reply(&request);
    judge_shown(run, outcome, &request, &reply, "0");
}

/* As many digits as the published functions hand on, in a signed int. */
static void string_is_shown(struct client_run *run, struct outcome *outcome)
{
    const struct calc_request request = {
        .format = CALC_AS_STRING, .count = 2, .integers = {INT32_MAX - 1, 1}
    };
    const struct client_reply reply = right_reply(&request);
    judge_shown(run, outcome, &request, &reply, "2147483647");
}

/* The buffer that it receives into may still have the request in it, whose octets are digits here. */
static void string_ends_with_the_datagram(struct client_run *run, struct outcome *outcome)
{
    struct calc_request request = {.opcode = CALC_SUM, .format = CALC_AS_STRING, .count = 64};
    for (size_t i = 0; i < request.count; i++)
        request.integers[i] = 0x39393939;
    const struct client_reply reply = reply_of("80 37");
    judge_shown(run, outcome, &request, &reply, "7");
}

static void error_with_an_integer(struct client_run *run, struct outcome *outcome)
{
    const struct client_reply reply = reply_of("00 07000007");
    judge_error(run, outcome, &asked_sum, &reply);
}

static void error_with_digits(struct client_run *run, struct outcome *outcome)
{
    const struct client_reply reply = reply_of("00 3137");
    judge_error(run, outcome, &asked_sum_string, &reply);
}

static void error_with_much(struct client_run *run, struct outcome *outcome)
{
    const struct client_reply reply = reply_filled(0x00, '7', CALC_PAYLOAD_MAX);
    judge_error(run, outcome, &asked_sum, &reply);
}

static const struct conformance_case cases[] = {
    {"REQ-3.1/21", MUST,   "A request is one datagram, over IPv6",                              {.client = one_datagram}        },
    {"REQ-3.3/21", MUST,   "Integers are sent in network byte order",                           {.client = network_order}       },
    {"REQ-3.3/22",
     MUST,                 "Integers of 2147483648 and above are sent as they are",
     {.client = large_integers}                                                                                                 },
    {"REQ-3.3/23", MUST,   "The integer 0 is sent like any other",                              {.client = zeros}               },
    {"REQ-3.3/24",
     MUST,                 "A result is read in network byte order",
     {.client = result_in_network_order}                                                                                        },
    {"REQ-3.3/25",
     SHOULD,               "A result of 2147483648 and above is shown unsigned",
     {.client = unsigned_result}                                                                                                },
    {"REQ-3.5/21",
     SHOULD,               "A reply that is too long is not cut to a right one",
     {.client = too_long_to_be_right}                                                                                           },
    {"REQ-4.2/21", MAY,    "Unused bits of a request are zero",                                 {.client = unused_bits_sent}    },
    {"REQ-4.3/21", MUST,   "The opcode of a sum is 0",                                          {.client = opcode_of_a_sum}     },
    {"REQ-4.3/22", MUST,   "The opcode of a product is 1",                                      {.client = opcode_of_a_product} },
    {"REQ-4.3/23",
     MUST,                 "The opcode of a product as a string is 1",
     {.client = opcode_of_a_product_as_a_string}                                                                                },
    {"REQ-4.4/21", MUST,   "F is 0 where an integer is wanted",                                 {.client = format_of_an_integer}},
    {"REQ-4.4/22", MUST,   "F is 1 where a string is wanted",                                   {.client = format_of_a_string}  },
    {"REQ-4.4/23",
     MUST,                 "F is 1 where a product is wanted as a string",
     {.client = format_of_a_product_as_a_string}                                                                                },
    {"REQ-4.5/21", MUST,   "A request of one integer has 5 octets",                             {.client = one_integer}         },
    {"REQ-4.5/22", MUST,   "A request of five integers has 21 octets",                          {.client = five_integers}       },
    {"REQ-4.5/23",
     MUST,                 "A request of 64 integers has 257 octets",
     {.client = number_of_64_integers}                                                                                          },
    {"REQ-4.5/24", MUST,   "All of 64 integers are sent",                                       {.client = all_of_64_integers}  },
    {"REQ-5.1/21", MUST,   "With S=1 the result is shown",                                      {.client = integer_is_shown}    },
    {"REQ-5.1/22", MUST,   "With S=0 no result is shown",                                       {.client = error_shows_nothing} },
    {"REQ-5.1/23", MAY,    "The exit status tells a result from an error",                      {.client = exit_statuses}       },
    {"REQ-5.2/21",
     MUST,                 "An integer is shown whatever the unused bits are",
     {.client = unused_bits_of_an_integer}                                                                                      },
    {"REQ-5.2/22",
     MUST,                 "A string is shown whatever the unused bits are",
     {.client = unused_bits_of_a_string}                                                                                        },
    {"REQ-5.2/23",
     MUST,                 "An error shows no result whatever the unused bits are",
     {.client = unused_bits_of_an_error}                                                                                        },
    {"REQ-5.3/21", MUST,   "The result 0 is shown",                                             {.client = zero_is_a_result}    },
    {"REQ-5.4/21", MUST,   "A string of ten digits is shown",                                   {.client = string_is_shown}     },
    {"REQ-5.4/22",
     MUST,                 "A string of 256 digits is never shown as another number",
     {.client = longest_string}                                                                                                 },
    {"REQ-5.4/23",
     MUST,                 "A string ends where the datagram ends, also behind a long request",
     {.client = string_ends_with_the_datagram}                                                                                  },
    {"REQ-5.6/21",
     MUST,                 "An error with an integer behind it shows no result",
     {.client = error_with_an_integer}                                                                                          },
    {"REQ-5.6/22",
     MUST,                 "An error with digits behind it shows no result",
     {.client = error_with_digits}                                                                                              },
    {"REQ-5.6/23",
     MUST,                 "An error with 256 octets behind it shows no result",
     {.client = error_with_much}                                                                                                },
    {"REQ-8.1/21",
     SHOULD,               "A reply from another port than was asked is not taken",
     {.client = reply_from_elsewhere}                                                                                           },
    {"REQ-8.1/22", MUST,   "A reply that comes twice is one result",                            {.client = reply_twice}         },
    {"REQ-8.2/21", MAY,    "A further try leaves from a fresh port",                            {.client = fresh_port}          },
    {"REQ-8.2/22", MAY,    "A late reply to the first try counts",                              {.client = late_reply}          },
    {"REQ-8.4/21",
     MAY,                  "Without a reply, tries are bounded, and each waits twice as long",
     {.client = no_reply}                                                                                                       },
    {"REQ-8.5/21", MAY,    "An unreachable port shortens the wait",                             {.client = port_unreachable}    },
    {"REQ-8.6/21", SHOULD, "A reply of 0 octets is no result",                                  {.client = empty_reply}         },
    {"REQ-8.6/22", SHOULD, "A success without an integer is no result",                         {.client = header_alone}        },
    {"REQ-8.6/23", SHOULD, "An integer of 3 octets is no result",                               {.client = three_octets}        },
    {"REQ-8.6/24", SHOULD, "An integer of 5 octets is no result",                               {.client = five_octets}         },
    {"REQ-8.6/25", SHOULD, "A string without digits is no result",                              {.client = no_digits}           },
    {"REQ-8.6/26",
     SHOULD,               "A string with a NUL at its end is no result",
     {.client = nul_at_the_end}                                                                                                 },
    {"REQ-8.6/27", SHOULD, "A string with a NUL in it is no result",                            {.client = nul_inside}          },
    {"REQ-8.6/28",
     SHOULD,               "A string with a letter in it is no result",
     {.client = no_digit_among_them}                                                                                            },
    {"REQ-8.6/29", SHOULD, "A string with a minus is no result",                                {.client = minus_sign}          },
    {"REQ-8.6/30", SHOULD, "A string of 257 digits is no result",                               {.client = digits_257}          },
    {"REQ-8.7/21", MAY,    "Leading zeros are taken",                                           {.client = leading_zeros}       },
};

const struct suite client_suite = {"client", cases, sizeof cases / sizeof cases[0]};
