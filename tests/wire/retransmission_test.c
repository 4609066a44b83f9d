/* What the client sends when it hears nothing: each try, its port and its backoff (PROTOCOL.md,
 * REQ-8.1 to REQ-8.5). The server is the test itself, which answers when it is time to. */
#include "tests/support/testbed.h"

#include <poll.h>
#include <sys/socket.h>

enum { TRIES = 3, TIMEOUT_US = 200000, ASKED_PORT = 10000, PATIENCE_MS = 10000 };

/* A timer may fire early by what clocks differ in, and late by what a machine under load makes of it. */
enum { EARLY_US = 5000, LATE_US = 500000 };

static struct process client_of(struct testbed *testbed)
{
    testbed->ports[SERVER_HOST] = ASKED_PORT;
    return testbed_client(testbed, CLIENT_HOST, SERVER_ADDRESS,
                          (const char *[]){"-t0.2", "-r2", "1", "3", "5", NULL});
}

static int open_server(const struct testbed *testbed, uint16_t port)
{
    testbed_enter(testbed, SERVER_HOST);
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);
    struct sockaddr_in6 endpoint = {
        .sin6_family = AF_INET6,
        .sin6_port = htons(port),
        .sin6_addr = address_of(SERVER_ADDRESS),
    };
    assert_int_equal(bind(fd, (struct sockaddr *)&endpoint, sizeof endpoint), 0);
    return fd;
}

static struct sockaddr_in6 receive(int fd)
{
    struct sockaddr_in6 peer;
    socklen_t size = sizeof peer;
    uint8_t octets[DATAGRAM_ROOM];
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    assert_int_equal(poll(&wait, 1, PATIENCE_MS), 1);
    assert_int_equal(recvfrom(fd, octets, sizeof octets, 0, (struct sockaddr *)&peer, &size), 13);
    return peer;
}

static void send_to(int fd, const struct sockaddr_in6 *peer, const char *reply)
{
    struct datagram d = hex(reply);
    assert_int_equal(sendto(fd, d.octets, d.length, 0, (const struct sockaddr *)peer, sizeof *peer),
                     d.length);
}

/* Takes a captured try, compares it, and returns its source port. */
static uint16_t assert_try(const struct testbed *testbed, struct packet *packet)
{
    *packet = capture_next(testbed->cable);
    uint16_t port = source_port_of(packet);
    struct frame request = testbed_frame(testbed, port, hex("00 00000001 00000003 00000005"));
    assert_packet(packet, &request);
    return port;
}

static void assert_gap(const struct packet *from, const struct packet *to, int64_t expected_us)
{
    assert_in_range(to->time_us - from->time_us, expected_us - EARLY_US, expected_us + LATE_US);
}

static void req_8_2_and_8_4_each_try_has_a_fresh_port_and_twice_the_time(void **state)
{
    struct testbed *testbed = testbed_of(state);
    int fd = open_server(testbed, ASKED_PORT);
    struct process client = client_of(testbed);
    struct sockaddr_in6 peers[TRIES];
    struct packet packets[TRIES];
    for (int i = 0; i < TRIES; i++) {
        peers[i] = receive(fd);
        assert_int_equal(assert_try(testbed, &packets[i]), ntohs(peers[i].sin6_port));
    }
    send_to(fd, &peers[TRIES - 1], "80 00000009");
    assert_prints(&client, "9");

    assert_int_not_equal(peers[0].sin6_port, peers[1].sin6_port);
    assert_int_not_equal(peers[0].sin6_port, peers[2].sin6_port);
    assert_int_not_equal(peers[1].sin6_port, peers[2].sin6_port);
    assert_gap(&packets[0], &packets[1], TIMEOUT_US);
    assert_gap(&packets[1], &packets[2], 2 * TIMEOUT_US);
    struct packet reply = capture_next(testbed->cable);
    assert_int_equal(source_port_of(&reply), ASKED_PORT);
    capture_assert_empty(testbed->cable);
    close(fd);
}

static void req_8_2_a_late_reply_to_the_first_try_counts(void **state)
{
    struct testbed *testbed = testbed_of(state);
    int fd = open_server(testbed, ASKED_PORT);
    struct process client = client_of(testbed);
    struct sockaddr_in6 first = receive(fd);
    receive(fd);
    send_to(fd, &first, "80 00000009");
    assert_prints(&client, "9");
    close(fd);
}

static void req_8_4_the_number_of_tries_is_bounded(void **state)
{
    struct testbed *testbed = testbed_of(state);
    int fd = open_server(testbed, ASKED_PORT);
    struct process client = client_of(testbed);
    char output[PROCESS_OUTPUT_ROOM];
    assert_int_equal(process_finish(&client, output), 9);
    assert_string_equal(output, "");
    struct packet packet;
    for (int i = 0; i < TRIES; i++)
        assert_try(testbed, &packet);
    capture_assert_empty(testbed->cable);
    close(fd);
}

static void req_8_1_a_reply_from_another_port_is_not_credited(void **state)
{
    struct testbed *testbed = testbed_of(state);
    int fd = open_server(testbed, ASKED_PORT);
    int other = open_server(testbed, ASKED_PORT + 1);
    struct process client = client_of(testbed);
    struct sockaddr_in6 peer = receive(fd);
    send_to(other, &peer, "80 00000063");
    send_to(fd, &peer, "80 00000009");
    assert_prints(&client, "9");
    close(other);
    close(fd);
}

static void req_8_5_a_refusal_brings_one_more_try_after_100_ms(void **state)
{
    struct testbed *testbed = testbed_of(state);
    struct process client = client_of(testbed);
    char output[PROCESS_OUTPUT_ROOM];
    assert_int_equal(process_finish(&client, output), 10);
    struct packet packets[2];
    uint16_t first = assert_try(testbed, &packets[0]);
    assert_int_not_equal(assert_try(testbed, &packets[1]), first);
    assert_gap(&packets[0], &packets[1], 100000);
    capture_assert_empty(testbed->cable);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, testbed_setup, testbed_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(req_8_2_and_8_4_each_try_has_a_fresh_port_and_twice_the_time),
        TEST(req_8_2_a_late_reply_to_the_first_try_counts),
        TEST(req_8_4_the_number_of_tries_is_bounded),
        TEST(req_8_1_a_reply_from_another_port_is_not_credited),
        TEST(req_8_5_a_refusal_brings_one_more_try_after_100_ms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
