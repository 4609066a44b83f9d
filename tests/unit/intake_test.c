/* What comes in: what is asked of recvmmsg, how a batch is taken apart, and what each result is counted as. */
#define _GNU_SOURCE /* in6_pktinfo, mmsghdr */
#include "fake_kernel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static struct intake intake;

static int begin(void **state)
{
    return kernel_begin(state) == 0 && intake_begin(&intake) ? 0 : -1;
}

static int end(void **state)
{
    intake_free(&intake);
    return kernel_end(state);
}

static enum receive_code receive(bool wait)
{
    return intake_receive(&intake, &listener, wait, &counters);
}

static struct arrival next(void)
{
    struct arrival d;
    assert_true(intake_next(&intake, &d));
    return d;
}

static void assert_no_more(void)
{
    struct arrival d;
    assert_false(intake_next(&intake, &d));
    assert_false(intake_next(&intake, &d));
}

static struct arrival receive_one(struct event given)
{
    kernel.arrivals[0] = given;
    kernel.arrived = 0;
    assert_int_equal(receive(true), RECEIVED);
    struct arrival d = next();
    assert_no_more();
    assert_only_counted(OUTCOME_COUNT, 0);
    return d;
}

static void assert_receive_fails(int error, enum receive_code code)
{
    kernel.arrivals[0] = receive_error(error);
    kernel.arrived = 0;
    assert_int_equal(receive(true), code);
    assert_no_more();
}

static void a_datagram_comes_with_its_octets_and_its_peer(void **state)
{
    (void)state;
    struct arrival d = receive_one(arrival(0x03, 5));
    struct sockaddr_in6 from = peer(CLIENT_PORT);
    assert_int_equal(d.length, 5);
    assert_memory_equal(d.octets, ((uint8_t[]){0x03, FILL, FILL, FILL, FILL}), 5);
    assert_memory_equal(&d.origin->peer, &from, sizeof from);
}

static void req_3_5_the_length_is_that_of_the_datagram_as_sent(void **state)
{
    (void)state;
    const size_t lengths[] = {0, 1, 257, 258, 259, 300, 65507, 65527};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        assert_int_equal(receive_one(arrival(0, lengths[i])).length, lengths[i]);
}

static void req_3_4_the_destination_is_in_the_packet_information(void **state)
{
    (void)state;
    kernel.destination = address("fe80::1234");
    struct arrival d = receive_one(sum());
    assert_true(d.origin->destination_known);
    assert_memory_equal(&d.origin->destination, &kernel.destination, sizeof kernel.destination);
    assert_int_equal(d.origin->interface, INTERFACE);
}

static void req_3_4_without_packet_information_the_destination_is_unknown(void **state)
{
    (void)state;
    const int types[] = {0, IPV6_HOPLIMIT, IPV6_PKTINFO, 0};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        kernel.control_type = types[i];
        assert_int_equal(receive_one(sum()).origin->destination_known, types[i] == IPV6_PKTINFO);
    }
}

static void an_empty_queue_is_no_event(void **state)
{
    (void)state;
    assert_int_equal(receive(false), RECEIVE_QUEUE_EMPTY);
    assert_no_more();
    assert_only_counted(OUTCOME_COUNT, 0);
}

static void an_interrupted_receive_is_told(void **state)
{
    (void)state;
    assert_receive_fails(EINTR, RECEIVE_INTERRUPTED);
    assert_only_counted(OUTCOME_COUNT, 0);
}

static void an_icmp_error_at_receive_is_counted_and_taken(void **state)
{
    (void)state;
    kernel.troubles[0] = icmp6();
    kernel.troubles[1] = icmp();
    assert_receive_fails(ECONNREFUSED, RECEIVE_AGAIN);
    assert_only_counted(NOTED_ICMP_ERROR, 2);
}

static void a_receive_that_fails_without_icmp_error_is_counted_as_such(void **state)
{
    (void)state;
    const int errors[] = {ECONNREFUSED, EHOSTUNREACH, ENOMEM, EIO};
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        assert_receive_fails(errors[i], RECEIVE_AGAIN);
        assert_only_counted(NOTED_RECEIVE_FAILED, i + 1);
    }
}

