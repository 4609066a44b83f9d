/* Plain text and carriage returns: a terminal needs to know no more. */
#define _GNU_SOURCE /* isatty */

#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum { EVERY_US = 250000, US_PER_S = 1000000 };

void progress_begin(struct progress *progress, bool wanted, int input_fd, int64_t now)
{
    *progress = (struct progress){
        .wanted = wanted && isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO) && !isatty(input_fd),
        .began = now,
        .next = now + EVERY_US,
    };
}

void progress_text(char text[static PROGRESS_ROOM], uint64_t done, int64_t elapsed_us,
                   int64_t consumed, int64_t size)
{
    double elapsed = (double)elapsed_us / US_PER_S;
    double rate = elapsed > 0 ? (double)done / elapsed : 0;
    if (consumed > 0 && size >= consumed) {
        double left = elapsed * (double)(size - consumed) / (double)consumed;
        snprintf(text, PROGRESS_ROOM, "%" PRIu64 " lines, %.0f a second, %.0f s left", done, rate,
                 left);
    } else {
        snprintf(text, PROGRESS_ROOM, "%" PRIu64 " lines, %.0f a second", done, rate);
    }
}

void progress_show(struct progress *progress, const struct input *input, uint64_t done, int64_t now)
{
    if (!progress->wanted || now < progress->next)
        return;
    char text[PROGRESS_ROOM];
    progress_text(text, done, now - progress->began, input->consumed, input->size);
    fprintf(stderr, "\r%-*s", PROGRESS_ROOM, text);
    fflush(stderr);
    progress->shown = true;
    progress->next = now + EVERY_US;
}

void progress_clear(struct progress *progress)
{
    if (progress->shown)
        fprintf(stderr, "\r%*s\r", PROGRESS_ROOM, "");
    progress->shown = false;
}
