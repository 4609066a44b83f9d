/* What is measured of a batch: by header and outcome, in octets, sizes and times. */
#define _GNU_SOURCE /* struct mmsghdr */
#include "tests/support/test.h"

#include "server/measures.h"

#include <sys/wait.h>

static struct outbox batch;
static struct measures measures;
static const struct origin origin;

static int begin(void **state)
{
    (void)state;
    memset(&measures, 0, sizeof measures);
    outbox_begin(&batch, true);
    return 0;
}

static void add(uint8_t header, size_t request, size_t reply, enum outcome outcome)
{
    static uint8_t headers[OUTBOX_EXCHANGES];
    headers[batch.count] = header;
    const struct arrival arrival = {
        .origin = &origin, .octets = &headers[batch.count], .length = request};
    outbox_add(&batch, &arrival, reply, outcome);
}

static uint64_t all_replies(void)
{
    uint64_t sum = 0;
    for (int operation = 0; operation < OPERATION_COUNT; operation++)
        for (int form = 0; form < FORM_COUNT; form++)
            for (int result = 0; result < RESULT_COUNT; result++)
                sum += measures.replies[operation][form][result];
    return sum;
}

static void the_header_tells_operation_and_form(void **state)
{
    (void)state;
    for (unsigned header = 0; header <= 0xFF; header++) {
        unsigned opcode = header >> 1 & 7;
        enum operation expected = opcode == 0   ? OPERATION_SUM
                                  : opcode == 1 ? OPERATION_PRODUCT
                                                : OPERATION_UNKNOWN;
        begin(NULL);
        add((uint8_t)header, 5, 5, REPLIED_RESULT);
        measures_add(&measures, &batch, 1);
        assert_int_equal(measures.replies[expected][header & 1][REPLIED_RESULT], 1);
        assert_int_equal(all_replies(), 1);
    }
}

static void each_reply_counts_by_its_result_and_nothing_else_does(void **state)
{
    (void)state;
    for (enum outcome outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
        begin(NULL);
        add(SUM_AS_INTEGER, 7, 3, outcome);
        measures_add(&measures, &batch, 1);
        bool reply = outcome_is_reply(outcome);
        assert_int_equal(all_replies(), reply);
        if (reply)
            assert_int_equal(measures.replies[OPERATION_SUM][CALC_AS_INTEGER][outcome], 1);
        assert_int_equal(measures.octets_in, 7);
        assert_int_equal(measures.octets_out, reply ? 3 : 0);
    }
}

/* Its octets could not be read. */
static void a_datagram_of_no_octets_is_only_counted(void **state)
{
    (void)state;
    outbox_add(&batch, &(struct arrival){.origin = &origin, .octets = guard_page()}, 0,
               DROPPED_NO_INTEGERS);
    measures_add(&measures, &batch, 1);
    assert_int_equal(all_replies(), 0);
    assert_int_equal(measures.batches[0], 1);
}

static void no_batch_is_none(void **state)
{
    (void)state;
    static const struct measures nothing;
    measures_add(&measures, &batch, 5000);
    assert_memory_equal(&measures, &nothing, sizeof nothing);
}

static void a_batch_counts_once_and_its_time_for_each_datagram(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        add(SUM_AS_INTEGER, 5, 5, REPLIED_RESULT);
    measures_add(&measures, &batch, 1001);
    assert_int_equal(measures.batches[2], 1); /* 3 or 4 */
    assert_int_equal(measures.latencies[1], 3);
    assert_int_equal(measures.latency_ns, 3003);
}

static void assert_latency(uint64_t nanoseconds, unsigned bucket)
{
    begin(NULL);
    add(SUM_AS_INTEGER, 5, 5, REPLIED_RESULT);
    measures_add(&measures, &batch, nanoseconds);
    assert_int_equal(measures.latencies[bucket], 1);
}

