/* The server's socket with a real kernel behind it, for what only the kernel can say. */
#define _GNU_SOURCE /* in6_pktinfo, mmsghdr */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/worker.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/net_tstamp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { INTERFACE = 7 };

static struct listener listener;
static struct counters counters;
static struct intake intake;
static struct outbox outbox;

static int begin(void **state)
{
    (void)state;
    memset(&counters, 0, sizeof counters);
    outbox_begin(&outbox, true);
    return intake_begin(&intake) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    intake_free(&intake);
    return 0;
}

static struct in6_addr address(const char *text)
{
    struct in6_addr a;
    assert_int_equal(inet_pton(AF_INET6, text, &a), 1);
    return a;
}

static struct sockaddr_in6 endpoint(const char *text, uint16_t port)
{
    return (struct sockaddr_in6){
        .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = address(text)};
}

static const uint8_t reply[] = {0x80, 1, 2, 3, 4};

/* What came, from the peer, to that address. */
static struct origin origin_to(const char *destination)
{
    return (struct origin){
        .destination_known = true,
        .destination = address(destination),
        .interface = INTERFACE,
    };
}

static void send_reply(const struct origin *origin)
{
    struct arrival request = {.origin = origin, .octets = (const uint8_t *)"?", .length = 1};
    memcpy(outbox_room(&outbox), reply, sizeof reply);
    outbox_add(&outbox, &request, sizeof reply, REPLIED_RESULT);
    outbox_send(&outbox, &listener, &counters);
    assert_int_equal(outbox.exchanges[0].outcome, REPLIED_RESULT);
    outbox_clear(&outbox);
}

static bool open_at(const char *first, const char *second, bool v6only, char *why)
{
    struct calc_endpoints endpoints = {.count = 1, .list = {endpoint(first, 0)}};
    struct listener_options options = {.v6only = v6only, .merged = true};
    if (second != NULL)
        endpoints.list[endpoints.count++] = endpoint(second, 0);
    return listener_open(&endpoints, &options, &listener, why);
}

static void listen_at(const char *text)
{
    char why[CALC_WHY_ROOM];
    assert_true(open_at(text, NULL, false, why));
}

static void assert_not_open(const char *text, bool v6only, const char *expected)
{
    char why[CALC_WHY_ROOM] = "";
    int lowest = dup(STDERR_FILENO);
    close(lowest);
    assert_false(open_at(text, NULL, v6only, why));
    assert_string_equal(why, expected);
    assert_int_equal(dup(STDERR_FILENO), lowest);
    close(lowest);
}

/* A client's socket, bound to the address from and, where to is one, connected to it. */
static int client_at(const char *from, const char *to, uint16_t port, struct sockaddr_in6 *name)
{
    struct sockaddr_in6 local = endpoint(from, 0);
    int fd = calc_socket();
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&local, sizeof local), 0);
    struct sockaddr_in6 remote = endpoint(to, port);
    assert_int_equal(connect(fd, (struct sockaddr *)&remote, sizeof remote), 0);
    socklen_t size = sizeof *name;
    assert_int_equal(getsockname(fd, (struct sockaddr *)name, &size), 0);
    return fd;
}

static void wait_for(int fd, short events)
{
    struct pollfd ready = {.fd = fd, .events = events};
    assert_int_equal(poll(&ready, 1, 5000), 1);
}

static struct arrival receive_real(void)
{
    struct arrival d;
    assert_int_equal(intake_receive(&intake, &listener, true, &counters), RECEIVED);
    assert_true(intake_next(&intake, &d));
    return d;
}

static enum receive_code look(void)
{
    return intake_receive(&intake, &listener, false, &counters);
}

static void the_endpoint_has_the_port_that_the_kernel_picked(void **state)
{
    (void)state;
    listen_at("::1");
    struct sockaddr_in6 loopback = endpoint("::1", ntohs(listener.endpoint.sin6_port));
    assert_int_not_equal(listener.endpoint.sin6_port, 0);
    assert_memory_equal(&listener.endpoint, &loopback, sizeof loopback);
    assert_int_equal(look(), RECEIVE_QUEUE_EMPTY);
    listener_close(&listener);
    assert_int_equal(listener.fd, -1);
}

