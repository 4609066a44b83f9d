/* The load generator's command line: what there is without options, each option's bounds, and the one line for what is
 * wrong. */
#include "tests/support/test.h"

#include "tests/bench/load/options.h"

#include <getopt.h>
#include <stdio.h>

struct parsed {
    bool done;
    struct options o;
    char why[OPTIONS_WHY_ROOM];
};

static struct parsed parse_words(char **words)
{
    struct parsed p = {0};
    int count = 0;
    while (words[count] != NULL)
        count++;
    optind = 1;
    p.done = options_parse(count, words, &p.o, p.why);
    return p;
}

#define PARSE(...) parse_words((char *[]){"load", __VA_ARGS__, NULL})
#define OPTION(...) PARSE(__VA_ARGS__, "::1", "10000")

static struct options done(struct parsed p)
{
    assert_string_equal(p.why, "");
    assert_true(p.done);
    return p.o;
}

static void assert_refused(struct parsed p, const char *why)
{
    assert_false(p.done);
    assert_string_equal(p.why, why);
}

/* The option is refused, and its name and the word are told. */
static void assert_out_of_range(char *option, char *word)
{
    struct parsed p = OPTION(option, word);
    char begin[64];
    snprintf(begin, sizeof begin, "%s '%s' is ", option, word);
    assert_false(p.done);
    assert_memory_equal(p.why, begin, strlen(begin));
}

static void without_options(void **state)
{
    (void)state;
    struct options o = done(PARSE("::1", "10000"));
    assert_int_equal(o.action, LOAD_RUN);
    assert_string_equal(o.address, "::1");
    assert_string_equal(o.port, "10000");
    assert_int_equal(o.sockets, 64);
    assert_int_equal(o.window, 4);
    assert_int_equal(o.threads, 1);
    assert_true(o.rate < 0.5);
    assert_int_equal(o.duration_ns, 5000000000);
    assert_int_equal(o.warmup_ns, 500000000);
    assert_int_equal(o.timeout_ns, 1000000000);
    assert_int_equal(o.requests, 0);
    assert_int_equal(o.mix.least, 3);
    assert_int_equal(o.mix.most, 3);
    assert_true(o.mix.sum && o.mix.as_integer && !o.mix.product && !o.mix.as_string);
    assert_int_equal(o.mix.block, 1);
    assert_int_equal(o.mix.echo, 0);
    assert_int_equal(o.server_pid, 0);
    assert_false(o.json);
}

static void each_option_has_its_bounds(void **state)
{
    (void)state;
    assert_int_equal(done(OPTION("--sockets", "1")).sockets, 1);
    assert_int_equal(done(OPTION("-s", "16384")).sockets, 16384);
    assert_out_of_range("--sockets", "0");
    assert_out_of_range("--sockets", "16385");
    assert_int_equal(done(OPTION("--window", "1")).window, 1);
    assert_int_equal(done(OPTION("-w", "4096")).window, 4096);
    assert_out_of_range("--window", "0");
    assert_out_of_range("--window", "4097");
    assert_int_equal(done(OPTION("--rate", "1")).rate, 1);
    assert_int_equal(done(OPTION("-r", "100000000")).rate, 100000000);
    assert_out_of_range("--rate", "0");
    assert_out_of_range("--rate", "100000001");
    assert_int_equal(done(OPTION("--duration", "0.001")).duration_ns, 1000000);
    assert_int_equal(done(OPTION("-d", "86400")).duration_ns, 86400000000000);
    assert_out_of_range("--duration", "0");
    assert_out_of_range("--duration", "86401");
    assert_int_equal(done(OPTION("--warmup", "0")).warmup_ns, 0);
    assert_out_of_range("--warmup", "-1");
    assert_int_equal(done(OPTION("--timeout", "0.25")).timeout_ns, 250000000);
    assert_out_of_range("--timeout", "0");
    assert_int_equal(done(OPTION("--requests", "1")).requests, 1);
    assert_int_equal(done(OPTION("-n", "4294967295")).requests, 4294967295);
    assert_out_of_range("--requests", "0");
    assert_out_of_range("--requests", "4294967296");
    assert_int_equal(done(OPTION("--threads", "64")).threads, 64);
    assert_out_of_range("--threads", "0");
    assert_out_of_range("--threads", "257");
    assert_int_equal(done(OPTION("--gso", "64")).mix.block, 64);
    assert_out_of_range("--gso", "0");
    assert_out_of_range("--gso", "65");
    assert_int_equal(done(OPTION("--echo", "5")).mix.echo, 5);
    assert_int_equal(done(OPTION("--echo", "1452")).mix.echo, 1452);
    assert_out_of_range("--echo", "4");
    assert_out_of_range("--echo", "1453");
    assert_int_equal(done(OPTION("--server-pid", "1")).server_pid, 1);
    assert_out_of_range("--server-pid", "0");
    assert_out_of_range("--server-pid", "2147483648");
    assert_int_equal(done(OPTION("--seed", "0")).mix.seed, 0);
    assert_out_of_range("--seed", "4294967296");
    assert_true(done(OPTION("-j")).json);
}