static void a_time_belongs_to_the_bucket_that_it_does_not_exceed(void **state)
{
    (void)state;
    assert_latency(0, 0);
    assert_latency(999, 0);
    assert_latency(1000, 0);
    assert_latency(1001, 1);
    assert_latency(2000, 1);
    assert_latency(2001, 2);
    assert_latency(65536000, LATENCY_BUCKETS - 2);
    assert_latency(65536001, LATENCY_BUCKETS - 1);
    assert_latency(UINT64_MAX - 999, LATENCY_BUCKETS - 1);
}

static void buckets_double(void **state)
{
    (void)state;
    for (unsigned bucket = 1; bucket < BATCH_BUCKETS; bucket++) {
        uint64_t bound = UINT64_C(1) << bucket;
        assert_int_equal(measures_bucket(bound - 1, BATCH_BUCKETS), bound == 2 ? 0 : bucket);
        assert_int_equal(measures_bucket(bound, BATCH_BUCKETS), bucket);
        assert_int_equal(measures_bucket(bound + 1, BATCH_BUCKETS),
                         bucket + 1 < BATCH_BUCKETS ? bucket + 1 : bucket);
    }
    assert_int_equal(measures_bucket(0, BATCH_BUCKETS), 0);
    assert_int_equal(measures_bucket(1, BATCH_BUCKETS), 0);
    assert_int_equal(measures_bucket(UINT64_MAX, 64), 63);
}

/* calc_answer() itself says which kinds of replies there are. */
static void what_can_not_be_never_is(void **state)
{
    (void)state;
    bool seen[OPERATION_COUNT][FORM_COUNT][RESULT_COUNT] = {0};
    for (unsigned header = 0; header < 16; header++) {
        for (size_t length = 2; length <= CALC_REQUEST_MAX + 1; length++) {
            uint8_t request[CALC_REQUEST_MAX + 1], reply[CALC_REPLY_MAX];
            size_t reply_length;
            memset(request, 0xFF, sizeof request);
            request[0] = (uint8_t)header;
            enum calc_code code = calc_answer(request, length, reply, &reply_length);
            enum operation operation =
                header >> 1 < 2 ? (enum operation)(header >> 1) : OPERATION_UNKNOWN;
            seen[operation][header & 1][outcome_of_reply(code)] = true;
        }
    }
    for (int operation = 0; operation < OPERATION_COUNT; operation++)
        for (int form = 0; form < FORM_COUNT; form++)
            for (int result = 0; result < RESULT_COUNT; result++)
                assert_int_equal(measures_can_be((enum operation)operation, (enum calc_format)form,
                                                 (enum outcome)result),
                                 seen[operation][form][result]);
}

static void a_process_that_is_forked_sees_what_is_counted_later(void **state)
{
    (void)state;
    int turn[2];
    struct tally *tallies = tallies_begin(2);
    assert_non_null(tallies);
    assert_int_equal((uintptr_t)&tallies[1] % 64, 0);
    assert_int_equal(pipe(turn), 0);
    pid_t child = fork();
    if (child == 0) {
        char octet;
        bool told = read(turn[0], &octet, 1) == 1;
        _exit(told && tallies[1].counters.received == 7 ? 0 : 1);
    }
    count(&tallies[1].counters.received, 7);
    assert_int_equal(write(turn[1], "", 1), 1);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    close(turn[0]);
    close(turn[1]);
    tallies_end(tallies, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_header_tells_operation_and_form, begin),
        cmocka_unit_test_setup(each_reply_counts_by_its_result_and_nothing_else_does, begin),
        cmocka_unit_test_setup(a_datagram_of_no_octets_is_only_counted, begin),
        cmocka_unit_test_setup(no_batch_is_none, begin),
        cmocka_unit_test_setup(a_batch_counts_once_and_its_time_for_each_datagram, begin),
        cmocka_unit_test_setup(a_time_belongs_to_the_bucket_that_it_does_not_exceed, begin),
        cmocka_unit_test(buckets_double),
        cmocka_unit_test(what_can_not_be_never_is),
        cmocka_unit_test(a_process_that_is_forked_sees_what_is_counted_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
