/* Which address a reply leaves from, and which requests get none for the address or port that they
 * come from or go to (PROTOCOL.md, REQ-3.2, REQ-3.4, REQ-6.9, REQ-6.10, REQ-7.3, REQ-7.4). */
#include "tests/support/testbed.h"

enum { RAW_PORT = 40001 };

static const char *const request_text = "00 00000001 00000003 00000005";

/* An ordinary exchange: when it is over, all that was put on the cable before it has been seen to. */
static void assert_nothing_else_on_the_cable(struct testbed *testbed)
{
    testbed_ask(testbed, SERVER_ADDRESS, (const char *[]){"12", "13", NULL}, "25");
    struct packet packet = capture_next(testbed->cable);
    struct frame request =
        testbed_frame(testbed, source_port_of(&packet), hex("00 0000000C 0000000D"));
    assert_packet(&packet, &request);
    struct frame back = frame_back(&request, hex("80 00000019"));
    packet = capture_next(testbed->cable);
    assert_packet(&packet, &back);
    capture_assert_empty(testbed->cable);
}

static void assert_gets(struct testbed *testbed, const struct frame *request, const char *reply)
{
    testbed_inject(testbed, request);
    struct frame back = frame_back(request, hex(reply));
    struct packet packet = capture_next(testbed->cable);
    assert_packet(&packet, &back);
}

static void assert_gets_none(struct testbed *testbed, const struct frame *request)
{
    testbed_inject(testbed, request);
    assert_nothing_else_on_the_cable(testbed);
}

static struct testbed *with_server(void **state)
{
    struct testbed *testbed = testbed_of(state);
    testbed_serve(testbed, SERVER_HOST, "::", 10000);
    return testbed;
}

static void req_3_4_the_reply_leaves_from_the_address_that_was_asked(void **state)
{
    struct testbed *testbed = with_server(state);
    const char *addresses[] = {SERVER_ADDRESS, SERVER_SECOND_ADDRESS};
    for (size_t i = 0; i < 2; i++) {
        testbed_ask(testbed, addresses[i], (const char *[]){"1", "3", "5", NULL}, "9");
        struct packet packet = capture_next(testbed->cable);
        struct frame request = testbed_frame(testbed, source_port_of(&packet), hex(request_text));
        request.destination = address_of(addresses[i]);
        assert_packet(&packet, &request);
        struct frame back = frame_back(&request, hex("80 00000009"));
        packet = capture_next(testbed->cable);
        assert_packet(&packet, &back);
    }
}

static void req_3_2_the_reply_goes_to_where_the_request_came_from(void **state)
{
    struct testbed *testbed = with_server(state);
    struct frame request = testbed_frame(testbed, RAW_PORT, hex(request_text));
    assert_gets(testbed, &request, "80 00000009");
    request.source_port = 65535;
    assert_gets(testbed, &request, "80 00000009");
}

static void req_6_9_a_request_to_a_multicast_address_gets_none(void **state)
{
    struct testbed *testbed = with_server(state);
    struct frame request = testbed_frame(testbed, RAW_PORT, hex(request_text));
    request.destination = address_of("ff02::1");
    request.link_destination = (struct link_address){
        {0x33, 0x33, 0, 0, 0, 1}
    };
    assert_gets_none(testbed, &request);
}

static void req_6_10_a_request_from_port_0_gets_none(void **state)
{
    struct testbed *testbed = with_server(state);
    struct frame request = testbed_frame(testbed, 0, hex(request_text));
    assert_gets_none(testbed, &request);
    request.source_port = RAW_PORT;
    assert_gets(testbed, &request, "80 00000009");
}

static void req_7_3_a_request_from_a_port_below_1024_gets_none(void **state)
{
    struct testbed *testbed = with_server(state);
    struct frame request = testbed_frame(testbed, 1023, hex(request_text));
    assert_gets_none(testbed, &request);
    request.source_port = 1;
    assert_gets_none(testbed, &request);
    request.source_port = 1024;
    assert_gets(testbed, &request, "80 00000009");
}

static void req_7_4_a_request_from_the_port_of_the_server_gets_none(void **state)
{
    struct testbed *testbed = with_server(state);
    struct frame request = testbed_frame(testbed, 10000, hex(request_text));
    assert_gets_none(testbed, &request);
    request.source_port = 9999;
    assert_gets(testbed, &request, "80 00000009");
    request.source_port = 10001;
    assert_gets(testbed, &request, "80 00000009");
}

/* The forged requests: they name a server on the client's host as their sender. */

static void assert_chain(struct testbed *testbed, struct frame forged, const char *const *replies,
                         size_t count)
{
    testbed_inject(testbed, &forged);
    struct frame next = forged;
    for (size_t i = 0; i < count; i++) {
        next = frame_back(&next, hex(replies[i]));
        struct packet packet = capture_next(testbed->cable);
        assert_packet(&packet, &next);
    }
    assert_nothing_else_on_the_cable(testbed);
}

static void req_7_2_a_forged_exchange_between_two_servers_ends_after_four(void **state)
{
    struct testbed *testbed = with_server(state);
    testbed_serve(testbed, CLIENT_HOST, "::", 20000);
    struct frame forged = testbed_frame(testbed, 20000, hex("01 00BC614E"));
    const char *chain[] = {"80 3132333435363738", "80 66686A6C", "8E 66686A6C", "00"};
    assert_chain(testbed, forged, chain, 4);
}

static void req_7_1_a_forged_reply_that_equals_its_request_ends(void **state)
{
    struct testbed *testbed = with_server(state);
    testbed_serve(testbed, CLIENT_HOST, "::", 20000);
    struct frame forged = testbed_frame(testbed, 20000, hex("80 00000009"));
    const char *chain[] = {"8E 00000009", "00"};
    assert_chain(testbed, forged, chain, 2);
}

static void req_7_4_a_forged_exchange_on_one_port_never_begins(void **state)
{
    struct testbed *testbed = with_server(state);
    testbed_serve(testbed, CLIENT_HOST, "::", 10000);
    struct frame forged = testbed_frame(testbed, 10000, hex("01 00BC614E"));
    assert_gets_none(testbed, &forged);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, testbed_setup, testbed_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(req_3_4_the_reply_leaves_from_the_address_that_was_asked),
        TEST(req_3_2_the_reply_goes_to_where_the_request_came_from),
        TEST(req_6_9_a_request_to_a_multicast_address_gets_none),
        TEST(req_6_10_a_request_from_port_0_gets_none),
        TEST(req_7_3_a_request_from_a_port_below_1024_gets_none),
        TEST(req_7_4_a_request_from_the_port_of_the_server_gets_none),
        TEST(req_7_2_a_forged_exchange_between_two_servers_ends_after_four),
        TEST(req_7_1_a_forged_reply_that_equals_its_request_ends),
        TEST(req_7_4_a_forged_exchange_on_one_port_never_begins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
