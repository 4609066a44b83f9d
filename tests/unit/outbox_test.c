/* What goes out: where replies go and from where, what is merged, and what becomes of those that can not be sent. */
#define _GNU_SOURCE /* in6_pktinfo, mmsghdr */
#include "fake_kernel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static struct outbox outbox;

static int begin(void **state)
{
    outbox_begin(&outbox, true);
    return kernel_begin(state);
}

/* What came, from the peer, to that address. */
static struct origin origin_to(const char *destination)
{
    return (struct origin){
        .peer = peer(CLIENT_PORT),
        .destination_known = true,
        .destination = address(destination),
        .interface = INTERFACE,
    };
}

static struct origin origin_from(uint16_t port)
{
    struct origin origin = origin_to("2001:db8::1");
    origin.peer = peer(port);
    return origin;
}

/* A reply whose octets tell it from the others. */
static void add(const struct origin *origin, size_t length)
{
    struct arrival request = {.origin = origin, .octets = (const uint8_t *)"?", .length = 1};
    memset(outbox_room(&outbox), (int)outbox.count, length);
    outbox_add(&outbox, &request, length, length > 0 ? REPLIED_RESULT : DROPPED_NO_INTEGERS);
}

static void send_all(void)
{
    kernel.sends = kernel.merged = kernel.sent_count = 0;
    outbox_send(&outbox, &listener, &counters);
}

static enum outcome outcome_of(unsigned at)
{
    return outbox.exchanges[at].outcome;
}

/* One reply, with these errors first; returns what became of it. */
static enum outcome send_through(size_t count, const int *errors)
{
    struct origin origin = origin_to("2001:db8::1");
    memset(kernel.send_errors, 0, sizeof kernel.send_errors);
    memcpy(kernel.send_errors, errors, count * sizeof *errors);
    outbox_clear(&outbox);
    add(&origin, 5);
    send_all();
    return outcome_of(0);
}

#define SEND_THROUGH(...)                                                                          \
    send_through(sizeof(int[]){__VA_ARGS__} / sizeof(int), (int[]){__VA_ARGS__})

static void the_reply_goes_to_where_the_request_came_from(void **state)
{
    (void)state;
    struct origin origin = origin_to("2001:db8::1");
    add(&origin, 5);
    send_all();
    assert_int_equal(kernel.sent_count, 1);
    assert_memory_equal(&kernel.sent[0].to, &origin.peer, sizeof origin.peer);
    assert_int_equal(kernel.sent[0].length, 5);
    assert_memory_equal(kernel.sent[0].octets, "\0\0\0\0\0", 5);
    assert_int_equal(outcome_of(0), REPLIED_RESULT);
    assert_only_counted(OUTCOME_COUNT, 0);
}

static void assert_source(const char *destination, unsigned interface)
{
    struct origin origin = origin_to(destination);
    outbox_clear(&outbox);
    add(&origin, 5);
    send_all();
    assert_true(kernel.sent[0].source_given);
    assert_memory_equal(&kernel.sent[0].source.ipi6_addr, &origin.destination,
                        sizeof origin.destination);
    assert_int_equal(kernel.sent[0].source.ipi6_ifindex, interface);
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
    struct origin origin = origin_to("2001:db8::1");
    origin.destination_known = false;
    add(&origin, 5);
    send_all();
    assert_false(kernel.sent[0].source_given);
}

static void a_send_that_fails_is_tried_four_times(void **state)
{
    (void)state;
    const int errors[] = {EPERM,        EACCES, ENOBUFS,       ENOMEM,       ENETUNREACH,
                          EHOSTUNREACH, EINVAL, EADDRNOTAVAIL, ECONNREFUSED, EIO};
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        int e = errors[i];
        assert_int_equal(SEND_THROUGH(e, e, e, e, e), outcome_of_send_error(e));
        assert_int_equal(kernel.sends, 4);
        assert_int_equal(SEND_THROUGH(e, e, e, 0), REPLIED_RESULT);
        assert_int_equal(kernel.sends, 4);
    }
    assert_only_counted(OUTCOME_COUNT, 0);
}

static void the_last_error_is_the_one_that_is_told(void **state)
{
    (void)state;
    assert_int_equal(SEND_THROUGH(ECONNREFUSED, EINTR, ENOBUFS, EPERM), FAILED_NOT_PERMITTED);
}

static void a_full_send_buffer_ends_it_at_once(void **state)
{
    (void)state;
    assert_int_equal(SEND_THROUGH(EAGAIN, 0), FAILED_WOULD_BLOCK);
    assert_int_equal(kernel.sends, 1);
    assert_int_equal(SEND_THROUGH(EPERM, EAGAIN, 0), FAILED_WOULD_BLOCK);
    assert_int_equal(kernel.sends, 2);
}

static void an_interrupted_send_is_counted_and_tried_again(void **state)
{
    (void)state;
    assert_int_equal(SEND_THROUGH(EINTR, EINTR, EINTR, 0), REPLIED_RESULT);
    assert_only_counted(NOTED_INTERRUPTED, 3);
    assert_int_equal(SEND_THROUGH(EINTR, EINTR, EINTR, EINTR), FAILED_OTHERWISE);
    assert_only_counted(NOTED_INTERRUPTED, 7);
}

