/* The drawings. What is right and wrong about a datagram is for the codec to say; the words at the
 * end are those of show.h. */
#include "draw.h"
#include "message.h"
#include "show.h"
#include "text.h"

#define INDENT "    "
#define RULE "+-+-+-+-+-+-+-+-+"
/* Of the tables: after the number of an octet, between two columns. */
#define GAP "  "

enum {
    OCTETS_A_LINE = 16,
    DIGITS_A_LINE = 64,
    OFFSET_COLUMNS = sizeof "octet" - 1,
    INTEGER_COLUMNS = sizeof "4294967295" - 1,
    TEXT_COLUMNS = CALC_DRAW_COLUMNS - (sizeof INDENT - 1) - 2, /* 2: of the lines that go on */
};

/* The numbers of SGR sequences. */
enum style { NAME = 1 /* bold */, WRONG = 31 /* red */, VALUE = 36 /* cyan */ };

struct drawing {
    struct wire_writer w;
    bool coloured;
};

struct field {
    const char *name;
    unsigned bits;
    unsigned value;
    const char *meaning;
    enum style style; /* of the value */
};

static void style_on(struct drawing *d, enum style style)
{
    if (!d->coloured)
        return;
    put_text(&d->w, "\033[");
    put_number(&d->w, style);
    put_char(&d->w, 'm');
}

static void style_off(struct drawing *d)
{
    if (d->coloured)
        put_text(&d->w, "\033[0m");
}

static void put_styled(struct drawing *d, enum style style, const char *text)
{
    style_on(d, style);
    put_text(&d->w, text);
    style_off(d);
}

/* A name in the middle of its box, cut where the box is smaller. */
static void put_box_name(struct drawing *d, const struct field *field)
{
    size_t width = 2 * field->bits - 1;
    size_t length = 0;
    while (length < width && field->name[length] != '\0')
        length++;
    size_t left = (width - length) / 2;
    put_char(&d->w, '|');
    for (size_t i = 0; i < left; i++)
        put_char(&d->w, ' ');
    style_on(d, NAME);
    wire_write_octets(&d->w, field->name, length);
    style_off(d);
    for (size_t i = left + length; i < width; i++)
        put_char(&d->w, ' ');
}

static void put_box_bits(struct drawing *d, const struct field *field)
{
    put_char(&d->w, '|');
    style_on(d, field->style);
    for (unsigned bit = field->bits; bit > 0; bit--) {
        put_char(&d->w, (char)('0' + (field->value >> (bit - 1) & 1)));
        if (bit > 1)
            put_char(&d->w, ' ');
    }
    style_off(d);
}

static void put_field(struct drawing *d, const struct field *field)
{
    put_styled(d, NAME, field->name);
    put_char(&d->w, ' ');
    style_on(d, field->style);
    put_number(&d->w, field->value);
    put_text(&d->w, field->meaning);
    style_off(d);
}

static void put_header(struct drawing *d, uint8_t header, const struct field *fields, size_t count)
{
    put_text(&d->w, INDENT " 0 1 2 3 4 5 6 7\n" INDENT RULE "\n" INDENT);
    for (size_t i = 0; i < count; i++)
        put_box_name(d, &fields[i]);
    put_text(&d->w, "|   ");
    for (size_t i = 0; i < count; i++) {
        put_text(&d->w, i > 0 ? ", " : "");
        put_field(d, &fields[i]);
    }
    put_text(&d->w, "\n" INDENT);
    for (size_t i = 0; i < count; i++)
        put_box_bits(d, &fields[i]);
    put_text(&d->w, "|   ");
    put_hex(&d->w, header, 2);
    put_text(&d->w, "\n" INDENT RULE "\n\n");
}

static void put_heading(struct drawing *d, const char *columns)
{
    put_text(&d->w, INDENT);
    put_styled(d, NAME, columns);
    put_char(&d->w, '\n');
}

static void put_offset(struct drawing *d, size_t offset)
{
    put_text(&d->w, INDENT);
    put_right(&d->w, offset, OFFSET_COLUMNS);
    put_text(&d->w, GAP);
}

static size_t at_most(size_t limit, size_t value)
{
    return value < limit ? value : limit;
}

/* How many octets of a datagram are there to be shown. */
static size_t readable(size_t length)
{
    return at_most(CALC_BUFFER_OCTETS, length);
}

static void put_octets(struct drawing *d, const uint8_t *octets, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        put_text(&d->w, i > 0 ? " " : "");
        put_hex(&d->w, octets[i], 2);
    }
}

/* In place of the octets that are missing. */
static void put_blanks(struct drawing *d, size_t count, size_t full)
{
    for (; count < full; count++)
        put_text(&d->w, "   ");
}

