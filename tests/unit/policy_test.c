/* Who gets no reply (PROTOCOL.md, REQ-6.9, REQ-6.10, REQ-7.3, REQ-7.4): each boundary and what is beside
 * it, and which reason comes first. Without support/test.h: the server has a datagram of its own. */
#define _GNU_SOURCE /* struct mmsghdr */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/policy.h"

#include <arpa/inet.h>

enum { OWN_PORT = 10000, CLIENT_PORT = 40000 };

static struct in6_addr address(const char *text)
{
    struct in6_addr a;
    assert_int_equal(inet_pton(AF_INET6, text, &a), 1);
    return a;
}

static struct origin ordinary(void)
{
    return (struct origin){
        .peer = {.sin6_family = AF_INET6,
                 .sin6_port = htons(CLIENT_PORT),
                 .sin6_addr = address("2001:db8::1")},
        .destination_known = true,
        .destination = address("2001:db8::2"),
    };
}

static struct origin sent_to(const char *destination)
{
    struct origin d = ordinary();
    d.destination = address(destination);
    return d;
}

static struct origin sent_from(const char *source)
{
    struct origin d = ordinary();
    d.peer.sin6_addr = address(source);
    return d;
}

static struct origin sent_from_port(unsigned port)
{
    struct origin d = ordinary();
    d.peer.sin6_port = htons((uint16_t)port);
    return d;
}

static void assert_dropped_by(uint16_t own_port, struct origin d, enum outcome why)
{
    enum outcome outcome = OUTCOME_COUNT;
    assert_true(policy_drops(&d, own_port, &outcome));
    assert_int_equal(outcome, why);
}

static void assert_dropped(struct origin d, enum outcome why)
{
    assert_dropped_by(OWN_PORT, d, why);
}

static void assert_served(struct origin d)
{
    enum outcome outcome = OUTCOME_COUNT;
    assert_false(policy_drops(&d, OWN_PORT, &outcome));
    assert_int_equal(outcome, OUTCOME_COUNT);
}

static void an_ordinary_request_is_served(void **state)
{
    (void)state;
    assert_served(ordinary());
    assert_served(sent_to("::ffff:192.0.2.1"));
    assert_served(sent_from("::ffff:192.0.2.1"));
    assert_served(sent_from("fe80::1"));
}

