/* hostile packets|expected COUNT: requests, good and bad, each with a reply, right or wrong in the ways
 * that people and networks find; the same ones on each run. `packets` prints them as a description
 * (packets.c), `expected` what the codec makes of each, one line of fields a datagram, as
 * tests/dissector/fields.sh prints it of the dissector. */
#include "tests/unit/reference.h"

#include "proto/show.h"
#include "proto/wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_PORT = 50000, LENGTH_MAX = 300 };

static bool one_in(uint64_t *state, unsigned n)
{
    return random_u32(state) % n == 0;
}

/* Small, large, at the limits, or as it comes: results that fit and results that do not. */
static uint32_t any_integer(uint64_t *state, unsigned taste)
{
    static const uint32_t limits[] = {0, 1, 9, 10, 0xFFFF, 0x10000, 0x7FFFFFFF, 0xFFFFFFFF};
    if (taste == 0)
        return random_u32(state) % 10;
    if (taste == 1)
        return random_u32(state) % 100000;
    if (taste == 2)
        return limits[random_u32(state) % 8];
    if (taste == 3)
        return __builtin_bswap32(random_u32(state) % 1000);
    return random_u32(state);
}

static void scramble(struct datagram *d, uint64_t *state)
{
    for (size_t i = 0; i < d->length; i++)
        d->octets[i] = (uint8_t)random_u32(state);
}

/* Now and then. It keeps an octet. */
static void stretch_or_cut(struct datagram *d, uint64_t *state)
{
    if (one_in(state, 16))
        d->length += random_u32(state) % 8;
    if (one_in(state, 16))
        d->length -= random_u32(state) % d->length;
}

static struct datagram any_request(uint64_t *state)
{
    struct datagram d = {.length = 1 + random_u32(state) % LENGTH_MAX};
    if (one_in(state, 8)) {
        scramble(&d, state);
        return d;
    }
    uint32_t integers[CALC_INTEGERS_MAX];
    size_t count = 1 + random_u32(state) % (one_in(state, 4) ? CALC_INTEGERS_MAX : 6);
    unsigned taste = random_u32(state) % 5;
    for (size_t i = 0; i < count; i++)
        integers[i] = any_integer(state, taste);
    d = request_with(random_u32(state) % 4, integers, count);
    if (one_in(state, 8))
        d.octets[0] = (uint8_t)random_u32(state);
    stretch_or_cut(&d, state);
    return d;
}

/* What a wrong program could send in place of the right result, for n integers. */
static struct datagram invented(const struct datagram *request, uint64_t *state)
{
    enum { SUCCESS = 0x80 };
    char text[64];
    uint32_t number = any_integer(state, random_u32(state) % 5);
    if (one_in(state, 2)) {
        struct datagram d = {.octets = {SUCCESS}};
        int length =
            snprintf(text, sizeof text, one_in(state, 4) ? "%08" PRIu32 : "%" PRIu32, number);
        d.length = 1 + (size_t)length + one_in(state, 4);
        memcpy(d.octets + 1, text, (size_t)length);
        return d;
    }
    struct calc_request other;
    if (calc_request_decode(request->octets, request->length, &other) == CALC_OK &&
        one_in(state, 2)) {
        number = 0;
        for (size_t i = 0; i < other.count; i++)
            number += other.integers[i];
    }
    if (one_in(state, 2))
        number = __builtin_bswap32(number);
    return request_with(SUCCESS, &number, 1);
}

static struct datagram any_reply(const struct datagram *request, uint64_t *state)
{
    struct datagram d = answer_to(*request);
    if (d.length == 0 || one_in(state, 4))
        d = invented(request, state);
    if (one_in(state, 16)) {
        d.length = 1 + random_u32(state) % LENGTH_MAX;
        scramble(&d, state);
    }
    if (one_in(state, 8))
        d.octets[random_u32(state) % d.length] ^= (uint8_t)(1u << random_u32(state) % 8);
    if (one_in(state, 8))
        d.octets[0] = (uint8_t)random_u32(state);
    stretch_or_cut(&d, state);
    return d;
}

