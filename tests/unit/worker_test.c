/* A worker's loop: what becomes of each datagram, and that nothing is left unaccounted. */
#define _GNU_SOURCE /* in6_pktinfo, mmsghdr */
#include "fake_kernel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
/* For all datagrams. */
static struct rate_options rate;
/* What the last worker has counted. */
static struct tally tally;

/* A time at which the clock stands still. */
#define NOON_NS UINT64_C(43200000000000)

/* Of a worker, from the start until it is told to stop; what it counted is added to counters. */
static void run_with(struct worker_options options)
{
    static struct worker worker;
    struct limits limits;
    tally = (struct tally){0};
    kernel.told = WORKER_SERVE;
    /* The worker closes its socket. */
    struct listener own = {
        .fd = dup(kernel.fd), .kept = listener.kept, .endpoint = listener.endpoint};
    close(kernel.fd);
    kernel.fd = own.fd;
    assert_true(limits_begin(&limits, &rate));
    assert_true(worker_begin(&worker, &own, &options, &limits, &tally, &kernel.told));
    worker_run(&worker);
    counters_add(&tally.counters, &counters);
    worker_end(&worker);
    limits_end(&limits);
    kernel.fd = eventfd(0, EFD_CLOEXEC);
}

static void run(void)
{
    run_with((struct worker_options){.merges = true});
}

static uint64_t total(const char *group)
{
    uint64_t sum = 0;
    for (enum outcome i = 0; i < OUTCOME_COUNT; i++) {
        if (strcmp(outcome_group(i), group) == 0)
            sum += counters.of[i];
    }
    return sum;
}

static void assert_account(uint64_t replied, uint64_t dropped, uint64_t failed, uint64_t noted)
{
    assert_int_equal(total("replied"), replied);
    assert_int_equal(total("dropped"), dropped);
    assert_int_equal(total("failed"), failed);
    assert_int_equal(total("noted"), noted);
    assert_int_equal(counters.received, replied + dropped + failed);
}

/* One datagram comes, and one reply leaves or fails to. */
static void assert_outcome(struct event given, int send_error, enum outcome expected)
{
    memset(&counters, 0, sizeof counters);
    kernel.arrived = kernel.sends = kernel.sent_count = 0;
    kernel.arrivals[0] = given;
    for (size_t i = 0; i < SCRIPT_MAX; i++)
        kernel.send_errors[i] = send_error;
    run();
    assert_int_equal(counters.received, 1);
    assert_only_counted(expected, 1);
}

static void assert_replied(uint8_t header, size_t length, enum outcome expected)
{
    assert_outcome(arrival(header, length), 0, expected);
    assert_int_equal(kernel.sends, 1);
    assert_int_equal(kernel.sent[0].octets[0], expected == REPLIED_RESULT ? 0x80 : 0x00);
    assert_account(1, 0, 0, 0);
}

static void every_reply_has_an_outcome_of_its_own(void **state)
{
    (void)state;
    assert_replied(0x00, 5, REPLIED_RESULT);
    assert_replied(0x00, 258, REPLIED_TOO_LONG);
    assert_replied(0x00, 300, REPLIED_TOO_LONG);
    assert_replied(0x00, 65507, REPLIED_TOO_LONG);
    assert_replied(0x00, 6, REPLIED_NOT_WHOLE);
    assert_replied(0x04, 5, REPLIED_UNKNOWN_OPCODE);
    assert_replied(0x00, 257, REPLIED_ABOVE_32_BITS);
    assert_replied(0x03, 257, REPLIED_ABOVE_256_DIGITS);
}

static void what_is_dropped_is_not_sent(void **state)
{
    (void)state;
    kernel.arrivals[0] = arrival(0, 0);
    kernel.arrivals[1] = arrival(0, 1);
    kernel.arrivals[2] = from_port(1023, 0, 5);
    kernel.arrivals[3] = from_port(10000, 0, 5);
    run();
    assert_int_equal(kernel.sends, 0);
    assert_int_equal(counters.of[DROPPED_NO_INTEGERS], 2);
    assert_int_equal(counters.of[DROPPED_PORT_RESERVED], 1);
    assert_int_equal(counters.of[DROPPED_PORT_OWN], 1);
    assert_account(0, 4, 0, 0);
}

