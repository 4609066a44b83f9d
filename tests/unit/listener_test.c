/* The server's socket: what it asks of recvmsg and sendmsg, and what each of their results is counted as. */
#define _GNU_SOURCE /* in6_pktinfo */
#include "fake_kernel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static struct arrival receive(struct event given)
{
    struct arrival d;
    memset(&d, 0x5A, sizeof d);
    kernel.arrivals[0] = given;
    assert_int_equal(listener_receive(&listener, &d, &counters), RECEIVED);
    assert_int_equal(counters.received, 1);
    assert_only_counted(OUTCOME_COUNT, 0);
    return d;
}

static void assert_receive_fails(int error, enum receive_code code)
{
    struct arrival d;
    kernel.arrivals[0] = receive_error(error);
    assert_int_equal(listener_receive(&listener, &d, &counters), code);
    assert_int_equal(counters.received, 0);
}

static void a_datagram_comes_with_its_octets_and_its_peer(void **state)
{
    (void)state;
    struct arrival d = receive(arrival(0x03, 5));
    struct sockaddr_in6 from = peer(CLIENT_PORT);
    assert_int_equal(d.length, 5);
    assert_memory_equal(d.octets, ((uint8_t[]){0x03, FILL, FILL, FILL, FILL}), 5);
    assert_memory_equal(&d.peer, &from, sizeof from);
}

static void req_3_5_the_length_is_that_of_the_datagram_as_sent(void **state)
{
    (void)state;
    const size_t lengths[] = {0, 1, 257, 258, 259, 300, 65507};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        kernel.arrived = 0;
        counters.received = 0;
        struct arrival d = receive(arrival(0, lengths[i]));
        assert_int_equal(d.length, lengths[i]);
    }
}

static void req_3_4_the_destination_is_in_the_packet_information(void **state)
{
    (void)state;
    kernel.destination = address("fe80::1234");
    struct arrival d = receive(sum());
    assert_true(d.destination_known);
    assert_memory_equal(&d.destination, &kernel.destination, sizeof d.destination);
    assert_int_equal(d.interface, INTERFACE);
}

static void req_3_4_without_packet_information_the_destination_is_unknown(void **state)
{
    (void)state;
    const int types[] = {0, IPV6_HOPLIMIT};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        kernel.arrived = 0;
        counters.received = 0;
        kernel.control_type = types[i];
        assert_false(receive(sum()).destination_known);
    }
}

static void an_empty_queue_is_no_event(void **state)
{
    (void)state;
    assert_receive_fails(EAGAIN, RECEIVE_QUEUE_EMPTY);
    assert_only_counted(OUTCOME_COUNT, 0);
}

static void an_interrupted_receive_is_counted(void **state)
{
    (void)state;
    assert_receive_fails(EINTR, RECEIVE_AGAIN);
    assert_only_counted(NOTED_INTERRUPTED, 1);
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
        kernel.arrived = 0;
        assert_receive_fails(errors[i], RECEIVE_AGAIN);
        assert_only_counted(NOTED_RECEIVE_FAILED, i + 1);
    }
}

static void only_icmp_errors_are_counted_as_icmp_errors(void **state)
{
    (void)state;
    kernel.troubles[0] = trouble(IPPROTO_IPV6, IPV6_RECVERR, SO_EE_ORIGIN_LOCAL);
    kernel.troubles[1] = trouble(IPPROTO_IPV6, IPV6_RECVERR, SO_EE_ORIGIN_NONE);
    kernel.troubles[2] = trouble(IPPROTO_IPV6, IPV6_HOPLIMIT, SO_EE_ORIGIN_ICMP6);
    kernel.troubles[3] = trouble(SOL_SOCKET, IPV6_RECVERR, SO_EE_ORIGIN_ICMP6);
    kernel.troubles[4] = icmp6();
    kernel.troubles[4].cut = true;
    listener_take_errors(&listener, &counters);
    assert_int_equal(kernel.troubled, 5);
    assert_only_counted(OUTCOME_COUNT, 0);
}

static void a_flood_of_icmp_errors_ends_after_64(void **state)
{
    (void)state;
    kernel.troubles[0] = icmp6();
    kernel.endless = true;
    listener_take_errors(&listener, &counters);
    assert_only_counted(NOTED_ICMP_ERROR, 64);
}

static const uint8_t reply[] = {0x80, 1, 2, 3, 4};

/* What came, from the peer, to that address. */
static struct arrival request_to(const char *destination)
{
    return (struct arrival){
        .peer = peer(CLIENT_PORT),
        .destination_known = true,
        .destination = address(destination),
        .interface = INTERFACE,
    };
}

static int send_reply(struct arrival request)
{
    return listener_send(&listener, &request, reply, sizeof reply, &counters);
}

/* Sends with these errors first; returns what became of it. */
static int send_through(size_t count, const int *errors)
{
    memcpy(kernel.send_errors, errors, count * sizeof *errors);
    kernel.sends = 0;
    return send_reply(request_to("2001:db8::1"));
}

#define SEND_THROUGH(...)                                                                          \
    send_through(sizeof(int[]){__VA_ARGS__} / sizeof(int), (int[]){__VA_ARGS__})

