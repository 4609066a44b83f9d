/* The course's two functions (PROTOCOL.md, section 9) with every system call replaced at link time:
 * which calls they make, in what order, with what arguments, and what they do when one fails. */
#include "tests/support/test.h"

#include "proto/net/course.h"

#include <netinet/in.h>

int __wrap_socket(int domain, int type, int protocol);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t length);
int __wrap_bind(int fd, const struct sockaddr *address, socklen_t length);
ssize_t __wrap_send(int fd, const void *octets, size_t length, int flags);
ssize_t __wrap_sendto(int fd, const void *octets, size_t length, int flags,
                      const struct sockaddr *address, socklen_t address_length);
ssize_t __wrap_recv(int fd, void *octets, size_t room, int flags);
ssize_t __wrap_recvfrom(int fd, void *octets, size_t room, int flags, struct sockaddr *address,
                        socklen_t *address_length);
int __wrap_close(int fd);

enum { THE_FD = 77, UNTOUCHED = -12345, ADDRESS_LENGTH = 28 };

/* What the calls are to do, and what they saw. */
static struct {
    const char *failing;      /* this call returns -1 */
    ssize_t missing;          /* so many octets fewer are said to be sent */
    struct datagram incoming; /* what recv and recvfrom find */
    struct sockaddr_in6 peer; /* where it comes from */

    char calls[200];
    struct datagram sent;
    struct sockaddr_in6 sent_to;
    const struct sockaddr *address;
    int open;
} net;

/* Points at a page that can not be read. */
static uint8_t *unreadable;

static const struct sockaddr *the_address(void)
{
    return (const struct sockaddr *)(const void *)unreadable;
}

/* Notes the call; returns whether it is to fail. */
static bool called(const char *name)
{
    assert_true(strlen(net.calls) + strlen(name) + 2 < sizeof net.calls);
    if (net.calls[0] != '\0')
        strcat(net.calls, " ");
    strcat(net.calls, name);
    return net.failing != NULL && strcmp(net.failing, name) == 0;
}

int __wrap_socket(int domain, int type, int protocol)
{
    assert_int_equal(domain, AF_INET6);
    assert_int_equal(type, SOCK_DGRAM);
    assert_int_equal(protocol, 0);
    if (called("socket"))
        return -1;
    net.open++;
    return THE_FD;
}

static int take_address(const char *name, int fd, const struct sockaddr *address, socklen_t length)
{
    assert_int_equal(fd, THE_FD);
    assert_int_equal(length, ADDRESS_LENGTH);
    net.address = address;
    return called(name) ? -1 : 0;
}

int __wrap_connect(int fd, const struct sockaddr *address, socklen_t length)
{
    return take_address("connect", fd, address, length);
}

int __wrap_bind(int fd, const struct sockaddr *address, socklen_t length)
{
    return take_address("bind", fd, address, length);
}

static ssize_t take_octets(const char *name, int fd, const void *octets, size_t length, int flags)
{
    assert_int_equal(fd, THE_FD);
    assert_int_equal(flags, 0);
    assert_true(length <= DATAGRAM_ROOM);
    memcpy(net.sent.octets, octets, length);
    net.sent.length = length;
    return called(name) ? -1 : (ssize_t)length - net.missing;
}

ssize_t __wrap_send(int fd, const void *octets, size_t length, int flags)
{
    return take_octets("send", fd, octets, length, flags);
}

ssize_t __wrap_sendto(int fd, const void *octets, size_t length, int flags,
                      const struct sockaddr *address, socklen_t address_length)
{
    assert_int_equal(address_length, sizeof net.sent_to);
    memcpy(&net.sent_to, address, sizeof net.sent_to);
    return take_octets("sendto", fd, octets, length, flags);
}

/* As the kernel does it without MSG_TRUNC: cut where the room ends. */
static ssize_t give_octets(const char *name, int fd, void *octets, size_t room, int flags)
{
    assert_int_equal(fd, THE_FD);
    assert_int_equal(flags, 0);
    assert_true(room >= 258);
    if (called(name))
        return -1;
    size_t length = net.incoming.length < room ? net.incoming.length : room;
    memcpy(octets, net.incoming.octets, length);
    return (ssize_t)length;
}