static void req_6_9_a_request_to_a_multicast_address_is_not_answered(void **state)
{
    (void)state;
    kernel.destination = address("ff02::1");
    kernel.arrivals[0] = sum();
    run();
    assert_int_equal(kernel.sends, 0);
    assert_only_counted(DROPPED_MULTICAST, 1);
    assert_account(0, 1, 0, 0);
}

static void assert_failed(int error, enum outcome expected)
{
    assert_outcome(sum(), error, expected);
    assert_account(0, 0, 1, 0);
}

static void every_failed_send_has_its_outcome(void **state)
{
    (void)state;
    assert_failed(EPERM, FAILED_NOT_PERMITTED);
    assert_failed(EACCES, FAILED_NOT_PERMITTED);
    assert_failed(ENOBUFS, FAILED_NO_BUFFERS);
    assert_failed(ENOMEM, FAILED_NO_BUFFERS);
    assert_failed(EAGAIN, FAILED_WOULD_BLOCK);
    assert_failed(ENETUNREACH, FAILED_UNREACHABLE);
    assert_failed(EHOSTUNREACH, FAILED_UNREACHABLE);
    assert_failed(EINVAL, FAILED_NOT_VALID);
    assert_failed(EADDRNOTAVAIL, FAILED_NOT_VALID);
    assert_failed(ECONNREFUSED, FAILED_OTHERWISE);
    assert_failed(EIO, FAILED_OTHERWISE);
}

static void nothing_that_is_received_is_left_unaccounted(void **state)
{
    (void)state;
    const struct event script[] = {
        sum(),
        receive_error(EINTR),
        arrival(0x04, 5),
        receive_error(ECONNREFUSED),
        receive_error(ECONNREFUSED),
        arrival(0x00, 1),
        sum(),
        from_port(1, 0x00, 300),
        from_port(CLIENT_PORT + 1, 0x00, 5),
    };
    memcpy(kernel.arrivals, script, sizeof script);
    kernel.troubles[0] = icmp();
    memcpy(kernel.send_errors, (int[]){0, EINTR, 0, EAGAIN}, 4 * sizeof(int));
    run();
    assert_int_equal(kernel.sends, 5);
    assert_int_equal(counters.of[REPLIED_RESULT], 2);
    assert_int_equal(counters.of[REPLIED_UNKNOWN_OPCODE], 1);
    assert_int_equal(counters.of[NOTED_INTERRUPTED], 2);
    assert_int_equal(counters.of[NOTED_ICMP_ERROR], 1);
    assert_int_equal(counters.of[NOTED_RECEIVE_FAILED], 1);
    assert_account(3, 2, 1, 4);
}

static void the_account_is_printed_with_its_sum(void **state)
{
    (void)state;
    counters.received = 6;
    counters.of[REPLIED_RESULT] = 2;
    counters.of[REPLIED_NOT_WHOLE] = 1;
    counters.of[DROPPED_PORT_OWN] = 2;
    counters.of[FAILED_OTHERWISE] = 1;
    counters.of[NOTED_INTERRUPTED] = 9;
    char text[1000] = "";
    FILE *out = fmemopen(text, sizeof text, "w");
    assert_non_null(out);
    counters_print(&counters, out);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text,
                        "received 6 = replied 3 + dropped 2 + failed 1\n"
                        "  replied        2  with a result\n"
                        "  replied        1  with an error: payload not whole integers (REQ-6.3)\n"
                        "  dropped        2  from the server's own port number (REQ-7.4)\n"
                        "  failed         1  to reply: otherwise\n"
                        "  noted          9  system calls interrupted (EINTR)\n");
}

/* So many requests for a sum, of 5 octets each. */
static struct event sums(size_t count, uint16_t port, uint8_t header)
{
    struct event event = from_port(port, header, 5 * count);
    event.segment = 5;
    return event;
}

static void assert_limited(struct event given, enum outcome outcome, uint64_t replied)
{
    memset(&counters, 0, sizeof counters);
    kernel.now_ns = NOON_NS;
    kernel.arrived = kernel.sent_count = 0;
    kernel.arrivals[0] = given;
    run();
    uint64_t all = given.length / (uint64_t)given.segment;
    assert_int_equal(counters.of[outcome], replied);
    assert_int_equal(counters.of[DROPPED_LOOP_RATE], all - replied);
    assert_int_equal(kernel.sent_count, replied);
    assert_account(replied, all - replied, 0, 0);
}

