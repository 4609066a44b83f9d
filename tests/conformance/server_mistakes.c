/* Reading, computing and writing, each done right or in one of the ways that go wrong. */
#include "server_mistakes.h"

#include "proto/calc.h"
#include "proto/wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Of a buffer that is read on and on. */
enum { INTEGERS_ROOM = DATAGRAM_ROOM / CALC_INTEGER_OCTETS };

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* What the header is taken for. */
struct asked {
    unsigned opcode;
    bool as_string;
};

#define HEADER_READ_AS(name, opcode_is, string_is)                                                 \
    static struct asked name(uint8_t h)                                                            \
    {                                                                                              \
        return (struct asked){(unsigned)(opcode_is), (string_is) != 0};                            \
    }

HEADER_READ_AS(right_header, h >> 1 & 7, h & 1)
HEADER_READ_AS(not_shifted, h & 0x0E, h & 1)
HEADER_READ_AS(low_bits, h & 7, h & 1)
HEADER_READ_AS(not_masked, h >> 1, h & 1)
HEADER_READ_AS(looks_at_all, h > 3 ? h : h >> 1, h & 1)
HEADER_READ_AS(opcode_high, h >> 4 & 7, h & 1)
HEADER_READ_AS(exchanged, (h >> 1 & 7) == 0, h & 1)
HEADER_READ_AS(all_else_is_product, (h >> 1 & 7) != 0, h & 1)
HEADER_READ_AS(all_else_is_sum, (h >> 1 & 7) == 1, h & 1)
HEADER_READ_AS(lowest_opcode_bit, h >> 1 & 1, h & 1)
HEADER_READ_AS(not_shifted_nor_f, h & 7, h & 8)
HEADER_READ_AS(from_the_other_end, h >> 4 & 7, h & 0x80)
HEADER_READ_AS(f_not_seen, h >> 1 & 7, 0)
HEADER_READ_AS(f_always, h >> 1 & 7, 1)
HEADER_READ_AS(f_bit_0, h >> 1 & 7, h & 0x80)
HEADER_READ_AS(f_bit_3, h >> 1 & 7, h & 0x10)
HEADER_READ_AS(f_bit_4, h >> 1 & 7, h & 0x08)
HEADER_READ_AS(f_bit_6, h >> 1 & 7, h & 0x02)
HEADER_READ_AS(f_inverted, h >> 1 & 7, !(h & 1))
HEADER_READ_AS(f_any, h >> 1 & 7, h)

const char mistake_unknown_opcode[] = "an unknown opcode is taken for one of the two: all three "
                                      "bits of it count, 2 to 7 get an error";
static const char opcode_not_shifted[] =
    "opcode not shifted: it is in the bits 4 to 6 (mask 0E), so it is (header >> 1) & 7";
const char mistake_unused_bits[] =
    "looks at unused bits: the four highest may have any value, so the opcode is (header >> 1) & 7";

static const char other_end[] = "opcode and F in the wrong bits: the first four bits are Unused, "
                                "then comes the opcode (mask 0E), then F (mask 01)";
static const char shifted_by_one[] = "opcode not shifted, and F in the wrong bit: the opcode has "
                                     "mask 0E, F has mask 01, the lowest bit";