static void req_6_9_a_multicast_address_is_not_served(void **state)
{
    (void)state;
    const char *why = "ADDRESS is a multicast address: no request to it gets a reply (REQ-6.9)";
    assert_not_open("ff02::1", false, why);
    assert_not_open("ff0e::1", true, why);
    assert_not_open("::ffff:224.0.0.1", false, why);
    assert_not_open("::ffff:239.255.255.255", false, why);
    assert_not_open("::ffff:255.255.255.255", false, why);
}

static void what_can_not_be_bound_is_told_in_one_line(void **state)
{
    (void)state;
    assert_not_open("2001:db8::1", false,
                    "can not bind [2001:db8::1]:0: Cannot assign requested address");
    assert_not_open("::ffff:127.0.0.1", true,
                    "can not bind [::ffff:127.0.0.1]:0: Invalid argument (an IPv4 address can not "
                    "be served with --v6only)");
}

static void the_first_endpoint_that_can_be_bound_is_served(void **state)
{
    (void)state;
    const char *firsts[] = {"ff02::1", "2001:db8::1"};
    for (size_t i = 0; i < sizeof firsts / sizeof firsts[0]; i++) {
        char why[CALC_WHY_ROOM];
        struct in6_addr loopback = address("::1");
        assert_true(open_at(firsts[i], "::1", false, why));
        assert_memory_equal(&listener.endpoint.sin6_addr, &loopback, sizeof loopback);
        listener_close(&listener);
    }
}

static void v6only_is_what_was_asked_for(void **state)
{
    (void)state;
    for (int v6only = 0; v6only <= 1; v6only++) {
        char why[CALC_WHY_ROOM];
        int value = -1;
        socklen_t size = sizeof value;
        assert_true(open_at("::", NULL, v6only, why));
        assert_int_equal(getsockopt(listener.fd, IPPROTO_IPV6, IPV6_V6ONLY, &value, &size), 0);
        assert_int_equal(value, v6only);
        listener_close(&listener);
    }
}

static void req_3_5_a_datagram_comes_with_the_length_it_was_sent_with(void **state)
{
    (void)state;
    static const uint8_t octets[65507] = {0x5A};
    const size_t lengths[] = {0, 257, 258, 300, sizeof octets};
    struct sockaddr_in6 name;
    listen_at("::1");
    int client = client_at("::1", "::1", ntohs(listener.endpoint.sin6_port), &name);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        assert_int_equal(send(client, octets, lengths[i], 0), lengths[i]);
        struct arrival d = receive_real();
        assert_int_equal(d.length, lengths[i]);
        assert_memory_equal(&d.origin->peer, &name, sizeof name);
        assert_memory_equal(d.octets, octets, lengths[i]);
    }
    close(client);
    listener_close(&listener);
}

static void req_3_4_the_reply_leaves_from_the_address_that_was_asked(void **state)
{
    (void)state;
    const char *asked[][2] = {
        {"::1",              "::1"             },
        {"::ffff:127.0.0.1", "::ffff:127.0.0.1"},
        {"::ffff:127.0.0.1", "::ffff:127.0.0.2"},
        {"::ffff:127.0.0.2", "::ffff:127.0.0.1"}
    };
    listen_at("::");
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        struct sockaddr_in6 name;
        struct in6_addr to = address(asked[i][1]);
        int client = client_at(asked[i][0], asked[i][1], ntohs(listener.endpoint.sin6_port), &name);
        assert_int_equal(send(client, "?", 1, 0), 1);
        struct arrival d = receive_real();
        assert_true(d.origin->destination_known);
        assert_memory_equal(&d.origin->destination, &to, sizeof to);
        send_reply(d.origin);
        /* Connected, the client takes it from there only. */
        uint8_t octets[10];
        wait_for(client, POLLIN);
        assert_int_equal(recv(client, octets, sizeof octets, 0), sizeof reply);
        assert_memory_equal(octets, reply, sizeof reply);
        close(client);
    }
    listener_close(&listener);
}

static void the_kernel_tells_of_replies_that_were_refused(void **state)
{
    (void)state;
    const char *addresses[] = {"::1", "::ffff:127.0.0.1"};
    listen_at("::");
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        /* Connected elsewhere, so its port is closed to the listener. */
        struct origin origin = origin_to(addresses[i]);
        int client = client_at(addresses[i], addresses[i], 9, &origin.peer);
        memset(&counters, 0, sizeof counters);
        send_reply(&origin);
        wait_for(listener.fd, 0);
        send_reply(&origin);
        assert_int_equal(counters.of[NOTED_ICMP_ERROR], 1);
        wait_for(listener.fd, 0);
        assert_int_equal(look(), RECEIVE_AGAIN);
        assert_int_equal(look(), RECEIVE_QUEUE_EMPTY);
        assert_int_equal(counters.of[NOTED_ICMP_ERROR], 2);
        assert_int_equal(counters.of[NOTED_RECEIVE_FAILED], 0);
        close(client);
    }
    listener_close(&listener);
}

