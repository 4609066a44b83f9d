/* How far a batch has come, as one line of a terminal that is written over and cleared in the end. Shown on
 * standard error, unless the lines or the answers go over a terminal, too: they would be mixed. */
#ifndef CLIENT_PROGRESS_H
#define CLIENT_PROGRESS_H

#include "input.h"

#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool wanted;
    bool shown; /* something is to be cleared */
    int64_t began;
    int64_t next; /* when it is to be shown again */
};

enum { PROGRESS_ROOM = 72 };

void progress_begin(struct progress *progress, bool wanted, int input_fd, int64_t now);

/* Shows it, if it is time to. done: lines that have an answer. */
void progress_show(struct progress *progress, const struct input *input, uint64_t done,
                   int64_t now);

/* The line itself: the lines that are done, the rate, and the time that is left, where the size of the input is
 * known. */
void progress_text(char text[static PROGRESS_ROOM], uint64_t done, int64_t elapsed_us,
                   int64_t consumed, int64_t size);

/* The line is empty again. */
void progress_clear(struct progress *progress);

#endif
