/* A pipe is ready for writing where a page of it is free, a terminal where it has not been
 * stopped. */
#define _GNU_SOURCE /* PIPE_BUF */

#include "output.h"

#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

bool output_ready(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return poll(&out, 1, 0) != 0;
}

/* How much of the text ends with a line and fits into the page that is free. */
static size_t lines_of_a_page(const char *text, size_t length)
{
    if (length <= PIPE_BUF)
        return length;
    size_t end = PIPE_BUF;
    while (end > 0 && text[end - 1] != '\n')
        end--;
    return end > 0 ? end : PIPE_BUF;
}

static bool print(const char *text, size_t length)
{
    fflush(stdout);
    while (length > 0) {
        /* One system call each: a free page takes one piece, but perhaps not two halves of it. */
        ssize_t written = -1;
        if (output_ready())
            written = write(STDOUT_FILENO, text, lines_of_a_page(text, length));
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
