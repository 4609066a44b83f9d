/* A command line as its words, split by the kit: no shell sees it, so a star arrives as a star. */
#ifndef CONFORMANCE_WORDS_H
#define CONFORMANCE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

enum { WORDS_MAX = 128, WORDS_ROOM = 8192, WORDS_WHY_ROOM = 256 };

struct words {
    size_t count;
    char *list[WORDS_MAX + 1]; /* ends with NULL; points into text */
    size_t used;
    char text[WORDS_ROOM];
};

/* What a name in braces stands for: no values make its word vanish, several make several words. */
struct placeholder {
    const char *name; /* "{port}" */
    const char *const *values;
    size_t count;
};

/* Splits a command at blanks; '...', "..." and \ keep them, as in a shell. Nothing else is special. Then puts the
 * values in the places of the names: a word that is just a name becomes as many words as it has values; a name
 * within a word becomes its first value. An empty word that was not quoted vanishes.
 * False: why says in one line what is wrong (an open quotation, no word at all, too long, or an unknown
 * name in braces). */
bool words_split(struct words *words, const char *command, const struct placeholder *placeholders,
                 size_t placeholder_count, char why[static WORDS_WHY_ROOM]);

/* Whether the command has this name in braces. */
bool words_mention(const char *command, const char *name);

#endif
