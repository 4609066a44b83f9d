/* Baselines: which failures are known, which are not, and that what is written is read back. */
#include "tests/support/test.h"

#include "tests/conformance/baseline.h"

#include <stdio.h>
#include <stdlib.h>

enum { RESULTS = 5 };

static const struct conformance_case cases[] = {
    {.id = "REQ-3.1/1"}, {.id = "REQ-3.3/1"}, {.id = "REQ-3.3/12"},
    {.id = "REQ-5.1/1"}, {.id = "REQ-8.1/1"},
};
static const struct suite suite = {"server", cases, sizeof cases / sizeof cases[0]};
static struct outcome outcomes[RESULTS];
static struct result results[RESULTS];

/* One of each verdict. */
static struct run a_run(void)
{
    memset(outcomes, 0, sizeof outcomes);
    outcome_fail(&outcomes[1], WRONG, "octet 3 differs: %d", 7);
    outcome_fail(&outcomes[2], SILENCE, "no reply");
    outcomes[2].verdict = NON_STRICT;
    outcome_skip(&outcomes[3], "no IPv4 here");
    outcome_error(&outcomes[4], "socket: no");
    for (size_t i = 0; i < RESULTS; i++)
        results[i] = (struct result){.about = &cases[i], .turn = 1, .outcome = &outcomes[i]};
    return (struct run){
        .suite = &suite, .subject = "./server", .count = RESULTS, .results = results};
}

static void write_to(int fd, const char *text)
{
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(close(fd), 0);
}

static bool apply(struct run *run, const char *text, char why[static LINES_WHY_ROOM])
{
    char path[] = "/tmp/baseline-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    write_to(fd, text);
    bool good = baseline_apply(run, path, why);
    unlink(path);
    if (why[0] != '\0')
        memmove(why, why + strlen(path), strlen(why) - strlen(path) + 1);
    return good;
}

/* What is known of each result, one letter each: - nothing, k known, p an unexpected pass, o another failure. */
static void assert_known(const char *text, const char *expected)
{
    struct run run = a_run();
    char why[LINES_WHY_ROOM], known[RESULTS + 1] = "";
    if (!apply(&run, text, why))
        fail_msg("%s", why);
    size_t count = 0, unexpected = 0;
    for (size_t i = 0; i < RESULTS; i++) {
        known[i] = "-kpo"[run.results[i].known];
        count += known[i] == 'k';
        unexpected += known[i] == 'p';
    }
    assert_string_equal(known, expected);
    assert_int_equal(run.known_count, count);
    assert_int_equal(run.unexpected_count, unexpected);
}

static void assert_refused(const char *text, const char *expected)
{
    struct run run = a_run();
    char why[LINES_WHY_ROOM];
    assert_false(apply(&run, text, why));
    assert_string_equal(why, expected);
}

static void without_lines_nothing_is_known(void **state)
{
    (void)state;
    assert_known("", "-----");
    assert_known("# REQ-3.3/1 fail/wrong octet 3 differs: 7\n", "-----");
}

static void a_failure_as_listed_is_known(void **state)
{
    (void)state;
    assert_known("REQ-3.3/1 fail/wrong octet 3 differs: 7\n", "-k---");
    assert_known("REQ-3.3/12 non-strict/silence no reply\n", "--k--");
    assert_known("REQ-8.1/1 error socket: no\n", "----k");
    assert_known("REQ-3.3/1\tfail/wrong   octet 3 differs: 7  \r\n", "-k---");
}

/* A line keeps none, and what a subject has printed may end with some. */
static void blanks_around_what_a_failure_says_are_not_looked_at(void **state)
{
    (void)state;
    const char *texts[] = {"ends with \"9 ", " begins so", "  ", " "};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct run run = a_run();
        char why[LINES_WHY_ROOM];
        snprintf(outcomes[1].why, sizeof outcomes[1].why, "%s", texts[i]);
        char path[] = "/tmp/baseline-XXXXXX";
        int fd = mkstemp(path);
        assert_true(fd >= 0);
        close(fd);
        assert_true(baseline_write(&run, path, why));
        assert_true(baseline_apply(&run, path, why));
        unlink(path);
        assert_int_equal(run.results[1].known, KNOWN_FAILURE);
    }
}

static void a_failure_that_says_something_else_counts(void **state)
{
    (void)state;
    assert_known("REQ-3.3/1 fail/wrong octet 4 differs: 7\n", "-o---");
    assert_known("REQ-3.3/1 fail/wrong octet 3 differs\n", "-o---");
    assert_known("REQ-3.3/1 fail/crash octet 3 differs: 7\n", "-o---");
    assert_known("REQ-3.3/12 fail/silence no reply\n", "--o--");
}

static void without_a_text_any_will_do(void **state)
{
    (void)state;
    assert_known("REQ-3.3/1 fail/wrong\n", "-k---");
    assert_known("REQ-3.3/1 fail/hang\n", "-o---");
}

