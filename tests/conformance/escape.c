/* One walk over the characters; each form says what it makes of one. */
#include "escape.h"

#include "proto/utf8.h"

#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

/* What a form is given: a character with its number, or one octet that is none. */
struct character {
    const uint8_t *octets;
    size_t length;
    bool valid;
    uint32_t code;
};

static bool is_control(const struct character *c)
{
    return c->valid && (c->code < 0x20 || (c->code >= 0x7F && c->code < 0xA0));
}

/* Characters that turn the direction of the text behind them: with these, it can seem to be another. */
static bool turns_text(const struct character *c)
{
    return c->valid &&
           ((c->code >= 0x202A && c->code <= 0x202E) || (c->code >= 0x2066 && c->code <= 0x2069));
}

/* Neither XML nor HTML may have these. */
static bool is_noncharacter(const struct character *c)
{
    return c->valid && ((c->code >= 0xFDD0 && c->code <= 0xFDEF) || (c->code & 0xFFFE) == 0xFFFE);
}

static void put(struct escaped *e, const char *text)
{
    e->length = strlen(text);
    memcpy(e->text, text, e->length);
    e->columns = e->length;
}

static void put_number(struct escaped *e, const char *prefix, uint32_t value, unsigned digits)
{
    put(e, prefix);
    for (unsigned shift = 4 * digits; shift > 0; shift -= 4)
        e->text[e->length++] = "0123456789abcdef"[value >> (shift - 4) & 0xF];
    e->columns = e->length;
}

static void put_as_it_is(struct escaped *e, const struct character *c)
{
    if (c->valid)
        memcpy(e->text, c->octets, c->length);
    else
        memcpy(e->text, REPLACEMENT, sizeof REPLACEMENT - 1);
    e->length = c->valid ? c->length : sizeof REPLACEMENT - 1;
    e->columns = 1;
}

/* As C writes it: "\x1b" for ESC. */
static void put_control(struct escaped *e, const struct character *c, const char *short_prefix,
                        const char *long_prefix)
{
    if (c->code < 0x80)
        put_number(e, short_prefix, c->code, 2);
    else
        put_number(e, long_prefix, c->code, 4);
}

static void put_json(struct escaped *e, const struct character *c)
{
    if (!c->valid)
        put(e, "\\ufffd");
    else if (c->code == '"')
        put(e, "\\\"");
    else if (c->code == '\\')
        put(e, "\\\\");
    else if (is_control(c) || turns_text(c))
        put_number(e, "\\u", c->code, 4);
    else
        put_as_it_is(e, c);
}

static void put_markup(struct escaped *e, const struct character *c)
{
    if (c->code == '&')
        put(e, "&amp;");
    else if (c->code == '<')
        put(e, "&lt;");
    else if (c->code == '>')
        put(e, "&gt;");
    else if (c->code == '"')
        put(e, "&quot;");
    else if (c->code == '\'')
        put(e, "&#39;");
    else if ((is_control(c) || turns_text(c)) && c->code != '\n' && c->code != '\t')
        put_control(e, c, "\\x", "\\u");
    else if (is_noncharacter(c))
        put(e, REPLACEMENT);
    else
        put_as_it_is(e, c);
}

static void put_tap(struct escaped *e, const struct character *c)
{
    if (c->code == '#')
        put(e, "\\#");
    else if (c->code == '\\')
        put(e, "\\\\");
    else if (c->code == '\n' || c->code == '\t')
        put(e, " ");
    else if (is_control(c) || turns_text(c))
        put_control(e, c, "\\\\x", "\\\\u");
    else
        put_as_it_is(e, c);
}

static void put_terminal(struct escaped *e, const struct character *c)
{
    if (!c->valid)
        put_number(e, "\\x", c->octets[0], 2);
    else if (c->code == '\t')
        put(e, "    ");
    else if (is_control(c) || turns_text(c))
        put_control(e, c, "\\x", "\\u");
    else
        put_as_it_is(e, c);
}

struct escaped escape_next(enum escape form, const char *p, const char *end)
{
    struct character c = {.octets = (const uint8_t *)p};
    c.length = utf8_length(c.octets, (const uint8_t *)end);
    c.valid = c.length > 0;
    c.code = c.valid ? utf8_code(c.octets, c.length) : 0;

    struct escaped e = {.taken = c.valid ? c.length : 1};
    switch (form) {
    case ESCAPE_JSON:
        put_json(&e, &c);
        break;
    case ESCAPE_MARKUP:
        put_markup(&e, &c);
        break;
    case ESCAPE_TAP:
        put_tap(&e, &c);
        break;
    case ESCAPE_TERMINAL:
        put_terminal(&e, &c);
        break;
    }
    return e;
}

void escape_octets(FILE *out, enum escape form, const char *octets, size_t length)
{
    const char *end = octets + length;
    for (const char *p = octets; p < end;) {
        struct escaped e = escape_next(form, p, end);
        fwrite(e.text, 1, e.length, out);
        p += e.taken;
    }
}

void escape_text(FILE *out, enum escape form, const char *text)
{
    escape_octets(out, form, text, strlen(text));
}
