/* Text files that people write for the kit, line by line: what a line means is for others. */
#ifndef CONFORMANCE_LINES_H
#define CONFORMANCE_LINES_H

#include <stdbool.h>
#include <stdio.h>

enum { LINES_ROOM = 1024, LINES_WHY_ROOM = 1536 };

struct lines {
    FILE *file;
    const char *path;
    unsigned number; /* of the line that was read last, from 1 */
    char text[LINES_ROOM];
    char *
        why; /* LINES_WHY_ROOM characters: "FILE:LINE: what is wrong"; empty as long as nothing is */
};

/* Opens it. False: why says what was tried. */
bool lines_open(struct lines *lines, const char *path, char why[static LINES_WHY_ROOM]);

/* The next line that says something, without the blanks around it; empty lines and those that begin with # are
 * left out. False: there is none, or it can not be read, or is too long, and why is not empty. */
bool lines_next(struct lines *lines);

/* Takes the first word off the text; the rest follows its blanks. */
char *lines_word(char **text);

/* Says what is wrong with the line that was read last. Returns false. */
__attribute__((format(printf, 2, 3))) bool lines_refuse(struct lines *lines, const char *format,
                                                        ...);

/* Closes it. Returns whether nothing was wrong. */
bool lines_close(struct lines *lines);

#endif