static void print_packet(double at, const char *from, unsigned from_port, const char *to,
                         unsigned to_port, const struct datagram *d)
{
    printf("%.4f %s:%u > %s:%u ", at, from, from_port, to, to_port);
    for (size_t i = 0; i < d->length; i++)
        printf("%02x", d->octets[i]);
    putchar('\n');
}

/* The fields, separated by tabs. Those that a datagram has not are empty. */
enum {
    UNUSED,
    OPCODE,
    FORMAT,
    COUNT,
    INTEGERS,
    EXPECTED,
    STATUS,
    RESULT,
    STRING,
    UNDECODED,
    MALFORMED,
    VERDICT,
    FIELDS
};

struct fields {
    char of[FIELDS][1200];
};

__attribute__((format(printf, 3, 4))) static void add(struct fields *fields, int field,
                                                      const char *format, ...)
{
    size_t used = strlen(fields->of[field]);
    va_list arguments;
    va_start(arguments, format);
    int length =
        vsnprintf(fields->of[field] + used, sizeof fields->of[field] - used, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof fields->of[field] - used)
        abort();
}

static void add_octets(struct fields *fields, const struct datagram *d, size_t from)
{
    for (size_t i = from; i < d->length; i++)
        add(fields, UNDECODED, i > from ? " %02x" : "%02x", d->octets[i]);
}

static const char *malformed_by(enum calc_code code)
{
    switch (code) {
    case CALC_NO_INTEGERS:
        return "no_integers";
    case CALC_TOO_LONG:
        return "too_long";
    case CALC_NOT_WHOLE:
        return "not_whole";
    case CALC_UNKNOWN_OPCODE:
        return "opcode";
    default:
        return "";
    }
}

/* The exact result, where there is a request that has one. */
static void add_expected(struct fields *fields, const struct datagram *d)
{
    struct calc_request request;
    if (calc_request_decode(d->octets, d->length, &request) != CALC_OK)
        return;
    struct reference result = request.opcode == CALC_SUM
                                  ? reference_sum(request.integers, request.count)
                                  : reference_product(request.integers, request.count);
    for (size_t i = result.count; i > 0; i--)
        add(fields, EXPECTED, "%c", '0' + result.digits[i - 1]);
}

static void fields_of_request(struct fields *fields, const struct datagram *d)
{
    size_t count = (d->length - 1) / 4;
    size_t shown = count < CALC_INTEGERS_MAX ? count : CALC_INTEGERS_MAX;
    struct calc_request request;
    enum calc_code code = calc_request_decode(d->octets, d->length, &request);
    add(fields, UNUSED, "%u", d->octets[0] >> 4u);
    add(fields, OPCODE, "%u", code == CALC_OK ? request.opcode : d->octets[0] >> 1u & 7u);
    add(fields, FORMAT, "%u", calc_format_asked(d->octets, d->length));
    add(fields, COUNT, "%zu", count);
    struct wire_reader r = {.p = d->octets + 1, .end = d->octets + d->length};
    for (size_t i = 0; i < shown; i++) {
        uint32_t integer = wire_read_u32(&r);
        add(fields, INTEGERS, i > 0 ? ",%" PRIu32 : "%" PRIu32,
            code == CALC_OK ? request.integers[i] : integer);
    }
    add_expected(fields, d);
    add_octets(fields, d, 1 + 4 * shown);
    add(fields, MALFORMED, "%s", malformed_by(code));
}

static bool same_meaning(const struct calc_reply *a, const struct calc_reply *b)
{
    if (a->format == CALC_AS_INTEGER)
        return a->number == b->number;
    return a->digit_count == b->digit_count && memcmp(a->digits, b->digits, a->digit_count) == 0;
}

