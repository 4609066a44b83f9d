/* When a worker is said to hang, and how often it is looked at. */
#include "tests/support/test.h"

#include "server/watchdog.h"

enum { WAITS = true, EMPTY = false };

static void one_that_receives_is_alive_however_much_waits(void **state)
{
    struct watched worker = {0};
    (void)state;
    for (uint64_t received = 0; received < 5; received++)
        assert_int_equal(watchdog_look(&worker, WAITS, received), WATCHDOG_ALIVE);
}

static void one_that_nothing_waits_for_is_alive(void **state)
{
    struct watched worker = {0};
    (void)state;
    for (int look = 0; look < 5; look++)
        assert_int_equal(watchdog_look(&worker, EMPTY, 7), WATCHDOG_ALIVE);
}

static void what_waits_at_one_look_only_may_be_about_to_be_received(void **state)
{
    struct watched worker = {0};
    (void)state;
    assert_int_equal(watchdog_look(&worker, WAITS, 0), WATCHDOG_ALIVE);
    assert_int_equal(watchdog_look(&worker, EMPTY, 0), WATCHDOG_ALIVE);
    assert_int_equal(watchdog_look(&worker, WAITS, 0), WATCHDOG_ALIVE);
}

static void what_waits_at_two_looks_with_nothing_received_between_means_that_it_hangs(void **state)
{
    struct watched worker = {0};
    (void)state;
    assert_int_equal(watchdog_look(&worker, WAITS, 7), WATCHDOG_ALIVE);
    assert_int_equal(watchdog_look(&worker, WAITS, 7), WATCHDOG_BECAME_STUCK);
    assert_int_equal(watchdog_look(&worker, WAITS, 7), WATCHDOG_STUCK);
    assert_int_equal(watchdog_look(&worker, WAITS, 8), WATCHDOG_ALIVE);
    assert_int_equal(watchdog_look(&worker, WAITS, 8), WATCHDOG_BECAME_STUCK);
}

static void it_is_looked_at_twice_as_often_as_a_sign_is_due(void **state)
{
    (void)state;
    assert_int_equal(watchdog_interval_ns(0), 0);
    assert_int_equal(watchdog_interval_ns(30000000), UINT64_C(15000000000));
}

static void the_interval_has_a_least_and_a_most(void **state)
{
    const uint64_t day_ns = UINT64_C(86400000000000);
    (void)state;
    assert_int_equal(watchdog_interval_ns(1), 1000000);
    assert_int_equal(watchdog_interval_ns(2000), 1000000);
    assert_int_equal(watchdog_interval_ns(2001), 1000500);
    assert_int_equal(watchdog_interval_ns(day_ns / 500 - 1), day_ns - 500);
    assert_int_equal(watchdog_interval_ns(day_ns / 500), day_ns);
    assert_int_equal(watchdog_interval_ns(day_ns / 500 + 1), day_ns);
    assert_int_equal(watchdog_interval_ns(UINT64_MAX - 1), day_ns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_that_receives_is_alive_however_much_waits),
        cmocka_unit_test(one_that_nothing_waits_for_is_alive),
        cmocka_unit_test(what_waits_at_one_look_only_may_be_about_to_be_received),
        cmocka_unit_test(what_waits_at_two_looks_with_nothing_received_between_means_that_it_hangs),
        cmocka_unit_test(it_is_looked_at_twice_as_often_as_a_sign_is_due),
        cmocka_unit_test(the_interval_has_a_least_and_a_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