/* Whoever watches over a worker looks from beside it, and takes nothing. */
static void what_waits_is_seen_and_errors_about_replies_are_not_taken_for_it(void **state)
{
    struct sockaddr_in6 name;
    (void)state;
    listen_at("::1");
    int client = client_at("::1", "::1", ntohs(listener.endpoint.sin6_port), &name);
    assert_false(listener_has_queued(&listener));
    assert_int_equal(send(client, "?", 1, 0), 1);
    wait_for(listener.fd, POLLIN);
    for (int i = 0; i < 2; i++)
        assert_true(listener_has_queued(&listener));
    const struct origin origin = *receive_real().origin;
    assert_false(listener_has_queued(&listener));
    close(client);
    send_reply(&origin);
    wait_for(listener.fd, 0);
    assert_false(listener_has_queued(&listener));
    listener_close(&listener);
}

/* Opens another socket on the port of the listener, as another server would. */
static bool open_beside(bool takeover)
{
    struct listener other;
    char why[CALC_WHY_ROOM] = "";
    struct calc_endpoints endpoints = {.count = 1, .list = {listener.endpoint}};
    struct listener_options options = {.takeover = takeover};
    bool opened = listener_open(&endpoints, &options, &other, why);
    if (opened)
        listener_close(&other);
    else
        assert_non_null(strstr(why, "Address already in use"));
    return opened;
}

static void a_port_that_is_taken_is_shared_only_where_that_is_asked_for(void **state)
{
    (void)state;
    struct listener_options options = {.merged = true};
    struct listener second;
    char why[CALC_WHY_ROOM];
    listen_at("::1");
    assert_false(open_beside(false));
    assert_true(open_beside(true));
    assert_true(listener_share(&listener, &options, &second, why));
    assert_memory_equal(&second.endpoint, &listener.endpoint, sizeof second.endpoint);
    assert_false(open_beside(false));
    listener_close(&listener);
    listener = second;
    assert_false(open_beside(false));
    listener_close(&listener);
}

static void what_the_kernel_loses_is_told(void **state)
{
    (void)state;
    enum { FLOOD = 4000, SENT_LENGTH = 5 };
    struct sockaddr_in6 name;
    listen_at("::1");
    assert_int_equal(listener_lost(&listener), 0);
    int client = client_at("::1", "::1", ntohs(listener.endpoint.sin6_port), &name);
    for (int i = 0; i < FLOOD; i++)
        assert_int_equal(send(client, "?????", SENT_LENGTH, 0), SENT_LENGTH);
    uint32_t received = 0;
    while (look() == RECEIVED)
        received += intake.count;
    assert_in_range(received, 1, FLOOD - 1);
    assert_int_equal(received + listener_lost(&listener), FLOOD);
    close(client);
    listener_close(&listener);
}

/* What was queued before stays, and is answered as ever. */
static void assert_turns_away(const char *bound, const char *reached, bool others)
{
    struct sockaddr_in6 name;
    struct listener_options options = {.merged = true};
    struct listener next;
    char why[CALC_WHY_ROOM];
    listen_at(bound);
    uint16_t port = ntohs(listener.endpoint.sin6_port);
    int early = client_at(reached, reached, port, &name),
        late = client_at(reached, reached, port, &name);
    assert_int_equal(send(early, "?", 1, 0), 1);
    if (others)
        assert_true(listener_share(&listener, &options, &next, why));
    assert_true(listener_turn_away(&listener));

    assert_int_equal(send(late, "?", 1, 0), 1);
    if (others) {
        assert_true(listener_wait(&next, 5000));
        listener_close(&next);
    } else {
        wait_for(late, POLLERR);
        assert_int_equal(send(late, "?", 1, 0), -1);
        assert_int_equal(errno, ECONNREFUSED);
    }
    struct arrival request = receive_real();
    send_reply(request.origin);
    wait_for(early, POLLIN);
    assert_int_equal(look(), RECEIVE_QUEUE_EMPTY);
    assert_false(listener_wait(&listener, 1));
    close(early);
    close(late);
    listener_close(&listener);
}