ssize_t __wrap_recv(int fd, void *octets, size_t room, int flags)
{
    return give_octets("recv", fd, octets, room, flags);
}

ssize_t __wrap_recvfrom(int fd, void *octets, size_t room, int flags, struct sockaddr *address,
                        socklen_t *address_length)
{
    assert_true(*address_length >= sizeof net.peer);
    memcpy(address, &net.peer, sizeof net.peer);
    *address_length = sizeof net.peer;
    return give_octets("recvfrom", fd, octets, room, flags);
}

int __wrap_close(int fd)
{
    assert_int_equal(fd, THE_FD);
    net.open--;
    return called("close") ? -1 : 0;
}

static int begin(void **state)
{
    (void)state;
    memset(&net, 0, sizeof net);
    net.peer.sin6_family = AF_INET6;
    net.peer.sin6_port = 0x1234;
    net.peer.sin6_scope_id = 5;
    memset(&net.peer.sin6_addr, 0x20, sizeof net.peer.sin6_addr);
    unreadable = guard_page();
    return 0;
}

static int end(void **state)
{
    (void)state;
    guard_release(unreadable);
    return 0;
}

static int request(int *ints, size_t count, char operation, char format, int *result)
{
    return create_and_send_message(the_address(), ADDRESS_LENGTH, ints, count, operation, format,
                                   result);
}

static int handle(void)
{
    return recv_and_handle_message(the_address(), ADDRESS_LENGTH);
}

static int next_run(const char *reply)
{
    net.calls[0] = '\0';
    net.incoming = hex(reply);
    net.sent.length = 0;
    return UNTOUCHED;
}

static void assert_exchange(const char *reply, char operation, char format, const char *sent,
                            int expected)
{
    int result = next_run(reply);
    assert_int_equal(request((int[]){4, 2, 3}, 3, operation, format, &result), 0);
    assert_same_datagram(net.sent, hex(sent));
    assert_true(result == expected);
    assert_int_equal(net.open, 0);
}

static void assert_no_result(const char *reply, char format)
{
    int result = next_run(reply);
    assert_true(request((int[]){4, 2, 3}, 3, '+', format, &result) == -1);
    assert_true(result == UNTOUCHED);
    assert_string_equal(net.calls, "socket connect send recv close");
    assert_int_equal(net.open, 0);
}

static void assert_arguments_refused(int *ints, size_t count, char operation, char format)
{
    int result = next_run("80 00000009");
    assert_true(request(ints, count, operation, format, &result) == -1);
    assert_true(result == UNTOUCHED);
    assert_null(strstr(net.calls, "send"));
    assert_memory_equal(net.calls, "socket", 6);
    assert_int_equal(net.open, 0);
}

static void req_9_1_socket_connect_send_recv_once_each(void **state)
{
    (void)state;
    int result = next_run("80 00000009");
    assert_int_equal(request((int[]){4, 2, 3}, 3, '+', 'd', &result), 0);
    assert_string_equal(net.calls, "socket connect send recv close");
}

static void req_9_1_the_address_is_handed_through_and_not_read(void **state)
{
    (void)state;
    int result = next_run("80 00000009");
    assert_int_equal(request((int[]){4, 2, 3}, 3, '+', 'd', &result), 0);
    assert_ptr_equal(net.address, unreadable);
}

static void req_9_2_operation_and_format_make_the_header(void **state)
{
    (void)state;
    assert_exchange("80 00000009", '+', 'd', "00 00000004 00000002 00000003", 9);
    assert_exchange("80 00000018", '*', 'd', "02 00000004 00000002 00000003", 24);
    assert_exchange("80 39", '+', 's', "01 00000004 00000002 00000003", 9);
    assert_exchange("80 3234", '*', 's', "03 00000004 00000002 00000003", 24);
}

