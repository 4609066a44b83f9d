/* The fields of both headers as tables (PROTOCOL.md, sections 4 and 5), and rows made with them. */
#include "difference.h"

#include "proto/wire.h"

#include <inttypes.h>
#include <stdio.h>

enum {
    STRING_ROW_OCTETS = ROW_OCTETS_MAX,
    /* Payload rows that are always shown: at the begin, before and behind the first difference, at the end. */
    ROWS_AT_BEGIN = 2,
    ROWS_BEFORE = 1,
    ROWS_BEHIND = 4,
    ROWS_AT_END = 1,
};

struct field {
    const char *name;
    unsigned shift, bits;
    const char *meanings[2]; /* of the values 0 and 1 */
    const char *others;      /* of those above */
};

enum { FIELDS_MAX = 3 };

static const struct field request_fields[FIELDS_MAX + 1] = {
    {"Unused", 4, 4, {"", ""},                               ""              },
    {"Opcode", 1, 3, {" (sum)", " (product)"},               " (not defined)"},
    {"F",      0, 1, {" (as an integer)", " (as a string)"}, ""              },
};

static const struct field reply_fields[FIELDS_MAX + 1] = {
    {"S",      7, 1, {" (error)", " (success)"}, ""},
    {"Unused", 0, 7, {"", ""},                   ""},
};

static const struct field *fields_of(const struct comparison *c)
{
    return c->of_requests ? request_fields : reply_fields;
}

static unsigned field_value(const struct field *field, uint8_t header)
{
    return (unsigned)header >> field->shift & ((1u << field->bits) - 1);
}

/* The octets of a side that are there to be read. */
static const struct datagram *message(const struct comparison *c, enum side side)
{
    return side == EXPECTED ? &c->expected : &c->actual;
}

/* An empty datagram is never due: what has no octets here is that nothing is. */
static bool has_message(const struct comparison *c, enum side side)
{
    return side == EXPECTED ? c->expected.length > 0 : c->received;
}

static size_t readable(const struct comparison *c, enum side side)
{
    return has_message(c, side) ? message(c, side)->length : 0;
}

size_t difference_length(const struct comparison *c, enum side side)
{
    if (!has_message(c, side))
        return 0;
    return side == EXPECTED ? c->expected.length : c->actual_length;
}

bool difference_of_two(const struct comparison *c)
{
    return has_message(c, EXPECTED) && has_message(c, ACTUAL);
}

bool difference_at(const struct comparison *c, size_t offset)
{
    if (!difference_of_two(c))
        return false;
    size_t expected = readable(c, EXPECTED);
    size_t actual = readable(c, ACTUAL);
    if (offset >= expected || offset >= actual)
        return offset < expected || offset < actual;
    return c->expected.octets[offset] != c->actual.octets[offset];
}

static size_t longer(const struct comparison *c)
{
    size_t expected = readable(c, EXPECTED);
    size_t actual = readable(c, ACTUAL);
    return expected > actual ? expected : actual;
}

size_t difference_first(const struct comparison *c)
{
    for (size_t i = 0; i < longer(c); i++) {
        if (difference_at(c, i))
            return i;
    }
    return NO_DIFFERENCE;
}

void difference_meaning(const struct comparison *c, enum side side,
                        char text[static CALC_SHOW_ROOM])
{
    const struct datagram *d = message(c, side);
    if (!has_message(c, side) && side == ACTUAL)
        snprintf(text, CALC_SHOW_ROOM, "nothing came");
    else if (!has_message(c, side))
        snprintf(text, CALC_SHOW_ROOM, c->of_requests ? "no request" : "no reply");
    else if (c->of_requests)
        calc_show_request(d->octets, difference_length(c, side), text, CALC_SHOW_ROOM);
    else
        calc_show_reply(d->octets, difference_length(c, side), c->format, text, CALC_SHOW_ROOM);
}

static size_t put_bits(char *text, const struct field *field, unsigned value)
{
    size_t length = 0;
    for (unsigned bit = field->bits; bit-- > 0;)
        text[length++] = (char)('0' + (value >> bit & 1));
    return length;
}