static void req_7_5_a_burst_of_1000_gets_replies_and_no_more(void **state)
{
    (void)state;
    assert_limited(sums(1000, 1024, 0x00), REPLIED_RESULT, 1000);
    assert_limited(sums(1001, 1024, 0x00), REPLIED_RESULT, 1000);
    assert_limited(sums(1001, 32767, 0x00), REPLIED_RESULT, 1000);
    assert_limited(sums(1001, 32768, 0x80), REPLIED_RESULT, 1000);
    assert_limited(sums(1001, 65535, 0xF0), REPLIED_RESULT, 1000);
    assert_limited(merged(0x00, 6 * 1001, 6), REPLIED_NOT_WHOLE, 1000);
    assert_limited(merged(0x04, 5 * 1001, 5), REPLIED_UNKNOWN_OPCODE, 1000);
    assert_limited(merged(0x03, 257 * 200, 257), REPLIED_ABOVE_256_DIGITS, 200);
}

static void req_7_5_an_ordinary_client_does_not_meet_the_limit(void **state)
{
    (void)state;
    assert_limited(sums(2000, 32768, 0x00), REPLIED_RESULT, 2000);
    assert_limited(sums(2000, 65535, 0x70), REPLIED_RESULT, 2000);
}

static void req_7_5_one_limit_for_all_kinds_and_each_datagram_counts_once(void **state)
{
    (void)state;
    kernel.now_ns = NOON_NS;
    kernel.arrivals[0] = sums(400, 1024, 0x84);
    kernel.arrivals[1] = sums(300, 40000, 0x80);
    kernel.arrivals[2] = sums(300, 2000, 0x00);
    kernel.arrivals[3] = sums(1, 40000, 0x04);
    kernel.arrivals[4] = sums(7, 40000, 0x00);
    run();
    assert_int_equal(counters.of[REPLIED_UNKNOWN_OPCODE], 400);
    assert_int_equal(counters.of[REPLIED_RESULT], 607);
    assert_int_equal(counters.of[DROPPED_LOOP_RATE], 1);
    assert_account(1007, 1, 0, 0);
}

static void req_7_5_what_gets_no_reply_anyway_does_not_count(void **state)
{
    (void)state;
    kernel.now_ns = NOON_NS;
    kernel.arrivals[0] = merged(0x80, 500, 1);
    kernel.arrivals[1] = sums(500, 1023, 0x80);
    kernel.arrivals[2] = sums(500, 10000, 0x80);
    kernel.arrivals[3] = sums(1000, 1024, 0x80);
    run();
    assert_account(1000, 1500, 0, 0);
    assert_int_equal(counters.of[DROPPED_LOOP_RATE], 0);
}

static void req_7_5_it_is_1000_a_second(void **state)
{
    (void)state;
    kernel.now_ns = NOON_NS;
    kernel.step_ns = 50000000; /* between two batches */
    const struct event script[] = {sums(1002, 1024, 0x00), receive_error(EINTR),
                                   sums(51, 1024, 0x00), receive_error(EINTR),
                                   sums(51, 1024, 0x00)};
    memcpy(kernel.arrivals, script, sizeof script);
    run();
    assert_int_equal(counters.of[REPLIED_RESULT], 1100);
    assert_int_equal(counters.of[DROPPED_LOOP_RATE], 4);
}

static void the_clock_is_looked_at_once_a_batch_and_only_where_it_matters(void **state)
{
    (void)state;
    const struct event script[] = {
        sum(), sum(), receive_error(EINTR), arrival(0x80, 5), arrival(0x80, 5), sum()};
    memcpy(kernel.arrivals, script, sizeof script);
    kernel.stops_with = WORKER_LEAVE;
    run();
    assert_account(5, 0, 0, 1);
    assert_int_equal(kernel.looks, 1);
}

