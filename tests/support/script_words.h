/* The words of a description: each function reads one kind, and says whether it is one. */
#ifndef TESTS_SCRIPT_WORDS_H
#define TESTS_SCRIPT_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WORD_ROOM = 128 };

/* The next word of the line at *p, which then is behind it; longer ones are cut. False: there is none, and
 * word is empty. */
bool word_take(const char **p, char word[static WORD_ROOM]);
bool word_at_end(const char *p);

bool word_is_name(const char *word, size_t room);
bool word_number(const char *word, unsigned long limit, unsigned long *number);
/* Seconds with at most six decimals, as microseconds. */
bool word_time(const char *word, int64_t *time_us);

/* Hex digits with blanks anywhere, and words N*OCTETS. NULL, or what is wrong with them. */
const char *octets_read(const char *text, uint8_t *octets, size_t room, size_t *length);

bool text_is_utf8(const char *text);

#endif
