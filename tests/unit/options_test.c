/* The client's command line: which words are options, what a command gets from them, and the one line
 * for what is wrong. In a folder of its own, because -op looks at the files. */
#include "tests/support/test.h"

#undef fail /* cmocka's; the client has a function of this name */
#include "client/options.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

struct parsed {
    bool done;
    struct command command;
    struct failure failure;
};

/* From the first word, as for a new process. Not optind = 0, glibc's way: the parser counts with it. */
static struct parsed parse_words(char **words)
{
    struct parsed p = {0};
    int count = 0;
    while (words[count] != NULL)
        count++;
    optind = 1;
    p.done = options_parse(count, words, &p.command, &p.failure);
    return p;
}

#define PARSE(...) parse_words((char *[]){"client", __VA_ARGS__, NULL})

static struct parsed assert_done(struct parsed p)
{
    assert_string_equal(p.failure.text, "");
    assert_int_equal(p.failure.kind, NO_FAILURE);
    assert_true(p.done);
    return p;
}

/* The text begins with, and somewhere has, these words. */
static void assert_refused(struct parsed p, const char *begin, const char *part)
{
    assert_false(p.done);
    assert_int_equal(p.failure.kind, FAILURE_USAGE);
    assert_true(strlen(p.failure.text) >= strlen(begin));
    assert_memory_equal(p.failure.text, begin, strlen(begin));
    assert_non_null(strstr(p.failure.text, part));
    assert_null(strchr(p.failure.text, '\n'));
}

static void without_options_it_is_the_sum_as_an_integer(void **state)
{
    (void)state;
    struct command c = assert_done(PARSE("::1", "10000", "4", "0x10", "3")).command;
    assert_int_equal(c.action, ACTION_CALCULATE);
    assert_string_equal(c.address, "::1");
    assert_string_equal(c.port, "10000");
    assert_int_equal(c.request.opcode, CALC_SUM);
    assert_int_equal(c.request.format, CALC_AS_INTEGER);
    assert_int_equal(c.request.count, 3);
    assert_int_equal(c.request.integers[0], 4);
    assert_int_equal(c.request.integers[1], 16);
    assert_int_equal(c.request.integers[2], 3);
    assert_int_equal(c.timeout_us, 1000000);
    assert_int_equal(c.retries, 2);
    assert_false(c.quiet || c.json || c.verbose || c.star_seen);
}

static void a_check_has_one_retry_unless_it_is_told(void **state)
{
    (void)state;
    struct command c = assert_done(PARSE("--check", "::1", "10000")).command;
    assert_true(c.check);
    assert_int_equal(c.action, ACTION_CALCULATE);
    assert_int_equal(c.timeout_us, 1000000);
    assert_int_equal(c.retries, 1);
    assert_string_equal(c.address, "::1");
    assert_string_equal(c.port, "10000");
    assert_int_equal(assert_done(PARSE("-r", "2", "-c", "::1", "1")).command.retries, 2);
    assert_int_equal(assert_done(PARSE("-c", "-r", "0", "::1", "1")).command.retries, 0);
    assert_false(assert_done(PARSE("::1", "1", "1")).command.check);
}

static void address_port_and_an_integer_are_needed(void **state)
{
    (void)state;
    const char *all = "ADDRESS, PORT and INTEGERs are needed";
    assert_refused(parse_words((char *[]){"client", NULL}), all, "");
    assert_refused(parse_words((char *[]){NULL}), all, "");
    assert_refused(PARSE("::1"), all, "");
    assert_refused(PARSE("-s", "::1"), all, "");
    assert_refused(PARSE("::1", "10000"), "no INTEGER after PORT '10000': ", "1 to 64 are allowed");
}

/* What the command line makes of so many integers: 1, 2, 3 and so on. */
static struct parsed parse_integers(size_t count)
{
    char words[80][4];
    char *line[84] = {"client", "::1", "10000"};
    for (size_t i = 0; i < count; i++) {
        snprintf(words[i], sizeof words[i], "%u", (unsigned)i % 100 + 1);
        line[3 + i] = words[i];
    }
    return parse_words(line);
}

static void up_to_64_integers_are_taken_in_order(void **state)
{
    (void)state;
    for (size_t count = 1; count <= 64; count++) {
        struct command c = assert_done(parse_integers(count)).command;
        assert_int_equal(c.request.count, count);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(c.request.integers[i], i + 1);
    }
    assert_refused(parse_integers(65), "INTEGER '65' is the 65th: ", "1 to 64 are allowed");
    assert_refused(parse_integers(80), "INTEGER '65' is the 65th: ", "1 to 64 are allowed");
}