static void what_is_new_is_turned_away_and_what_is_queued_stays(void **state)
{
    (void)state;
    for (int others = 0; others < 2; others++) {
        assert_turns_away("::1", "::1", others);
        assert_turns_away("::", "::1", others);
        assert_turns_away("::", "::ffff:127.0.0.1", others);
        assert_turns_away("::ffff:127.0.0.1", "::ffff:127.0.0.1", others);
        assert_turns_away("::ffff:0.0.0.0", "::ffff:127.0.0.1", others);
    }
}

/* As whoever hands one over may have left it. */
static int handed_over(int level, int option, int value)
{
    const struct sockaddr_in6 any = {.sin6_family = AF_INET6};
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);
    assert_return_code(bind(fd, (const struct sockaddr *)&any, sizeof any), errno);
    assert_return_code(setsockopt(fd, level, option, &value, sizeof value), errno);
    return fd;
}

/* Where the kernel has no room for the length of a segment, two datagrams are as one. */
static void what_the_kernel_tells_of_an_adopted_socket_has_room(void **state)
{
    (void)state;
    static const struct {
        int option, value;
    } others[] = {
        {SO_RXQ_OVFL,     1                                                       },
        {SO_TIMESTAMPNS,  1                                                       },
        {SO_TIMESTAMPING, SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE},
    };
    const struct listener_options options = {.merged = true};
    const int segment = 5;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        char why[CALC_WHY_ROOM];
        struct sockaddr_in6 name;
        int fd = handed_over(SOL_SOCKET, others[i].option, others[i].value);
        assert_true(listener_adopt(fd, "it", &options, &listener, why));
        int client = client_at("::1", "::1", ntohs(listener.endpoint.sin6_port), &name);
        assert_return_code(setsockopt(client, IPPROTO_UDP, UDP_SEGMENT, &segment, sizeof segment),
                           errno);
        assert_int_equal(send(client, "1111122222", 10, 0), 10);
        struct arrival datagram = receive_real();
        assert_int_equal(datagram.length, segment);
        assert_true(datagram.origin->destination_known);
        if (!intake_next(&intake, &datagram))
            datagram = receive_real();
        assert_int_equal(datagram.length, segment);
        assert_memory_equal(datagram.octets, "22222", (size_t)segment);
        close(client);
        listener_close(&listener);
    }
}

/* What it has queued may be merged, and only as long as the option is set does the kernel tell where one ends. */
static void what_comes_merged_is_not_taken_one_by_one(void **state)
{
    (void)state;
    for (int on = 0; on < 2; on++) {
        char why[CALC_WHY_ROOM] = "";
        int value = -1;
        socklen_t size = sizeof value;
        int fd = handed_over(IPPROTO_UDP, UDP_GRO, on);
        assert_int_equal(listener_adopt(fd, "it", &(struct listener_options){0}, &listener, why),
                         !on);
        assert_string_equal(why,
                            on ? "it takes datagrams merged, against --no-gro and --once" : "");
        assert_return_code(getsockopt(fd, IPPROTO_UDP, UDP_GRO, &value, &size), errno);
        assert_int_equal(value, on);
        assert_true(
            listener_adopt(fd, "it", &(struct listener_options){.merged = true}, &listener, why));
        listener_close(&listener);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_endpoint_has_the_port_that_the_kernel_picked),
        TEST(req_6_9_a_multicast_address_is_not_served),
        TEST(what_can_not_be_bound_is_told_in_one_line),
        TEST(the_first_endpoint_that_can_be_bound_is_served),
        TEST(v6only_is_what_was_asked_for),
        TEST(req_3_5_a_datagram_comes_with_the_length_it_was_sent_with),
        TEST(req_3_4_the_reply_leaves_from_the_address_that_was_asked),
        TEST(the_kernel_tells_of_replies_that_were_refused),
        TEST(what_waits_is_seen_and_errors_about_replies_are_not_taken_for_it),
        TEST(a_port_that_is_taken_is_shared_only_where_that_is_asked_for),
        TEST(what_the_kernel_loses_is_told),
        TEST(what_is_new_is_turned_away_and_what_is_queued_stays),
        TEST(what_the_kernel_tells_of_an_adopted_socket_has_room),
        TEST(what_comes_merged_is_not_taken_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
