/* The text of the metrics: each line of it, and what the older format has instead. */
#define _GNU_SOURCE /* open_memstream, struct mmsghdr */
#include "tests/support/test.h"

#include "server/exposition.h"

#include <inttypes.h>
#include <stdlib.h>

enum { WORKERS = 2 };

static struct tally tallies[WORKERS];
static char *text;
static size_t length;

static int begin(void **state)
{
    (void)state;
    memset(tallies, 0, sizeof tallies);
    return 0;
}

static int end(void **state)
{
    (void)state;
    free(text);
    text = NULL;
    return 0;
}

static void expose(enum exposition_format format)
{
    const struct exposition exposition = {
        .tallies = tallies, .workers = WORKERS, .started_ms = 1700000000007};
    end(NULL);
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    exposition_write(&exposition, format, out);
    assert_int_equal(fclose(out), 0);
}

static unsigned times(const char *part)
{
    unsigned count = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at++)
        count++;
    return count;
}

/* Once, as a whole line. */
static void assert_line(const char *line)
{
    char whole[256];
    snprintf(whole, sizeof whole, "\n%s\n", line);
    if (times(whole) != 1 &&
        (strncmp(text, whole + 1, strlen(whole + 1)) != 0 || times(whole) != 0))
        fail_msg("no line, or several: %s\n%s", line, text);
}

static void all_families_have_type_and_help(void **state)
{
    (void)state;
    static const char *const families[] = {
        "calc6_build info",
        "process_start_time_seconds gauge",
        "calc6_received_datagrams counter",
        "calc6_replies counter",
        "calc6_dropped_datagrams counter",
        "calc6_failed_replies counter",
        "calc6_lost_datagrams counter",
        "calc6_noted_events counter",
        "calc6_received_bytes counter",
        "calc6_sent_bytes counter",
        "calc6_batch_datagrams histogram",
        "calc6_latency_seconds histogram",
    };
    enum { COUNT = sizeof families / sizeof families[0] };
    expose(EXPOSITION_OPENMETRICS);
    for (size_t i = 0; i < COUNT; i++) {
        char line[256];
        snprintf(line, sizeof line, "# TYPE %s", families[i]);
        assert_line(line);
        snprintf(line, sizeof line, "\n# HELP %.*s ", (int)strcspn(families[i], " "), families[i]);
        assert_int_equal(times(line), 1);
    }
    assert_int_equal(times("# TYPE "), COUNT);
    assert_int_equal(times("# HELP "), COUNT);
    assert_int_equal(times("# UNIT "), 4);
    assert_line("# UNIT calc6_latency_seconds seconds");
    assert_line("# UNIT calc6_sent_bytes bytes");
}

static void it_ends_with_eof_and_nothing_behind(void **state)
{
    (void)state;
    for (enum exposition_format format = 0; format <= EXPOSITION_TEXT; format++) {
        expose(format);
        assert_int_equal(length, strlen(text));
        assert_string_equal(text + length - 7, "\n# EOF\n");
        assert_int_equal(times("# EOF"), 1);
    }
}

static void the_process_tells_what_it_is(void **state)
{
    (void)state;
    expose(EXPOSITION_OPENMETRICS);
    assert_line("calc6_build_info{version=\"" CALC_VERSION "\"} 1");
    assert_line("process_start_time_seconds 1700000000.007");
}

static void each_worker_has_its_own(void **state)
{
    (void)state;
    count(&tallies[0].counters.received, 3);
    count(&tallies[1].counters.received, UINT64_MAX);
    count(&tallies[1].measures.octets_in, 17);
    count(&tallies[0].measures.octets_out, 19);
    expose(EXPOSITION_OPENMETRICS);
    assert_line("calc6_received_datagrams_total{worker=\"0\"} 3");
    assert_line("calc6_received_datagrams_total{worker=\"1\"} 18446744073709551615");
    assert_line("calc6_received_bytes_total{worker=\"0\"} 0");
    assert_line("calc6_received_bytes_total{worker=\"1\"} 17");
    assert_line("calc6_sent_bytes_total{worker=\"0\"} 19");
}

/* In the order of the outcomes, from REPLIED_RESULT on. */
static const char *const labels[] = {
    "success",          "too_long",    "not_whole",           "unknown_opcode", "above_32_bits",
    "above_256_digits", "multicast",   "unspecified_address", "port_zero",      "port_reserved",
    "port_own",         "no_integers", "loop_rate",           "rate",           "not_permitted",
    "no_buffers",       "would_block", "unreachable",         "not_valid",      "otherwise",
    "leaked",           "icmp_error",  "interrupted",         "receive_failed", "not_shown",
    "queue_full",
};
_Static_assert(sizeof labels / sizeof labels[0] == OUTCOME_COUNT, "each outcome has its word");

static const char *name_of_group(enum outcome outcome)
{
    switch (outcome_group(outcome)[0]) {
    case 'd':
        return "calc6_dropped_datagrams_total";
    case 'f':
        return "calc6_failed_replies_total";
    case 'l':
        return "calc6_lost_datagrams_total";
    default:
        return "calc6_noted_events_total";
    }
}