/* Who can see the one leak would foretell the other. */
static void workers_do_not_leak_in_step(void **state)
{
    (void)state;
    enum { LOOKED_AT = 1000 };
    static struct worker one, other;
    struct limits limits;
    struct listener none = {.fd = -1};
    int apart = 0;
    assert_true(limits_begin(&limits, &(struct rate_options){.per_second = 1, .prefix = 64}));
    assert_true(
        worker_begin(&one, &none, &(struct worker_options){0}, &limits, &tally, &kernel.told));
    assert_true(
        worker_begin(&other, &none, &(struct worker_options){0}, &limits, &tally, &kernel.told));
    for (int i = 0; i < LOOKED_AT; i++)
        apart += limits_leak(&limits, one.refused++) != limits_leak(&limits, other.refused++);
    assert_in_range(apart, 1, LOOKED_AT);
    intake_free(&one.intake);
    intake_free(&other.intake);
    limits_end(&limits);
}

static void rate_is_for_all_datagrams_and_one_in_8_beyond_goes_out(void **state)
{
    (void)state;
    kernel.now_ns = NOON_NS;
    rate = (struct rate_options){.per_second = 100, .prefix = 64};
    kernel.arrivals[0] = sums(8100, 40000, 0x00);
    run();
    rate.per_second = 0;
    uint64_t leaked = counters.of[NOTED_LEAKED];
    assert_in_range(leaked, 1000 - 250, 1000 + 250); /* more than 8 standard deviations */
    assert_int_equal(counters.of[DROPPED_RATE], 8000 - leaked);
    assert_account(100 + leaked, 8000 - leaked, 0, leaked);
    assert_int_equal(kernel.sent_count, 100 + leaked);
}

static void req_7_5_has_no_leak_and_stays_with_a_rate(void **state)
{
    (void)state;
    rate = (struct rate_options){.per_second = RATE_MAX, .prefix = 48};
    assert_limited(sums(9000, 1024, 0x00), REPLIED_RESULT, 1000);
    rate.per_second = 0;
}

static void once_ends_after_the_first_reply_that_was_sent(void **state)
{
    (void)state;
    kernel.arrivals[0] = arrival(0, 1);
    for (size_t i = 1; i < 5; i++)
        kernel.arrivals[i] = sum();
    kernel.send_errors[0] = EAGAIN;
    run_with((struct worker_options){.once = true});
    assert_int_equal(kernel.sends, 2);
    assert_account(1, 1, 1, 0);
}

static void a_flood_can_not_keep_it_from_stopping(void **state)
{
    (void)state;
    kernel.arrivals[0] = arrival(0, 1);
    kernel.endless = true;
    kernel.stop_after = 100;
    run();
    assert_in_range(counters.received, 100, 100 + INTAKE_MESSAGES);
    assert_account(0, counters.received, 0, 0);
}

static void a_flood_that_can_not_be_turned_away_can_not_either(void **state)
{
    (void)state;
    kernel.arrivals[0] = arrival(0, 1);
    kernel.endless = true;
    kernel.connect_error = ENETUNREACH;
    kernel.stop_after = 100;
    int64_t began = now_ms();
    run();
    assert_in_range(now_ms() - began, 1000, 10000);
    assert_account(0, counters.received, 0, 0);
}

/* One arrives before it is told to end, and there are two more; each error is a call of its own. */
static void queue_three(void)
{
    const struct event script[] = {
        sum(), receive_error(EINTR), sum(), receive_error(ECONNREFUSED), sum(),
    };
    memcpy(kernel.arrivals, script, sizeof script);
    kernel.troubles[0] = icmp6();
    kernel.stop_after = 1;
}

static void what_is_queued_is_answered_before_it_ends(void **state)
{
    (void)state;
    queue_three();
    run();
    assert_int_equal(kernel.connects, 1);
    assert_int_equal(kernel.arrived_before, 1);
    assert_account(3, 0, 0, 1);
}

static void what_can_not_be_turned_away_is_answered_until_it_is_quiet(void **state)
{
    (void)state;
    queue_three();
    kernel.connect_error = ENETUNREACH;
    run();
    assert_account(3, 0, 0, 1);
}

static void what_was_on_its_way_to_the_queue_is_answered(void **state)
{
    (void)state;
    queue_three();
    kernel.late = 5;
    run();
    assert_account(3, 0, 0, 1);
}