static void put_integer(struct drawing *d, const uint8_t *octets, size_t offset)
{
    struct wire_reader r = {.p = octets, .end = octets + CALC_INTEGER_OCTETS};
    uint32_t integer = wire_read_u32(&r);
    uint8_t host[sizeof integer];
    memcpy(host, &integer, sizeof integer);
    put_offset(d, offset);
    put_octets(d, octets, CALC_INTEGER_OCTETS);
    put_text(&d->w, GAP);
    put_octets(d, host, sizeof host);
    put_text(&d->w, " " GAP);
    style_on(d, VALUE);
    put_right(&d->w, integer, INTEGER_COLUMNS);
    style_off(d);
    put_char(&d->w, '\n');
}

/* Behind the last integer: fewer octets than one has. */
static void put_rest(struct drawing *d, const uint8_t *octets, size_t count, size_t offset,
                     const char *what)
{
    put_offset(d, offset);
    style_on(d, WRONG);
    put_octets(d, octets, count);
    put_blanks(d, count, CALC_INTEGER_OCTETS);
    put_text(&d->w, GAP);
    put_text(&d->w, what);
    style_off(d);
    put_char(&d->w, '\n');
}

static void put_integers(struct drawing *d, const uint8_t *datagram, size_t length)
{
    put_heading(d, "octet" GAP "on the wire" GAP "in this host" GAP "   integer");
    size_t end = readable(length);
    size_t at = CALC_HEADER_OCTETS;
    for (; end - at >= CALC_INTEGER_OCTETS; at += CALC_INTEGER_OCTETS)
        put_integer(d, datagram + at, at);
    if (at < end)
        put_rest(d, datagram + at, end - at, at,
                 length > CALC_REQUEST_MAX ? "beyond 256 octets of payload (REQ-6.2)"
                                           : "left over, no integer (REQ-6.3)");
    put_char(&d->w, '\n');
}

static void put_digits(struct drawing *d, const uint8_t *datagram, size_t length)
{
    put_heading(d, "octet" GAP "digits");
    for (size_t at = CALC_HEADER_OCTETS; at < length; at += DIGITS_A_LINE) {
        put_offset(d, at);
        style_on(d, VALUE);
        wire_write_octets(&d->w, datagram + at, at_most(DIGITS_A_LINE, length - at));
        style_off(d);
        put_char(&d->w, '\n');
    }
    put_char(&d->w, '\n');
}

/* A payload that is not what its place is for. */
static void put_payload(struct drawing *d, const uint8_t *datagram, size_t length,
                        const char *columns)
{
    put_heading(d, columns);
    for (size_t at = CALC_HEADER_OCTETS; at < length; at += OCTETS_A_LINE) {
        put_offset(d, at);
        style_on(d, WRONG);
        put_octets(d, datagram + at, at_most(OCTETS_A_LINE, length - at));
        style_off(d);
        put_char(&d->w, '\n');
    }
    put_char(&d->w, '\n');
}

/* A blank shows as a dot, too: no line ends with one. */
static void put_dump_line(struct drawing *d, const uint8_t *octets, size_t count, size_t offset)
{
    put_text(&d->w, INDENT);
    put_hex(&d->w, (unsigned)offset, 4);
    put_text(&d->w, GAP);
    put_octets(d, octets, count);
    put_blanks(d, count, OCTETS_A_LINE);
    put_text(&d->w, GAP);
    for (size_t i = 0; i < count; i++)
        wire_write_u8(&d->w, octets[i] > ' ' && octets[i] <= '~' ? octets[i] : '.');
    put_char(&d->w, '\n');
}

static void put_dump(struct drawing *d, const uint8_t *datagram, size_t length)
{
    size_t shown = readable(length);
    for (size_t at = 0; at < shown; at += OCTETS_A_LINE)
        put_dump_line(d, datagram + at, at_most(OCTETS_A_LINE, shown - at), at);
    if (shown < length) {
        put_text(&d->w, INDENT);
        put_number(&d->w, shown);
        put_text(&d->w, " of ");
        put_number(&d->w, length);
        put_text(&d->w, " octets\n");
    }
    if (shown > 0)
        put_char(&d->w, '\n');
}

static size_t word_length(const char *text, size_t length)
{
    size_t n = 0;
    while (n < length && text[n] != ' ')
        n++;
    return n;
}

/* How much of a text that is too long for a line stands on it: whole words, unless the next one is
 * too long for any line. */
static size_t text_on_line(const char *text, size_t length)
{
    for (size_t n = TEXT_COLUMNS; n > 0; n--) {
        if (text[n] == ' ' && word_length(text + n + 1, length - n - 1) <= TEXT_COLUMNS)
            return n;
    }
    return TEXT_COLUMNS;
}

