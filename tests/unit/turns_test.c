/* What is done again and again: when it is due, and what is due first. */
#include "tests/support/test.h"

#include "server/turns.h"

enum { NOW = 1000, EVERY = 100 };

static void it_is_due_one_interval_later_and_not_before(void **state)
{
    struct turn turn;
    (void)state;
    turn_begin(&turn, EVERY, NOW);
    assert_false(turn_take(&turn, NOW + EVERY - 1));
    assert_true(turn_take(&turn, NOW + EVERY));
    assert_false(turn_take(&turn, NOW + EVERY));
    assert_false(turn_take(&turn, NOW + 2 * EVERY - 1));
    assert_true(turn_take(&turn, NOW + 2 * EVERY));
}

static void what_was_missed_is_done_once(void **state)
{
    struct turn turn;
    (void)state;
    turn_begin(&turn, EVERY, NOW);
    assert_true(turn_take(&turn, NOW + 10 * EVERY));
    assert_false(turn_take(&turn, NOW + 11 * EVERY - 1));
    assert_true(turn_take(&turn, NOW + 11 * EVERY));
}

static void without_an_interval_it_is_never_due(void **state)
{
    struct turn turn;
    (void)state;
    turn_begin(&turn, 0, NOW);
    assert_false(turn_take(&turn, NOW));
    assert_false(turn_take(&turn, UINT64_MAX));
    assert_true(turns_next(&turn, 1) == UINT64_MAX);
}

static void the_first_of_them_is_the_next(void **state)
{
    struct turn turns[3];
    (void)state;
    turn_begin(&turns[0], 3 * EVERY, NOW);
    turn_begin(&turns[1], 0, NOW);
    turn_begin(&turns[2], 2 * EVERY, NOW);
    assert_int_equal(turns_next(turns, 3), NOW + 2 * EVERY);
    assert_true(turn_take(&turns[2], NOW + 2 * EVERY));
    assert_int_equal(turns_next(turns, 3), NOW + 3 * EVERY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_due_one_interval_later_and_not_before),
        cmocka_unit_test(what_was_missed_is_done_once),
        cmocka_unit_test(without_an_interval_it_is_never_due),
        cmocka_unit_test(the_first_of_them_is_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
