/* What a batch keeps time with: the heap, and the ports that rest, by a clock that the test sets. */
#include "tests/support/test.h"

#undef fail /* cmocka's; the client has a function of this name */
#include "client/ports.h"
#include "client/timers.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum { OWNERS = 50 };

/* The earliest of all, found by looking at each; 0 is none. */
static int64_t earliest(const int64_t *due)
{
    int64_t first = 0;
    for (int i = 0; i < OWNERS; i++) {
        if (due[i] != 0 && (first == 0 || due[i] < first))
            first = due[i];
    }
    return first;
}

static void the_first_timer_is_the_earliest_whatever_is_set_and_removed(void **state)
{
    (void)state;
    struct timers timers;
    int64_t due[OWNERS] = {0};
    uint64_t seed = 6;
    assert_true(timers_open(&timers, OWNERS));
    assert_null(timers_first(&timers));
    for (int step = 0; step < 20000; step++) {
        uint32_t owner = random_u32(&seed) % OWNERS;
        if (random_u32(&seed) % 3 == 0) {
            due[owner] = 0;
            timers_remove(&timers, owner);
        } else {
            due[owner] = 1 + random_u32(&seed) % 100;
            timers_set(&timers, owner, due[owner]);
        }
        const struct timer *first = timers_first(&timers);
        assert_int_equal(first != NULL ? first->due : 0, earliest(due));
        if (first != NULL)
            assert_int_equal(due[first->owner], first->due);
    }
    timers_close(&timers);
}

struct fixture {
    int epoll_fd;
    int server_fd;
    struct calc_endpoints endpoints;
    struct ports ports;
};

static int open_fixture(void **state)
{
    static struct fixture f;
    char why[CALC_WHY_ROOM];
    socklen_t size = sizeof f.endpoints.list[0];
    assert_int_equal(calc_literal("::1", "0", CALC_TO_BIND, &f.endpoints.list[0], why),
                     CALC_RESOLVED);
    f.endpoints.count = 1;
    f.server_fd = calc_socket();
    f.epoll_fd = epoll_create1(0);
    assert_int_equal(bind(f.server_fd, (struct sockaddr *)&f.endpoints.list[0], size), 0);
    assert_int_equal(getsockname(f.server_fd, (struct sockaddr *)&f.endpoints.list[0], &size), 0);
    assert_true(ports_open(&f.ports, &f.endpoints, f.epoll_fd));
    *state = &f;
    return 0;
}

static int close_fixture(void **state)
{
    struct fixture *f = *state;
    ports_close(&f->ports);
    close(f->server_fd);
    close(f->epoll_fd);
    return 0;
}

static uint32_t take(struct fixture *f, int64_t now)
{
    uint32_t number = PORTS_NONE;
    int64_t when;
    assert_int_equal(ports_take(&f->ports, 0, now, &number, &when), PORTS_TAKEN);
    assert_true(f->ports.list[number].taken);
    return number;
}

static in_port_t port_of(const struct fixture *f, uint32_t number)
{
    struct sockaddr_in6 local;
    socklen_t size = sizeof local;
    assert_int_equal(getsockname(f->ports.list[number].fd, (struct sockaddr *)&local, &size), 0);
    return local.sin6_port;
}

static void req_8_3_a_port_is_taken_again_when_its_rest_is_over(void **state)
{
    struct fixture *f = *state;
    uint32_t first = take(f, 1000);
    uint32_t second = take(f, 1000);
    in_port_t port = port_of(f, first);
    assert_int_not_equal(first, second);
    assert_int_not_equal(port, port_of(f, second));
    ports_rest(&f->ports, first, 5000);
    ports_rest(&f->ports, second, 4000);
    /* Both rest: a third one. */
    uint32_t third = take(f, 3999);
    assert_int_not_equal(third, first);
    assert_int_not_equal(third, second);
    assert_int_equal(take(f, 4000), second);
    assert_int_equal(take(f, 5000), first);
    /* Open all the while, it is the same port. */
    assert_int_equal(port_of(f, first), port);
}

static void where_no_more_can_be_opened_the_next_rest_is_told(void **state)
{
    struct fixture *f = *state;
    uint32_t number;
    int64_t when = -1;
    f->ports.share = 2;
    uint32_t first = take(f, 1000);
    uint32_t second = take(f, 1000);
    assert_int_equal(ports_take(&f->ports, 0, 1000, &number, &when), PORTS_LATER);
    assert_int_equal(when, 0);
    ports_rest(&f->ports, first, 9000);
    ports_rest(&f->ports, second, 7000);
    assert_int_equal(ports_take(&f->ports, 0, 6999, &number, &when), PORTS_LATER);
    assert_int_equal(when, 7000);
    assert_int_equal(take(f, 7000), second);
}

static void what_came_during_the_rest_is_thrown_away(void **state)
{
    struct fixture *f = *state;
    uint8_t octet = 0;
    uint32_t number = take(f, 1000);
    struct sockaddr_in6 local;
    socklen_t size = sizeof local;
    assert_int_equal(getsockname(f->ports.list[number].fd, (struct sockaddr *)&local, &size), 0);
    ports_rest(&f->ports, number, 2000);
    for (int i = 0; i < 3; i++)
        assert_int_equal(sendto(f->server_fd, &octet, 1, 0, (struct sockaddr *)&local, size), 1);
    assert_int_equal(take(f, 2000), number);
    assert_int_equal(f->ports.strays, 3);
    assert_int_equal(recv(f->ports.list[number].fd, &octet, 1, 0), -1);
}

/* It is kept open, so that the kernel does not give it out again; what comes to it comes to nobody. */
static void req_7_4_a_port_with_the_number_of_the_server_s_belongs_to_nobody(void **state)
{
    struct fixture *f = *state;
    FILE *range = fopen("/proc/sys/net/ipv4/ip_local_port_range", "r+");
    int from = 0, to = 0;
    if (range == NULL || fscanf(range, "%d %d", &from, &to) != 2)
        skip();
    rewind(range);
    /* Two ports, one of them the server's, if there were one. */
    assert_true(fprintf(range, "30000 30001\n") > 0 && fflush(range) == 0);
    f->endpoints.list[0].sin6_port = htons(30000);
    uint32_t number = take(f, 1000);
    uint32_t other;
    int64_t when;
    assert_int_equal(ntohs(port_of(f, number)), 30001);
    assert_int_equal(ports_take(&f->ports, 0, 1000, &other, &when), PORTS_LATER);
    assert_int_equal(f->ports.count, 2);
    assert_false(f->ports.list[1 - number].taken);
    rewind(range);
    fprintf(range, "%d %d\n", from, to);
    fclose(range);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_timer_is_the_earliest_whatever_is_set_and_removed),
        cmocka_unit_test_setup_teardown(req_8_3_a_port_is_taken_again_when_its_rest_is_over,
                                        open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(where_no_more_can_be_opened_the_next_rest_is_told,
                                        open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(
            req_7_4_a_port_with_the_number_of_the_server_s_belongs_to_nobody, open_fixture,
            close_fixture),
        cmocka_unit_test_setup_teardown(what_came_during_the_rest_is_thrown_away, open_fixture,
                                        close_fixture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
