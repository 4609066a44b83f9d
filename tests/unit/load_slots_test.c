/* Which request of a socket a reply ends: in whatever order they come, twice, late, or wrong. */
#include "tests/support/test.h"

#include "tests/bench/load/slots.h"

enum { NUMBERS = 32, TIMEOUT = 1000 };

static struct mix mix;

static int set_up(void **state)
{
    (void)state;
    struct mix_choice choice = {
        .least = 1, .most = 1, .sum = true, .as_integer = true, .block = 1, .seed = 1};
    char why[MIX_WHY_ROOM];
    return !mix_make(&mix, &choice, NUMBERS, why);
}

static int tear_down(void **state)
{
    (void)state;
    mix_free(&mix);
    return 0;
}

static struct slots opened(uint32_t block)
{
    struct slots s;
    assert_true(slots_open(&s, &mix, block, 0, TIMEOUT));
    return s;
}

struct ended {
    enum slot_verdict verdict;
    int64_t sent, due;
};

static struct ended reply_to(struct slots *s, uint32_t number)
{
    struct ended e = {.sent = -1, .due = -1};
    size_t at = mix.reply_at[number];
    e.verdict = slots_reply(s, mix.replies + at, mix.reply_at[number + 1] - at, &e.sent, &e.due);
    return e;
}

static struct ended wrong_reply(struct slots *s)
{
    struct ended e = {.sent = -1, .due = -1};
    e.verdict = slots_reply(s, (const uint8_t[]){0}, 1, &e.sent, &e.due);
    return e;
}

static void numbers_are_taken_in_turn(void **state)
{
    (void)state;
    struct slots s = opened(1);
    for (uint32_t i = 0; i < 2 * NUMBERS; i++) {
        assert_int_equal(slots_take(&s, 100 + i, 50 + i), i % NUMBERS);
        assert_int_equal(s.in_flight, 1);
        struct ended e = reply_to(&s, i % NUMBERS);
        assert_int_equal(e.verdict, SLOT_RIGHT);
        assert_int_equal(e.sent, 100 + i);
        assert_int_equal(e.due, 50 + i);
        assert_int_equal(s.in_flight, 0);
    }
    slots_close(&s);
}

static void replies_in_any_order_find_their_requests(void **state)
{
    (void)state;
    struct slots s = opened(1);
    for (uint32_t i = 0; i < 8; i++)
        slots_take(&s, 100 + i, 100 + i);
    static const uint32_t order[] = {3, 0, 7, 6, 1, 2, 5, 4};
    for (size_t i = 0; i < 8; i++) {
        struct ended e = reply_to(&s, order[i]);
        assert_int_equal(e.verdict, SLOT_RIGHT);
        assert_int_equal(e.sent, 100 + order[i]);
    }
    assert_int_equal(s.in_flight, 0);
    assert_int_equal(s.oldest, SLOT_NONE);
    assert_int_equal(s.newest, SLOT_NONE);
    slots_close(&s);
}

static void a_duplicate_is_unexpected(void **state)
{
    (void)state;
    struct slots s = opened(1);
    assert_int_equal(slots_take(&s, 1, 1), 0);
    assert_int_equal(slots_take(&s, 1, 1), 1);
    assert_int_equal(reply_to(&s, 0).verdict, SLOT_RIGHT);
    assert_int_equal(reply_to(&s, 0).verdict, SLOT_UNEXPECTED);
    assert_int_equal(reply_to(&s, 2).verdict, SLOT_UNEXPECTED);
    assert_int_equal(s.in_flight, 1);
    slots_close(&s);
}

static void a_late_reply_is_not_credited_to_what_took_its_place(void **state)
{
    (void)state;
    struct slots s = opened(1);
    int64_t due = 0;
    assert_int_equal(slots_take(&s, 1, 7), 0);
    assert_false(slots_give_up(&s, 1, 2, &due));
    assert_true(slots_give_up(&s, 2, 2, &due));
    assert_int_equal(due, 7);
    assert_int_equal(s.in_flight, 0);
    assert_int_equal(slots_take(&s, 2, 2), 1);
    assert_int_equal(reply_to(&s, 0).verdict, SLOT_UNEXPECTED);
    assert_int_equal(reply_to(&s, 1).verdict, SLOT_RIGHT);
    slots_close(&s);
}

