/* Text from elsewhere, made harmless for the form that it is put into. Any octets will do: what is not
 * UTF-8 is shown as such, and every character stays one. */
#ifndef CONFORMANCE_ESCAPE_H
#define CONFORMANCE_ESCAPE_H

#include <stddef.h>
#include <stdio.h>

enum escape {
    ESCAPE_JSON,   /* between the quotes of a string of JSON (RFC 8259) or YAML */
    ESCAPE_MARKUP, /* text and quoted attributes of XML and of HTML */
    ESCAPE_TAP,    /* a description or a reason in TAP: one line, # and \ escaped */
    ESCAPE_TERMINAL, /* nothing that a terminal obeys: \x1b for ESC, \xff for an octet that is no UTF-8 */
};

/* What one character becomes. */
struct escaped {
    size_t taken;   /* octets of the text; at least one */
    size_t length;  /* octets of its escaped form */
    size_t columns; /* that it takes on a terminal */
    char text[8];   /* without NUL */
};

/* The character at p, which is before end. Invalid octets become U+FFFD, each its own; but
 * on a terminal \xff. Control characters that a form has no place for, and those that turn the direction of a text,
 * become \x1b or \u202e. */
struct escaped escape_next(enum escape form, const char *p, const char *end);

/* Writes all of these octets, or a text that ends with NUL. */
void escape_octets(FILE *out, enum escape form, const char *octets, size_t length);
void escape_text(FILE *out, enum escape form, const char *text);

#endif
