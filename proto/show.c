/* Datagrams in one line of text. What a datagram means is for the codec to say. */
#include "show.h"
#include "message.h"
#include "text.h"

enum { OCTETS_A_LINE = 16 };

enum calc_format calc_format_asked(const uint8_t *datagram, size_t length)
{
    return length > 0 && (datagram[0] & REQUEST_FORMAT_MASK) ? CALC_AS_STRING : CALC_AS_INTEGER;
}

void calc_one_line(char *text)
{
    for (unsigned char *p = (unsigned char *)text; *p != '\0'; p++) {
        if (*p < ' ' || *p == 0x7F)
            *p = '?';
        /* In UTF-8, U+0080 to U+009F are control characters, too. */
        if (p[0] == 0xC2 && p[1] >= 0x80 && p[1] < 0xA0)
            p[0] = p[1] = '?';
    }
}

static void put_request(struct wire_writer *w, const uint8_t *datagram, size_t length)
{
    struct calc_request request;
    enum calc_code code = calc_request_decode(datagram, length, &request);
    if (code != CALC_OK) {
        put_text(w, "malformed: ");
        put_text(w, calc_code_text(code));
        return;
    }
    put_text(w, request.opcode == CALC_SUM ? "sum(" : "product(");
    for (size_t i = 0; i < request.count; i++) {
        put_text(w, i > 0 ? ", " : "");
        put_number(w, request.integers[i]);
    }
    put_text(w, request.format == CALC_AS_INTEGER ? ") as integer" : ") as string");
}

size_t calc_show_request(const uint8_t *datagram, size_t length, char *text, size_t room)
{
    struct wire_writer w = text_begin(text, room);
    put_request(&w, datagram, length);
    return text_end(&w, text);
}

static void put_reply(struct wire_writer *w, const uint8_t *datagram, size_t length,
                      enum calc_format format)
{
    struct calc_reply reply;
    enum calc_code code = calc_reply_decode(datagram, length, format, &reply);
    if (code == CALC_REPLY_ERROR) {
        put_text(w, "error");
    } else if (code != CALC_OK) {
        put_text(w, "not valid: ");
        put_text(w, calc_code_text(code));
    } else if (format == CALC_AS_INTEGER) {
        put_text(w, "success, ");
        put_number(w, reply.number);
    } else {
        put_text(w, "success, \"");
        wire_write_octets(w, reply.digits, reply.digit_count);
        put_char(w, '"');
    }
}

size_t calc_show_reply(const uint8_t *datagram, size_t length, enum calc_format format, char *text,
                       size_t room)
{
    struct wire_writer w = text_begin(text, room);
    put_reply(&w, datagram, length, format);
    return text_end(&w, text);
}

static void put_line(struct wire_writer *w, const uint8_t *octets, size_t count, size_t offset)
{
    put_text(w, CALC_SHOW_INDENT);
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

static void put_octets(struct wire_writer *w, const uint8_t *datagram, size_t length)
{
    size_t shown = length < CALC_BUFFER_OCTETS ? length : CALC_BUFFER_OCTETS;
    for (size_t at = 0; at < shown; at += OCTETS_A_LINE) {
        size_t rest = shown - at;
        put_line(w, datagram + at, rest < OCTETS_A_LINE ? rest : OCTETS_A_LINE, at);
    }
    if (shown < length) {
        put_text(w, CALC_SHOW_INDENT);
        put_number(w, shown);
        put_text(w, " of ");
        put_number(w, length);
        put_text(w, " octets\n");
    }
}

static void put_field(struct wire_writer *w, const char *name, unsigned value, const char *meaning)
{
    put_text(w, name);
    put_number(w, value);
    put_text(w, meaning);
}

static const char *opcode_meaning(unsigned opcode)
{
    if (opcode == CALC_SUM)
        return " (sum)";
    return opcode == CALC_PRODUCT ? " (product)" : " (not defined)";
}

size_t calc_explain_request(const uint8_t *datagram, size_t length, char *text, size_t room)
{
    struct wire_writer w = text_begin(text, room);
    put_octets(&w, datagram, length);
    if (length > 0) {
        unsigned header = datagram[0];
        unsigned opcode = header >> REQUEST_OPCODE_SHIFT & REQUEST_OPCODE_MASK;
        unsigned format = header & REQUEST_FORMAT_MASK;
        put_field(&w, CALC_SHOW_INDENT "unused ", header >> REQUEST_UNUSED_SHIFT, ", ");
        put_field(&w, "opcode ", opcode, opcode_meaning(opcode));
        put_field(&w, ", F ", format, format == CALC_AS_INTEGER ? " (integer)\n" : " (string)\n");
    }
    put_text(&w, CALC_SHOW_INDENT);
    put_request(&w, datagram, length);
    put_char(&w, '\n');
    return text_end(&w, text);
}

size_t calc_explain_reply(const uint8_t *datagram, size_t length, enum calc_format format,
                          char *text, size_t room)
{
    struct wire_writer w = text_begin(text, room);
    put_octets(&w, datagram, length);
    if (length > 0) {
        bool success = (datagram[0] & REPLY_SUCCESS) != 0;
        put_field(&w, CALC_SHOW_INDENT "S ", success, success ? " (success), " : " (error), ");
        put_field(&w, "unused ", datagram[0] & REPLY_UNUSED_MASK, "\n");
    }
    put_text(&w, CALC_SHOW_INDENT);
    put_reply(&w, datagram, length, format);
    put_char(&w, '\n');
    return text_end(&w, text);
}