static void req_9_2_ints_are_sent_and_received_as_32_bits(void **state)
{
    (void)state;
    int result = next_run("80 FFFFFFFE");
    assert_int_equal(request((int[]){-2, INT32_MAX, INT32_MIN}, 3, '+', 'd', &result), 0);
    assert_same_datagram(net.sent, hex("00 FFFFFFFE 7FFFFFFF 80000000"));
    assert_true(result == -2);
    assert_exchange("80 34323934393637323935", '+', 's', "01 00000004 00000002 00000003", -1);
}

static void req_9_2_1_to_64_integers(void **state)
{
    (void)state;
    int ints[65] = {0};
    for (size_t count = 1; count <= 64; count++) {
        int result = next_run("80 00000000");
        assert_int_equal(request(ints, count, '+', 'd', &result), 0);
        assert_int_equal(net.sent.length, 1 + 4 * count);
        assert_int_equal(result, 0);
    }
    assert_arguments_refused(ints, 0, '+', 'd');
    assert_arguments_refused(ints, 65, '+', 'd');
    assert_arguments_refused(ints, SIZE_MAX, '+', 'd');
}

static void req_9_2_bad_arguments_are_found_after_socket_and_before_send(void **state)
{
    (void)state;
    int ints[] = {1};
    for (int c = 0; c < 256; c++) {
        if (c != '+' && c != '*')
            assert_arguments_refused(ints, 1, (char)c, 'd');
        if (c != 'd' && c != 's')
            assert_arguments_refused(ints, 1, '+', (char)c);
    }
    assert_arguments_refused(NULL, 1, '+', 'd');
    assert_true(request(ints, 1, '+', 'd', NULL) == -1);
    assert_int_equal(net.open, 0);
}

static void req_9_2_a_result_above_32_bits_is_a_failure(void **state)
{
    (void)state;
    assert_no_result("80 34323934393637323936", 's');
    assert_no_result("80 3130303030303030303030", 's');
    assert_no_result("80 3138343436373434303733373039353531363136", 's');
}

static void req_9_2_an_error_or_a_reply_that_is_not_valid_is_a_failure(void **state)
{
    (void)state;
    const char *replies[] = {"00", "00 00000009", "", "80", "80 0000", "80 0000000009"};
    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
        assert_no_result(replies[i], 'd');
        assert_no_result(replies[i], 's');
    }
    assert_no_result("80 3234 00", 's');
}

static void req_9_2_a_reply_longer_than_any_is_a_failure(void **state)
{
    (void)state;
    for (size_t length = 257; length <= DATAGRAM_ROOM; length++) {
        int result = next_run("80");
        net.incoming.length = length;
        memset(net.incoming.octets + 1, '0', length - 1);
        assert_int_equal(request((int[]){1}, 1, '+', 's', &result), length == 257 ? 0 : -1);
        assert_true(result == (length == 257 ? 0 : UNTOUCHED));
    }
}

static void req_9_3_socket_bind_recvfrom_sendto_once_each(void **state)
{
    (void)state;
    next_run("00 00000004 00000002 00000003");
    assert_int_equal(handle(), 0);
    assert_string_equal(net.calls, "socket bind recvfrom sendto close");
    assert_same_datagram(net.sent, hex("80 00000009"));
}

static void req_9_3_the_address_is_handed_through_and_the_reply_goes_back(void **state)
{
    (void)state;
    next_run("03 00000004 00000002 00000003");
    assert_int_equal(handle(), 0);
    assert_ptr_equal(net.address, unreadable);
    assert_memory_equal(&net.sent_to, &net.peer, sizeof net.peer);
    assert_same_datagram(net.sent, hex("80 3234"));
}

static void req_9_3_an_error_that_was_sent_is_no_failure(void **state)
{
    (void)state;
    const char *requests[] = {"0F 00000001", "00 0000", "00 FFFFFFFF 00000001"};
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        next_run(requests[i]);
        assert_int_equal(handle(), 0);
        assert_same_datagram(net.sent, hex("00"));
        assert_int_equal(net.open, 0);
    }
}