static void numbers_are_digits_and_nothing_else(void **state)
{
    (void)state;
    static char *const wrong[] = {
        "", "x", "1x", "-1", "+1", " 1", "1 ", "0x10", "99999999999999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_out_of_range("--sockets", wrong[i]);
        assert_out_of_range("--integers", wrong[i]);
        if (wrong[i][0] != '9')
            assert_out_of_range("--rate", wrong[i]);
    }
    assert_out_of_range("--duration", "1e3");
    assert_out_of_range("--duration", "1.2.3");
    assert_out_of_range("--duration", "inf");
}

static void integers_are_one_number_or_two(void **state)
{
    (void)state;
    struct options o = done(OPTION("-i", "1-64"));
    assert_int_equal(o.mix.least, 1);
    assert_int_equal(o.mix.most, 64);
    o = done(OPTION("-i", "64"));
    assert_int_equal(o.mix.least, 64);
    assert_int_equal(o.mix.most, 64);
    static char *const wrong[] = {"0", "65", "0-1", "1-65", "2-1", "1-", "-1", "1-2-3"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_out_of_range("--integers", wrong[i]);
}

static void operations_forms_and_mixes_are_words(void **state)
{
    (void)state;
    struct mix_choice m = done(OPTION("-o", "product", "-f", "string")).mix;
    assert_true(m.product && m.as_string && !m.sum && !m.as_integer);
    m = done(OPTION("-o", "both", "-f", "both")).mix;
    assert_true(m.product && m.as_string && m.sum && m.as_integer);
    m = done(OPTION("--seed", "9", "--echo", "7", "--request", "cheapest")).mix;
    assert_true(m.most == 1 && m.sum && m.as_integer && !m.product && !m.as_string);
    assert_true(m.seed == 9 && m.echo == 7 && m.block == 1);
    m = done(OPTION("--request", "dearest")).mix;
    assert_true(m.name == MIX_DEAREST && m.least == 64 && m.product && m.as_string && !m.sum);
    m = done(OPTION("--request", "mixed")).mix;
    assert_true(m.least == 1 && m.most == 64 && m.sum && m.product && m.as_integer && m.as_string);
    assert_refused(OPTION("-o", "minus"), "--operation 'minus' is unknown: sum, product or both");
    assert_refused(OPTION("-f", "text"), "--format 'text' is unknown: integer, string or both");
    assert_refused(OPTION("--request", "x"),
                   "--request 'x' is unknown: cheapest, dearest or mixed");
}

static void what_does_not_go_together(void **state)
{
    (void)state;
    assert_refused(OPTION("--request", "mixed", "-i", "3"),
                   "--request names all of a mix: no --integers, --operation or --format with it");
    assert_refused(OPTION("-r", "10", "-w", "4"),
                   "--window is for the closed loop, --rate for the open one: only one of them");
    assert_refused(OPTION("-w", "100", "-g", "64"), "--window 100 is not a multiple of --gso 64");
    assert_int_equal(done(OPTION("-g", "64")).window, 64);
    assert_int_equal(done(OPTION("-g", "64", "-w", "128")).window, 128);
    assert_refused(OPTION("-s", "1", "-t", "2"),
                   "--sockets 1 are too few for --threads 2: one for each is needed");
}

static void address_and_port_are_needed(void **state)
{
    (void)state;
    assert_refused(parse_words((char *[]){"load", NULL}),
                   "ADDRESS and PORT are needed; see load_options_test --help");
    assert_refused(PARSE("::1"), "no PORT after ADDRESS '::1'; see load_options_test --help");
    assert_refused(
        OPTION("::1"),
        "'10000' after ADDRESS and PORT: nothing more is allowed; see load_options_test --help");
    assert_refused(PARSE("--sockets"),
                   "option '--sockets' needs a value; see load_options_test --help");
    assert_refused(OPTION("--fast"), "'--fast' is not an option, short for several, or takes no "
                                     "value; see load_options_test --help");
    assert_int_equal(done(PARSE("--help")).action, LOAD_HELP);
    assert_int_equal(done(PARSE("--version")).action, LOAD_VERSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_options),
        cmocka_unit_test(each_option_has_its_bounds),
        cmocka_unit_test(numbers_are_digits_and_nothing_else),
        cmocka_unit_test(integers_are_one_number_or_two),
        cmocka_unit_test(operations_forms_and_mixes_are_words),
        cmocka_unit_test(what_does_not_go_together),
        cmocka_unit_test(address_and_port_are_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
