/* The fate of a datagram on the bad network of the tests: the seed's, the request's and the try's, and as frequent as
 * it is said to be. */
#include "tests/support/test.h"

#include "tests/support/fate.h"

enum { DRAWS = 100000 };

static const struct fate_knobs knobs = {
    .seed = 1, .loss = 30, .cut = 5, .shorten = 10, .twice = 10, .reorder = 20, .delay_us = 1000};

static bool same(struct fate a, struct fate b)
{
    bool equal = fate_letter(&a) == fate_letter(&b);
    const struct fate_leg *of_a[] = {&a.request, &a.replies[0], &a.replies[1]};
    const struct fate_leg *of_b[] = {&b.request, &b.replies[0], &b.replies[1]};
    for (int i = 0; i < 3; i++)
        equal = equal && of_a[i]->kind == of_b[i]->kind && of_a[i]->where == of_b[i]->where &&
                of_a[i]->copies == of_b[i]->copies &&
                memcmp(of_a[i]->delay_us, of_b[i]->delay_us, sizeof of_a[i]->delay_us) == 0;
    return equal;
}

static void the_same_seed_request_and_try_have_the_same_fate(void **state)
{
    (void)state;
    struct fate_knobs other = knobs;
    other.seed = 2;
    for (uint64_t name = 0; name < 1000; name++) {
        struct fate fate = fate_of(&knobs, name, 3);
        assert_true(same(fate, fate_of(&knobs, name, 3)));
        assert_false(same(fate, fate_of(&other, name, 3)));
        assert_false(same(fate, fate_of(&knobs, name, 4)));
        assert_false(same(fate, fate_of(&knobs, name + 1, 3)));
    }
}

static void the_name_is_that_of_all_octets(void **state)
{
    (void)state;
    const uint8_t octets[] = {0, 0, 0, 0, 7, 0};
    assert_true(fate_name(octets, 5) == fate_name(octets, 5));
    assert_true(fate_name(octets, 5) != fate_name(octets, 6));
    assert_true(fate_name(octets, 5) != fate_name(octets + 1, 5));
}

/* Within a half of a percent of all: more than three times what chance makes of it. */
static void assert_share(unsigned count, unsigned all, unsigned percent)
{
    int64_t difference = (int64_t)count * 100 - (int64_t)all * percent;
    assert_in_range(difference < 0 ? -difference : difference, 0, all / 2);
}

static void each_comes_as_often_as_it_is_to(void **state)
{
    (void)state;
    unsigned kinds[2][4] = {{0}};
    unsigned twice = 0;
    unsigned held_back = 0;
    for (uint64_t name = 0; name < DRAWS; name++) {
        struct fate fate = fate_of(&knobs, name, 0);
        kinds[0][fate.request.kind]++;
        kinds[1][fate.replies[1].kind]++;
        twice += fate.request.copies == 2;
        held_back += fate.replies[0].delay_us[1] > knobs.delay_us;
        assert_in_range(fate.replies[0].delay_us[1], knobs.delay_us, 2 * knobs.delay_us);
    }
    for (int way = 0; way < 2; way++) {
        assert_share(kinds[way][FATE_LOST], DRAWS, 30);
        assert_share(kinds[way][FATE_CUT], DRAWS, 5);
        assert_share(kinds[way][FATE_SHORTENED], DRAWS, way == 0 ? 0 : 10);
    }
    assert_share(twice, DRAWS, 10);
    assert_share(held_back, DRAWS, 20);
}

static void the_letter_says_what_ends_a_try(void **state)
{
    (void)state;
    const struct {
        enum fate_kind request;
        unsigned copies;
        enum fate_kind replies[2];
        char letter;
    } rows[] = {
        {FATE_LOST,   1, {FATE_PASSES, FATE_PASSES},    'l'},
        {FATE_CUT,    2, {FATE_PASSES, FATE_PASSES},    'c'},
        {FATE_PASSES, 1, {FATE_PASSES, FATE_LOST},      '.'},
        {FATE_PASSES, 1, {FATE_LOST, FATE_PASSES},      'L'},
        {FATE_PASSES, 2, {FATE_LOST, FATE_PASSES},      '.'},
        {FATE_PASSES, 2, {FATE_CUT, FATE_LOST},         'C'},
        {FATE_PASSES, 1, {FATE_SHORTENED, FATE_PASSES}, 'S'},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fate fate = {
            .request = {.kind = rows[i].request, .copies = rows[i].copies}
        };
        for (int copy = 0; copy < 2; copy++)
            fate.replies[copy].kind = rows[i].replies[copy];
        assert_int_equal(fate_letter(&fate), rows[i].letter);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_request_and_try_have_the_same_fate),
        cmocka_unit_test(the_name_is_that_of_all_octets),
        cmocka_unit_test(each_comes_as_often_as_it_is_to),
        cmocka_unit_test(the_letter_says_what_ends_a_try),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