static void a_batch_is_what_waits_up_to_its_limit(void **state)
{
    (void)state;
    for (size_t i = 0; i < 5; i++)
        kernel.arrivals[i] = from_port((uint16_t)(2000 + i), (uint8_t)i, 5 + i);
    intake.limit = 3;
    const size_t batches[] = {3, 2};
    size_t at = 0;
    for (size_t b = 0; b < 2; b++) {
        assert_int_equal(receive(true), RECEIVED);
        for (size_t i = 0; i < batches[b]; i++, at++) {
            struct arrival d = next();
            assert_int_equal(ntohs(d.origin->peer.sin6_port), 2000 + at);
            assert_int_equal(d.octets[0], at);
            assert_int_equal(d.length, 5 + at);
        }
        assert_no_more();
    }
    assert_int_equal(kernel.receives, 2);
}

/* The kernel shortens them; a call that finds them short would lose addresses and destinations. */
static void the_lengths_are_set_anew_for_each_call(void **state)
{
    (void)state;
    kernel.control_type = 0;
    for (size_t round = 0; round < 2; round++) {
        kernel.arrived = 0;
        kernel.arrivals[0] = sum();
        kernel.arrivals[1] = sum();
        assert_int_equal(receive(true), RECEIVED);
        for (size_t i = 0; i < 2; i++)
            assert_int_equal(next().origin->destination_known, round == 1);
        kernel.control_type = IPV6_PKTINFO;
    }
}

/* Each begins with the header, wherever it was cut. */
static void assert_merged(size_t length, int segment, size_t count, size_t last)
{
    kernel.arrived = 0;
    kernel.arrivals[0] = merged(0x07, length, segment);
    kernel.arrivals[1] = arrival(0x09, 5);
    assert_int_equal(receive(true), RECEIVED);
    const struct origin *origin = NULL;
    for (size_t i = 0; i < count; i++) {
        struct arrival d = next();
        assert_true(i == 0 || d.origin == origin);
        origin = d.origin;
        assert_int_equal(d.length, i + 1 < count ? (size_t)segment : last);
        assert_int_equal(d.octets[0], 0x07);
    }
    struct arrival beside = next();
    assert_int_equal(beside.length, 5);
    assert_int_equal(beside.octets[0], 0x09);
    assert_true(beside.origin != origin);
    assert_no_more();
}

static void what_was_merged_is_taken_apart(void **state)
{
    (void)state;
    assert_merged(13, 13, 1, 13);
    assert_merged(12, 13, 1, 12);
    assert_merged(14, 13, 2, 1);
    assert_merged(26, 13, 2, 13);
    assert_merged(13 * 64, 13, 64, 13);
    assert_merged(13 * 63 + 5, 13, 64, 5);
    assert_merged(257 * 64, 257, 64, 257);
    assert_merged(1, 1, 1, 1);
    assert_merged(3, 1, 3, 1);
    assert_merged(65527, 1472, 45, 65527 - 44 * 1472);
}

static void a_datagram_of_no_octets_is_one(void **state)
{
    (void)state;
    const size_t lengths[] = {0, 5, 0, 0};
    for (size_t i = 0; i < 4; i++)
        kernel.arrivals[i] = arrival(0, lengths[i]);
    assert_int_equal(receive(true), RECEIVED);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(next().length, lengths[i]);
    assert_no_more();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_datagram_comes_with_its_octets_and_its_peer),
        TEST(req_3_5_the_length_is_that_of_the_datagram_as_sent),
        TEST(req_3_4_the_destination_is_in_the_packet_information),
        TEST(req_3_4_without_packet_information_the_destination_is_unknown),
        TEST(an_empty_queue_is_no_event),
        TEST(an_interrupted_receive_is_told),
        TEST(an_icmp_error_at_receive_is_counted_and_taken),
        TEST(a_receive_that_fails_without_icmp_error_is_counted_as_such),
        TEST(a_batch_is_what_waits_up_to_its_limit),
        TEST(the_lengths_are_set_anew_for_each_call),
        TEST(what_was_merged_is_taken_apart),
        TEST(a_datagram_of_no_octets_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
