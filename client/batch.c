/* The loop: lines in, requests out, replies in, answers out. It never waits but in epoll_wait(2). */
#define _GNU_SOURCE /* epoll_create1, clock_gettime */

#include "batch.h"
#include "answers.h"
#include "clock.h"
#include "flights.h"
#include "input.h"
#include "lines.h"
#include "progress.h"
#include "proto/term/program.h"
#include "signals.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
    EVENTS_MAX = 256,
    LINES_AT_ONCE = 1024, /* then replies are looked at, too */
    ENOUGH_TO_WRITE = 4096,
};

/* What an event is about, above the numbers of ports. */
enum { ABOUT_INPUT = PORTS_MAX, ABOUT_OUTPUT, ABOUT_SIGNALS };

struct batch {
    const struct command *command;
    struct failure *failure;
    int epoll_fd;
    int signals_fd;
    bool input_polled; /* it is no file, whose octets are always there */
    bool input_ready;
    bool output_stalled;
    bool interrupted;
    struct progress progress;
    struct input input;
    struct answers answers;
    struct flights flights;
};

/* One event, then not again before the next call: what waits without being wanted does not wake us. */
static bool watch(const struct batch *batch, int operation, int fd, uint32_t events, uint64_t about)
{
    struct epoll_event event = {.events = events | EPOLLONESHOT, .data = {.u64 = about}};
    return epoll_ctl(batch->epoll_fd, operation, fd, &event) == 0;
}

/* Returns false with errno set. */
static bool watch_all(struct batch *batch)
{
    struct epoll_event signals = {.events = EPOLLIN, .data = {.u64 = ABOUT_SIGNALS}};
    batch->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    batch->signals_fd = signals_open();
    if (batch->epoll_fd < 0 || batch->signals_fd < 0 ||
        epoll_ctl(batch->epoll_fd, EPOLL_CTL_ADD, batch->signals_fd, &signals) < 0)
        return false;
    batch->input_polled = watch(batch, EPOLL_CTL_ADD, batch->input.fd, EPOLLIN, ABOUT_INPUT);
    batch->input_ready = !batch->input_polled;
    /* EPERM: a file, which is always ready. */
    return batch->input_polled || errno == EPERM;
}

static bool can_take_a_line(const struct batch *batch)
{
    return !batch->interrupted && answers_have_room(&batch->answers) &&
           flights_have_room(&batch->flights, clock_us());
}

static void take_line(struct batch *batch, char *text, size_t length)
{
    struct calc_request request;
    struct failure failure = {.kind = NO_FAILURE};
    enum line_kind kind =
        line_read(text, length, batch->command->request.format, &request, &failure);
    if (kind == LINE_EMPTY)
        return;
    uint64_t place = answers_take(&batch->answers, batch->input.line);
    if (kind == LINE_REQUEST)
        flights_start(&batch->flights, place, &request);
    else if (!answers_failure(&batch->answers, place, &failure))
        batch->flights.broken = true;
}

/* Returns whether there may be more lines at once. */
static bool take_lines(struct batch *batch)
{
    for (int taken = 0; taken < LINES_AT_ONCE; taken++) {
        size_t length;
        if (!can_take_a_line(batch))
            return false;
        char *text = input_line(&batch->input, &length);
        if (text != NULL) {
            take_line(batch, text, length);
            continue;
        }
        if (batch->input.ended || !batch->input_ready)
            return false;
        input_fill(&batch->input, batch->failure);
        /* Where epoll(7) can not tell of more, read(2) waits for it. */
        if (batch->input_polled && !batch->input.ended)
            batch->input_ready =
                !watch(batch, EPOLL_CTL_MOD, batch->input.fd, EPOLLIN, ABOUT_INPUT);
    }
    return true;
}

/* Returns false where output has failed. */
static bool write_answers(struct batch *batch)
{
    if (batch->output_stalled)
        return true;
    if (!answers_write(&batch->answers))
        return fail(batch->failure, FAILURE_OUTPUT, "can not print the answers: %s",
                    strerror(errno));
    if (answers_waiting(&batch->answers) == 0)
        return true;
    batch->output_stalled = watch(batch, EPOLL_CTL_MOD, STDOUT_FILENO, EPOLLOUT, ABOUT_OUTPUT) ||
                            watch(batch, EPOLL_CTL_ADD, STDOUT_FILENO, EPOLLOUT, ABOUT_OUTPUT);
    return true;
}

/* Returns false at the second signal. */
static bool interrupt(struct batch *batch)
{
    if (!signals_came(batch->signals_fd))
        return true;
    bool again = batch->interrupted;
    if (!again) {
        progress_clear(&batch->progress);
        fprintf(stderr, "%s: interrupted: %" PRIu64 " of %" PRIu64 " calculations are done\n",
                calc_program(), batch->answers.done, batch->answers.next);
        batch->interrupted = true;
        batch->answers.worst = failure_status(FAILURE_INTERRUPTED);
        flights_interrupt(&batch->flights, answers_cut(&batch->answers));
    }
    return !again;
}