static void req_9_3_a_datagram_that_is_cut_is_too_long_all_the_same(void **state)
{
    (void)state;
    for (size_t length = 258; length <= DATAGRAM_ROOM; length++) {
        next_run("00");
        net.incoming.length = length;
        assert_int_equal(handle(), 0);
        assert_same_datagram(net.sent, hex("00"));
    }
}

static void req_9_3_no_reply_is_no_failure_and_no_sendto(void **state)
{
    (void)state;
    const char *requests[] = {"", "00", "80"};
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        next_run(requests[i]);
        assert_int_equal(handle(), 0);
        assert_string_equal(net.calls, "socket bind recvfrom close");
        assert_int_equal(net.open, 0);
    }
}

static void req_9_4_each_failure_ends_the_first_function(void **state)
{
    (void)state;
    const char *calls[][2] = {
        {"socket",  "socket"                        },
        {"connect", "socket connect close"          },
        {"send",    "socket connect send close"     },
        {"recv",    "socket connect send recv close"}
    };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        int result = next_run("80 00000009");
        net.failing = calls[i][0];
        assert_true(request((int[]){4, 2, 3}, 3, '+', 'd', &result) == -1);
        assert_string_equal(net.calls, calls[i][1]);
        assert_true(result == UNTOUCHED);
        assert_int_equal(net.open, 0);
    }
}

static void req_9_4_each_failure_ends_the_second_function(void **state)
{
    (void)state;
    const char *calls[][2] = {
        {"socket",   "socket"                           },
        {"bind",     "socket bind close"                },
        {"recvfrom", "socket bind recvfrom close"       },
        {"sendto",   "socket bind recvfrom sendto close"}
    };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        next_run("00 00000004");
        net.failing = calls[i][0];
        assert_true(handle() == -1);
        assert_string_equal(net.calls, calls[i][1]);
        assert_int_equal(net.open, 0);
    }
}

static void req_9_4_a_short_send_is_a_failure(void **state)
{
    (void)state;
    int result = next_run("80 00000009");
    net.missing = 1;
    assert_true(request((int[]){4, 2, 3}, 3, '+', 'd', &result) == -1);
    assert_string_equal(net.calls, "socket connect send close");
    assert_true(result == UNTOUCHED);
    next_run("00 00000004");
    assert_true(handle() == -1);
    assert_int_equal(net.open, 0);
}

static void req_9_4_a_close_that_fails_changes_nothing(void **state)
{
    (void)state;
    net.failing = "close";
    assert_exchange("80 00000009", '+', 'd', "00 00000004 00000002 00000003", 9);
    assert_no_result("00", 'd');
    next_run("00 00000004");
    assert_int_equal(handle(), 0);
    assert_string_equal(net.calls, "socket bind recvfrom sendto close");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(req_9_1_socket_connect_send_recv_once_each),
        TEST(req_9_1_the_address_is_handed_through_and_not_read),
        TEST(req_9_2_operation_and_format_make_the_header),
        TEST(req_9_2_ints_are_sent_and_received_as_32_bits),
        TEST(req_9_2_1_to_64_integers),
        TEST(req_9_2_bad_arguments_are_found_after_socket_and_before_send),
        TEST(req_9_2_a_result_above_32_bits_is_a_failure),
        TEST(req_9_2_an_error_or_a_reply_that_is_not_valid_is_a_failure),
        TEST(req_9_2_a_reply_longer_than_any_is_a_failure),
        TEST(req_9_3_socket_bind_recvfrom_sendto_once_each),
        TEST(req_9_3_the_address_is_handed_through_and_the_reply_goes_back),
        TEST(req_9_3_an_error_that_was_sent_is_no_failure),
        TEST(req_9_3_a_datagram_that_is_cut_is_too_long_all_the_same),
        TEST(req_9_3_no_reply_is_no_failure_and_no_sendto),
        TEST(req_9_4_each_failure_ends_the_first_function),
        TEST(req_9_4_each_failure_ends_the_second_function),
        TEST(req_9_4_a_short_send_is_a_failure),
        TEST(req_9_4_a_close_that_fails_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
