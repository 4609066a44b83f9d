/* Digits and nothing else: what strtoull(3) and strtod(3) let pass besides is refused. */
#include "numbers.h"
#include "proto/term/program.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 19 };

bool numbers_read(const char *option, const char *word, uint64_t lowest, uint64_t highest,
                  uint64_t *number)
{
    size_t digits = strspn(word, "0123456789");
    uint64_t value = digits > 0 && digits <= DIGITS_MAX ? strtoull(word, NULL, 10) : 0;
    if (digits > 0 && digits <= DIGITS_MAX && word[digits] == '\0' && value >= lowest &&
        value <= highest) {
        *number = value;
        return true;
    }
    fprintf(stderr, "%s: %s '%.99s': %" PRIu64 " to %" PRIu64 " is allowed\n", calc_program(),
            option, word, lowest, highest);
    return false;
}

bool numbers_count(const char *option, const char *word, uint64_t highest, unsigned *count)
{
    uint64_t number;
    if (!numbers_read(option, word, 1, highest, &number))
        return false;
    *count = (unsigned)number;
    return true;
}

bool numbers_seconds(const char *option, const char *word, int64_t *us)
{
    char *end = NULL;
    double seconds = strtod(word, &end);
    bool decimal = word[0] != '\0' && word[strspn(word, "0123456789.")] == '\0' && *end == '\0';
    if (decimal && seconds >= 0.01 && seconds <= NUMBERS_SECONDS_MAX) {
        *us = (int64_t)(seconds * 1000000);
        return true;
    }
    fprintf(stderr, "%s: %s '%.99s': 0.01 to %d seconds are allowed\n", calc_program(), option,
            word, NUMBERS_SECONDS_MAX);
    return false;
}
