/* Rubrics: what cases are worth, which grade that makes, and where a file is wrong. */
#include "tests/support/test.h"

#include "tests/conformance/rubric.h"

#include <stdio.h>
#include <stdlib.h>

enum { RESULTS_MAX = 8 };

static const struct conformance_case cases[RESULTS_MAX] = {
    {.id = "REQ-3.1/1"},  {.id = "REQ-3.3/1"}, {.id = "REQ-3.3/2"},
    {.id = "REQ-3.3/12"}, {.id = "REQ-5.1/1"},
};

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static bool read_text(struct rubric *rubric, const char *text, char why[static LINES_WHY_ROOM])
{
    char path[] = "/tmp/rubric-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    write_file(path, text);
    bool good = rubric_read(rubric, path, why);
    unlink(path);
    if (why[0] != '\0')
        memmove(why, why + strlen(path), strlen(why) - strlen(path) + 1);
    return good;
}

/* The verdicts of the first cases; the points, and the points to get. */
static struct run assert_points(const char *text, const enum verdict *verdicts, size_t count,
                                double points, double points_max)
{
    static struct outcome outcomes[RESULTS_MAX];
    static struct result results[RESULTS_MAX];
    static struct rubric rubric;
    char why[LINES_WHY_ROOM];
    if (!read_text(&rubric, text, why))
        fail_msg("%s", why);
    for (size_t i = 0; i < count; i++) {
        outcomes[i].verdict = verdicts[i];
        results[i] = (struct result){.about = &cases[i], .outcome = &outcomes[i]};
    }
    struct run run = {.count = count, .results = results};
    rubric_apply(&rubric, &run);
    assert_true(run.has_grade);
    assert_float_equal((float)run.points, (float)points, 1e-4f);
    assert_float_equal((float)run.points_max, (float)points_max, 1e-4f);
    return run;
}

static void assert_refused(const char *text, const char *expected)
{
    static struct rubric rubric;
    char why[LINES_WHY_ROOM];
    assert_false(read_text(&rubric, text, why));
    assert_string_equal(why, expected);
}

static const enum verdict all_passed[] = {PASSED, PASSED, PASSED, PASSED, PASSED};
static const enum verdict first_failed[] = {FAILED, PASSED, PASSED, PASSED, PASSED};

static void a_case_is_worth_one(void **state)
{
    (void)state;
    assert_points("", all_passed, 5, 5, 5);
    assert_points("# nothing\n\n", first_failed, 5, 4, 5);
}

static void the_first_pattern_that_matches_weighs(void **state)
{
    (void)state;
    assert_points("10 REQ-3.3/*\n", all_passed, 5, 32, 32);
    assert_points("10 REQ-3.3/1\n2.5 REQ-3.3/?\n0 *\n", all_passed, 5, 12.5, 12.5);
    assert_points("0 *\n10 REQ-3.3/1\n", all_passed, 5, 0, 0);
    assert_points("7 REQ-[1-3].*\n", first_failed, 5, 22, 29);
    assert_points("  3\tREQ-3.1/1  \r\n", all_passed, 1, 3, 3);
}

static void what_is_skipped_leaves_both_sums_and_an_error_one(void **state)
{
    (void)state;
    const enum verdict verdicts[] = {PASSED, SKIPPED, ERROR, FAILED};
    assert_points("2 REQ-3.1/*\n", verdicts, 4, 2, 4);
}

static void a_missed_should_is_worth_its_part(void **state)
{
    (void)state;
    const enum verdict verdicts[] = {NON_STRICT, PASSED};
    assert_points("4 REQ-3.1/*\n", verdicts, 2, 5, 5);
    assert_points("4 REQ-3.1/*\nnon-strict 0.25\n", verdicts, 2, 2, 5);
    assert_points("4 REQ-3.1/*\nnon-strict 0\n", verdicts, 2, 1, 5);
}

static void the_grade_is_the_highest_border_that_is_reached(void **state)
{
    (void)state;
    const char *text = "grade F 0\ngrade A 80\ngrade B 79.9\n";
    assert_string_equal(assert_points(text, all_passed, 5, 5, 5).grade, "A");
    assert_string_equal(assert_points(text, first_failed, 5, 4, 5).grade, "A");
    assert_string_equal(assert_points(text, first_failed, 4, 3, 4).grade, "F");
    assert_string_equal(assert_points("grade 1,0 100\ngrade 5,0 0\n", all_passed, 5, 5, 5).grade,
                        "1,0");
    assert_string_equal(assert_points("grade 1,0 100\ngrade 5,0 0\n", first_failed, 5, 4, 5).grade,
                        "5,0");
}

static void a_border_is_reached_in_spite_of_rounding(void **state)
{
    (void)state;
    static struct rubric rubric;
    char why[LINES_WHY_ROOM];
    assert_true(read_text(&rubric, "grade A 90\ngrade F 0\n", why));
    /* What 0.3 + 0.6 is as a double: some machines add two constants with more precision, which the cast below takes
     * away. */
    double points = 0.8999999999999999;
    assert_true((double)(100 * points) < 90);
    assert_string_equal(rubric_grade(&rubric, points, 1), "A");
    assert_string_equal(rubric_grade(&rubric, 0.8999, 1), "F");
}

