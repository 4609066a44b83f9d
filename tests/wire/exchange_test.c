/* The real client and the real server: every octet of both datagrams and of all their headers, on a
 * cable and on loopback (PROTOCOL.md, sections 3 to 5). */
#include "tests/support/testbed.h"

/* The ports that Linux gives to sockets which ask for none: ip(7), ip_local_port_range. */
enum { EPHEMERAL_FIRST = 32768, EPHEMERAL_LAST = 60999 };

static void assert_exchange(pcap_t *capture, struct frame request, const char *reply)
{
    struct packet packet = capture_next(capture);
    request.source_port = source_port_of(&packet);
    assert_in_range(request.source_port, EPHEMERAL_FIRST, EPHEMERAL_LAST);
    assert_packet(&packet, &request);

    struct frame back = frame_back(&request, hex(reply));
    packet = capture_next(capture);
    assert_packet(&packet, &back);
    capture_assert_empty(capture);
}

static void assert_on_cable(void **state, const char *const *words, const char *output,
                            const char *request, const char *reply)
{
    struct testbed *testbed = testbed_of(state);
    testbed_serve(testbed, SERVER_HOST, "::", 10000);
    testbed_ask(testbed, SERVER_ADDRESS, words, output);
    assert_exchange(testbed->cable, testbed_frame(testbed, 0, hex(request)), reply);
}

static void req_3_1_and_3_3_one_datagram_each_way_with_big_endian_integers(void **state)
{
    assert_on_cable(state, (const char *[]){"1", "3", "5", NULL}, "9",
                    "00 00000001 00000003 00000005", "80 00000009");
}

static void req_4_3_product(void **state)
{
    assert_on_cable(state, (const char *[]){"-op=*", "4", "2", "3", NULL}, "24",
                    "02 00000004 00000002 00000003", "80 00000018");
}

static void req_4_4_and_5_4_as_a_string(void **state)
{
    assert_on_cable(state, (const char *[]){"-op=*", "-s", "4294967295", "4294967295", NULL},
                    "18446744065119617025", "03 FFFFFFFF FFFFFFFF",
                    "80 3138343436373434303635313139363137303235");
}

static void req_4_5_64_integers(void **state)
{
    const char *words[65] = {0};
    char request[2 + 64 * 8 + 1] = "00";
    for (size_t i = 0; i < 64; i++) {
        words[i] = "4294967";
        strcat(request, "00418937");
    }
    assert_on_cable(state, words, "274877888", request, "80 10624DC0");
}

static void req_3_1_on_loopback_where_the_checksum_is_left_out(void **state)
{
    struct testbed *testbed = testbed_of(state);
    char why[PCAP_ERRBUF_SIZE];
    testbed_enter(testbed, SERVER_HOST);
    pcap_t *loopback = capture_open("lo", "ip6 and udp", why);
    assert_non_null(loopback);
    testbed_serve(testbed, SERVER_HOST, "::1", 10000);
    struct process client =
        testbed_client(testbed, SERVER_HOST, "::1", (const char *[]){"1", "3", "5", NULL});
    assert_prints(&client, "9");
    struct frame request = {
        .source = address_of("::1"),
        .destination = address_of("::1"),
        .destination_port = 10000,
        .checksum_left_out = true,
        .payload = hex("00 00000001 00000003 00000005"),
    };
    assert_exchange(loopback, request, "80 00000009");
    pcap_close(loopback);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, testbed_setup, testbed_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(req_3_1_and_3_3_one_datagram_each_way_with_big_endian_integers),
        TEST(req_4_3_product),
        TEST(req_4_4_and_5_4_as_a_string),
        TEST(req_4_5_64_integers),
        TEST(req_3_1_on_loopback_where_the_checksum_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
