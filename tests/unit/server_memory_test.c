/* A server that gets no memory for its workers, for the limits on replies, or for the datagrams of one: it does not start, and
 * says why. */
#define _GNU_SOURCE /* struct mmsghdr, cpu_set_t */
#include "tests/support/test.h"

#include "server/handover.h"
#include "server/serve.h"

#include <errno.h>
#include <stdlib.h>

void *__real_malloc(size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

/* So many are granted; -1: all. */
static int buffers = -1;
static int blocks = -1; /* of the workers, and of each limit */

void *__wrap_malloc(size_t size)
{
    if (buffers == 0)
        return NULL;
    if (buffers > 0)
        buffers--;
    return __real_malloc(size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    errno = ENOMEM;
    if (blocks == 0)
        return NULL;
    if (blocks > 0)
        blocks--;
    return __real_aligned_alloc(alignment, size);
}

static void expect_no_start(unsigned rate, const char *expected)
{
    const struct serve_options options = {
        .workers = 3, .rate = {.per_second = rate, .prefix = 64}
    };
    struct calc_endpoints endpoints = {.count = 1};
    struct listeners listeners = {.count = 1};
    struct handover handover;
    char why[CALC_WHY_ROOM];
    assert_int_equal(calc_literal("::1", "0", CALC_TO_BIND, &endpoints.list[0], why),
                     CALC_RESOLVED);
    assert_true(listener_open(&endpoints, &options.listener, &listeners.list[0], why));
    handover_begin(&handover);
    assert_false(serve(&listeners, &handover, -1, &options, why));
    buffers = blocks = -1;
    assert_string_equal(why, expected);
}

static void without_memory_for_the_workers_there_is_no_start(void **state)
{
    (void)state;
    blocks = 0;
    expect_no_start(0, "can not get memory for the workers: Cannot allocate memory");
}

static void without_memory_for_the_limits_there_is_no_start(void **state)
{
    (void)state;
    for (unsigned rate = 0; rate <= 1; rate++) {
        blocks = 1 + (int)rate; /* all but the last limit */
        expect_no_start(rate, "can not set up the limits on replies: Cannot allocate memory");
    }
}

static void without_memory_for_one_worker_there_is_no_start(void **state)
{
    (void)state;
    for (int granted = 0; granted < 3; granted++) {
        buffers = granted;
        expect_no_start(0, "can not get memory for a worker: Cannot allocate memory");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_memory_for_the_workers_there_is_no_start),
        cmocka_unit_test(without_memory_for_the_limits_there_is_no_start),
        cmocka_unit_test(without_memory_for_one_worker_there_is_no_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
