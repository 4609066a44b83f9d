/* Datagrams in one line of text. What a datagram means is for the codec to say. */
#include "show.h"
#include "message.h"
#include "text.h"

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

size_t calc_whole_lines(const char *text, size_t length, size_t room)
{
    if (length <= room)
        return length;
    size_t end = room;
    while (end > 0 && text[end - 1] != '\n')
        end--;
    return end > 0 ? end : room;
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
