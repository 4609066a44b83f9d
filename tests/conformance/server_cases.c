/* The server's cases: what the published text fixes first, clause by clause, then what it leaves open. */
#include "server_ask.h"
#include "server_open.h"

#include <errno.h>
#include <string.h>

enum { ROUNDS = 10, RANDOM_ROUNDS = 50, PORTS = 4 };

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* A case of one request whose reply is due octet by octet, or which is an error, or is only observed. */
#define ONE_REQUEST(name, judge, header, ...)                                                      \
    static void name(struct server_run *run, struct outcome *outcome)                              \
    {                                                                                              \
        static const uint32_t integers[] = {__VA_ARGS__};                                          \
        struct datagram request = request_with(header, integers, COUNT(integers));                 \
        judge(run, outcome, &request);                                                             \
    }

static void answers_with_one_datagram(struct server_run *run, struct outcome *outcome)
{
    static const uint32_t integers[] = {6, 7};
    struct datagram request = request_with(SUM, integers, COUNT(integers));
    struct answer answer;
    if (run->ipv4_only) {
        outcome_fail(outcome, WRONG, "there is no reply over IPv6, and one over IPv4");
        outcome_diagnose(outcome,
                         "IPv4 only: the socket has to be AF_INET6, bound to :: (in6addr_any)");
        return;
    }
    struct port port;
    note_request(outcome, &request);
    if (!port_open(&port, &run->local, outcome)) {
        outcome_error(outcome, "no port to ask from: %s", strerror(errno));
        return;
    }
    server_ask_beside(run, &port, &request, true, &answer);
    port_close(&port);
    if (!answer.came)
        server_no_answer(run, &answer, outcome);
    else if (judge_reply(outcome, &request, &answer.first.datagram, answer.first.length) &&
             answer.replies > answer.sent)
        outcome_fail(outcome, WRONG, "%u replies to a request that was sent %s", answer.replies,
                     answer.sent == 1 ? "once" : "again");
}

static void goes_on(struct server_run *run, struct outcome *outcome)
{
    if (run->ends) {
        outcome_fail(outcome, WRONG, "the server ends after one request");
        outcome_diagnose(outcome,
                         "answers only once and exits: receive and reply in a loop, for (;;)");
        return;
    }
    for (uint32_t i = 1; i <= ROUNDS && outcome->verdict == PASSED; i++) {
        const uint32_t integers[] = {1000 * i, i};
        struct datagram request = request_with(SUM, integers, COUNT(integers));
        expect_due(run, outcome, &request);
    }
}

/* Whether the reply went to one of the ports that had asked before. */
static bool went_to_another(struct port *ports, size_t count, const struct datagram *request)
{
    struct arrived arrived;
    for (size_t i = 0; i < count; i++) {
        while (port_receive(&ports[i], 0, &arrived) == ARRIVED) {
            if (answers(request, &arrived.datagram, arrived.length))
                return true;
        }
    }
    return false;
}

/* One after the other, with all of them open: who answers to whoever came first, or last, is found. */
static void answers_each_port(struct server_run *run, struct outcome *outcome)
{
    struct port ports[PORTS];
    size_t open = 0;
    while (open < PORTS && port_open(&ports[open], &run->local, outcome))
        open++;
    if (open < PORTS)
        outcome_error(outcome, "no port to ask from: %s", strerror(errno));
    for (uint32_t i = 0; i < open && outcome->verdict == PASSED; i++) {
        const uint32_t integers[] = {32, 32, i};
        struct datagram request = request_with(SUM, integers, COUNT(integers));
        struct answer answer;
        note_request(outcome, &request);
        server_ask_from(run, &ports[i], &request, true, &answer);
        if (went_to_another(ports, i, &request)) {
            answer.came = false;
            answer.trouble = WRONG;
        }
        if (answer.came)
            judge_reply(outcome, &request, &answer.first.datagram, answer.first.length);
        else
            server_no_answer(run, &answer, outcome);
    }
    while (open > 0)
        port_close(&ports[--open]);
}