static void a_queue_that_is_left_to_others_is_not_touched(void **state)
{
    (void)state;
    queue_three();
    kernel.stops_with = WORKER_LEAVE;
    run();
    assert_int_equal(kernel.connects, 0);
    assert_account(1, 0, 0, 0);
    kernel.stops_with = WORKER_END;
    listener.kept = true;
    kernel.arrived = 0;
    run();
    assert_int_equal(kernel.connects, 0);
    assert_account(2, 0, 0, 0);
}

static void once_is_one_reply_when_it_is_told_to_end_too(void **state)
{
    (void)state;
    queue_three();
    kernel.arrivals[0] = arrival(0, 1);
    run_with((struct worker_options){.once = true});
    assert_int_equal(kernel.connects, 0);
    assert_account(0, 1, 0, 0);
}

/* All that a run sent, for comparison with another. */
static size_t record(struct worker_options options, bool merged_arrivals, struct sent *sent)
{
    const struct event one_by_one[] = {
        arrival(0x00, 13), arrival(0x00, 13), arrival(0x04, 13),
        arrival(0x01, 13), arrival(0x00, 13), arrival(0x00, 1),
    };
    const struct event at_once[] = {
        merged(0x00, 26, 13),
        arrival(0x04, 13),
        arrival(0x01, 13),
        merged(0x00, 14, 13),
    };
    memset(kernel.arrivals, 0, sizeof kernel.arrivals);
    if (merged_arrivals)
        memcpy(kernel.arrivals, at_once, sizeof at_once);
    else
        memcpy(kernel.arrivals, one_by_one, sizeof one_by_one);
    memset(&counters, 0, sizeof counters);
    kernel.arrived = kernel.sends = kernel.sent_count = kernel.merged = 0;
    run_with(options);
    assert_account(5, 1, 0, 0);
    memcpy(sent, kernel.sent, kernel.sent_count * sizeof *sent);
    return kernel.sent_count;
}

static void merged_or_not_the_replies_are_the_same_octets(void **state)
{
    (void)state;
    static struct sent plain[SENT_MAX], other[SENT_MAX];
    size_t count = record((struct worker_options){.merges = false}, false, plain);
    assert_int_equal(count, 5);
    assert_int_equal(kernel.merged, 0);
    for (int mode = 0; mode < 6; mode++) {
        bool merges = mode % 2 == 1;
        kernel.refusal = mode >= 4 ? EIO : 0;
        assert_int_equal(
            record((struct worker_options){.merges = merges}, mode / 2 % 2 == 1, other), count);
        assert_int_equal(kernel.merged > 0, merges && mode < 4);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(other[i].length, plain[i].length);
            assert_memory_equal(other[i].octets, plain[i].octets, plain[i].length);
            assert_memory_equal(&other[i].to, &plain[i].to, sizeof plain[i].to);
            assert_memory_equal(&other[i].source, &plain[i].source, sizeof plain[i].source);
        }
    }
}

/* A kernel can hand over more datagrams at once than there is room for replies. */
static void a_batch_of_more_than_fit_is_answered_whole(void **state)
{
    (void)state;
    const size_t counts[] = {255, 256, 257, 512, 513};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        memset(&counters, 0, sizeof counters);
        kernel.arrived = kernel.sends = kernel.sent_count = 0;
        kernel.arrivals[0] = merged(0x00, 13 * counts[i], 13);
        run();
        assert_int_equal(kernel.receives, 3 * (i + 1));
        assert_int_equal(kernel.sent_count, counts[i]);
        assert_account(counts[i], 0, 0, 0);
    }
}

static void one_system_call_takes_a_batch_and_one_sends_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < 10; i++)
        kernel.arrivals[i] = from_port((uint16_t)(2000 + i), 0x00, 5);
    run();
    assert_int_equal(kernel.receives,
                     3); /* the second finds nothing more, and the last nothing when it ends */
    assert_int_equal(kernel.sends, 10);
    assert_account(10, 0, 0, 0);
}

