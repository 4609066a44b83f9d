/* What counts as a result in a client's output, and which one it is. */
#include "tests/support/test.h"

#include "tests/conformance/expect.h"

#include <stdio.h>
#include <string.h>

static struct shown found(const char *pattern, const char *output)
{
    struct shown shown;
    expect_find(pattern, output, strlen(output), &shown);
    return shown;
}

static void assert_shows(const char *pattern, const char *output, const char *text)
{
    struct shown shown = found(pattern, output);
    assert_int_equal(shown.count, 1);
    assert_string_equal(shown.text, text);
}

static void assert_nothing(const char *pattern, const char *output)
{
    assert_int_equal(found(pattern, output).count, 0);
}

static void a_pattern_has_the_result_once(void **state)
{
    (void)state;
    char why[EXPECT_WHY_ROOM];
    assert_true(expect_pattern(EXPECT_DEFAULT, why));
    assert_true(expect_pattern("{result}", why));
    assert_true(expect_pattern("the result is {result}.", why));
    assert_false(expect_pattern("Result:", why));
    assert_string_equal(
        why, "--expect 'Result:' has no {result}: one line as the client prints it, like "
             "'Result: {result}'");
    assert_false(expect_pattern("{result} {result}", why));
    assert_non_null(strstr(why, "has {result} twice"));
}

static void the_result_stands_between_words(void **state)
{
    (void)state;
    assert_shows(EXPECT_DEFAULT, "Result: 9\n", "9");
    assert_shows(EXPECT_DEFAULT, "Result: 9", "9");
    assert_shows(EXPECT_DEFAULT, "asking ::1\nResult: 9\r\nbye\n", "9");
    assert_shows(EXPECT_DEFAULT, "> Result:   9  \n", "9");
    assert_shows("= {result} (sum)", "1 + 2 = 3 (sum), exact\n", "3");
    assert_nothing("= {result} (sum)", "1 + 2 = 3\n");
    assert_shows(EXPECT_DEFAULT, "Result:9\n", "9");
    assert_shows("=> {result} <=", "=>\t9<=\n", "9");
    assert_nothing(EXPECT_DEFAULT, "result 9\n9\n");
}

static void without_words_the_line_is_the_result(void **state)
{
    (void)state;
    assert_shows("{result}", "asking\n  24\n", "24");
    assert_shows("{result}", "24x\n", "24x");
    assert_nothing("{result}", "3 integers were sent\nfailed\n\n");
    assert_shows("{result} is it", "24 is it\n", "24");
}

static void what_does_not_begin_like_a_number_is_none(void **state)
{
    (void)state;
    assert_nothing(EXPECT_DEFAULT, "Result: failed\nResult:\nResult: -\n");
    assert_shows(EXPECT_DEFAULT, "Result: -1\n", "-1");
    assert_shows(EXPECT_DEFAULT, "Result: 12\001?\n", "12??");
}

static void colours_are_not_looked_at(void **state)
{
    (void)state;
    assert_shows(EXPECT_DEFAULT, "\033[1mResult:\033[0m \033[1;32m9\033[m\n", "9");
    assert_shows("{result}", "\033[32m9\033[0m\n", "9");
    assert_nothing("{result}", "\033[2J9\n");
    assert_nothing("{result}", "\033[");
}

static void a_nul_is_a_character(void **state)
{
    (void)state;
    struct shown shown;
    expect_find(EXPECT_DEFAULT, "Result: 1\0002\n", 12, &shown);
    assert_string_equal(shown.text, "1?2");
}

static void several_results_are_counted(void **state)
{
    (void)state;
    struct shown same = found(EXPECT_DEFAULT, "Result: 9\nResult: 9\n");
    struct shown other = found(EXPECT_DEFAULT, "Result: 9\nResult: 8\nResult: 9\n");
    assert_int_equal(same.count, 2);
    assert_false(same.differ);
    assert_true(shown_is(&same, "9"));
    assert_true(other.differ);
    assert_false(shown_is(&other, "9"));
    assert_true(shown_result(&other));
}

static void leading_zeros_change_nothing(void **state)
{
    (void)state;
    struct shown shown = found("{result}", "0024\n");
    struct shown zero = found("{result}", "000\n");
    assert_true(shown_is(&shown, "24"));
    assert_false(shown_is(&shown, "240"));
    assert_true(shown_is(&zero, "0"));
}

static void a_number_below_zero_is_no_result(void **state)
{
    (void)state;
    struct shown below = found("{result}", "-1\n"), some = found("{result}", "1\n"),
                 none = found("{result}", "");
    assert_false(shown_result(&below));
    assert_true(shown_result(&some));
    assert_false(shown_result(&none));
    assert_false(shown_is(&none, ""));
}

static void long_lines_are_cut(void **state)
{
    (void)state;
    char output[20000];
    memset(output, '7', sizeof output);
    memcpy(output, "Result: ", 8);
    struct shown shown;
    expect_find(EXPECT_DEFAULT, output, sizeof output, &shown);
    assert_int_equal(strlen(shown.text), SHOWN_ROOM - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pattern_has_the_result_once),
        cmocka_unit_test(the_result_stands_between_words),
        cmocka_unit_test(without_words_the_line_is_the_result),
        cmocka_unit_test(what_does_not_begin_like_a_number_is_none),
        cmocka_unit_test(colours_are_not_looked_at),
        cmocka_unit_test(a_nul_is_a_character),
        cmocka_unit_test(several_results_are_counted),
        cmocka_unit_test(leading_zeros_change_nothing),
        cmocka_unit_test(a_number_below_zero_is_no_result),
        cmocka_unit_test(long_lines_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