static void each_outcome_without_a_reply_has_a_sample(void **state)
{
    (void)state;
    for (unsigned i = RESULT_COUNT; i < OUTCOME_COUNT; i++)
        count(&tallies[1].counters.of[i], 100 + i);
    expose(EXPOSITION_OPENMETRICS);
    for (unsigned i = RESULT_COUNT; i < OUTCOME_COUNT; i++) {
        char line[256];
        snprintf(line, sizeof line, "%s{worker=\"1\",reason=\"%s\"} %u",
                 name_of_group((enum outcome)i), labels[i], 100 + i);
        assert_line(line);
    }
    assert_int_equal(times(",reason="), WORKERS * (OUTCOME_COUNT - RESULT_COUNT));
}

static void each_kind_of_reply_has_a_sample(void **state)
{
    (void)state;
    static const char *const operations[] = {"sum", "product", "unknown"};
    static const char *const forms[] = {"integer", "string"};
    unsigned kinds = 0;
    for (unsigned i = 0; i < OPERATION_COUNT * FORM_COUNT * RESULT_COUNT; i++)
        count(&tallies[0].measures.replies[i / RESULT_COUNT / FORM_COUNT]
                                          [i / RESULT_COUNT % FORM_COUNT][i % RESULT_COUNT],
              1000 + i);
    expose(EXPOSITION_OPENMETRICS);
    for (unsigned i = 0; i < OPERATION_COUNT * FORM_COUNT * RESULT_COUNT; i++) {
        unsigned operation = i / RESULT_COUNT / FORM_COUNT, form = i / RESULT_COUNT % FORM_COUNT;
        if (!measures_can_be((enum operation)operation, (enum calc_format)form,
                             (enum outcome)(i % RESULT_COUNT)))
            continue;
        char line[256];
        snprintf(line, sizeof line,
                 "calc6_replies_total{worker=\"0\",operation=\"%s\",form=\"%s\",result=\"%s\"} %u",
                 operations[operation], forms[form], labels[i % RESULT_COUNT], 1000 + i);
        assert_line(line);
        kinds++;
    }
    assert_int_equal(kinds, 21);
    assert_int_equal(times("calc6_replies_total{"), WORKERS * kinds);
}

static void buckets_count_all_below_them(void **state)
{
    (void)state;
    struct measures *measures = &tallies[1].measures;
    count(&measures->batches[0], 5);
    count(&measures->batches[1], 6);
    count(&measures->batches[BATCH_BUCKETS - 1], 7);
    count(&tallies[1].counters.received, 1809);
    count(&measures->latencies[0], 2);
    count(&measures->latencies[LATENCY_BUCKETS - 2], 3);
    count(&measures->latencies[LATENCY_BUCKETS - 1], 4);
    count(&measures->latency_ns, UINT64_C(12000000034));
    expose(EXPOSITION_OPENMETRICS);
    assert_line("calc6_batch_datagrams_bucket{worker=\"1\",le=\"1.0\"} 5");
    assert_line("calc6_batch_datagrams_bucket{worker=\"1\",le=\"2.0\"} 11");
    assert_line("calc6_batch_datagrams_bucket{worker=\"1\",le=\"128.0\"} 11");
    assert_line("calc6_batch_datagrams_bucket{worker=\"1\",le=\"256.0\"} 18");
    assert_line("calc6_batch_datagrams_bucket{worker=\"1\",le=\"+Inf\"} 18");
    assert_line("calc6_batch_datagrams_count{worker=\"1\"} 18");
    assert_line("calc6_batch_datagrams_sum{worker=\"1\"} 1809");
    assert_line("calc6_latency_seconds_bucket{worker=\"1\",le=\"1e-06\"} 2");
    assert_line("calc6_latency_seconds_bucket{worker=\"1\",le=\"0.032768\"} 2");
    assert_line("calc6_latency_seconds_bucket{worker=\"1\",le=\"0.065536\"} 5");
    assert_line("calc6_latency_seconds_bucket{worker=\"1\",le=\"+Inf\"} 9");
    assert_line("calc6_latency_seconds_count{worker=\"1\"} 9");
    assert_line("calc6_latency_seconds_sum{worker=\"1\"} 12.000000034");
    assert_int_equal(times("calc6_latency_seconds_bucket{worker=\"0\""), LATENCY_BUCKETS);
    assert_int_equal(times("calc6_batch_datagrams_bucket{worker=\"0\""), BATCH_BUCKETS + 1);
}

static void the_older_format_names_counters_by_their_samples(void **state)
{
    (void)state;
    expose(EXPOSITION_TEXT);
    assert_line("# TYPE calc6_build_info gauge");
    assert_line("# TYPE calc6_replies_total counter");
    assert_line("# TYPE calc6_latency_seconds histogram");
    assert_line("calc6_replies_total{worker=\"0\",operation=\"sum\",form=\"integer\",result="
                "\"success\"} 0");
    assert_int_equal(times("# UNIT "), 0);
    assert_int_equal(times(" info\n"), 0);
    assert_int_equal(times(" counter\n"), times("_total counter\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(all_families_have_type_and_help, begin, end),
        cmocka_unit_test_setup_teardown(it_ends_with_eof_and_nothing_behind, begin, end),
        cmocka_unit_test_setup_teardown(the_process_tells_what_it_is, begin, end),
        cmocka_unit_test_setup_teardown(each_worker_has_its_own, begin, end),
        cmocka_unit_test_setup_teardown(each_outcome_without_a_reply_has_a_sample, begin, end),
        cmocka_unit_test_setup_teardown(each_kind_of_reply_has_a_sample, begin, end),
        cmocka_unit_test_setup_teardown(buckets_count_all_below_them, begin, end),
        cmocka_unit_test_setup_teardown(the_older_format_names_counters_by_their_samples, begin,
                                        end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