static void an_error_of_an_earlier_reply_does_not_cost_this_one(void **state)
{
    (void)state;
    kernel.troubles[0] = icmp6();
    assert_int_equal(SEND_THROUGH(ECONNREFUSED, 0), REPLIED_RESULT);
    assert_int_equal(kernel.sends, 2);
    assert_only_counted(NOTED_ICMP_ERROR, 1);
}

/* Every reply, each to another peer, of these lengths; 0: none. */
static void add_to_many(struct origin *origins, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        origins[i] = origin_from((uint16_t)(2000 + i));
        add(&origins[i], 5);
    }
}

static void a_reply_that_can_not_be_sent_costs_its_neighbours_nothing(void **state)
{
    (void)state;
    struct origin origins[5];
    memcpy(kernel.send_errors, (int[]){0, 0, EPERM, EPERM, EPERM, EPERM, 0, EAGAIN},
           8 * sizeof(int));
    add_to_many(origins, 5);
    send_all();
    const enum outcome expected[] = {REPLIED_RESULT, REPLIED_RESULT, FAILED_NOT_PERMITTED,
                                     REPLIED_RESULT, FAILED_WOULD_BLOCK};
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(outcome_of(i), expected[i]);
    const uint16_t sent[] = {2000, 2001, 2003};
    assert_int_equal(kernel.sent_count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(ntohs(kernel.sent[i].to.sin6_port), sent[i]);
}

static void a_short_send_is_continued(void **state)
{
    (void)state;
    struct origin origins[10];
    for (unsigned at_once = 1; at_once <= 4; at_once++) {
        outbox_clear(&outbox);
        kernel.sends_at_once = at_once;
        add_to_many(origins, 10);
        send_all();
        assert_int_equal(kernel.sent_count, 10);
        for (size_t i = 0; i < 10; i++)
            assert_int_equal(ntohs(kernel.sent[i].to.sin6_port), 2000 + i);
    }
}

/* Adds replies of these lengths to one peer and sends them; on the wire they must be as they are. */
static void send_lengths(const size_t *lengths, size_t count, size_t messages)
{
    struct origin origin = origin_from(CLIENT_PORT);
    outbox_clear(&outbox);
    for (size_t i = 0; i < count; i++)
        add(&origin, lengths[i]);
    send_all();
    assert_int_equal(kernel.sends, messages);
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (lengths[i] == 0)
            continue;
        uint8_t octets[CALC_REPLY_MAX];
        memset(octets, (int)i, sizeof octets);
        assert_true(at < kernel.sent_count);
        assert_int_equal(kernel.sent[at].length, lengths[i]);
        assert_memory_equal(kernel.sent[at].octets, octets, lengths[i]);
        at++;
    }
    assert_int_equal(kernel.sent_count, at);
}

#define SEND_LENGTHS(messages, ...)                                                                \
    send_lengths((size_t[]){__VA_ARGS__}, sizeof(size_t[]){__VA_ARGS__} / sizeof(size_t), messages)

static void neighbours_of_one_length_to_one_peer_are_merged(void **state)
{
    (void)state;
    SEND_LENGTHS(1, 5);
    assert_int_equal(kernel.merged, 0);
    SEND_LENGTHS(1, 5, 5);
    assert_int_equal(kernel.merged, 1);
    SEND_LENGTHS(1, 5, 5, 5, 1);
    SEND_LENGTHS(2, 5, 5, 1, 5);
    SEND_LENGTHS(1, 5, 4);
    SEND_LENGTHS(2, 4, 5);
    SEND_LENGTHS(2, 5, 4, 4);
    SEND_LENGTHS(2, 5, 5, 257);
    SEND_LENGTHS(1, 0, 5, 0, 5, 0);
    SEND_LENGTHS(1, 257, 257, 256);
    SEND_LENGTHS(3, 1, 2, 3);
    SEND_LENGTHS(2, 3, 2, 1);
}

static void send_many(size_t count, size_t messages)
{
    size_t lengths[OUTBOX_EXCHANGES];
    for (size_t i = 0; i < count; i++)
        lengths[i] = 5;
    send_lengths(lengths, count, messages);
}

static void a_message_has_at_most_64_segments(void **state)
{
    (void)state;
    send_many(63, 1);
    send_many(64, 1);
    send_many(65, 2);
    send_many(256, 4);
}

