/* A pipe is ready for writing where a page of it is free, a terminal where it has not been
 * stopped. */
#define _GNU_SOURCE /* PIPE_BUF, ppoll */

#include "output.h"
#include "proto/show.h"

#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

bool output_ready(int fd)
{
    struct pollfd out = {.fd = fd, .events = POLLOUT};
    const struct timespec now = {0};
    return ppoll(&out, 1, &now, NULL) != 0;
}

static bool print(const char *text, size_t length)
{
    fflush(stdout);
    while (length > 0) {
        /* One system call each: a free page takes one piece, but perhaps not two halves of it. */
        ssize_t written = -1;
        if (output_ready(STDOUT_FILENO))
            written = write(STDOUT_FILENO, text, calc_whole_lines(text, length, PIPE_BUF));
        if (written <= 0)
            return false;
        text += written;
        length -= (size_t)written;
    }
    return true;
}

bool output_print(const char *text, size_t length)
{
    flockfile(stdout);
    bool printed = print(text, length);
    funlockfile(stdout);
    return printed;
}