/* "": what the server of this specification sends. "open": a client takes it for the same, or the
 * published text leaves open what the server does. */
static const char *verdict(const struct datagram *d, const struct datagram *request)
{
    enum calc_format format = calc_format_asked(request->octets, request->length);
    struct datagram right = answer_to(*request);
    if (right.length == d->length && memcmp(right.octets, d->octets, d->length) == 0)
        return "";
    if (right.length == 0)
        return "open";
    struct calc_reply expected;
    struct calc_reply actual;
    enum calc_code right_code = calc_reply_decode(right.octets, right.length, format, &expected);
    enum calc_code code = calc_reply_decode(d->octets, d->length, format, &actual);
    if (right_code == CALC_OK)
        return code == CALC_OK && same_meaning(&expected, &actual) ? "open" : "wrong";
    uint8_t octets[CALC_REPLY_MAX];
    size_t length;
    switch (calc_answer(request->octets, request->length, octets, &length)) {
    case CALC_ABOVE_32_BITS:
    case CALC_ABOVE_256_DIGITS: /* open is what, and not in which form */
        return code == CALC_OK || code == CALC_REPLY_ERROR ? "open" : "wrong";
    case CALC_UNKNOWN_OPCODE:
        return code == CALC_REPLY_ERROR ? "open" : "wrong";
    default:
        return "open";
    }
}

static void fields_of_reply(struct fields *fields, const struct datagram *d,
                            const struct datagram *request)
{
    enum calc_format format = calc_format_asked(request->octets, request->length);
    struct calc_reply reply;
    enum calc_code code = calc_reply_decode(d->octets, d->length, format, &reply);
    bool success = code != CALC_REPLY_ERROR;
    add(fields, UNUSED, "%u", d->octets[0] & 0x7Fu);
    add(fields, STATUS, "%u", success);
    add_expected(fields, request);
    size_t decoded = 1;
    if (code == CALC_OK && format == CALC_AS_INTEGER) {
        add(fields, RESULT, "%" PRIu32, reply.number);
        decoded = 5;
    }
    while (success && format == CALC_AS_STRING && decoded < d->length &&
           d->octets[decoded] >= '0' && d->octets[decoded] <= '9')
        add(fields, STRING, "%c", d->octets[decoded++]);
    if (code == CALC_OK && decoded != d->length)
        abort();
    add_octets(fields, d, decoded);
    add(fields, VERDICT, "%s", verdict(d, request));
}

static void print_fields(unsigned frame, const struct fields *fields)
{
    printf("%u", frame);
    for (int i = 0; i < FIELDS; i++)
        printf("\t%s", fields->of[i]);
    putchar('\n');
}

int main(int argc, char **argv)
{
    long count = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
    bool packets = argc == 3 && strcmp(argv[1], "packets") == 0;
    if (count < 1 || count > 15000 || (!packets && strcmp(argv[1], "expected") != 0)) {
        fputs("usage: hostile packets|expected COUNT, of exchanges, 1 to 15000\n", stderr);
        return 1;
    }
    if (packets)
        puts("host client fd00:ca1c:6::c\nhost server fd00:ca1c:6::5");
    uint64_t state = 6;
    for (unsigned i = 0; i < (unsigned)count; i++) {
        struct datagram request = any_request(&state);
        struct datagram reply = any_reply(&request, &state);
        if (packets) {
            print_packet(i, "client", FIRST_PORT + i, "server", 10000, &request);
            print_packet(i + 0.5, "server", 10000, "client", FIRST_PORT + i, &reply);
        } else {
            static const struct fields none;
            struct fields fields = none;
            fields_of_request(&fields, &request);
            print_fields(2 * i + 1, &fields);
            fields = none;
            fields_of_reply(&fields, &reply, &request);
            print_fields(2 * i + 2, &fields);
        }
    }
    return fflush(stdout) == 0 ? 0 : 1;
}