static bool is_done(const struct batch *batch)
{
    bool no_lines = batch->interrupted || (batch->input.ended && !input_has_line(&batch->input));
    return no_lines && batch->flights.count == 0 && answers_waiting(&batch->answers) == 0 &&
           batch->answers.first == batch->answers.next;
}

/* For epoll_wait(2), in ms. */
static int time_to_wait(const struct batch *batch, bool busy)
{
    int64_t now = clock_us();
    int64_t due = flights_due(&batch->flights, now);
    if (batch->progress.wanted && batch->progress.next < due)
        due = batch->progress.next;
    bool can_write = answers_waiting(&batch->answers) > 0 && !batch->output_stalled;
    if (busy || can_write || due <= now)
        return 0;
    if (due == INT64_MAX)
        return -1;
    int64_t wait = (due - now + 999) / 1000;
    return wait < INT_MAX ? (int)wait : INT_MAX;
}

static bool handle(struct batch *batch, uint64_t about)
{
    switch (about) {
    case ABOUT_INPUT:
        batch->input_ready = true;
        return true;
    case ABOUT_OUTPUT:
        batch->output_stalled = false;
        return true;
    case ABOUT_SIGNALS:
        return interrupt(batch);
    default:
        flights_receive(&batch->flights, (uint32_t)about);
        return true;
    }
}

/* Replies that are here come before the tries that are due, so that a process that was stopped, or slow,
 * sends nothing that has its answer. So what is due is what was due before the last look for replies; a wait
 * that a stop has broken off (EINTR) has not looked. */
static void run(struct batch *batch)
{
    bool going = true;
    while (going) {
        struct epoll_event events[EVENTS_MAX];
        bool busy = take_lines(batch);
        if (is_done(batch))
            return;
        int64_t looked = clock_us();
        int count = epoll_wait(batch->epoll_fd, events, EVENTS_MAX, time_to_wait(batch, busy));
        if (count < 0 && errno != EINTR) {
            fail(batch->failure, FAILURE_NETWORK, "can not wait for replies: %s", strerror(errno));
            return;
        }
        for (int i = 0; i < count && going; i++)
            going = handle(batch, events[i].data.u64);
        if (count < EVENTS_MAX)
            flights_run(&batch->flights, looked);
        if (count <= 0 || answers_waiting(&batch->answers) >= ENOUGH_TO_WRITE)
            going = write_answers(batch) && going;
        progress_show(&batch->progress, &batch->input, batch->answers.done, looked);
        if (batch->flights.broken) {
            fail(batch->failure, FAILURE_OUTPUT, "can not keep the answers: %s", strerror(ENOMEM));
            return;
        }
    }
}

static void summarize(const struct batch *batch)
{
    fprintf(stderr,
            "%s: %" PRIu64 " calculations, %" PRIu64 " datagrams sent from %" PRIu32
            " ports, %" PRIu64 " late or foreign ones thrown away\n",
            calc_program(), batch->answers.done, batch->flights.sent, batch->flights.ports.count,
            batch->flights.ports.strays);
}

static bool open_all(struct batch *batch, const struct calc_endpoints *endpoints)
{
    const struct command *command = batch->command;
    if (!input_open(&batch->input, command->file, batch->failure))
        return false;
    if (!watch_all(batch))
        return fail(batch->failure, FAILURE_NETWORK, "can not watch for what comes: %s",
                    strerror(errno));
    if (!answers_open(&batch->answers, STDOUT_FILENO, command->json) ||
        !flights_open(&batch->flights, command, endpoints, &batch->answers, batch->epoll_fd))
        return fail(batch->failure, FAILURE_NETWORK, "can not keep so many requests: %s",
                    strerror(ENOMEM));
    return true;
}

bool batch_run(const struct command *command, const struct calc_endpoints *endpoints, int *worst,
               struct failure *failure)
{
    struct batch *batch = calloc(1, sizeof *batch);
    if (batch == NULL)
        return fail(failure, FAILURE_NETWORK, "can not begin: %s", strerror(errno));
    batch->command = command;
    batch->failure = failure;
    batch->epoll_fd = -1;
    batch->signals_fd = -1;
    if (open_all(batch, endpoints)) {
        progress_begin(&batch->progress, !command->quiet, batch->input.fd, clock_us());
        run(batch);
        progress_clear(&batch->progress);
        if (command->verbose)
            summarize(batch);
        *worst = batch->answers.worst;
    }
    flights_close(&batch->flights);
    answers_close(&batch->answers);
    input_close(&batch->input);
    if (batch->signals_fd >= 0)
        close(batch->signals_fd);
    if (batch->epoll_fd >= 0)
        close(batch->epoll_fd);
    free(batch);
    return failure->kind == NO_FAILURE;
}
