/* Text for people, piece by piece, for the files of this folder only. Built on the writer of
 * wire.h, as text is octets, too: what does not fit is left out, and so is all after it. */
#ifndef CALC_TEXT_H
#define CALC_TEXT_H

#include "wire.h"

static inline struct wire_writer text_begin(char *text, size_t room)
{
    /* The last octet is kept for the NUL. */
    return (struct wire_writer){.p = (uint8_t *)text, .end = (uint8_t *)text + room - 1};
}

/* Returns the length without the NUL. */
static inline size_t text_end(struct wire_writer *w, const char *text)
{
    *w->p = '\0';
    return (size_t)((const char *)w->p - text);
}

static inline void put_char(struct wire_writer *w, char c)
{
    wire_write_u8(w, (uint8_t)c);
}

static inline void put_text(struct wire_writer *w, const char *text)
{
    while (*text != '\0')
        put_char(w, *text++);
}

/* Decimal, with blanks before it up to a width. */
static inline void put_right(struct wire_writer *w, size_t value, size_t width)
{
    char digits[20]; /* enough for 64 bits */
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    for (size_t used = sizeof digits - at; used < width; used++)
        put_char(w, ' ');
    wire_write_octets(w, digits + at, sizeof digits - at);
}

static inline void put_number(struct wire_writer *w, size_t value)
{
    put_right(w, value, 0);
}

static inline void put_hex(struct wire_writer *w, unsigned value, int digits)
{
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
        put_char(w, "0123456789abcdef"[value >> shift & 0xF]);
}

#endif