static void a_busy_worker_looks_again_before_it_sleeps(void **state)
{
    (void)state;
    kernel.arrivals[0] = sum();
    run_with((struct worker_options){.busy_poll_us = 1000000});
    /* Without waiting; the second finds it told to stop, and the last nothing left. */
    assert_int_equal(kernel.receives, 3);
    assert_account(1, 0, 0, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, kernel_begin, kernel_end)

/* The clock is looked at when a batch is there and when it was sent, and goes on a step each time. */
static void measures_are_taken_of_each_batch_where_they_are_asked_for(void **state)
{
    (void)state;
    for (int asked = 0; asked <= 1; asked++) {
        kernel.arrived = kernel.looks = 0;
        kernel.now_ns = NOON_NS;
        kernel.step_ns = 3000;
        kernel.arrivals[0] = sum();
        kernel.arrivals[1] = arrival(0, 1);
        run_with((struct worker_options){.merges = true, .measured = asked});
        const struct measures *measures = &tally.measures;
        assert_int_equal(tally.counters.received, 2);
        assert_int_equal(measures->replies[OPERATION_SUM][CALC_AS_INTEGER][REPLIED_RESULT], asked);
        assert_int_equal(measures->octets_in, asked ? 6 : 0);
        assert_int_equal(measures->octets_out, asked ? 5 : 0);
        assert_int_equal(measures->batches[1], asked);
        assert_int_equal(measures->latencies[2], asked ? 2 : 0);
        assert_int_equal(measures->latency_ns, asked ? 6000 : 0);
        kernel.now_ns = kernel.step_ns = 0;
    }
}

/* The second part is sent later than the first. */
static void a_batch_that_is_sent_in_parts_is_measured_from_its_arrival_on(void **state)
{
    (void)state;
    kernel.now_ns = NOON_NS;
    kernel.step_ns = 1000;
    for (int i = 0; i < 5; i++)
        kernel.arrivals[i] = merged(0, 64 * 5, 5);
    run_with((struct worker_options){.merges = true, .measured = true});
    assert_int_equal(tally.counters.received, 320);
    assert_int_equal(tally.measures.batches[BATCH_BUCKETS - 1], 1);
    assert_int_equal(tally.measures.batches[6], 1);
    assert_int_equal(tally.measures.latencies[0], 256);
    assert_int_equal(tally.measures.latencies[1], 64);
    kernel.now_ns = kernel.step_ns = 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_reply_has_an_outcome_of_its_own),
        TEST(what_is_dropped_is_not_sent),
        TEST(req_6_9_a_request_to_a_multicast_address_is_not_answered),
        TEST(every_failed_send_has_its_outcome),
        TEST(nothing_that_is_received_is_left_unaccounted),
        TEST(the_account_is_printed_with_its_sum),
        TEST(req_7_5_a_burst_of_1000_gets_replies_and_no_more),
        TEST(req_7_5_an_ordinary_client_does_not_meet_the_limit),
        TEST(req_7_5_one_limit_for_all_kinds_and_each_datagram_counts_once),
        TEST(req_7_5_what_gets_no_reply_anyway_does_not_count),
        TEST(req_7_5_it_is_1000_a_second),
        TEST(the_clock_is_looked_at_once_a_batch_and_only_where_it_matters),
        TEST(workers_do_not_leak_in_step),
        TEST(measures_are_taken_of_each_batch_where_they_are_asked_for),
        TEST(a_batch_that_is_sent_in_parts_is_measured_from_its_arrival_on),
        TEST(rate_is_for_all_datagrams_and_one_in_8_beyond_goes_out),
        TEST(req_7_5_has_no_leak_and_stays_with_a_rate),
        TEST(once_ends_after_the_first_reply_that_was_sent),
        TEST(a_flood_can_not_keep_it_from_stopping),
        TEST(a_flood_that_can_not_be_turned_away_can_not_either),
        TEST(what_is_queued_is_answered_before_it_ends),
        TEST(what_can_not_be_turned_away_is_answered_until_it_is_quiet),
        TEST(what_was_on_its_way_to_the_queue_is_answered),
        TEST(a_queue_that_is_left_to_others_is_not_touched),
        TEST(once_is_one_reply_when_it_is_told_to_end_too),
        TEST(merged_or_not_the_replies_are_the_same_octets),
        TEST(a_batch_of_more_than_fit_is_answered_whole),
        TEST(one_system_call_takes_a_batch_and_one_sends_it),
        TEST(a_busy_worker_looks_again_before_it_sleeps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
