/* Chains of replies to replies on the wire, each begun by a forged request: every datagram of them, and that there is no
 * further one (PROTOCOL.md, REQ-7.2, REQ-7.4). */
#include "tests/support/testbed.h"

enum { CHAIN_MAX = 4, CLIENT_SIDE_PORT = 10001 };

/* A request from the server on the client's host to the other, and back and forth what becomes of it. */
static void assert_chain(struct testbed *testbed, const char *request, const char *const *replies)
{
    struct frame frame = testbed_frame(testbed, testbed->ports[CLIENT_HOST], hex(request));
    testbed_inject(testbed, &frame);
    for (size_t i = 0; replies[i] != NULL; i++) {
        assert_true(i < CHAIN_MAX);
        frame = frame_back(&frame, hex(replies[i]));
        struct packet packet = capture_next(testbed->cable);
        assert_packet(&packet, &frame);
    }
}

/* When an exchange behind it is over, the server has seen to all that was on the cable before; what the other one still
 * sent would meet the next chain. */
static void assert_over(struct testbed *testbed)
{
    testbed_ask(testbed, SERVER_ADDRESS, (const char *[]){"12", "13", NULL}, "25");
    (void)capture_next(testbed->cable);
    (void)capture_next(testbed->cable);
    capture_assert_empty(testbed->cable);
}

static struct testbed *with_servers(void **state, uint16_t port)
{
    struct testbed *testbed = testbed_of(state);
    testbed_serve(testbed, SERVER_HOST, "::", 10000);
    testbed_serve(testbed, CLIENT_HOST, "::", port);
    return testbed;
}

static void req_7_2_a_chain_of_each_shape_ends_after_four_at_most(void **state)
{
    struct testbed *testbed = with_servers(state, CLIENT_SIDE_PORT);
    assert_chain(testbed, "01 00BC614E",
                 (const char *[]){"80 3132333435363738", "80 66686A6C", "8E 66686A6C", "00", NULL});
    assert_over(testbed);
    assert_chain(testbed, "00 00000009",
                 (const char *[]){"80 00000009", "8E 00000009", "00", NULL});
    assert_over(testbed);
    assert_chain(testbed, "80 00000009", (const char *[]){"8E 00000009", "00", NULL});
    assert_over(testbed);
    assert_chain(testbed, "03 00000002 00000009", (const char *[]){"80 3138", "00", NULL});
    assert_over(testbed);
    assert_chain(testbed, "8E 00000009", (const char *[]){"00", NULL});
    assert_over(testbed);
    assert_chain(testbed, "00", (const char *[]){NULL});
    assert_over(testbed);
}

static void req_7_4_between_servers_on_the_same_port_there_is_no_reply(void **state)
{
    struct testbed *testbed = with_servers(state, 10000);
    assert_chain(testbed, "01 00BC614E", (const char *[]){NULL});
    assert_chain(testbed, "00 00000009", (const char *[]){NULL});
    assert_chain(testbed, "8E 00000009", (const char *[]){NULL});
    assert_over(testbed);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, testbed_setup, testbed_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(req_7_2_a_chain_of_each_shape_ends_after_four_at_most),
        TEST(req_7_4_between_servers_on_the_same_port_there_is_no_reply),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