/* The first of those that fit is told, so the likely ones come first. */
static const struct {
    struct asked (*read)(uint8_t header);
    const char *mistake;
} headers[] = {
    {right_header,        NULL                                                                       },
    {low_bits,            opcode_not_shifted                                                         },
    {not_shifted,         opcode_not_shifted                                                         },
    {not_masked,          mistake_unused_bits                                                        },
    {looks_at_all,        mistake_unused_bits                                                        },
    {f_not_seen,
     "F in the wrong bit, or ignored: it is the lowest (mask 01), and asks for a string"             },
    {f_inverted,          "F the wrong way round: 0 asks for an integer, 1 for a string"             },
    {f_bit_0,             "F in the wrong bit: it is the lowest (mask 01), not the highest (mask 80)"},
    {f_bit_3,             "F in the wrong bit: it is the lowest (mask 01), not bit 3 (mask 10)"      },
    {f_bit_4,             "F in the wrong bit: it is the lowest (mask 01), not bit 4 (mask 08)"      },
    {f_bit_6,             "F in the wrong bit: it is the lowest (mask 01), not bit 6 (mask 02)"      },
    {f_any,               "F is the lowest bit alone (mask 01): the others do not ask for a string"  },
    {f_always,            "ASCII where F=0: without the lowest bit (mask 01) an integer is due"      },
    {all_else_is_product, mistake_unknown_opcode                                                     },
    {all_else_is_sum,     mistake_unknown_opcode                                                     },
    {lowest_opcode_bit,   mistake_unknown_opcode                                                     },
    {not_shifted_nor_f,   shifted_by_one                                                             },
    {from_the_other_end,  other_end                                                                  },
    {opcode_high,
     "opcode in the wrong bits: it is in the bits 4 to 6 (mask 0E), not 1 to 3 (mask 70)"            },
    {exchanged,           "the two operations are exchanged: 0 is the sum, 1 the product"            },
};

enum reading {
    READ_RIGHT,
    READ_SWAPPED,
    READ_WITH_HEADER,
    READ_PADDED,
    READ_FEWER,
    READ_LATE,
    READ_16_BITS,
    READ_ON,
    READ_ALL,
    READ_ZEROS,
    READ_ONE_MORE
};

static const char ignores_the_length[] =
    "ignores the length, and reads past the datagram into what an earlier one has left: "
    "recvfrom(2) returns how many "
    "octets there are";

static const char *const readings[] = {
    [READ_RIGHT] = NULL,
    [READ_SWAPPED] = "little-endian: the integers of the request are read without ntohl(3)",
    [READ_WITH_HEADER] =
        "reads the integers from octet 0: the header is there, they begin at octet 1",
    [READ_PADDED] = "reads the integers from octet 4: a C structure has padding behind the header, "
                    "the datagram has none",
    [READ_FEWER] = "the last integer is left out: there are (length - 1) / 4 of them",
    [READ_LATE] = "the first integer is left out: it begins at octet 1",
    [READ_16_BITS] = "takes only 16 bits of each integer: uint32_t and ntohl(3), not ntohs(3)",
    [READ_ON] = ignores_the_length,
    [READ_ALL] = ignores_the_length,
    [READ_ONE_MORE] =
        "reads past the datagram, one integer too many: there are (length - 1) / 4 of them",
    [READ_ZEROS] =
        "ignores the length, and reads a whole buffer, zeros too: recvfrom(2) returns how many "
        "octets there are",
};

enum computing { EXACT, LOW_32, SIGNED_32, LOW_16, FROM_ZERO, FROM_ONE };

static const char *const computings[] = {
    [EXACT] = NULL,
    [LOW_32] = NULL, /* the published text leaves it open */
    [SIGNED_32] = "signed: integers are unsigned, uint32_t and %u, not int and %d",
    [LOW_16] = "the result is kept in 16 bits",
    [FROM_ZERO] = "the product begins with 0: it has to begin with 1",
    [FROM_ONE] = "the sum begins with 1: it has to begin with 0",
};

enum writing {
    DUE_FORM,
    SWAPPED,
    ASCII,
    WIDE,
    WIDE_SWAPPED,
    SHORT,
    SHORT_SWAPPED,
    BINARY,
    BINARY_SWAPPED
};

