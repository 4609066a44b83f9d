/* Numbers of the command line, and what is said of those that are none. */
#ifndef CONFORMANCE_NUMBERS_H
#define CONFORMANCE_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

enum { NUMBERS_SECONDS_MAX = 3600 };

/* Each reads a word as the value of an option. False: one line on standard error says what is allowed. */
bool numbers_read(const char *option, const char *word, uint64_t lowest, uint64_t highest,
                  uint64_t *number);

/* From 1 on. */
bool numbers_count(const char *option, const char *word, uint64_t highest, unsigned *count);

/* 0.01 to NUMBERS_SECONDS_MAX seconds, as microseconds. */
bool numbers_seconds(const char *option, const char *word, int64_t *us);

#endif
