/* The line that tells how far a batch is. */
#include "tests/support/test.h"

#undef fail /* cmocka's; the client has a function of this name */
#include "client/progress.h"

static void expect(const char *expected, uint64_t done, int64_t elapsed_us, int64_t consumed,
                   int64_t size)
{
    char text[PROGRESS_ROOM];
    progress_text(text, done, elapsed_us, consumed, size);
    assert_string_equal(text, expected);
}

static void of_a_file_the_time_that_is_left_is_told(void **state)
{
    (void)state;
    expect("1000 lines, 500 a second, 6 s left", 1000, 2000000, 25, 100);
    expect("1000 lines, 500 a second, 0 s left", 1000, 2000000, 100, 100);
}

static void of_a_pipe_or_before_the_first_line_it_is_not(void **state)
{
    (void)state;
    expect("1000 lines, 500 a second", 1000, 2000000, 25, 0);
    expect("0 lines, 0 a second", 0, 2000000, 0, 100);
    expect("0 lines, 0 a second", 0, 0, 0, 0);
    /* The file has grown. */
    expect("1 lines, 1 a second", 1, 1000000, 101, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_a_file_the_time_that_is_left_is_told),
        cmocka_unit_test(of_a_pipe_or_before_the_first_line_it_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