static void without_grades_or_points_to_get_there_is_no_grade(void **state)
{
    (void)state;
    assert_string_equal(assert_points("", all_passed, 5, 5, 5).grade, "");
    assert_string_equal(assert_points("0 *\ngrade F 0\n", all_passed, 5, 0, 0).grade, "");
}

static void a_wrong_line_is_told_with_its_number(void **state)
{
    (void)state;
    assert_refused("# a\n\nweight 3\n",
                   ":3: 'weight' is unknown: a weight, 'grade' and 'non-strict' are allowed");
    assert_refused("1x *\n", ":1: '1x' is no number: 0 to 1e+06 is allowed");
    assert_refused("-1 *\n", ":1: '-1' is no number: 0 to 1e+06 is allowed");
    assert_refused("1000001 *\n", ":1: '1000001' is no number: 0 to 1e+06 is allowed");
    assert_refused("1e999 *\n", ":1: '1e999' is no number: 0 to 1e+06 is allowed");
    assert_refused("1\n", ":1: a weight is written 'WEIGHT PATTERN', such as '10 REQ-3.3/*'");
    assert_refused("1 a b\n", ":1: a weight is written 'WEIGHT PATTERN', such as '10 REQ-3.3/*'");
    assert_refused("grade A\n", ":1: a grade is written 'grade NAME PERCENT'");
    assert_refused("grade A 9 0\n", ":1: a grade is written 'grade NAME PERCENT'");
    assert_refused("grade A 101\n", ":1: '101' is no number: 0 to 100 is allowed");
    assert_refused("grade A nan\n", ":1: 'nan' is no number: 0 to 100 is allowed");
    assert_refused("non-strict\n", ":1: '' is no number: 0 to 1 is allowed");
    assert_refused("non-strict 2\n", ":1: '2' is no number: 0 to 1 is allowed");
    assert_refused("non-strict 0 5\n", ":1: it is written 'non-strict PART', from 0 to 1");
    assert_refused("grade A 90\ngrade B 50\n",
                   ":2: no grade begins at 0: each result needs a grade");
    assert_refused("grade \x1b[2J\n", ":1: a grade is written 'grade NAME PERCENT'");
    assert_refused("\x1b[2J 3\n",
                   ":1: '?[2J' is unknown: a weight, 'grade' and 'non-strict' are allowed");
}

static void what_is_too_long_is_told(void **state)
{
    (void)state;
    char text[LINES_ROOM + 16];
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    assert_refused(text, ":1: the line is too long: 1022 characters are allowed");
    text[80] = '\0';
    memcpy(text, "1 ", 2);
    char why[LINES_WHY_ROOM];
    static struct rubric rubric;
    assert_false(read_text(&rubric, text, why));
    assert_non_null(strstr(why, "is too long: 63 characters are allowed"));
    memcpy(text, "grade ", 6);
    memcpy(text + 60, " 0", 3);
    assert_false(read_text(&rubric, text, why));
    assert_non_null(strstr(why, "is too long: 31 characters are allowed"));
}

static void too_many_lines_are_told(void **state)
{
    (void)state;
    static char text[8 * (RUBRIC_WEIGHTS_MAX + 1)];
    for (int i = 0; i < RUBRIC_WEIGHTS_MAX; i++)
        strcat(text, "1 *\n");
    char why[LINES_WHY_ROOM];
    static struct rubric rubric;
    assert_true(read_text(&rubric, text, why));
    strcat(text, "1 *\n");
    assert_refused(text, ":257: there are too many weights: 256 are allowed");
}

static void a_file_that_is_not_there_is_told(void **state)
{
    (void)state;
    static struct rubric rubric;
    char why[LINES_WHY_ROOM];
    assert_false(rubric_read(&rubric, "/no/such/rubric", why));
    assert_string_equal(why, "reading '/no/such/rubric': No such file or directory");
    assert_false(rubric_read(&rubric, "/", why));
    assert_string_equal(why, "reading '/': Is a directory");
}

static void the_example_can_be_read(void **state)
{
    (void)state;
    static struct rubric rubric;
    char why[LINES_WHY_ROOM];
    if (!rubric_read(&rubric, "tests/conformance/example.rubric", why))
        fail_msg("%s", why);
    assert_true(rubric.weight_count > 0);
    assert_int_equal(rubric.grade_count, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_case_is_worth_one),
        cmocka_unit_test(the_first_pattern_that_matches_weighs),
        cmocka_unit_test(what_is_skipped_leaves_both_sums_and_an_error_one),
        cmocka_unit_test(a_missed_should_is_worth_its_part),
        cmocka_unit_test(the_grade_is_the_highest_border_that_is_reached),
        cmocka_unit_test(a_border_is_reached_in_spite_of_rounding),
        cmocka_unit_test(without_grades_or_points_to_get_there_is_no_grade),
        cmocka_unit_test(a_wrong_line_is_told_with_its_number),
        cmocka_unit_test(what_is_too_long_is_told),
        cmocka_unit_test(too_many_lines_are_told),
        cmocka_unit_test(a_file_that_is_not_there_is_told),
        cmocka_unit_test(the_example_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
