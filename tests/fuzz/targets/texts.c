/* Any datagram, shown in a line and drawn for people (proto/show.h, proto/draw.h): an octet that says for what it is
 * taken, one with how many octets more were sent than there are, and the datagram. */
#include "tests/fuzz/fuzz.h"

#include "proto/draw.h"
#include "proto/show.h"
#include "proto/wire.h"

enum { TAKEN_FOR_REPLY = 1, AS_STRING = 2 };

struct about {
    bool reply;
    enum calc_format format; /* that a reply is to have */
    bool drawn;              /* else shown in a line */
    bool coloured;
    const uint8_t *octets;
    size_t length; /* as sent */
};

static size_t write_text(const struct about *a, char *text, size_t room)
{
    if (a->drawn && a->reply)
        return calc_draw_reply(a->octets, a->length, a->format, a->coloured, text, room);
    if (a->drawn)
        return calc_draw_request(a->octets, a->length, a->coloured, text, room);
    if (a->reply)
        return calc_show_reply(a->octets, a->length, a->format, text, room);
    return calc_show_request(a->octets, a->length, text, room);
}

/* In a room that is too small, it is the same text cut: a line behind some piece of it, a drawing behind the last line
 * that fits whole. */
static void require_cut(const struct about *about, const char *whole, size_t length, size_t room)
{
    struct exact copy = exact_copy(whole, room);
    memset(copy.octets, 0x7F, room);
    const char *text = (const char *)copy.octets;
    size_t cut = write_text(about, (char *)copy.octets, room);
    require(cut < room && memchr(text, '\0', room) == text + cut,
            "a text has the length that is told, and ends with NUL in its room");
    require(memcmp(text, whole, cut) == 0, "a text that is cut begins as the whole one");
    require(cut == length || room <= length, "a text is not cut where it has room");
    if (about->drawn) {
        require(cut == 0 || text[cut - 1] == '\n', "a drawing is cut behind a line");
        const char *next = memchr(whole + cut, '\n', length - cut);
        require(next == NULL || (size_t)(next - whole) + 1 >= room,
                "a drawing has all lines that fit whole");
    }
    exact_free(&copy);
}

/* Writes the whole text, which has to have room, and cuts it at a place that depends on what is in it. */
static size_t require_text(const struct about *about, char *text, size_t room)
{
    size_t length = write_text(about, text, room);
    require(length < room - 1 && strlen(text) == length, "the room for a text is enough for any");
    size_t place = about->length;
    for (size_t i = 0; i < length; i += 7)
        place = place * 31 + (unsigned char)text[i];
    require_cut(about, text, length, 1 + place % (length + 1));
    return length;
}

static bool is_drawing(const char *text, size_t length)
{
    size_t columns = 0;
    for (size_t i = 0; i < length; i++) {
        columns = text[i] == '\n' ? 0 : columns + 1;
        if (columns > CALC_DRAW_COLUMNS || (text[i] != '\n' && (text[i] < ' ' || text[i] > '~')))
            return false;
    }
    return length > 0 && columns == 0;
}

static void drop_colours(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        if (strncmp(from, "\033[", 2) == 0)
            from += strcspn(from, "m");
        else
            *to++ = *from;
    }
    *to = '\0';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wire_reader r = {.p = data, .end = data + size};
    unsigned kind = wire_read_u8(&r);
    size_t more = wire_read_u8(&r);
    size_t length = (size_t)(r.end - r.p);
    /* No more is there than may be read, and all of that. */
    struct exact octets =
        exact_copy(r.p, length < CALC_BUFFER_OCTETS ? length : CALC_BUFFER_OCTETS);
    struct about about = {
        .reply = (kind & TAKEN_FOR_REPLY) != 0,
        .format = (kind & AS_STRING) != 0 ? CALC_AS_STRING : CALC_AS_INTEGER,
        .octets = octets.octets,
        .length = length < CALC_BUFFER_OCTETS ? length : length + 256 * more,
    };
    char line[CALC_SHOW_ROOM] = "", plain[CALC_DRAW_ROOM] = "", coloured[CALC_DRAW_ROOM] = "";
    require_text(&about, line, sizeof line);
    require(is_one_line(line), "a datagram is shown in one line");

    about.drawn = true;
    size_t drawn = require_text(&about, plain, sizeof plain);
    require(is_drawing(plain, drawn), "a drawing is whole lines of ASCII, none too wide");
    about.coloured = true;
    require_text(&about, coloured, sizeof coloured);
    drop_colours(coloured);
    require(strcmp(plain, coloured) == 0, "without its colours, a drawing is the plain one");
    exact_free(&octets);
    return 0;
}
