/* A server that gets no memory for its workers, for the limits on replies, or for the datagrams of one: it does not
 * start, and says why. */
#define _GNU_SOURCE /* struct mmsghdr, cpu_set_t */
#include "tests/support/test.h"

#include "server/handover.h"
#include "server/scrape.h"
#include "server/serve.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <unistd.h>

void *__real_malloc(size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
/* mmap(2) has the second name where offsets have 64 bits. */
void *__real_mmap(void *at, size_t size, int rights, int flags, int fd, off_t offset);
void *__wrap_mmap(void *at, size_t size, int rights, int flags, int fd, off_t offset);
void *__wrap_mmap64(void *at, size_t size, int rights, int flags, int fd, off_t offset);

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

static bool no_shared_memory;

void *__wrap_mmap(void *at, size_t size, int rights, int flags, int fd, off_t offset)
{
    errno = ENOMEM;
    if (no_shared_memory && (flags & MAP_SHARED) != 0)
        return MAP_FAILED;
    return __real_mmap(at, size, rights, flags, fd, offset);
}

void *__wrap_mmap64(void *at, size_t size, int rights, int flags, int fd, off_t offset)
{
    return __wrap_mmap(at, size, rights, flags, fd, offset);
}

static void expect_no_start(unsigned rate, const char *expected)
{
    const struct serve_options options = {
        .workers = 3, .rate = {.per_second = rate, .prefix = 64}
    };
    struct calc_endpoints endpoints = {.count = 1};
    struct listeners listeners = {.count = 1, .metrics_fd = -1};
    struct handover handover;
    char why[CALC_WHY_ROOM];
    assert_int_equal(calc_literal("::1", "0", CALC_TO_BIND, &endpoints.list[0], why),
                     CALC_RESOLVED);
    assert_true(listener_open(&endpoints, &options.listener, &listeners.list[0], why));
    handover_begin(&handover);
    assert_false(serve(&listeners, &handover, -1, &options, why));
    buffers = blocks = -1;
    no_shared_memory = false;
    assert_string_equal(why, expected);
}

static void without_memory_for_the_workers_there_is_no_start(void **state)
{
    (void)state;
    blocks = 0;
    expect_no_start(0, "can not get memory for the workers: Cannot allocate memory");
}

static void without_memory_for_what_is_counted_there_is_no_start(void **state)
{
    (void)state;
    no_shared_memory = true;
    expect_no_start(0, "can not get memory for what is counted: Cannot allocate memory");
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

static void expect_no_metrics(int listener, const char *expected)
{
    char why[CALC_WHY_ROOM];
    assert_null(scrape_begin(listener, NULL, why));
    buffers = -1;
    if (strstr(why, "built without it") != NULL)
        skip();
    assert_string_equal(why, expected);
}

static void without_memory_for_the_metrics_there_are_none(void **state)
{
    (void)state;
    buffers = 0;
    expect_no_metrics(0, "can not get memory for --metrics: Cannot allocate memory");
}

/* It waits by select(2). */
static void where_the_library_does_not_start_there_are_no_metrics(void **state)
{
    (void)state;
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = FD_SETSIZE + 1;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_int_equal(dup2(socket(AF_INET6, SOCK_STREAM, 0), FD_SETSIZE), FD_SETSIZE);
    expect_no_metrics(FD_SETSIZE, "can not start libmicrohttpd for --metrics");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_memory_for_the_workers_there_is_no_start),
        cmocka_unit_test(without_memory_for_what_is_counted_there_is_no_start),
        cmocka_unit_test(without_memory_for_the_limits_there_is_no_start),
        cmocka_unit_test(without_memory_for_one_worker_there_is_no_start),
        cmocka_unit_test(without_memory_for_the_metrics_there_are_none),
        cmocka_unit_test(where_the_library_does_not_start_there_are_no_metrics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