static void put_meaning(struct drawing *d, const char *text, size_t length, bool wrong)
{
    const char *indent = INDENT;
    while (length > 0) {
        size_t n = length <= TEXT_COLUMNS ? length : text_on_line(text, length);
        put_text(&d->w, indent);
        if (wrong)
            style_on(d, WRONG);
        wire_write_octets(&d->w, text, n);
        if (wrong)
            style_off(d);
        put_char(&d->w, '\n');
        if (n < length && text[n] == ' ')
            n++;
        text += n;
        length -= n;
        indent = INDENT "  ";
    }
}

static struct drawing drawing_begin(bool coloured, char *text, size_t room)
{
    return (struct drawing){.w = text_begin(text, room), .coloured = coloured};
}

/* Takes back a line that did not fit: half of it might leave a terminal coloured. */
static size_t drawing_end(struct drawing *d, const char *text)
{
    if (d->w.failed) {
        while ((const char *)d->w.p > text && d->w.p[-1] != '\n')
            d->w.p--;
    }
    return text_end(&d->w, text);
}

static void put_request_header(struct drawing *d, uint8_t header)
{
    unsigned unused = header >> REQUEST_UNUSED_SHIFT;
    unsigned opcode = header >> REQUEST_OPCODE_SHIFT & REQUEST_OPCODE_MASK;
    unsigned form = header & REQUEST_FORMAT_MASK;
    enum style style = VALUE;
    const char *asks_for = " (sum)";
    if (opcode == CALC_PRODUCT) {
        asks_for = " (product)";
    } else if (opcode != CALC_SUM) {
        asks_for = " (not defined)";
        style = WRONG;
    }
    const char *as = form == CALC_AS_INTEGER ? " (as an integer)" : " (as a string)";
    const struct field fields[] = {
        {"Unused", 4, unused, "",       VALUE},
        {"Opcode", 3, opcode, asks_for, style},
        {"F",      1, form,   as,       VALUE},
    };
    put_header(d, header, fields, sizeof fields / sizeof fields[0]);
}

size_t calc_draw_request(const uint8_t *datagram, size_t length, bool coloured, char *text,
                         size_t room)
{
    struct drawing d = drawing_begin(coloured, text, room);
    if (length > 0)
        put_request_header(&d, datagram[0]);
    if (length > CALC_HEADER_OCTETS)
        put_integers(&d, datagram, length);
    put_dump(&d, datagram, length);

    struct calc_request request;
    char meaning[CALC_SHOW_ROOM];
    size_t meaning_length = calc_show_request(datagram, length, meaning, sizeof meaning);
    put_meaning(&d, meaning, meaning_length,
                calc_request_decode(datagram, length, &request) != CALC_OK);
    return drawing_end(&d, text);
}

static void put_reply_header(struct drawing *d, uint8_t header)
{
    bool success = (header & REPLY_SUCCESS) != 0;
    unsigned unused = header & REPLY_UNUSED_MASK;
    const char *says = success ? " (success)" : " (error)";
    const struct field fields[] = {
        {"S",      1, success, says, success ? VALUE : WRONG},
        {"Unused", 7, unused,  "",   VALUE                  },
    };
    put_header(d, header, fields, sizeof fields / sizeof fields[0]);
}

static void put_reply_payload(struct drawing *d, const uint8_t *datagram, size_t length,
                              enum calc_format format, enum calc_code code)
{
    if (code == CALC_OK && format == CALC_AS_INTEGER)
        put_integers(d, datagram, length);
    else if (code == CALC_OK)
        put_digits(d, datagram, length);
    else if (code == CALC_REPLY_ERROR)
        put_payload(d, datagram, readable(length),
                    "octet" GAP "payload, which means nothing (REQ-5.6)");
    else if (format == CALC_AS_INTEGER)
        put_payload(d, datagram, readable(length),
                    "octet" GAP "payload, not one integer (REQ-5.3)");
    else
        put_payload(d, datagram, readable(length),
                    "octet" GAP "payload, not 1 to 256 digits (REQ-5.4)");
}

size_t calc_draw_reply(const uint8_t *datagram, size_t length, enum calc_format format,
                       bool coloured, char *text, size_t room)
{
    struct drawing d = drawing_begin(coloured, text, room);
    struct calc_reply reply;
    enum calc_code code = calc_reply_decode(datagram, length, format, &reply);
    if (length > 0)
        put_reply_header(&d, datagram[0]);
    if (length > CALC_HEADER_OCTETS)
        put_reply_payload(&d, datagram, length, format, code);
    put_dump(&d, datagram, length);

    char meaning[CALC_SHOW_ROOM];
    size_t meaning_length = calc_show_reply(datagram, length, format, meaning, sizeof meaning);
    put_meaning(&d, meaning, meaning_length, code != CALC_OK);
    return drawing_end(&d, text);
}