static const char *const writings[] = {
    [DUE_FORM] = NULL,
    [SWAPPED] = "little-endian: the result is sent without htonl(3)",
    [ASCII] = "ASCII where F=0: an integer is due, four octets",
    [WIDE] = "the result has 64 bits: an integer has 32, uint32_t",
    [WIDE_SWAPPED] =
        "the result has 64 bits, in little-endian order: an integer has 32, uint32_t and htonl(3)",
    [SHORT] = "the result has 16 bits: an integer has 32, uint32_t and htonl(3)",
    [SHORT_SWAPPED] =
        "the result has 16 bits, in little-endian order: an integer has 32, uint32_t and htonl(3)",
    [BINARY] = "an integer where F=1: a string of ASCII digits is due, snprintf(3) with %u",
    [BINARY_SWAPPED] =
        "an integer in little-endian order where F=1: a string of ASCII digits is due",
};

static const struct {
    int octet; /* -1: none */
    const char *mistake;
} statuses[] = {
    {0x80, NULL                                                                                   },
    {0x01, "status bit at the wrong end: S is the highest bit (mask 80), not the lowest"          },
    {0x00, "status bit missing: S is 1 in a success, the highest bit (mask 80)"                   },
    {0x40, "status bit in the wrong place: S is the highest bit (mask 80), not the next (mask 40)"},
    {0x08, "status bit in the wrong place: S is the highest bit (mask 80), not bit 4 (mask 08)"   },
    {'1',  "the status is a character: S is one bit, 1 << 7"                                      },
    {-1,   "the header is missing: the first octet of a reply holds S"                            },
};

enum tail {
    NO_TAIL,
    NUL,
    NEWLINE,
    NEWLINE_AND_NUL,
    PADDED_HEADER,
    TO_32,
    TO_33,
    TO_256,
    TO_257,
    TO_1024,
    TO_1025
};

const char mistake_nul[] =
    "NUL-terminated: the length of the datagram ends the digits, send strlen(3) of them";
static const char whole_buffer[] = "a whole buffer was sent (sizeof), and not what is in use of it";

static const char *const tails[] = {
    [NO_TAIL] = NULL,
    [NUL] = mistake_nul,
    [NEWLINE] = "a newline at the end: a string has digits only",
    [NEWLINE_AND_NUL] = "a newline and a NUL at the end: a string has digits only",
    [TO_32] =
        "32-octet padded string: a whole buffer was sent (sizeof), and not what is in use of it",
    [TO_33] =
        "32-octet padded string: a whole buffer was sent (sizeof), and not what is in use of it",
    [PADDED_HEADER] = "a whole structure was sent: a C structure has padding behind the header "
                      "(sizeof), the datagram has none",
    [TO_256] = whole_buffer,
    [TO_257] = whole_buffer,
    [TO_1024] = whole_buffer,
    [TO_1025] = whole_buffer,
};

/* What is taken for the request: it, or more of the buffer, of which is known what a datagram has room for. */
static struct datagram take(const struct exchange *exchange, enum reading reading)
{
    static const struct datagram zeros;
    const struct datagram *request = exchange->request;
    struct datagram buffer = reading == READ_ZEROS ? zeros : *exchange->earlier;
    datagram_over(&buffer, request);
    switch (reading) {
    case READ_ON:
        break;
    case READ_ALL:
    case READ_ZEROS:
        buffer.length = CALC_REQUEST_MAX;
        break;
    case READ_ONE_MORE:
        buffer.length = request->length + CALC_INTEGER_OCTETS;
        if (buffer.length > DATAGRAM_ROOM)
            buffer.length = DATAGRAM_ROOM;
        break;
    default:
        buffer.length = request->length;
    }
    return buffer;
}