static void a_number_given_up_rests_as_long_as_the_timeout(void **state)
{
    (void)state;
    struct slots s = opened(1);
    int64_t due = 0;
    assert_int_equal(slots_take(&s, 1, 1), 0);
    assert_true(slots_give_up(&s, 50, 50, &due));
    for (uint32_t i = 1; i < NUMBERS; i++) {
        assert_int_equal(slots_take(&s, 60, 60), i);
        assert_int_equal(reply_to(&s, i).verdict, SLOT_RIGHT);
    }
    assert_int_equal(slots_take(&s, 50 + TIMEOUT - 1, 60), 1);
    s.next = 0;
    assert_int_equal(slots_take(&s, 50 + TIMEOUT, 60), 0);
    slots_close(&s);
}

static void the_late_reply_ends_the_rest(void **state)
{
    (void)state;
    struct slots s = opened(1);
    int64_t due = 0;
    slots_take(&s, 1, 1);
    slots_take(&s, 1, 1);
    slots_give_up(&s, 2, 2, &due);
    assert_int_equal(reply_to(&s, 0).verdict, SLOT_UNEXPECTED);
    s.next = 0;
    assert_int_equal(slots_take(&s, 3, 3), 0);
    slots_close(&s);
}

static void a_wrong_reply_ends_the_oldest_request(void **state)
{
    (void)state;
    struct slots s = opened(1);
    slots_take(&s, 10, 10);
    slots_take(&s, 20, 20);
    struct ended e = wrong_reply(&s);
    assert_int_equal(e.verdict, SLOT_WRONG);
    assert_int_equal(e.sent, 10);
    assert_int_equal(wrong_reply(&s).sent, 20);
    assert_int_equal(s.in_flight, 0);
    assert_int_equal(wrong_reply(&s).verdict, SLOT_UNEXPECTED);
    slots_close(&s);
}

static void all_in_flight_leaves_none_to_take(void **state)
{
    (void)state;
    struct slots s = opened(1);
    for (uint32_t i = 0; i < NUMBERS; i++)
        assert_int_equal(slots_take(&s, 1, 1), i);
    assert_int_equal(slots_take(&s, 1, 1), SLOT_NONE);
    assert_int_equal(s.in_flight, NUMBERS);
    assert_int_equal(reply_to(&s, 9).verdict, SLOT_RIGHT);
    assert_int_equal(slots_take(&s, 1, 1), 9);
    slots_close(&s);
}

static void blocks_are_taken_and_returned_whole(void **state)
{
    (void)state;
    struct slots s = opened(8);
    assert_int_equal(slots_take(&s, 1, 1), 0);
    assert_int_equal(slots_take(&s, 2, 2), 8);
    assert_int_equal(s.in_flight, 16);
    slots_return(&s, 8);
    assert_int_equal(s.in_flight, 8);
    assert_int_equal(reply_to(&s, 8).verdict, SLOT_UNEXPECTED);
    for (uint32_t i = 0; i < 7; i++)
        assert_int_equal(reply_to(&s, i).verdict, SLOT_RIGHT);
    s.next = 0;
    assert_int_equal(slots_take(&s, 3, 3), 8); /* one of the first block is in flight still */
    slots_close(&s);
}

static void requests_are_given_up_by_age(void **state)
{
    (void)state;
    struct slots s = opened(1);
    int64_t due = 0;
    for (int64_t t = 1; t <= 5; t++)
        slots_take(&s, t, 10 * t);
    assert_int_equal(reply_to(&s, 1).verdict, SLOT_RIGHT);
    for (int64_t t = 1; t <= 3; t += 2) {
        assert_true(slots_give_up(&s, 4, 100, &due));
        assert_int_equal(due, 10 * t);
    }
    assert_false(slots_give_up(&s, 4, 100, &due));
    assert_int_equal(s.in_flight, 2);
    slots_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_taken_in_turn),
        cmocka_unit_test(replies_in_any_order_find_their_requests),
        cmocka_unit_test(a_duplicate_is_unexpected),
        cmocka_unit_test(a_late_reply_is_not_credited_to_what_took_its_place),
        cmocka_unit_test(a_number_given_up_rests_as_long_as_the_timeout),
        cmocka_unit_test(the_late_reply_ends_the_rest),
        cmocka_unit_test(a_wrong_reply_ends_the_oldest_request),
        cmocka_unit_test(all_in_flight_leaves_none_to_take),
        cmocka_unit_test(blocks_are_taken_and_returned_whole),
        cmocka_unit_test(requests_are_given_up_by_age),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