static void the_reply_goes_to_where_the_request_came_from(void **state)
{
    (void)state;
    struct sockaddr_in6 to = peer(CLIENT_PORT);
    assert_int_equal(send_reply(request_to("2001:db8::1")), 0);
    assert_int_equal(kernel.sends, 1);
    assert_memory_equal(&kernel.sent_to, &to, sizeof to);
    assert_int_equal(kernel.sent_length, sizeof reply);
    assert_memory_equal(kernel.sent, reply, sizeof reply);
    assert_only_counted(OUTCOME_COUNT, 0);
}

static void assert_source(const char *destination, unsigned interface)
{
    struct in6_addr expected = address(destination);
    kernel.sends = 0;
    assert_int_equal(send_reply(request_to(destination)), 0);
    assert_true(kernel.source_given);
    assert_memory_equal(&kernel.source.ipi6_addr, &expected, sizeof expected);
    assert_int_equal(kernel.source.ipi6_ifindex, interface);
}

static void req_3_4_the_source_is_where_the_request_came_to(void **state)
{
    (void)state;
    assert_source("2001:db8::1", 0);
    assert_source("::1", 0);
    assert_source("::ffff:192.0.2.1", 0);
    assert_source("fd00::1", 0);
}

static void req_3_4_only_a_link_local_source_has_its_interface(void **state)
{
    (void)state;
    assert_source("fe80::1", INTERFACE);
    assert_source("febf:ffff::1", INTERFACE);
    assert_source("fec0::1", 0);
    assert_source("fe7f::1", 0);
    assert_source("::ffff:169.254.0.1", 0);
}

static void req_3_4_an_unknown_destination_leaves_the_source_to_the_kernel(void **state)
{
    (void)state;
    struct arrival request = request_to("2001:db8::1");
    request.destination_known = false;
    assert_int_equal(send_reply(request), 0);
    assert_false(kernel.source_given);
}

static void a_send_that_fails_is_tried_four_times(void **state)
{
    (void)state;
    const int errors[] = {EPERM,        EACCES, ENOBUFS,       ENOMEM,       ENETUNREACH,
                          EHOSTUNREACH, EINVAL, EADDRNOTAVAIL, ECONNREFUSED, EIO};
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        int e = errors[i];
        assert_int_equal(SEND_THROUGH(e, e, e, e, e), e);
        assert_int_equal(kernel.sends, 4);
        assert_int_equal(SEND_THROUGH(e, e, e, 0), 0);
        assert_int_equal(kernel.sends, 4);
    }
    assert_only_counted(OUTCOME_COUNT, 0);
}

static void the_last_error_is_the_one_returned(void **state)
{
    (void)state;
    assert_int_equal(SEND_THROUGH(ECONNREFUSED, EINTR, ENOBUFS, EPERM), EPERM);
}

static void a_full_send_buffer_ends_it_at_once(void **state)
{
    (void)state;
    assert_int_equal(SEND_THROUGH(EAGAIN, 0), EAGAIN);
    assert_int_equal(kernel.sends, 1);
    assert_int_equal(SEND_THROUGH(EPERM, EAGAIN, 0), EAGAIN);
    assert_int_equal(kernel.sends, 2);
}

static void an_interrupted_send_is_counted_and_tried_again(void **state)
{
    (void)state;
    assert_int_equal(SEND_THROUGH(EINTR, EINTR, EINTR, 0), 0);
    assert_only_counted(NOTED_INTERRUPTED, 3);
    assert_int_equal(SEND_THROUGH(EINTR, EINTR, EINTR, EINTR), EINTR);
    assert_only_counted(NOTED_INTERRUPTED, 7);
}

static void an_error_of_an_earlier_reply_does_not_cost_this_one(void **state)
{
    (void)state;
    kernel.troubles[0] = icmp6();
    assert_int_equal(SEND_THROUGH(ECONNREFUSED, 0), 0);
    assert_int_equal(kernel.sends, 2);
    assert_memory_equal(kernel.sent, reply, sizeof reply);
    assert_only_counted(NOTED_ICMP_ERROR, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, kernel_begin, kernel_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_datagram_comes_with_its_octets_and_its_peer),
        TEST(req_3_5_the_length_is_that_of_the_datagram_as_sent),
        TEST(req_3_4_the_destination_is_in_the_packet_information),
        TEST(req_3_4_without_packet_information_the_destination_is_unknown),
        TEST(an_empty_queue_is_no_event),
        TEST(an_interrupted_receive_is_counted),
        TEST(an_icmp_error_at_receive_is_counted_and_taken),
        TEST(a_receive_that_fails_without_icmp_error_is_counted_as_such),
        TEST(only_icmp_errors_are_counted_as_icmp_errors),
        TEST(a_flood_of_icmp_errors_ends_after_64),
        TEST(the_reply_goes_to_where_the_request_came_from),
        TEST(req_3_4_the_source_is_where_the_request_came_to),
        TEST(req_3_4_only_a_link_local_source_has_its_interface),
        TEST(req_3_4_an_unknown_destination_leaves_the_source_to_the_kernel),
        TEST(a_send_that_fails_is_tried_four_times),
        TEST(the_last_error_is_the_one_returned),
        TEST(a_full_send_buffer_ends_it_at_once),
        TEST(an_interrupted_send_is_counted_and_tried_again),
        TEST(an_error_of_an_earlier_reply_does_not_cost_this_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