static void the_first_wrong_integer_is_the_one_named(void **state)
{
    (void)state;
    assert_refused(PARSE("::1", "10000", "1", "2x", "-3"), "INTEGER '2x' is not an integer", "");
    assert_refused(PARSE("::1", "10000", ""), "INTEGER '' is empty", "");
}

static enum calc_opcode assert_operator(struct parsed p)
{
    struct command c = assert_done(p).command;
    assert_string_equal(c.address, "::1");
    assert_string_equal(c.port, "10000");
    assert_int_equal(c.request.count, 2);
    assert_false(c.star_seen);
    return c.request.opcode;
}

static void op_is_written_in_four_ways(void **state)
{
    (void)state;
    char *words[] = {"-op", "--op"};
    char *sums[] = {"-op=+", "--op=add"};
    char *products[] = {"-op=*", "--op=*"};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(assert_operator(PARSE(words[i], "sum", "::1", "10000", "1", "2")),
                         CALC_SUM);
        assert_int_equal(assert_operator(PARSE(words[i], "*", "::1", "10000", "1", "2")),
                         CALC_PRODUCT);
        assert_int_equal(assert_operator(PARSE(sums[i], "::1", "10000", "1", "2")), CALC_SUM);
        assert_int_equal(assert_operator(PARSE(products[i], "::1", "10000", "1", "2")),
                         CALC_PRODUCT);
    }
    assert_int_equal(
        assert_operator(PARSE("-s", "-op=x", "-op", "+", "-q", "::1", "10000", "1", "2")),
        CALC_SUM);
}

static void an_unknown_operator_is_named_with_those_allowed(void **state)
{
    (void)state;
    const char *allowed = "+ sum add, or '*' x mul product, is allowed";
    assert_refused(PARSE("-op", "/", "::1", "10000", "1"), "operator '/' is unknown: ", allowed);
    assert_refused(PARSE("-op", "", "::1", "10000", "1"), "operator '' is unknown: ", allowed);
    assert_refused(PARSE("-op=", "::1", "10000", "1"), "operator '' is unknown: ", allowed);
    assert_refused(PARSE("--op=X", "::1", "10000", "1"), "operator 'X' is unknown: ", allowed);
    assert_refused(PARSE("-op", "-s", "::1", "10000", "1"), "operator '-s' is unknown: ", allowed);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink("a-file");
}

