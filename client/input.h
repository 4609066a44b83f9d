/* The lines of a file, a pipe or a terminal, one by one, from a buffer of fixed size. What they mean is
 * lines.c's; when to wait for more is the caller's. */
#ifndef CLIENT_INPUT_H
#define CLIENT_INPUT_H

#include "failure.h"

#include <stddef.h>
#include <stdint.h>

enum { INPUT_ROOM = 65536 };

struct input {
    int fd;
    const char *name; /* of the file; NULL is standard input */
    uint64_t line;    /* how many lines there were, so the number of the last one */
    bool ended;       /* there is no more to read; lines may be left in the buffer */
    bool skipping;    /* what is left of a line that was cut */
    int64_t size;     /* octets that there are in all; 0 where nobody knows */
    int64_t consumed;
    size_t begin;
    size_t end;
    char octets[INPUT_ROOM + 1];
};

/* Opens the file, or takes standard input. False with the failure noted. */
bool input_open(struct input *input, const char *name, struct failure *failure);
void input_close(struct input *input);

/* The next whole line, without its newline; the octet behind it may be written to. A line that is longer
 * than the buffer is given cut, once. NULL: input_fill() comes first, or there is none. Until the next call. */
char *input_line(struct input *input, size_t *length);

/* Reads once, and so waits where nothing is ready. False with the failure noted: what could not be read is
 * as if it were not there. */
bool input_fill(struct input *input, struct failure *failure);

/* True: input_line() has one. */
bool input_has_line(const struct input *input);

#endif