static void replies_on_different_ways_are_not_merged(void **state)
{
    (void)state;
    struct origin same = origin_from(CLIENT_PORT);
    struct origin others[5];
    for (size_t i = 0; i < 5; i++)
        others[i] = same;
    others[0].peer.sin6_port = htons(CLIENT_PORT + 1);
    others[1].peer.sin6_addr.s6_addr[15] ^= 1;
    others[2].peer.sin6_scope_id++;
    others[3].destination.s6_addr[15] ^= 1;
    others[4].destination_known = false;
    for (size_t i = 0; i < 5; i++) {
        outbox_clear(&outbox);
        add(&same, 5);
        add(&others[i], 5);
        add(&same, 5);
        send_all();
        assert_int_equal(kernel.sends, 3);
        assert_int_equal(kernel.merged, 0);
    }
    struct origin again = same;
    outbox_clear(&outbox);
    add(&same, 5);
    add(&again, 5);
    send_all();
    assert_int_equal(kernel.merged, 1);
}

static void without_merging_each_reply_is_a_message(void **state)
{
    (void)state;
    outbox_begin(&outbox, false);
    SEND_LENGTHS(4, 5, 5, 5, 1);
    assert_int_equal(kernel.merged, 0);
}

static void where_the_kernel_refuses_what_is_merged_it_is_not_asked_again(void **state)
{
    (void)state;
    const int errors[] = {EINVAL, EIO, EMSGSIZE, EOPNOTSUPP, ENOPROTOOPT};
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        outbox_begin(&outbox, true);
        kernel.refusal = errors[i];
        SEND_LENGTHS(4 + 5, 5, 5, 0, 5, 5, 1);
        assert_false(outbox.merges);
        for (unsigned at = 0; at < 6; at++)
            assert_int_equal(outcome_of(at), at == 2 ? DROPPED_NO_INTEGERS : REPLIED_RESULT);
        SEND_LENGTHS(5, 5, 5, 0, 5, 5, 1);
        assert_int_equal(kernel.merged, 0);
    }
    assert_only_counted(OUTCOME_COUNT, 0);
}

static void what_was_refused_as_merged_fills_the_send_buffer(void **state)
{
    (void)state;
    struct origin origin = origin_from(CLIENT_PORT);
    memcpy(kernel.send_errors, (int[]){EINVAL, EINVAL, EINVAL, EINVAL, EAGAIN}, 5 * sizeof(int));
    add(&origin, 5);
    add(&origin, 5);
    send_all();
    assert_int_equal(kernel.sends, 4 + 1 + 1);
    assert_int_equal(outcome_of(0), FAILED_WOULD_BLOCK);
    assert_int_equal(outcome_of(1), REPLIED_RESULT);
    assert_false(outbox.merges);
}

/* Such as an address that is no longer here: that is no reason to stop merging for everybody else. */
static void what_fails_by_itself_too_was_not_refused_for_its_merging(void **state)
{
    (void)state;
    struct origin origin = origin_from(CLIENT_PORT);
    for (size_t i = 0; i < SCRIPT_MAX; i++)
        kernel.send_errors[i] = EINVAL;
    add(&origin, 5);
    add(&origin, 5);
    send_all();
    assert_int_equal(kernel.sends, 4 + 2 * 4);
    assert_int_equal(outcome_of(0), FAILED_NOT_VALID);
    assert_int_equal(outcome_of(1), FAILED_NOT_VALID);
    assert_true(outbox.merges);
}

static void what_fails_for_another_reason_fails_whole(void **state)
{
    (void)state;
    struct origin origin = origin_from(CLIENT_PORT);
    const int errors[] = {EAGAIN, EPERM, ENOBUFS, ENETUNREACH};
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        outbox_clear(&outbox);
        kernel.refusal = errors[i];
        add(&origin, 5);
        add(&origin, 0);
        add(&origin, 5);
        send_all();
        assert_int_equal(kernel.sent_count, 0);
        assert_int_equal(outcome_of(0), outcome_of_send_error(errors[i]));
        assert_int_equal(outcome_of(1), DROPPED_NO_INTEGERS);
        assert_int_equal(outcome_of(2), outcome_of_send_error(errors[i]));
        assert_true(outbox.merges);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, kernel_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_reply_goes_to_where_the_request_came_from),
        TEST(req_3_4_the_source_is_where_the_request_came_to),
        TEST(req_3_4_only_a_link_local_source_has_its_interface),
        TEST(req_3_4_an_unknown_destination_leaves_the_source_to_the_kernel),
        TEST(a_send_that_fails_is_tried_four_times),
        TEST(the_last_error_is_the_one_that_is_told),
        TEST(a_full_send_buffer_ends_it_at_once),
        TEST(an_interrupted_send_is_counted_and_tried_again),
        TEST(an_error_of_an_earlier_reply_does_not_cost_this_one),
        TEST(a_reply_that_can_not_be_sent_costs_its_neighbours_nothing),
        TEST(a_short_send_is_continued),
        TEST(neighbours_of_one_length_to_one_peer_are_merged),
        TEST(a_message_has_at_most_64_segments),
        TEST(replies_on_different_ways_are_not_merged),
        TEST(without_merging_each_reply_is_a_message),
        TEST(where_the_kernel_refuses_what_is_merged_it_is_not_asked_again),
        TEST(what_was_refused_as_merged_fills_the_send_buffer),
        TEST(what_fails_by_itself_too_was_not_refused_for_its_merging),
        TEST(what_fails_for_another_reason_fails_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