/* The integers as this reading finds them. */
static size_t read_integers(const struct exchange *exchange, enum reading reading,
                            uint32_t integers[static INTEGERS_ROOM])
{
    static const size_t begins[] = {
        [READ_RIGHT] = 1, [READ_SWAPPED] = 1, [READ_WITH_HEADER] = 0, [READ_PADDED] = 4,
        [READ_FEWER] = 1, [READ_LATE] = 5,    [READ_16_BITS] = 1,     [READ_ON] = 1,
        [READ_ALL] = 1,   [READ_ZEROS] = 1,   [READ_ONE_MORE] = 1,
    };
    struct datagram read = take(exchange, reading);
    struct wire_reader r = {.p = read.octets, .end = read.octets + read.length};
    size_t count = 0;
    for (size_t skip = begins[reading]; skip > 0; skip--)
        wire_read_u8(&r);
    while (count < INTEGERS_ROOM && wire_can_read(&r, CALC_INTEGER_OCTETS)) {
        uint32_t n = wire_read_u32(&r);
        if (reading == READ_SWAPPED)
            n = n << 24 | (n & 0xFF00) << 8 | (n >> 8 & 0xFF00) | n >> 24;
        integers[count++] = reading == READ_16_BITS ? n & 0xFFFF : n;
    }
    return reading == READ_FEWER && count > 0 ? count - 1 : count;
}

/* The digits of the result, or none where there is none. */
static size_t compute(const struct asked *asked, const uint32_t *integers, size_t count,
                      enum computing computing, char digits[static CALC_DIGITS_MAX + 1])
{
    struct calc_request request = {.opcode =
                                       asked->opcode == CALC_PRODUCT ? CALC_PRODUCT : CALC_SUM,
                                   .format = CALC_AS_STRING,
                                   .count = count < CALC_INTEGERS_MAX ? count : CALC_INTEGERS_MAX};
    struct calc_reply reply;
    uint32_t low = request.opcode == CALC_PRODUCT && computing != FROM_ZERO;
    low += request.opcode == CALC_SUM && computing == FROM_ONE;
    memcpy(request.integers, integers, request.count * sizeof integers[0]);
    for (size_t i = 0; i < count; i++)
        low = request.opcode == CALC_PRODUCT ? low * integers[i] : low + integers[i];
    if (computing == SIGNED_32)
        return (size_t)snprintf(digits, CALC_DIGITS_MAX, "%" PRId32, (int32_t)low);
    if (computing != EXACT || count > CALC_INTEGERS_MAX)
        return (size_t)snprintf(digits, CALC_DIGITS_MAX, "%" PRIu32,
                                computing == LOW_16 ? low & 0xFFFF : low);
    if (count == 0 || calc_evaluate(&request, &reply) != CALC_OK)
        return 0;
    memcpy(digits, reply.digits, reply.digit_count);
    digits[reply.digit_count] = '\0';
    return reply.digit_count;
}

static void write_swapped(struct wire_writer *w, uint64_t number, size_t octets)
{
    for (size_t i = 0; i < octets; i++)
        wire_write_u8(w, (uint8_t)(number >> 8 * i));
}

static uint32_t number_of(const char *digits)
{
    uint32_t number = 0;
    for (const char *p = digits + (*digits == '-'); *p != '\0'; p++)
        number = number * 10 + (uint32_t)(*p - '0');
    return *digits == '-' ? -number : number;
}

static void write_result(struct wire_writer *w, const char *digits, size_t count, bool as_string,
                         enum writing writing)
{
    uint32_t number = number_of(digits);
    bool binary = writing == BINARY || writing == BINARY_SWAPPED;
    /* Mistakes about one form leave the other alone. */
    if (writing != DUE_FORM && as_string != binary)
        writing = DUE_FORM;
    if (writing == ASCII || (writing == DUE_FORM && as_string)) {
        wire_write_octets(w, digits, count);
    } else if (writing == SWAPPED || writing == BINARY_SWAPPED) {
        write_swapped(w, number, 4);
    } else if (writing == WIDE_SWAPPED) {
        write_swapped(w, number, 8);
    } else if (writing == SHORT_SWAPPED) {
        write_swapped(w, number, 2);
    } else if (writing == SHORT) {
        wire_write_u8(w, (uint8_t)(number >> 8));
        wire_write_u8(w, (uint8_t)number);
    } else {
        if (writing == WIDE)
            wire_write_u32(w, 0);
        wire_write_u32(w, number);
    }
}

