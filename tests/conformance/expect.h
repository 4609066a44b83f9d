/* What a client prints, read with a pattern: 'Result: {result}' finds the number in such a line, whatever
 * else is printed around it. What the number should be is the case's business. */
#ifndef CONFORMANCE_EXPECT_H
#define CONFORMANCE_EXPECT_H

#include "proto/calc.h"

#include <stdbool.h>
#include <stddef.h>

#define EXPECT_DEFAULT "Result: {result}"

enum { EXPECT_WHY_ROOM = 160, SHOWN_ROOM = CALC_DIGITS_MAX + 64 };

/* The results that a client has shown. A text counts as one where it begins like a number: "9", "-1", and
 * "9x" as well; "Result: failed" shows none. */
struct shown {
    size_t count; /* lines that show one */
    bool differ;  /* not all of them the same */
    char text
        [SHOWN_ROOM]; /* the first one, as it was printed, ? for what is no character; cut where the room ends */
};

/* Whether it has {result} once. False: why says in one line what is wrong. */
bool expect_pattern(const char *pattern, char why[static EXPECT_WHY_ROOM]);

/* Finds the results in the output. The text of a line that stands in the place of {result} reaches from the
 * pattern's words before it to those behind it, or to the end of the line; blanks around it are any or none. Words
 * before it may stand anywhere in the line; where there are none, the result begins the line, and has no
 * blank in it. Colours (ECMA-48 SGR) are not looked at. */
void expect_find(const char *pattern, const char *output, size_t length, struct shown *shown);

/* Is it this number, in digits without leading zeros? Leading zeros that were shown are dropped. */
bool shown_is(const struct shown *shown, const char *digits);

/* Does it show a result that a reply could hold? A number below zero is none: some print "-1" for an error. */
bool shown_result(const struct shown *shown);

#endif
