/* Datagrams as text for people. Built on the writer of wire.h: text is octets, too. */
#include "show.h"
#include "message.h"
#include "wire.h"

enum { OCTETS_A_LINE = 16 };

static struct wire_writer text_begin(char *text, size_t room)
{
    /* The last octet is kept for the NUL. */
    return (struct wire_writer){.p = (uint8_t *)text, .end = (uint8_t *)text + room - 1};
}

static size_t text_end(struct wire_writer *w, const char *text)
{
    *w->p = '\0';
    return (size_t)((const char *)w->p - text);
}

static void put_char(struct wire_writer *w, char c)
{
    wire_write_u8(w, (uint8_t)c);
}

static void put_text(struct wire_writer *w, const char *text)
{
    while (*text != '\0')
        put_char(w, *text++);
}

static void put_number(struct wire_writer *w, size_t value)
{
    char digits[20]; /* enough for 64 bits */
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    wire_write_octets(w, digits + at, sizeof digits - at);
}

static void put_hex(struct wire_writer *w, unsigned value, int digits)
{
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
        put_char(w, "0123456789abcdef"[value >> shift & 0xF]);
}

enum calc_format calc_format_asked(const uint8_t *datagram, size_t length)
{
    return length > 0 && (datagram[0] & REQUEST_FORMAT_MASK) ? CALC_AS_STRING : CALC_AS_INTEGER;
}

size_t calc_show_request(const uint8_t *datagram, size_t length, char *text, size_t room)
{
    struct wire_writer w = text_begin(text, room);
    struct calc_request request;
    enum calc_code code = calc_request_decode(datagram, length, &request);
    if (code != CALC_OK) {
        put_text(&w, "malformed: ");
        put_text(&w, calc_code_text(code));
        return text_end(&w, text);
    }
    put_text(&w, request.opcode == CALC_SUM ? "sum(" : "product(");
    for (size_t i = 0; i < request.count; i++) {
        put_text(&w, i > 0 ? ", " : "");
        put_number(&w, request.integers[i]);
    }
    put_text(&w, request.format == CALC_AS_INTEGER ? ") as integer" : ") as string");
    return text_end(&w, text);
}

size_t calc_show_reply(const uint8_t *datagram, size_t length, enum calc_format format, char *text,
                       size_t room)
{
    struct wire_writer w = text_begin(text, room);
    struct calc_reply reply;
    enum calc_code code = calc_reply_decode(datagram, length, format, &reply);
    if (code == CALC_REPLY_ERROR) {
        put_text(&w, "error");
    } else if (code != CALC_OK) {
        put_text(&w, "not valid: ");
        put_text(&w, calc_code_text(code));
    } else if (format == CALC_AS_INTEGER) {
        put_text(&w, "success, ");
        put_number(&w, reply.number);
    } else {
        put_text(&w, "success, \"");
        wire_write_octets(&w, reply.digits, reply.digit_count);
        put_char(&w, '"');
    }
    return text_end(&w, text);
}

static void put_line(struct wire_writer *w, const uint8_t *octets, size_t count, size_t offset,
                     const char *indent)
{
    put_text(w, indent);
    put_hex(w, (unsigned)offset, 4);
    put_char(w, ' ');
    for (size_t i = 0; i < OCTETS_A_LINE; i++) {
        put_char(w, ' ');
        if (i < count)
            put_hex(w, octets[i], 2);
        else
            put_text(w, "  ");
    }
    put_text(w, "  ");
    for (size_t i = 0; i < count; i++)
        wire_write_u8(w, octets[i] >= ' ' && octets[i] <= '~' ? octets[i] : '.');
    put_char(w, '\n');
}

size_t calc_show_octets(const uint8_t *datagram, size_t length, const char *indent, char *text,
                        size_t room)
{
    struct wire_writer w = text_begin(text, room);
    size_t shown = length < CALC_BUFFER_OCTETS ? length : CALC_BUFFER_OCTETS;
    for (size_t at = 0; at < shown; at += OCTETS_A_LINE) {
        size_t rest = shown - at;
        put_line(&w, datagram + at, rest < OCTETS_A_LINE ? rest : OCTETS_A_LINE, at, indent);
    }
    if (shown < length) {
        put_text(&w, indent);
        put_number(&w, shown);
        put_text(&w, " of ");
        put_number(&w, length);
        put_text(&w, " octets\n");
    }
    return text_end(&w, text);
}