static void one_of_several_lines_is_enough(void **state)
{
    (void)state;
    assert_known("REQ-3.3/1 fail/hang\nREQ-3.3/1 fail/wrong\n", "-k---");
    assert_known("REQ-3.3/1 fail/wrong\nREQ-3.3/1 fail/hang\n", "-k---");
}

static void a_pass_that_was_not_expected_is_told(void **state)
{
    (void)state;
    assert_known("REQ-3.1/1 fail/wrong octet 3 differs: 7\n", "p----");
}

static void what_is_skipped_says_nothing(void **state)
{
    (void)state;
    assert_known("REQ-5.1/1 fail/wrong\n", "-----");
}

static void a_second_baseline_takes_the_place_of_the_first(void **state)
{
    (void)state;
    struct run run = a_run();
    char why[LINES_WHY_ROOM];
    assert_true(apply(&run, "REQ-3.3/1 fail/wrong\nREQ-3.1/1 error\n", why));
    assert_true(apply(&run, "", why));
    assert_int_equal(run.known_count, 0);
    assert_int_equal(run.unexpected_count, 0);
    assert_int_equal(run.results[1].known, NOT_KNOWN);
}

static void a_wrong_line_is_told_with_its_number(void **state)
{
    (void)state;
    assert_refused("\nREQ-3.3/99 fail/wrong\n",
                   ":2: 'REQ-3.3/99' is no case of the server suite: baseline_test list has them");
    const char *words[] = {"pass", "skip", "fail/", "failed", "skip/wrong", ""};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        char line[64], expected[128];
        snprintf(line, sizeof line, "REQ-3.1/1 %s\n", words[i]);
        snprintf(expected, sizeof expected,
                 ":1: '%s' is no failure: fail/wrong, non-strict/silence, error and the like are "
                 "allowed",
                 words[i]);
        assert_refused(line, expected);
    }
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    char path[] = "/tmp/baseline-XXXXXX", why[LINES_WHY_ROOM] = "", text[1024] = "";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    struct run run = a_run();
    assert_true(baseline_write(&run, path, why));
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_true(fread(text, 1, sizeof text - 1, file) > 0);
    fclose(file);
    assert_string_equal(text, "# Known failures of ./server (server).\n"
                              "REQ-3.3/1 fail/wrong octet 3 differs: 7\n"
                              "REQ-3.3/12 non-strict/silence no reply\n"
                              "REQ-8.1/1 error socket: no\n");
    assert_true(baseline_apply(&run, path, why));
    assert_int_equal(run.known_count, 3);
    assert_int_equal(run.unexpected_count, 0);
    unlink(path);
}

static void each_failure_of_a_repeated_case_is_written_once(void **state)
{
    (void)state;
    char path[] = "/tmp/baseline-XXXXXX", why[LINES_WHY_ROOM] = "", text[1024] = "";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    struct run run = a_run();
    results[0] = results[2] = results[1];
    struct outcome other = {0};
    outcome_fail(&other, WRONG, "octet 4 differs");
    results[3] = (struct result){.about = &cases[1], .turn = 2, .outcome = &other};
    run.count = 4;
    assert_true(baseline_write(&run, path, why));
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_true(fread(text, 1, sizeof text - 1, file) > 0);
    fclose(file);
    unlink(path);
    assert_string_equal(text, "# Known failures of ./server (server).\n"
                              "REQ-3.3/1 fail/wrong octet 3 differs: 7\n"
                              "REQ-3.3/1 fail/wrong octet 4 differs\n");
}

static void a_file_that_can_not_be_used_is_told(void **state)
{
    (void)state;
    struct run run = a_run();
    char why[LINES_WHY_ROOM];
    assert_false(baseline_apply(&run, "/no/such/baseline", why));
    assert_string_equal(why, "reading '/no/such/baseline': No such file or directory");
    assert_false(baseline_write(&run, "/no/such/baseline", why));
    assert_string_equal(why, "writing '/no/such/baseline': No such file or directory");
    assert_false(baseline_write(&run, "/dev/full", why));
    assert_string_equal(why, "writing '/dev/full': No space left on device");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_lines_nothing_is_known),
        cmocka_unit_test(a_failure_as_listed_is_known),
        cmocka_unit_test(blanks_around_what_a_failure_says_are_not_looked_at),
        cmocka_unit_test(a_failure_that_says_something_else_counts),
        cmocka_unit_test(without_a_text_any_will_do),
        cmocka_unit_test(one_of_several_lines_is_enough),
        cmocka_unit_test(a_pass_that_was_not_expected_is_told),
        cmocka_unit_test(what_is_skipped_says_nothing),
        cmocka_unit_test(a_second_baseline_takes_the_place_of_the_first),
        cmocka_unit_test(a_wrong_line_is_told_with_its_number),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(each_failure_of_a_repeated_case_is_written_once),
        cmocka_unit_test(a_file_that_can_not_be_used_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
