/* A pipe is ready for writing where a page of it is free, a terminal where it has not been stopped; both
 * then take a page: pipe(7). Not O_NONBLOCK, which would be for all who share the output. */
#define _GNU_SOURCE /* open_memstream, PIPE_BUF */

#include "answers.h"
#include "proto/show.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool answers_open(struct answers *answers, int fd, bool json)
{
    struct stat status;
    answers->json = json;
    answers->fd = fd;
    answers->regular = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    answers->first = 0;
    answers->next = 0;
    answers->kept = 0;
    answers->done = 0;
    answers->worst = 0;
    answers->text = NULL;
    answers->text_length = 0;
    answers->out_begin = 0;
    answers->out_end = 0;
    answers->ring = malloc(ANSWERS_AHEAD * sizeof *answers->ring);
    answers->memory = open_memstream(&answers->text, &answers->text_length);
    if (answers->ring == NULL || answers->memory == NULL)
        return false;
    /* Touched, so that a long run takes no more memory than a short one. */
    memset(answers->ring, 0xFF, ANSWERS_AHEAD * sizeof *answers->ring);
    return true;
}

static struct answer *at(const struct answers *answers, uint64_t place)
{
    return &answers->ring[place % ANSWERS_AHEAD];
}

static bool is_inside(const struct answer *answer)
{
    return answer->length <= sizeof answer->octets;
}

void answers_close(struct answers *answers)
{
    for (uint64_t place = answers->first; place < answers->next; place++) {
        if (!is_inside(at(answers, place)))
            free(at(answers, place)->text);
    }
    free(answers->ring);
    if (answers->memory != NULL)
        fclose(answers->memory);
    free(answers->text);
}

bool answers_have_room(const struct answers *answers)
{
    return answers->next - answers->first < ANSWERS_AHEAD && answers->kept < ANSWERS_KEPT_MAX;
}

uint64_t answers_take(struct answers *answers, uint64_t line)
{
    assert(answers_have_room(answers));
    *at(answers, answers->next) = (struct answer){.line = line};
    return answers->next++;
}

static bool fits(struct answers *answers, size_t length)
{
    if (ANSWERS_ROOM - answers->out_end >= length)
        return true;
    memmove(answers->out, answers->out + answers->out_begin, answers_waiting(answers));
    answers->out_end -= answers->out_begin;
    answers->out_begin = 0;
    return ANSWERS_ROOM - answers->out_end >= length;
}

static void append(struct answers *answers, const char *text, size_t length)
{
    memcpy(answers->out + answers->out_end, text, length);
    answers->out_end += length;
    answers->first++;
}

/* From the ring to the output, as far as there is no gap, and room. */
static void move_on(struct answers *answers)
{
    while (answers->first < answers->next) {
        struct answer *answer = at(answers, answers->first);
        if (answer->length == 0 || !fits(answers, answer->length))
            return;
        bool inside = is_inside(answer);
        append(answers, inside ? answer->octets : answer->text, answer->length);
        if (!inside) {
            answers->kept -= answer->length;
            free(answer->text);
        }
    }
}

static bool put(struct answers *answers, uint64_t place, const char *text, size_t length)
{
    struct answer *answer = at(answers, place);
    assert(answer->length == 0 && length > 0 && length <= ANSWERS_ROOM);
    answers->done++;
    if (place == answers->first && fits(answers, length)) {
        append(answers, text, length);
        move_on(answers);
        return true;
    }
    if (length > sizeof answer->octets) {
        char *copy = malloc(length);
        if (copy == NULL)
            return false;
        memcpy(copy, text, length);
        answer->text = copy;
        answers->kept += length;
    } else {
        memcpy(answer->octets, text, length);
    }
    answer->length = (uint32_t)length;
    return true;
}

/* What has been written to memory since rewind(). */
static bool put_memory(struct answers *answers, uint64_t place)
{
    long length = ftell(answers->memory);
    if (fflush(answers->memory) == EOF || length <= 0)
        return false;
    bool done = put(answers, place, answers->text, (size_t)length);
    rewind(answers->memory);
    return done;
}

bool answers_result(struct answers *answers, uint64_t place, struct result *result)
{
    if (answers->json) {
        result->line = at(answers, place)->line;
        report_json_result(answers->memory, result);
        return put_memory(answers, place);
    }
    char digits[REPORT_DIGITS_ROOM];
    size_t length = report_digits(result->reply, digits);
    digits[length] = '\n';
    return put(answers, place, digits, length + 1);
}

bool answers_failure(struct answers *answers, uint64_t place, const struct failure *failure)
{
    uint64_t line = at(answers, place)->line;
    int status = failure_status(failure->kind);
    if (status > answers->worst)
        answers->worst = status;
    if (answers->json)
        report_json_failure(answers->memory, line, failure);
    else
        fprintf(answers->memory, "line %" PRIu64 ": %s\n", line, failure->text);
    return put_memory(answers, place);
}

bool answers_write(struct answers *answers)
{
    for (;;) {
        size_t length = answers_waiting(answers);
        if (length == 0)
            return true;
        const char *text = answers->out + answers->out_begin;
        struct pollfd out = {.fd = answers->fd, .events = POLLOUT};
        if (!answers->regular) {
            if (poll(&out, 1, 0) == 0)
                return true;
            length = calc_whole_lines(text, length, PIPE_BUF);
        }
        ssize_t written = write(answers->fd, text, length);
        if (written < 0)
            return errno == EAGAIN || errno == EINTR;
        answers->out_begin += (size_t)written;
        if (answers->out_begin == answers->out_end)
            answers->out_begin = answers->out_end = 0;
        move_on(answers);
    }
}

size_t answers_waiting(const struct answers *answers)
{
    return answers->out_end - answers->out_begin;
}

uint64_t answers_cut(struct answers *answers)
{
    while (answers->next > answers->first && at(answers, answers->next - 1)->length == 0)
        answers->next--;
    return answers->next;
}