static void req_6_9_all_of_ff00_8_is_multicast(void **state)
{
    (void)state;
    assert_dropped(sent_to("ff00::"), DROPPED_MULTICAST);
    assert_dropped(sent_to("ff02::1"), DROPPED_MULTICAST);
    assert_dropped(sent_to("ff0e::1:2:3"), DROPPED_MULTICAST);
    assert_dropped(sent_to("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), DROPPED_MULTICAST);
}

static void req_6_9_what_is_beside_ff00_8_is_served(void **state)
{
    (void)state;
    assert_served(sent_to("feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
    assert_served(sent_to("fe80::1"));
    assert_served(sent_to("fe00::"));
    assert_served(sent_to("::1"));
    assert_served(sent_to("::"));
    assert_served(sent_to("ff::1"));
}

static void req_6_9_all_of_224_0_0_0_4_is_multicast(void **state)
{
    (void)state;
    assert_dropped(sent_to("::ffff:224.0.0.0"), DROPPED_MULTICAST);
    assert_dropped(sent_to("::ffff:224.0.0.1"), DROPPED_MULTICAST);
    assert_dropped(sent_to("::ffff:232.1.2.3"), DROPPED_MULTICAST);
    assert_dropped(sent_to("::ffff:239.255.255.255"), DROPPED_MULTICAST);
}

static void req_6_9_what_is_beside_224_0_0_0_4_is_served(void **state)
{
    (void)state;
    assert_served(sent_to("::ffff:223.255.255.255"));
    assert_served(sent_to("::ffff:240.0.0.0"));
    assert_served(sent_to("::ffff:127.0.0.1"));
    assert_served(sent_to("::ffff:0.0.0.0"));
}

static void req_6_9_limited_broadcast_is_like_multicast(void **state)
{
    (void)state;
    assert_dropped(sent_to("::ffff:255.255.255.255"), DROPPED_MULTICAST);
    assert_served(sent_to("::ffff:254.255.255.255"));
    assert_served(sent_to("::ffff:255.254.255.255"));
    assert_served(sent_to("::ffff:255.255.254.255"));
    assert_served(sent_to("::ffff:255.255.255.254"));
}

static void req_6_9_ipv4_addresses_count_only_as_v4_mapped_ones(void **state)
{
    (void)state;
    assert_served(sent_to("::224.0.0.1"));
    assert_served(sent_to("::fffe:224.0.0.1"));
    assert_served(sent_to("::1:ffff:224.0.0.1"));
    assert_served(sent_to("64:ff9b::224.0.0.1"));
    assert_served(sent_to("64:ff9b::255.255.255.255"));
}

static void req_6_9_an_unknown_destination_is_not_looked_at(void **state)
{
    (void)state;
    const char *destinations[] = {"ff02::1", "::ffff:224.0.0.1", "::ffff:255.255.255.255"};
    for (size_t i = 0; i < sizeof destinations / sizeof destinations[0]; i++) {
        struct origin d = sent_to(destinations[i]);
        d.destination_known = false;
        assert_served(d);
        d.peer.sin6_port = 0;
        assert_dropped(d, DROPPED_PORT_ZERO);
    }
}

static void req_6_10_the_unspecified_address_of_both_families(void **state)
{
    (void)state;
    assert_dropped(sent_from("::"), DROPPED_UNSPECIFIED);
    assert_dropped(sent_from("::ffff:0.0.0.0"), DROPPED_UNSPECIFIED);
}

static void req_6_10_what_is_beside_the_unspecified_address_is_served(void **state)
{
    (void)state;
    assert_served(sent_from("::1"));
    assert_served(sent_from("8000::"));
    assert_served(sent_from("::fffe:0.0.0.0"));
    assert_served(sent_from("::ffff:0.0.0.1"));
    assert_served(sent_from("::ffff:0.0.1.0"));
    assert_served(sent_from("::ffff:0.1.0.0"));
    assert_served(sent_from("::ffff:1.0.0.0"));
}

static void req_6_10_port_0(void **state)
{
    (void)state;
    assert_dropped(sent_from_port(0), DROPPED_PORT_ZERO);
}

static void req_7_3_ports_1_to_1023(void **state)
{
    (void)state;
    assert_dropped(sent_from_port(1), DROPPED_PORT_RESERVED);
    assert_dropped(sent_from_port(1023), DROPPED_PORT_RESERVED);
    assert_served(sent_from_port(1024));
}

static void req_7_4_the_own_port_and_none_beside_it(void **state)
{
    (void)state;
    assert_served(sent_from_port(OWN_PORT - 1));
    assert_dropped(sent_from_port(OWN_PORT), DROPPED_PORT_OWN);
    assert_served(sent_from_port(OWN_PORT + 1));
    assert_dropped_by(1024, sent_from_port(1024), DROPPED_PORT_OWN);
    assert_dropped_by(65535, sent_from_port(65535), DROPPED_PORT_OWN);
}

static void req_7_3_and_7_4_every_port(void **state)
{
    (void)state;
    for (unsigned port = 1; port <= 65535; port++) {
        if (port < 1024)
            assert_dropped(sent_from_port(port), DROPPED_PORT_RESERVED);
        else if (port == OWN_PORT)
            assert_dropped(sent_from_port(port), DROPPED_PORT_OWN);
        else
            assert_served(sent_from_port(port));
    }
}

/* To get a result, or else an error. */
static bool suspected(unsigned port, uint8_t header, bool result)
{
    struct origin origin = sent_from_port(port);
    const uint8_t octets[] = {header, 0, 0, 0, 1};
    const struct arrival request = {.origin = &origin, .octets = octets, .length = sizeof octets};
    return policy_suspects(&origin) || policy_suspects_datagram(&request, result);
}

static void req_7_5_every_port_every_header_and_every_error(void **state)
{
    (void)state;
    for (unsigned port = 1024; port <= 65535; port++)
        assert_int_equal(suspected(port, 0x00, true), port <= 32767);
    for (unsigned header = 0; header <= 0xFF; header++)
        assert_int_equal(suspected(40000, (uint8_t)header, true), header >= 0x80);
    assert_true(suspected(40000, 0x00, false));
    assert_true(suspected(1024, 0x80, false));
}

static void the_first_reason_in_the_order_of_the_clauses_counts(void **state)
{
    (void)state;
    struct origin d = sent_from_port(0);
    d.peer.sin6_addr = address("::");
    d.destination = address("ff02::1");
    assert_dropped_by(0, d, DROPPED_MULTICAST);
    d.destination = address("::1");
    assert_dropped_by(0, d, DROPPED_UNSPECIFIED);
    d.peer.sin6_addr = address("::1");
    assert_dropped_by(0, d, DROPPED_PORT_ZERO);
    assert_dropped_by(1023, sent_from_port(1023), DROPPED_PORT_RESERVED);
}

static void each_reason_that_looks_at_addresses_is_before_each_port(void **state)
{
    (void)state;
    const unsigned ports[] = {0, 1, 1023, OWN_PORT};
    for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++) {
        struct origin d = sent_from_port(ports[i]);
        d.destination = address("::ffff:224.0.0.1");
        assert_dropped(d, DROPPED_MULTICAST);
        d = sent_from_port(ports[i]);
        d.peer.sin6_addr = address("::ffff:0.0.0.0");
        assert_dropped(d, DROPPED_UNSPECIFIED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ordinary_request_is_served),
        cmocka_unit_test(req_6_9_all_of_ff00_8_is_multicast),
        cmocka_unit_test(req_6_9_what_is_beside_ff00_8_is_served),
        cmocka_unit_test(req_6_9_all_of_224_0_0_0_4_is_multicast),
        cmocka_unit_test(req_6_9_what_is_beside_224_0_0_0_4_is_served),
        cmocka_unit_test(req_6_9_limited_broadcast_is_like_multicast),
        cmocka_unit_test(req_6_9_ipv4_addresses_count_only_as_v4_mapped_ones),
        cmocka_unit_test(req_6_9_an_unknown_destination_is_not_looked_at),
        cmocka_unit_test(req_6_10_the_unspecified_address_of_both_families),
        cmocka_unit_test(req_6_10_what_is_beside_the_unspecified_address_is_served),
        cmocka_unit_test(req_6_10_port_0),
        cmocka_unit_test(req_7_3_ports_1_to_1023),
        cmocka_unit_test(req_7_4_the_own_port_and_none_beside_it),
        cmocka_unit_test(req_7_3_and_7_4_every_port),
        cmocka_unit_test(req_7_5_every_port_every_header_and_every_error),
        cmocka_unit_test(the_first_reason_in_the_order_of_the_clauses_counts),
        cmocka_unit_test(each_reason_that_looks_at_addresses_is_before_each_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