static void replies_from_the_port_asked(struct server_run *run, struct outcome *outcome)
{
    static const uint32_t integers[] = {3, 4};
    struct datagram request = request_with(SUM, integers, COUNT(integers));
    struct answer answer;
    if (!ask(run, outcome, &request, &answer))
        return;
    unsigned asked = ntohs(run->peer.sin6_port), from = ntohs(answer.first.source.sin6_port);
    if (asked == from)
        return;
    outcome_fail(outcome, WRONG, "the reply comes from another port than was asked");
    outcome_diagnose(outcome, "answers from another port: reply through the socket that received "
                              "the request; a client that "
                              "has connected its socket never sees this reply");
}

ONE_REQUEST(sum, expect_due, SUM, 4, 2, 3)
ONE_REQUEST(product, expect_due, PRODUCT, 4, 2, 3)
ONE_REQUEST(sum_as_string, expect_due, SUM_AS_STRING, 4, 2, 3)
ONE_REQUEST(product_as_string, expect_due, PRODUCT_AS_STRING, 4, 2, 3)
ONE_REQUEST(reads_network_order, expect_due, SUM_AS_STRING, 0x01020304)
ONE_REQUEST(sends_network_order, expect_due, SUM, 0x01020300, 4)
ONE_REQUEST(unsigned_as_string, expect_due, SUM_AS_STRING, 0x80000000)
ONE_REQUEST(unsigned_in_a_product, expect_due, PRODUCT_AS_STRING, 0xC0000000, 1)
ONE_REQUEST(unused_bit_0, expect_due, 0x80 | SUM, 6, 7)
ONE_REQUEST(unused_bit_1, expect_due, 0x40 | SUM, 6, 7)
ONE_REQUEST(unused_bit_2, expect_due, 0x20 | SUM, 6, 7)
ONE_REQUEST(unused_bit_3, expect_due, 0x10 | SUM, 6, 7)
ONE_REQUEST(all_unused_bits, expect_due, 0xF0 | PRODUCT_AS_STRING, 6, 7)
ONE_REQUEST(sum_of_one, expect_due, SUM, 77)
ONE_REQUEST(product_of_one, expect_due, PRODUCT, 77)
ONE_REQUEST(zero_as_integer, expect_due, SUM, 0)
ONE_REQUEST(zero_as_string, expect_due, SUM_AS_STRING, 0, 0)
ONE_REQUEST(ten_digits, expect_due, SUM_AS_STRING, 4294967290, 5)
ONE_REQUEST(opcode_2, expect_due, 2 << 1, 6, 7)
ONE_REQUEST(opcode_7, expect_due, 7 << 1, 6, 7)
ONE_REQUEST(opcode_2_as_string, expect_due, 2 << 1 | 1, 6, 7)
ONE_REQUEST(opcode_5_with_unused_bits, expect_due, 0xF0 | 5 << 1, 6, 7)
ONE_REQUEST(largest_sum, expect_due, SUM, 4294967290, 5)
ONE_REQUEST(largest_product, expect_due, PRODUCT, 65535, 65537)
ONE_REQUEST(a_zero_makes_zero, expect_due, PRODUCT, 5, 0, 7)

static void opcodes_3_to_6(struct server_run *run, struct outcome *outcome)
{
    static const uint32_t integers[] = {6, 7};
    for (unsigned opcode = 3; opcode <= 6 && outcome->verdict == PASSED; opcode++) {
        struct datagram request = request_with(opcode << 1, integers, COUNT(integers));
        expect_due(run, outcome, &request);
    }
}

static void every_count(struct server_run *run, struct outcome *outcome)
{
    uint32_t integers[CALC_INTEGERS_MAX];
    for (uint32_t i = 0; i < CALC_INTEGERS_MAX; i++)
        integers[i] = i + 1;
    for (size_t count = 2; count < CALC_INTEGERS_MAX && outcome->verdict == PASSED; count++) {
        struct datagram request = request_with(SUM, integers, count);
        expect_due(run, outcome, &request);
    }
}

