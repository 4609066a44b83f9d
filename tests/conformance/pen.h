/* Text for a terminal: harmless, wrapped between its margins, and coloured where that is wanted. */
#ifndef CONFORMANCE_PEN_H
#define CONFORMANCE_PEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Numbers of SGR sequences (ECMA-48). */
enum style { PLAIN = 0, BOLD = 1, DIM = 2, RED = 31, GREEN = 32, YELLOW = 33, CYAN = 36 };

enum { PEN_COLUMNS = 80 };

struct pen {
    FILE *out;
    bool coloured;
    enum style style; /* that is on */
    size_t column;    /* where it is, from 0 */
    size_t blanks;    /* that stand before what comes next, and are left out where nothing comes */
};

/* Goes right to this column; at least one blank away from what stands there, if anything does. */
void pen_to(struct pen *pen, size_t column);

/* Goes two blanks away from what stands there. */
void pen_apart(struct pen *pen);

/* Writes a text where the pen is, however long it is. */
void pen_put(struct pen *pen, enum style style, const char *text);
__attribute__((format(printf, 3, 4))) void pen_print(struct pen *pen, enum style style,
                                                     const char *format, ...);

/* Writes the words of a text; the lines that it needs more begin at the column `left`. */
void pen_words(struct pen *pen, enum style style, size_t left, const char *text);

/* Writes the lines of a text of at most length octets behind a bar that begins at the column `left`. */
void pen_quote(struct pen *pen, size_t left, const char *text, size_t length);

/* Ends the line. */
void pen_line(struct pen *pen);

#endif
