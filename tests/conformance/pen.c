/* The pen counts columns, so that it knows where a line is full. */
#include "pen.h"
#include "escape.h"

#include <stdarg.h>
#include <string.h>

enum { PRINT_ROOM = 1024 };

static void put_blanks(struct pen *pen)
{
    for (; pen->blanks > 0; pen->blanks--) {
        putc(' ', pen->out);
        pen->column++;
    }
}

void pen_to(struct pen *pen, size_t column)
{
    size_t at = pen->column + pen->blanks;
    if (at < column)
        pen->blanks += column - at;
    else if (pen->column > 0 && pen->blanks == 0)
        pen->blanks = 1;
}

void pen_apart(struct pen *pen)
{
    pen->blanks = 2;
}

/* A style stays on over the blanks between words that have it. */
static void set_style(struct pen *pen, enum style style)
{
    if (pen->style == style)
        return;
    if (pen->coloured && pen->style != PLAIN)
        fputs("\033[0m", pen->out);
    if (pen->coloured && style != PLAIN)
        fprintf(pen->out, "\033[%dm", (int)style);
    pen->style = style;
}

void pen_line(struct pen *pen)
{
    set_style(pen, PLAIN);
    putc('\n', pen->out);
    pen->column = pen->blanks = 0;
}

static size_t columns(const char *text, size_t length)
{
    size_t sum = 0;
    for (const char *p = text, *end = text + length; p < end;) {
        struct escaped e = escape_next(ESCAPE_TERMINAL, p, end);
        sum += e.columns;
        p += e.taken;
    }
    return sum;
}

static void put_octets(struct pen *pen, enum style style, const char *text, size_t length)
{
    put_blanks(pen);
    set_style(pen, style);
    escape_octets(pen->out, ESCAPE_TERMINAL, text, length);
    pen->column += columns(text, length);
}

void pen_put(struct pen *pen, enum style style, const char *text)
{
    put_octets(pen, style, text, strlen(text));
}

void pen_print(struct pen *pen, enum style style, const char *format, ...)
{
    char text[PRINT_ROOM];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    pen_put(pen, style, text);
}

static size_t columns_left(const struct pen *pen)
{
    size_t at = pen->column + pen->blanks;
    return at < PEN_COLUMNS ? PEN_COLUMNS - at : 0;
}

/* How many octets of a text stand in so many columns; at least one character. */
static size_t fitting(const char *text, size_t length, size_t room)
{
    const char *end = text + length;
    struct escaped e = escape_next(ESCAPE_TERMINAL, text, end);
    const char *p = text;
    for (size_t used = 0; p == text || (p < end && used + e.columns <= room);) {
        used += e.columns;
        p += e.taken;
        if (p < end)
            e = escape_next(ESCAPE_TERMINAL, p, end);
    }
    return (size_t)(p - text);
}

static void new_line(struct pen *pen, size_t left)
{
    pen_line(pen);
    pen_to(pen, left);
}

/* A word that is too long for any line is broken. */
static void put_word(struct pen *pen, enum style style, size_t left, const char *word,
                     size_t length)
{
    if (columns(word, length) > columns_left(pen) && pen->column > left)
        new_line(pen, left);
    while (length > 0) {
        size_t n = fitting(word, length, columns_left(pen));
        put_octets(pen, style, word, n);
        word += n;
        length -= n;
        if (length > 0)
            new_line(pen, left);
    }
}

void pen_words(struct pen *pen, enum style style, size_t left, const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, " \n");
        put_word(pen, style, left, text, length);
        text += length;
        if (*text != '\0') {
            pen->blanks += length > 0;
            text++;
        }
    }
    pen->blanks = 0;
}

void pen_quote(struct pen *pen, size_t left, const char *text, size_t length)
{
    const char *end = text + length;
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *line_end = newline != NULL ? newline : end;
        do {
            pen_to(pen, left);
            pen_put(pen, DIM, "|");
            size_t rest = (size_t)(line_end - text);
            if (rest > 0) {
                pen_to(pen, left + 2);
                size_t n = fitting(text, rest, columns_left(pen));
                put_octets(pen, PLAIN, text, n);
                text += n;
            }
            pen_line(pen);
        } while (text < line_end);
        text = newline != NULL ? newline + 1 : end;
    }
}
