/* A batch that gets no memory for one thing after the other: it says so, frees what it had, and hangs nowhere. */
#define _GNU_SOURCE /* open_memstream */
#include "tests/support/test.h"

#undef fail /* cmocka's; the client has a function of this name */
#include "client/batch.h"
#include "client/flights.h"
#include "client/reply.h"
#include "client/star.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
FILE *__real_open_memstream(char **text, size_t *length);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
FILE *__wrap_open_memstream(char **text, size_t *length);

static int until_none_is_left = -1; /* so many requests for memory are granted; -1: all */

static bool is_granted(void)
{
    errno = ENOMEM;
    if (until_none_is_left == 0)
        return false;
    if (until_none_is_left > 0)
        until_none_is_left--;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return is_granted() ? __real_malloc(size) : NULL;
}

void *__wrap_calloc(size_t count, size_t size)
{
    return is_granted() ? __real_calloc(count, size) : NULL;
}

FILE *__wrap_open_memstream(char **text, size_t *length)
{
    return is_granted() ? __real_open_memstream(text, length) : NULL;
}

/* Of no lines. */
static struct failure run_batch(int granted)
{
    struct command command = {
        .batch = true, .file = "/dev/null", .in_flight = 8, .timeout_us = 1000000, .quiet = true};
    struct calc_endpoints endpoints = {.count = 1};
    struct failure failure = {.kind = NO_FAILURE};
    char why[CALC_WHY_ROOM];
    int worst = 0;
    assert_int_equal(calc_literal("::1", "1", CALC_TO_SEND, &endpoints.list[0], why),
                     CALC_RESOLVED);
    int terminal = dup(STDOUT_FILENO);
    int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, STDOUT_FILENO);
    until_none_is_left = granted;
    bool done = batch_run(&command, &endpoints, &worst, &failure);
    until_none_is_left = -1;
    dup2(terminal, STDOUT_FILENO);
    close(terminal);
    close(nowhere);
    assert_int_equal(done, failure.kind == NO_FAILURE);
    return failure;
}

static void a_batch_without_memory_says_so(void **state)
{
    (void)state;
    struct failure failure = run_batch(0);
    assert_string_equal(failure.text, "can not begin: Cannot allocate memory");
    int granted = 1;
    for (; (failure = run_batch(granted)).kind != NO_FAILURE; granted++)
        assert_string_equal(failure.text, "can not keep so many requests: Cannot allocate memory");
    assert_true(granted > 8);
}

static void open_flights(struct flights *flights, struct answers *answers,
                         struct calc_endpoints *endpoints)
{
    char why[CALC_WHY_ROOM];
    const struct command command = {.in_flight = 4, .timeout_us = 1000000};
    endpoints->count = 1;
    assert_int_equal(calc_literal("::1", "1", CALC_TO_SEND, &endpoints->list[0], why),
                     CALC_RESOLVED);
    assert_true(answers_open(answers, STDERR_FILENO, false));
    assert_true(flights_open(flights, &command, endpoints, answers, -1));
}

/* One that overtakes another has to be kept until that one is there. */
static void an_answer_that_can_not_be_kept_breaks_the_batch(void **state)
{
    (void)state;
    static struct flights flights;
    static struct answers answers;
    struct calc_endpoints endpoints;
    struct failure failure = {.kind = NO_FAILURE};
    const struct calc_request request = {
        .opcode = CALC_SUM, .format = CALC_AS_INTEGER, .integers = {1}, .count = 1};
    open_flights(&flights, &answers, &endpoints);
    (void)answers_take(&answers, 1);
    uint64_t second = answers_take(&answers, 2);
    until_none_is_left = 0;
    flights_start(&flights, second, &request); /* fails: there is no epoll(7) to watch its port */
    until_none_is_left = -1;
    assert_true(flights.broken);

    (void)answers_take(&answers, 3);
    until_none_is_left = 0;
    reply_missed(&endpoints.list[0], false, 1000000, &failure);
    assert_false(answers_failure(&answers, 2, &failure));
    until_none_is_left = -1;
    flights_close(&flights);
    answers_close(&answers);
}

static void without_memory_no_star_is_recognized(void **state)
{
    (void)state;
    char *words[100] = {NULL}; /* as many as there are files here, or more */
    for (size_t i = 0; i + 1 < sizeof words / sizeof words[0]; i++)
        words[i] = "word";
    until_none_is_left = 0;
    assert_int_equal(star_expansion(words), 0);
    until_none_is_left = -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_without_memory_says_so),
        cmocka_unit_test(an_answer_that_can_not_be_kept_breaks_the_batch),
        cmocka_unit_test(without_memory_no_star_is_recognized),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