/* At most as many as a datagram has room for. */
static void write_zeros(struct wire_writer *w, size_t count)
{
    static const uint8_t zeros[DATAGRAM_ROOM];
    wire_write_octets(w, zeros, count);
}

static void write_tail(struct wire_writer *w, const struct datagram *reply, bool as_string,
                       enum tail tail)
{
    static const size_t lengths[] = {[TO_32] = 32,   [TO_33] = 33,     [TO_256] = 256,
                                     [TO_257] = 257, [TO_1024] = 1024, [TO_1025] = 1025};
    size_t length = (size_t)(w->p - reply->octets);
    if (!as_string && tail < TO_256)
        return;
    if (tail == NEWLINE || tail == NEWLINE_AND_NUL)
        wire_write_u8(w, '\n');
    if (tail == NUL || tail == NEWLINE_AND_NUL)
        wire_write_u8(w, 0);
    if (tail >= TO_32 && length < lengths[tail])
        write_zeros(w, lengths[tail] - length);
}

/* The result as digits, or none. */
static size_t work_out(const struct theory *theory, const struct exchange *exchange,
                       const struct asked *asked, char digits[static CALC_DIGITS_MAX + 1])
{
    uint32_t integers[INTEGERS_ROOM];
    size_t count = read_integers(exchange, (enum reading)theory->steps[READING], integers);
    if (count == 0 || asked->opcode > CALC_PRODUCT)
        return 0;
    return compute(asked, integers, count, (enum computing)theory->steps[COMPUTING], digits);
}

bool theory_reply(const struct theory *theory, const struct exchange *exchange,
                  struct datagram *reply)
{
    char digits[CALC_DIGITS_MAX + 1];
    struct asked asked = headers[theory->steps[HEADER]].read(exchange->request->octets[0]);
    struct wire_writer w = {.p = reply->octets, .end = reply->octets + sizeof reply->octets};
    size_t count = work_out(theory, exchange, &asked, digits);
    if (count == 0) {
        if (theory->steps[WRITING] != DUE_FORM || theory->steps[STATUS] != 0 ||
            theory->steps[TAIL] != NO_TAIL)
            return false;
        wire_write_u8(&w, 0);
    } else {
        if (statuses[theory->steps[STATUS]].octet >= 0)
            wire_write_u8(&w, (uint8_t)statuses[theory->steps[STATUS]].octet);
        if (theory->steps[TAIL] == PADDED_HEADER)
            write_zeros(&w, 3);
        write_result(&w, digits, count, asked.as_string, (enum writing)theory->steps[WRITING]);
        write_tail(&w, reply, asked.as_string, (enum tail)theory->steps[TAIL]);
    }
    reply->length = (size_t)(w.p - reply->octets);
    return !w.failed;
}

static void add(const char *mistakes[static STEPS], size_t *count, const char *mistake)
{
    if (mistake != NULL)
        mistakes[(*count)++] = mistake;
}

size_t theory_mistakes(const struct theory *theory, const char *mistakes[static STEPS])
{
    size_t count = 0;
    add(mistakes, &count, headers[theory->steps[HEADER]].mistake);
    add(mistakes, &count, readings[theory->steps[READING]]);
    add(mistakes, &count, computings[theory->steps[COMPUTING]]);
    add(mistakes, &count, writings[theory->steps[WRITING]]);
    add(mistakes, &count, statuses[theory->steps[STATUS]].mistake);
    add(mistakes, &count, tails[theory->steps[TAIL]]);
    return count;
}

size_t theory_choices(enum step step)
{
    static const size_t choices[STEPS] = {
        [HEADER] = COUNT(headers),   [READING] = COUNT(readings), [COMPUTING] = COUNT(computings),
        [WRITING] = COUNT(writings), [STATUS] = COUNT(statuses),  [TAIL] = COUNT(tails),
    };
    return choices[step];
}
