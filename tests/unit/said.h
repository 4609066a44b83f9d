/* What a part of the server says on standard error, which becomes a pipe for each test. Included first. */
#ifndef TESTS_UNIT_SAID_H
#define TESTS_UNIT_SAID_H

#include "tests/support/test.h"

#include "server/log.h"

#include <fcntl.h>
#include <stdlib.h>

enum { ROOM = 4 * LOG_LINE_ROOM };

static int stderr_before;
static int from;

/* Standard error becomes a pipe. */
static inline int begin(void **state)
{
    int ends[2];
    (void)state;
    stderr_before = dup(STDERR_FILENO);
    if (stderr_before < 0 || pipe2(ends, O_NONBLOCK) < 0 || dup2(ends[1], STDERR_FILENO) < 0)
        return -1;
    close(ends[1]);
    from = ends[0];
    return unsetenv("JOURNAL_STREAM");
}

static inline int end(void **state)
{
    (void)state;
    close(from);
    return dup2(stderr_before, STDERR_FILENO) < 0 ? -1 : close(stderr_before);
}

static inline void assert_said(const char *expected)
{
    char said[ROOM] = "";
    ssize_t length = read(from, said, sizeof said - 1);
    said[length > 0 ? length : 0] = '\0';
    assert_string_equal(said, expected);
}

#define WITH_STDERR(test) cmocka_unit_test_setup_teardown(test, begin, end)

#endif