static void sixty_four(struct server_run *run, struct outcome *outcome, unsigned header,
                       uint32_t last)
{
    uint32_t integers[CALC_INTEGERS_MAX];
    for (size_t i = 0; i < CALC_INTEGERS_MAX; i++)
        integers[i] = 1;
    integers[CALC_INTEGERS_MAX - 1] = last;
    struct datagram request = request_with(header, integers, CALC_INTEGERS_MAX);
    expect_due(run, outcome, &request);
}

static void sum_of_sixty_four(struct server_run *run, struct outcome *outcome)
{
    sixty_four(run, outcome, SUM, 37);
}

static void product_of_sixty_four(struct server_run *run, struct outcome *outcome)
{
    sixty_four(run, outcome, PRODUCT_AS_STRING, 37);
}

static void short_after_long(struct server_run *run, struct outcome *outcome)
{
    uint32_t integers[CALC_INTEGERS_MAX];
    for (uint32_t i = 0; i < CALC_INTEGERS_MAX; i++)
        integers[i] = 100 + i;
    struct datagram before = request_with(SUM, integers, CALC_INTEGERS_MAX);
    struct datagram request = request_with(SUM, integers, 3);
    if (expect_due(run, outcome, &before))
        expect_due(run, outcome, &request);
}

static void digits_end_with_the_datagram(struct server_run *run, struct outcome *outcome)
{
    static const uint32_t large[] = {4000000000, 9}, small[] = {7};
    struct datagram before = request_with(SUM_AS_STRING, large, COUNT(large));
    struct datagram request = request_with(SUM_AS_STRING, small, COUNT(small));
    if (expect_due(run, outcome, &before))
        expect_due(run, outcome, &request);
}

static void success_is_said(struct server_run *run, struct outcome *outcome)
{
    static const uint32_t integers[] = {5, 6, 7};
    for (unsigned header = SUM; header <= PRODUCT_AS_STRING && outcome->verdict == PASSED;
         header++) {
        struct datagram request = request_with(header, integers, COUNT(integers));
        expect_due(run, outcome, &request);
    }
}

static uint32_t random_below(struct server_run *run, uint32_t limit)
{
    return random_u32(&run->random) % limit;
}

/* 64 of them stay below 2^32. */
static void random_sums(struct server_run *run, struct outcome *outcome)
{
    uint32_t integers[CALC_INTEGERS_MAX];
    for (int round = 0; round < RANDOM_ROUNDS && outcome->verdict == PASSED; round++) {
        size_t count = 1 + random_below(run, CALC_INTEGERS_MAX);
        for (size_t i = 0; i < count; i++)
            integers[i] = random_below(run, UINT32_C(1) << 26);
        struct datagram request =
            request_with(round % 2 == 0 ? SUM : SUM_AS_STRING, integers, count);
        expect_due(run, outcome, &request);
    }
}

static void random_products(struct server_run *run, struct outcome *outcome)
{
    uint32_t integers[8];
    for (int round = 0; round < RANDOM_ROUNDS && outcome->verdict == PASSED; round++) {
        size_t count = 1 + random_below(run, COUNT(integers));
        uint32_t room = UINT32_MAX;
        for (size_t i = 0; i < count; i++) {
            integers[i] = 1 + random_below(run, room < 1000 ? room : 1000);
            room /= integers[i];
        }
        struct datagram request =
            request_with(round % 2 == 0 ? PRODUCT : PRODUCT_AS_STRING, integers, count);
        expect_due(run, outcome, &request);
    }
}

static void never_too_long(struct server_run *run, struct outcome *outcome)
{
    uint32_t integers[CALC_INTEGERS_MAX];
    memset(integers, 0xFF, sizeof integers);
    for (size_t count = 16; count <= CALC_INTEGERS_MAX && outcome->verdict == PASSED; count += 16) {
        struct datagram request = request_with(PRODUCT_AS_STRING, integers, count);
        struct answer answer;
        if (ask(run, outcome, &request, &answer) && answer.first.length > CALC_REPLY_MAX)
            outcome_fail(outcome, WRONG, "the reply has %zu octets, a payload has 256 at most",
                         answer.first.length);
    }
}

