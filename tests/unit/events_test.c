/* The lines of the server's life, whole: what system/systemd_test sees of them comes from a build that may lack a
 * sandbox. */
#define _GNU_SOURCE /* pipe2, cpu_set_t, struct mmsghdr */
#include "tests/unit/said.h"

#include "server/events.h"

static const struct log text = {.format = LOG_TEXT};
static const struct log pairs = {.format = LOG_PAIRS};

static void the_start_has_the_address_and_what_the_sandbox_lacks(void **state)
{
    struct serve_options options = {.workers = 2, .log = pairs};
    struct sandbox sandbox = {.options.mode = SANDBOX_AUTO, .user = 65534};
    (void)state;
    events_started(&options, "[::1]:10000", "bound", "none", &sandbox);
    assert_said("level=info event=start address=::1 port=10000 workers=2 version=" CALC_VERSION
                " sockets=bound user=65534 rate=none metrics=none sandbox=complete\n");
    strcpy(sandbox.lacks, "Landlock (no)");
    options.rate = (struct rate_options){.per_second = 10, .prefix = 56};
    events_started(&options, "[fe80::1%eth0]:7", "activated", "[::1]:9610", &sandbox);
    assert_said("level=info event=start address=fe80::1%eth0 port=7 workers=2 version=" CALC_VERSION
                " sockets=activated user=65534 rate=10/56 metrics=[::1]:9610 sandbox=partial "
                "lacks=\"Landlock (no)\"\n");
    options.log = text;
    events_started(&options, "[::1]:10000", "bound", "none", &sandbox);
    assert_said("");
}

static void the_stop_has_the_sums(void **state)
{
    struct counters counters = {.received = 7};
    (void)state;
    counters.of[REPLIED_RESULT] = 1;
    counters.of[REPLIED_TOO_LONG] = 2;
    counters.of[DROPPED_RATE] = 3;
    counters.of[FAILED_NO_BUFFERS] = 1;
    counters.of[LOST_QUEUE_FULL] = 5;
    events_stopped(&pairs, "replaced", &counters);
    assert_said(
        "level=info event=stop why=replaced received=7 replied=3 dropped=3 failed=1 lost=5\n");
    events_stopped(&text, "replaced", &counters);
    assert_said("");
}

static void each_limit_tells_what_it_has_cost_since_the_last_time(void **state)
{
    struct counters counters = {.received = 0};
    struct events_limits limits = {.told = {0}};
    (void)state;
    events_limited(&pairs, &limits, &counters);
    assert_said("");
    counters.of[DROPPED_LOOP_RATE] = 1;
    counters.of[DROPPED_RATE] = 2;
    counters.of[LOST_QUEUE_FULL] = 3;
    events_limited(&pairs, &limits, &counters);
    assert_said("level=warning event=limit reason=loop_rate datagrams=1 total=1\n"
                "level=warning event=limit reason=rate datagrams=2 total=2\n"
                "level=warning event=limit reason=queue_full datagrams=3 total=3\n");
    counters.of[DROPPED_RATE] = 7;
    events_limited(&pairs, &limits, &counters);
    assert_said("level=warning event=limit reason=rate datagrams=5 total=7\n");
    events_limited(&pairs, &limits, &counters);
    assert_said("");
}

static void a_worker_that_hangs_is_named_for_people_too(void **state)
{
    (void)state;
    events_stuck(&pairs, 3, 12);
    assert_said("level=error event=stuck worker=3 received=12\n");
    events_stuck(&text, 3, 12);
    assert_said("events_test: worker 3 hangs: datagrams wait, and it has received none since the "
                "last look\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STDERR(the_start_has_the_address_and_what_the_sandbox_lacks),
        WITH_STDERR(the_stop_has_the_sums),
        WITH_STDERR(each_limit_tells_what_it_has_cost_since_the_last_time),
        WITH_STDERR(a_worker_that_hangs_is_named_for_people_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