static void the_files_of_the_folder_stand_for_a_star(void **state)
{
    (void)state;
    int fd = open("a-file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    close(fd);
    struct command c = assert_done(PARSE("-op", "a-file", "-s", "::1", "10000", "7")).command;
    assert_true(c.star_seen);
    assert_int_equal(c.request.opcode, CALC_PRODUCT);
    assert_int_equal(c.request.format, CALC_AS_STRING);
    assert_string_equal(c.address, "::1");
    assert_refused(PARSE("-op=a-file", "::1", "10000", "7"), "operator 'a-file' is unknown", "");
    assert_refused(PARSE("-op", "b-file", "::1", "10000", "7"), "operator 'b-file' is unknown", "");
}

static void flags_have_a_short_and_a_long_name(void **state)
{
    (void)state;
    struct command c = assert_done(PARSE("-s", "::1", "1", "1")).command;
    assert_int_equal(c.request.format, CALC_AS_STRING);
    assert_false(c.quiet || c.json || c.verbose);
    c = assert_done(PARSE("-q", "::1", "1", "1")).command;
    assert_true(c.quiet && !c.json && !c.verbose);
    c = assert_done(PARSE("-j", "::1", "1", "1")).command;
    assert_true(!c.quiet && c.json && !c.verbose);
    c = assert_done(PARSE("-v", "::1", "1", "1")).command;
    assert_true(!c.quiet && !c.json && c.verbose);
    c = assert_done(PARSE("--string", "--quiet", "--json", "--verbose", "::1", "1", "1")).command;
    assert_int_equal(c.request.format, CALC_AS_STRING);
    assert_true(c.quiet && c.json && c.verbose);
    c = assert_done(PARSE("-qjvs", "::1", "1", "1")).command;
    assert_int_equal(c.request.format, CALC_AS_STRING);
    assert_true(c.quiet && c.json && c.verbose);
}

static void the_timeout_is_0_001_to_3600_seconds(void **state)
{
    (void)state;
    const struct {
        char *word;
        int64_t us;
    } words[] = {
        {"0.001",    1000      },
        {"0.001001", 1001      },
        {".5",       500000    },
        {"0.5",      500000    },
        {"1",        1000000   },
        {"2.25",     2250000   },
        {"3599.5",   3599500000},
        {"3600",     3600000000},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        assert_int_equal(
            assert_done(PARSE("-t", words[i].word, "::1", "1", "1")).command.timeout_us,
            words[i].us);
        assert_int_equal(
            assert_done(PARSE("--timeout", words[i].word, "::1", "1", "1")).command.timeout_us,
            words[i].us);
    }
    assert_int_equal(assert_done(PARSE("-t5", "::1", "1", "1")).command.timeout_us, 5000000);
    assert_int_equal(assert_done(PARSE("--timeout=5", "::1", "1", "1")).command.timeout_us,
                     5000000);
}

static void other_timeouts_are_refused(void **state)
{
    (void)state;
    char *words[] = {"0",    "0.0",    "0.0009", "3600.001",
                     "3601", "-1",     "-0.5",   "nan",
                     "NAN",  "inf",    "Inf",    "INFINITY",
                     "-inf", "nan(1)", "1e999",  "",
                     " 1",   "1 ",     "+1",     "1s",
                     "1,5",  "1.5.5",  "one",    "1e3",
                     "1e-3", "0x10",   "0x1p3",  "..",
                     "0x",   "1e",     ".",      "999999999999999999999999999999"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        char begin[80];
        snprintf(begin, sizeof begin, "--timeout '%s' is not 0.001 to 3600 seconds", words[i]);
        assert_refused(PARSE("-t", words[i], "::1", "1", "1"), begin, "");
        assert_refused(PARSE("--timeout", words[i], "::1", "1", "1"), begin, "");
    }
}

static void the_retries_are_0_to_15(void **state)
{
    (void)state;
    char *words[] = {"0", "1", "2",  "3",  "4",  "5",  "6",  "7",
                     "8", "9", "10", "11", "12", "13", "14", "15"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        assert_int_equal(assert_done(PARSE("-r", words[i], "::1", "1", "1")).command.retries, i);
        assert_int_equal(assert_done(PARSE("--retries", words[i], "::1", "1", "1")).command.retries,
                         i);
    }
}

static void other_retries_are_refused(void **state)
{
    (void)state;
    char *words[] = {
        "16", "20",  "100", "-1", "-0", "+1",         "",           " 1",
        "1 ", "1.0", "0x1", "1x", "x",  "4294967296", "4294967297", "18446744073709551617"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        char begin[80];
        snprintf(begin, sizeof begin, "--retries '%s' is not 0 to 15", words[i]);
        assert_refused(PARSE("-r", words[i], "::1", "1", "1"), begin, "");
    }
}

static void help_and_version_need_nothing_else(void **state)
{
    (void)state;
    assert_int_equal(assert_done(PARSE("--help")).command.action, ACTION_HELP);
    assert_int_equal(assert_done(PARSE("-h")).command.action, ACTION_HELP);
    assert_int_equal(assert_done(PARSE("--version")).command.action, ACTION_VERSION);
    assert_int_equal(assert_done(PARSE("-q", "--help", "::1", "10000", "x")).command.action,
                     ACTION_HELP);
    assert_refused(PARSE("--help", "-t", "0"), "--timeout '0' is not", "");
}

static void short_options_can_be_joined(void **state)
{
    (void)state;
    struct command c = assert_done(PARSE("-qst", "5", "::1", "10000", "1")).command;
    assert_true(c.quiet);
    assert_int_equal(c.request.format, CALC_AS_STRING);
    assert_int_equal(c.timeout_us, 5000000);
    c = assert_done(PARSE("-st5", "-op=x", "::1", "10000", "1")).command;
    assert_int_equal(c.request.opcode, CALC_PRODUCT);
}

static void a_word_with_a_newline_is_named_in_one_line(void **state)
{
    (void)state;
    assert_refused(PARSE("::1", "10000", "1\n2\033[1m"), "INTEGER '1?2?[1m' is not an integer", "");
}

static void what_is_no_option_is_named(void **state)
{
    (void)state;
    const char *what = " is not an option, short for several, or takes no value";
    char *words[] = {"-z",         "--nonsense", "-nonsense", "-qz",
                     "--string=1", "--help=1",   "--ver",     "-5"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        char begin[40];
        snprintf(begin, sizeof begin, "'%s'", words[i]);
        assert_refused(PARSE(words[i], "::1", "10000", "1"), begin, what);
        assert_refused(PARSE("-s", "-t", "1", words[i], "::1", "10000", "1"), begin, what);
    }
}

static void an_option_without_its_value_is_named(void **state)
{
    (void)state;
    char *words[] = {"-op", "--op", "-t", "--timeout", "-r", "--retries", "-qt"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        char begin[60];
        snprintf(begin, sizeof begin, "option '%s' needs a value", words[i]);
        assert_refused(PARSE(words[i]), begin, "");
        assert_refused(PARSE("-s", words[i]), begin, "");
    }
}

static void the_first_failure_is_told_and_later_options_still_count(void **state)
{
    (void)state;
    struct parsed p = PARSE("-t", "0", "-r", "16", "-j", "--nonsense", "-q", "::1", "10000", "x");
    assert_refused(p, "--timeout '0' is not", "");
    assert_true(p.command.json && p.command.quiet);
    assert_int_equal(p.command.timeout_us, 1000000);
    p = PARSE("-op", "/", "-j", "::1", "10000", "1");
    assert_refused(p, "operator '/' is unknown", "");
    assert_true(p.command.json);
}

static void options_behind_address_are_none(void **state)
{
    (void)state;
    const char *what = "(options go before ADDRESS)";
    assert_refused(PARSE("::1", "10000", "1", "-s"), "INTEGER '-s' is not an integer", what);
    assert_refused(PARSE("::1", "10000", "--help"), "INTEGER '--help' is not an integer", what);
    assert_refused(PARSE("::1", "10000", "-op", "*", "1"), "INTEGER '-op' is not", what);
    assert_refused(PARSE("::1", "10000", "--", "1"), "INTEGER '--' is not an integer", what);
    assert_refused(PARSE("::1", "-s", "10000", "-1"), "INTEGER '-1' is negative", "");
    struct command c = assert_done(PARSE("::1", "-s", "10000")).command;
    assert_string_equal(c.port, "-s");
    assert_int_equal(c.request.format, CALC_AS_INTEGER);
}

static void two_dashes_end_the_options(void **state)
{
    (void)state;
    struct command c = assert_done(PARSE("-q", "--", "-s", "10000", "1")).command;
    assert_string_equal(c.address, "-s");
    assert_string_equal(c.port, "10000");
    assert_int_equal(c.request.format, CALC_AS_INTEGER);
    assert_true(c.quiet);
}

static char folder[] = "/tmp/calc6-options-XXXXXX";

static int enter_empty_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
    (void)state;
    return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_options_it_is_the_sum_as_an_integer),
        cmocka_unit_test(a_check_has_one_retry_unless_it_is_told),
        cmocka_unit_test(address_port_and_an_integer_are_needed),
        cmocka_unit_test(up_to_64_integers_are_taken_in_order),
        cmocka_unit_test(the_first_wrong_integer_is_the_one_named),
        cmocka_unit_test(op_is_written_in_four_ways),
        cmocka_unit_test(an_unknown_operator_is_named_with_those_allowed),
        cmocka_unit_test_teardown(the_files_of_the_folder_stand_for_a_star, remove_file),
        cmocka_unit_test(flags_have_a_short_and_a_long_name),
        cmocka_unit_test(the_timeout_is_0_001_to_3600_seconds),
        cmocka_unit_test(other_timeouts_are_refused),
        cmocka_unit_test(the_retries_are_0_to_15),
        cmocka_unit_test(other_retries_are_refused),
        cmocka_unit_test(help_and_version_need_nothing_else),
        cmocka_unit_test(short_options_can_be_joined),
        cmocka_unit_test(a_word_with_a_newline_is_named_in_one_line),
        cmocka_unit_test(what_is_no_option_is_named),
        cmocka_unit_test(an_option_without_its_value_is_named),
        cmocka_unit_test(the_first_failure_is_told_and_later_options_still_count),
        cmocka_unit_test(options_behind_address_are_none),
        cmocka_unit_test(two_dashes_end_the_options),
    };
    return cmocka_run_group_tests(tests, enter_empty_folder, leave_folder);
}
