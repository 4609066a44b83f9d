/* Two messages next to each other: what was due and what came, in rows, with their bits and payloads decoded.
 * How a row is drawn is for those who draw. Pure functions. */
#ifndef CONFORMANCE_DIFFERENCE_H
#define CONFORMANCE_DIFFERENCE_H

#include "outcome.h"
#include "proto/show.h"

enum side { EXPECTED, ACTUAL, SIDES };

enum row_kind {
    ROW_HEADER, /* the first octet, and its bits */
    ROW_FIELD,  /* a field of it, with its meaning; no octets */
    ROW_OCTETS, /* of the payload */
    ROW_FOLDED, /* octets that are left out, on both sides */
};

enum { ROWS_MAX = 32, ROW_OCTETS_MAX = 8, ROW_WORDS_ROOM = 40 };

/* One side of a row. No octets and no words: the message has ended, or there is none. */
struct cell {
    const uint8_t *octets; /* in the comparison */
    size_t count;
    char words[ROW_WORDS_ROOM]; /* "1 0000000", "S 1 (success)", "         9  ....", "3132 " */
};

struct row {
    enum row_kind kind;
    size_t offset; /* of its first octet, from 0 */
    size_t folded; /* how many octets a ROW_FOLDED stands for */
    bool differs;
    struct cell cells[SIDES];
};

/* Whether there are two messages; else a side says in words what there is instead. */
bool difference_of_two(const struct comparison *comparison);

/* Whether the octet at this offset is not the same on both sides, as one of them may have ended before it. */
bool difference_at(const struct comparison *comparison, size_t offset);

/* The offset of the first octet that differs; NO_DIFFERENCE where none does, or there are not two. */
#define NO_DIFFERENCE SIZE_MAX
size_t difference_first(const struct comparison *comparison);

/* The rows, at most ROWS_MAX: of a long payload its begin, its end and what surrounds the first difference. */
size_t difference_rows(const struct comparison *comparison, struct row rows[static ROWS_MAX]);

/* How many octets the message of this side has, as sent; 0 where there is none. */
size_t difference_length(const struct comparison *comparison, enum side side);

/* One line: "success, 9", "sum(1, 3) as integer", "no reply", "nothing came". */
void difference_meaning(const struct comparison *comparison, enum side side,
                        char text[static CALC_SHOW_ROOM]);

#endif