static struct row header_row(const struct comparison *c)
{
    struct row row = {.kind = ROW_HEADER, .differs = difference_at(c, 0)};
    for (enum side side = EXPECTED; side < SIDES; side++) {
        if (readable(c, side) == 0)
            continue;
        struct cell *cell = &row.cells[side];
        cell->octets = message(c, side)->octets;
        cell->count = CALC_HEADER_OCTETS;
        size_t at = 0;
        for (const struct field *field = fields_of(c); field->name != NULL; field++) {
            if (at > 0)
                cell->words[at++] = ' ';
            at += put_bits(cell->words + at, field, field_value(field, cell->octets[0]));
        }
    }
    return row;
}

static struct row field_row(const struct comparison *c, const struct field *field)
{
    struct row row = {.kind = ROW_FIELD};
    unsigned values[SIDES] = {0};
    for (enum side side = EXPECTED; side < SIDES; side++) {
        if (readable(c, side) == 0)
            continue;
        values[side] = field_value(field, message(c, side)->octets[0]);
        snprintf(row.cells[side].words, ROW_WORDS_ROOM, "%s %u%s", field->name, values[side],
                 values[side] < 2 ? field->meanings[values[side]] : field->others);
    }
    row.differs = difference_at(c, 0) && values[EXPECTED] != values[ACTUAL];
    return row;
}

/* Requests hold integers, and so do replies as integers: "         9  ....". Strings: "3234". */
static void payload_words(struct cell *cell, bool integers)
{
    char characters[ROW_OCTETS_MAX + 1] = "";
    for (size_t i = 0; i < cell->count; i++)
        characters[i] =
            (char)(cell->octets[i] > ' ' && cell->octets[i] <= '~' ? cell->octets[i] : '.');
    if (!integers) {
        snprintf(cell->words, sizeof cell->words, "%s", characters);
        return;
    }
    char number[sizeof "4294967295"] = "";
    struct wire_reader r = {.p = cell->octets, .end = cell->octets + cell->count};
    uint32_t integer = wire_read_u32(&r);
    if (!r.failed)
        snprintf(number, sizeof number, "%" PRIu32, integer);
    snprintf(cell->words, sizeof cell->words, "%10s  %s", number, characters);
}

static struct row octets_row(const struct comparison *c, size_t offset, size_t width)
{
    struct row row = {.kind = ROW_OCTETS, .offset = offset};
    for (enum side side = EXPECTED; side < SIDES; side++) {
        size_t length = readable(c, side);
        if (offset >= length)
            continue;
        struct cell *cell = &row.cells[side];
        cell->octets = message(c, side)->octets + offset;
        cell->count = length - offset < width ? length - offset : width;
        payload_words(cell, width == CALC_INTEGER_OCTETS);
    }
    for (size_t i = 0; i < width; i++)
        row.differs = row.differs || difference_at(c, offset + i);
    return row;
}

static bool is_shown(size_t i, size_t rows, size_t first)
{
    return i < ROWS_AT_BEGIN || i + ROWS_AT_END >= rows ||
           (first != NO_DIFFERENCE && i + ROWS_BEFORE >= first && i <= first + ROWS_BEHIND);
}

static size_t payload_rows(const struct comparison *c, struct row *rows)
{
    bool integers = c->of_requests || c->format == CALC_AS_INTEGER;
    size_t width = integers ? CALC_INTEGER_OCTETS : STRING_ROW_OCTETS;
    size_t octets = longer(c) > CALC_HEADER_OCTETS ? longer(c) - CALC_HEADER_OCTETS : 0;
    size_t total = (octets + width - 1) / width;
    size_t first = difference_first(c);
    if (first != NO_DIFFERENCE)
        first = first < CALC_HEADER_OCTETS ? 0 : (first - CALC_HEADER_OCTETS) / width;

    size_t count = 0;
    for (size_t i = 0; i < total; i++) {
        size_t offset = CALC_HEADER_OCTETS + i * width;
        if (is_shown(i, total, first))
            rows[count++] = octets_row(c, offset, width);
        else if (count > 0 && rows[count - 1].kind == ROW_FOLDED)
            rows[count - 1].folded += width;
        else
            rows[count++] = (struct row){.kind = ROW_FOLDED, .offset = offset, .folded = width};
    }
    return count;
}

size_t difference_rows(const struct comparison *c, struct row rows[static ROWS_MAX])
{
    size_t count = 0;
    if (longer(c) == 0)
        return 0;
    rows[count++] = header_row(c);
    for (const struct field *field = fields_of(c); field->name != NULL; field++)
        rows[count++] = field_row(c, field);
    return count + payload_rows(c, rows + count);
}