ONE_REQUEST(sum_above_as_integer, observe, SUM, 4294967295, 1)
ONE_REQUEST(product_above_as_integer, observe, PRODUCT, 65536, 65536, 3)
ONE_REQUEST(sum_above_as_string, observe, SUM_AS_STRING, 4294967295, 6)
ONE_REQUEST(product_above_as_string, observe, PRODUCT_AS_STRING, 4294967295, 4294967295, 5)
ONE_REQUEST(zero_after_overflow, observe, PRODUCT, 65536, 65536, 0)

static const struct conformance_case cases[] = {
    {"REQ-3.1/1",
     MUST,               "A request over IPv6 gets a reply, and only one",
     {answers_with_one_datagram}                                                                                                        },
    {"REQ-3.1/2",  MUST, "The server answers one request after the other",                                    {goes_on}                 },
    {"REQ-3.2/1",
     MUST,               "The reply goes to the port that the request came from",
     {answers_each_port}                                                                                                                },
    {"REQ-3.3/1",
     MUST,               "The integers of a request are read in network byte order",
     {reads_network_order}                                                                                                              },
    {"REQ-3.3/2",  MUST, "A result is sent in network byte order",                                            {sends_network_order}     },
    {"REQ-3.3/3",  MUST, "Integers are unsigned: 2147483648 is not negative",                                 {unsigned_as_string}      },
    {"REQ-3.3/4",  MUST, "Integers are unsigned in a product, too",                                           {unsigned_in_a_product}   },
    {"REQ-3.4/1",
     MUST,               "The reply comes from the port that was asked",
     {replies_from_the_port_asked}                                                                                                      },
    {"REQ-3.4/2",
     SHOULD,             "The reply comes from the address that was asked, on a host with several",
     {open_reply_address}                                                                                                               },
    {"REQ-3.5/1",  MAY,  "A datagram of 1000 octets is not taken for its first 257",                          {open_cut}                },
    {"REQ-4.1/1",  MUST, "Bit 0 of a request, unused, is ignored",                                            {unused_bit_0}            },
    {"REQ-4.1/2",  MUST, "Bit 1 of a request, unused, is ignored",                                            {unused_bit_1}            },
    {"REQ-4.1/3",  MUST, "Bit 2 of a request, unused, is ignored",                                            {unused_bit_2}            },
    {"REQ-4.1/4",  MUST, "Bit 3 of a request, unused, is ignored",                                            {unused_bit_3}            },
    {"REQ-4.1/5",
     MUST,               "All four unused bits are ignored, for a product as a string",
     {all_unused_bits}                                                                                                                  },
    {"REQ-4.3/1",  MUST, "Opcode 0 asks for the sum",                                                         {sum}                     },
    {"REQ-4.3/2",  MUST, "Opcode 1 asks for the product",                                                     {product}                 },
    {"REQ-4.4/1",  MUST, "F=1 asks for a sum as a string of digits",                                          {sum_as_string}           },
    {"REQ-4.4/2",  MUST, "F=1 asks for a product as a string of digits",                                      {product_as_string}       },
    {"REQ-4.5/1",  MUST, "A sum of one integer",                                                              {sum_of_one}              },
    {"REQ-4.5/2",  MUST, "A product of one integer",                                                          {product_of_one}          },
    {"REQ-4.5/3",  MUST, "Every number of integers from 2 to 63",                                             {every_count}             },
    {"REQ-4.5/4",  MUST, "A sum of 64 integers",                                                              {sum_of_sixty_four}       },
    {"REQ-4.5/5",  MUST, "A product of 64 integers",                                                          {product_of_sixty_four}   },
    {"REQ-4.5/6",
     MUST,               "The datagram's length tells how many integers there are, also behind a longer one",
     {short_after_long}                                                                                                                 },
    {"REQ-5.1/1",  MUST, "S is 1 in a result, for both operations in both forms",                             {success_is_said}         },
    {"REQ-5.2/1",  MAY,  "Unused bits of a reply are zero",                                                   {open_reply_bits}         },
    {"REQ-5.3/1",  MUST, "The result 0 as an integer has four octets, too",                                   {zero_as_integer}         },
    {"REQ-5.4/1",
     MUST,               "A string ends where the datagram ends, also behind a longer one",
     {digits_end_with_the_datagram}                                                                                                     },
    {"REQ-5.4/2",  MUST, "The result 0 as a string",                                                          {zero_as_string}          },
    {"REQ-5.4/3",  MUST, "The largest integer as a string of ten digits",                                     {ten_digits}              },
    {"REQ-5.4/4",  MAY,  "A string has no leading zeros",                                                     {open_leading_zeros}      },
    {"REQ-5.5/1",  MAY,  "An error has nothing behind its header",                                            {open_error_payload}      },
    {"REQ-6.1/1",  MAY,  "An empty datagram",                                                                 {open_empty}              },
    {"REQ-6.1/2",  MAY,  "A datagram of one octet, which has no integers",                                    {open_header_only}        },
    {"REQ-6.2/1",  MAY,  "A datagram of 258 octets",                                                          {open_258_octets}         },
    {"REQ-6.2/2",  MAY,  "A datagram of 65 integers",                                                         {open_65_integers}        },
    {"REQ-6.3/1",  MAY,  "A payload of one octet",                                                            {open_1_octet}            },
    {"REQ-6.3/2",  MAY,  "A payload of three octets",                                                         {open_3_octets}           },
    {"REQ-6.3/3",  MAY,  "A payload of five octets",                                                          {open_5_octets}           },
    {"REQ-6.3/4",  MAY,  "Datagrams of random octets and lengths",                                            {open_random}             },
    {"REQ-6.4/1",  MUST, "Opcode 2 gets an error",                                                            {opcode_2}                },
    {"REQ-6.4/2",  MUST, "The opcodes 3 to 6 get an error",                                                   {opcodes_3_to_6}          },
    {"REQ-6.4/3",  MUST, "Opcode 7 gets an error",                                                            {opcode_7}                },
    {"REQ-6.4/4",
     MUST,               "An unknown opcode gets an error where a string is asked for",
     {opcode_2_as_string}                                                                                                               },
    {"REQ-6.4/5",
     MUST,               "An unknown opcode gets an error where unused bits are set",
     {opcode_5_with_unused_bits}                                                                                                        },
    {"REQ-6.5/1",  MUST, "The largest sum that fits, 4294967295",                                             {largest_sum}             },
    {"REQ-6.5/2",  MUST, "Random sums that fit, in both forms",                                               {random_sums}             },
    {"REQ-6.5/3",  MAY,  "A sum above 4294967295 as a string",                                                {sum_above_as_string}     },
    {"REQ-6.6/1",  MUST, "The largest product that fits, 4294967295",                                         {largest_product}         },
    {"REQ-6.6/2",  MUST, "A product with a zero in it is 0",                                                  {a_zero_makes_zero}       },
    {"REQ-6.6/3",  MUST, "Random products that fit, in both forms",                                           {random_products}         },
    {"REQ-6.6/4",  MAY,  "A product above 4294967295 as a string",                                            {product_above_as_string} },
    {"REQ-6.6/5",
     MAY,                "A product that is above 4294967295 until a zero comes",
     {zero_after_overflow}                                                                                                              },
    {"REQ-6.7/1",  MAY,  "A sum above 4294967295 as an integer",                                              {sum_above_as_integer}    },
    {"REQ-6.7/2",  MAY,  "A product above 4294967295 as an integer",                                          {product_above_as_integer}},
    {"REQ-6.8/1",  MAY,  "A product of 256 digits",                                                           {open_256_digits}         },
    {"REQ-6.8/2",  MAY,  "A product of 257 digits",                                                           {open_257_digits}         },
    {"REQ-6.11/1", MUST, "A reply has at most 257 octets",                                                    {never_too_long}          },
    {"REQ-7.1/1",  MAY,  "No reply equals its request",                                                       {open_equal_reply}        },
    {"REQ-7.2/1",  MAY,  "A chain of replies to replies ends",                                                {open_chain}              },
    {"REQ-7.3/1",  MAY,  "No reply to a port below 1024",                                                     {open_low_port}           },
    {"REQ-7.4/1",  MAY,  "No reply to the server's own port number",                                          {open_same_port}          },
};

const struct suite server_suite = {"server", cases, COUNT(cases)};
