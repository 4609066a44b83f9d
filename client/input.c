/* read(2) into a buffer, and newlines. */
#define _GNU_SOURCE /* O_CLOEXEC, fstat */

#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail_input(const struct input *input, const char *what, struct failure *failure)
{
    if (input->name == NULL)
        return fail(failure, FAILURE_INPUT, "can not %s standard input: %s", what, strerror(errno));
    return fail(failure, FAILURE_INPUT, "can not %s FILE '%.255s': %s", what, input->name,
                strerror(errno));
}

bool input_open(struct input *input, const char *name, struct failure *failure)
{
    input->fd = STDIN_FILENO;
    input->name = name;
    input->line = 0;
    input->ended = false;
    input->skipping = false;
    input->size = 0;
    input->consumed = 0;
    input->begin = 0;
    input->end = 0;
    if (name != NULL)
        input->fd = open(name, O_RDONLY | O_CLOEXEC);
    if (input->fd < 0)
        return fail_input(input, "open", failure);
    struct stat status;
    if (fstat(input->fd, &status) < 0)
        return fail_input(input, "read", failure);
    if (S_ISREG(status.st_mode)) {
        off_t at = lseek(input->fd, 0, SEEK_CUR);
        input->size = status.st_size - (at > 0 ? at : 0);
    }
    return true;
}

void input_close(struct input *input)
{
    if (input->name != NULL && input->fd >= 0)
        close(input->fd);
}

/* The length of the first line in the buffer, which is then longer by its newline, if it has one. False:
 * its end is not in it. */
static bool first_line(const struct input *input, size_t *length)
{
    const char *begin = input->octets + input->begin;
    size_t available = input->end - input->begin;
    const char *newline = memchr(begin, '\n', available);
    *length = newline != NULL ? (size_t)(newline - begin) : available;
    return newline != NULL || available == INPUT_ROOM || (input->ended && available > 0);
}

char *input_line(struct input *input, size_t *length)
{
    while (first_line(input, length)) {
        char *line = input->octets + input->begin;
        bool whole = input->begin + *length < input->end;
        bool skipped = input->skipping;
        input->skipping = !whole;
        input->begin += *length + whole;
        input->consumed += (int64_t)*length + whole;
        if (skipped)
            continue;
        input->line++;
        return line;
    }
    return NULL;
}

bool input_has_line(const struct input *input)
{
    size_t length;
    return !input->skipping && first_line(input, &length);
}

bool input_fill(struct input *input, struct failure *failure)
{
    memmove(input->octets, input->octets + input->begin, input->end - input->begin);
    input->end -= input->begin;
    input->begin = 0;
    ssize_t got = read(input->fd, input->octets + input->end, INPUT_ROOM - input->end);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return true;
    input->ended = got <= 0;
    if (got < 0) {
        int error = errno;
        while (input->end > 0 && input->octets[input->end - 1] != '\n')
            input->end--;
        errno = error;
        return fail_input(input, "read", failure);
    }
    input->end += (size_t)got;
    return true;
}
