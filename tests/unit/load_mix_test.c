/* The load's requests: what was asked for, each with its one right reply, and no two replies the same. */
#include "tests/support/test.h"

#include "tests/bench/load/mix.h"

#include <stdio.h>

enum { COUNT = 2048 };

static struct mix made(const struct mix_choice *choice, size_t count)
{
    struct mix mix;
    char why[MIX_WHY_ROOM] = "";
    if (!mix_make(&mix, choice, count, why))
        fail_msg("%s", why);
    assert_int_equal(mix.count, count);
    return mix;
}

static struct datagram request_of(const struct mix *mix, size_t number)
{
    struct datagram d = {.length = mix_length(mix, number, 1)};
    memcpy(d.octets, mix_request(mix, number), d.length);
    return d;
}

static struct datagram reply_of(const struct mix *mix, size_t number)
{
    size_t at = mix->reply_at[number];
    struct datagram d = {.length = mix->reply_at[number + 1] - at};
    memcpy(d.octets, mix->replies + at, d.length);
    return d;
}

/* Each reply finds its own request, so there are no two alike. */
static void assert_unique(const struct mix *mix)
{
    for (size_t i = 0; i < mix->count; i++) {
        struct datagram reply = reply_of(mix, i);
        assert_int_equal(mix_find(mix, reply.octets, reply.length), i);
        assert_true(mix_matches(mix, i, reply.octets, reply.length));
        assert_true(reply.length <= mix->reply_most);
    }
}

/* The replies are the calculator's, and results: an error could be any request's. */
static void assert_right(const struct mix *mix, const struct mix_choice *choice)
{
    for (size_t i = 0; i < mix->count; i++) {
        struct datagram request = request_of(mix, i);
        struct calc_request r = {0};
        assert_int_equal(calc_request_decode(request.octets, request.length, &r), CALC_OK);
        assert_true(r.count >= choice->least && r.count <= choice->most);
        assert_true(r.opcode == CALC_PRODUCT ? choice->product : choice->sum);
        assert_true(r.format == CALC_AS_STRING ? choice->as_string : choice->as_integer);
        assert_int_equal(reply_of(mix, i).octets[0], 0x80);
        assert_same_datagram(reply_of(mix, i), answer_to(request));
    }
}

static void each_operation_form_and_size_has_replies_of_its_own(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < 9; kind++) {
        for (unsigned count = 1; count <= CALC_INTEGERS_MAX; count++) {
            struct mix_choice choice = {.least = count,
                                        .most = count,
                                        .sum = kind % 3 != 1,
                                        .product = kind % 3 != 0,
                                        .as_integer = kind / 3 != 1,
                                        .as_string = kind / 3 != 0,
                                        .block = 1,
                                        .seed = count};
            struct mix mix = made(&choice, 256);
            assert_unique(&mix);
            assert_right(&mix, &choice);
            mix_free(&mix);
        }
    }
}

/* So many that chance alone would give some of them the same result. */
static void a_result_that_there_is_already_is_not_taken_again(void **state)
{
    (void)state;
    struct mix_choice choice = {
        .least = 2, .most = 2, .product = true, .as_integer = true, .block = 1};
    struct mix mix = made(&choice, 1 << 16);
    assert_unique(&mix);
    mix_free(&mix);
}

static void sizes_are_spread_over_the_whole_range(void **state)
{
    (void)state;
    struct mix_choice choice = {.least = 1,
                                .most = 64,
                                .sum = true,
                                .product = true,
                                .as_integer = true,
                                .as_string = true,
                                .block = 1};
    struct mix mix = made(&choice, COUNT);
    assert_unique(&mix);
    assert_right(&mix, &choice);
    unsigned seen[CALC_INTEGERS_MAX + 1] = {0};
    unsigned headers[4] = {0};
    for (size_t i = 0; i < COUNT; i++) {
        seen[mix_length(&mix, i, 1) / 4]++;
        headers[mix_request(&mix, i)[0]]++;
    }
    for (size_t i = 1; i <= CALC_INTEGERS_MAX; i++)
        assert_true(seen[i] > 0);
    for (size_t i = 0; i < 4; i++)
        assert_true(headers[i] > COUNT / 8);
    mix_free(&mix);
}

static void the_dearest_fill_request_and_reply(void **state)
{
    (void)state;
    struct mix_choice choice = {.name = MIX_DEAREST,
                                .least = 64,
                                .most = 64,
                                .product = true,
                                .as_string = true,
                                .block = 1};
    struct mix mix = made(&choice, COUNT);
    assert_unique(&mix);
    assert_right(&mix, &choice);
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(mix_length(&mix, i, 1), CALC_REQUEST_MAX);
        assert_true(reply_of(&mix, i).length >= CALC_REPLY_MAX - 1);
    }
    mix_free(&mix);
}

static void echoes_are_the_first_octets_and_zeros(void **state)
{
    (void)state;
    static const size_t octets[] = {MIX_ECHO_LEAST, 12, 13, 14, 257, MIX_ECHO_MAX};
    for (size_t k = 0; k < sizeof octets / sizeof octets[0]; k++) {
        struct mix_choice choice = {
            .least = 3, .most = 3, .sum = true, .as_integer = true, .echo = octets[k], .block = 1};
        struct mix mix = made(&choice, COUNT);
        assert_unique(&mix);
        assert_int_equal(mix.reply_most, octets[k]);
        for (size_t i = 0; i < COUNT; i++) {
            struct datagram expected = request_of(&mix, i);
            for (size_t at = octets[k]; at < expected.length; at++)
                expected.octets[at] = 0;
            expected.length = octets[k];
            assert_same_datagram(reply_of(&mix, i), expected);
        }
        mix_free(&mix);
    }
}

/* UDP_SEGMENT cuts at every so many octets. */
static void requests_of_a_block_have_one_length(void **state)
{
    (void)state;
    struct mix_choice choice = {
        .least = 1, .most = 64, .sum = true, .as_string = true, .block = 7, .seed = 3};
    struct mix mix = made(&choice, 7 * 100);
    bool differ = false;
    for (size_t i = 0; i < mix.count; i++) {
        size_t first = i - i % 7;
        assert_int_equal(mix_length(&mix, i, 1), mix_length(&mix, first, 1));
        assert_int_equal(mix_length(&mix, first, 7), 7 * mix_length(&mix, first, 1));
        assert_ptr_equal(mix_request(&mix, i),
                         mix_request(&mix, first) + i % 7 * mix_length(&mix, first, 1));
        differ = differ || mix_length(&mix, i, 1) != mix_length(&mix, 0, 1);
    }
    assert_true(differ);
    mix_free(&mix);
}

static void the_seed_makes_the_requests(void **state)
{
    (void)state;
    struct mix_choice choice = {
        .least = 3, .most = 3, .sum = true, .as_integer = true, .block = 1, .seed = 1};
    struct mix one = made(&choice, 256);
    struct mix same = made(&choice, 256);
    choice.seed = 2;
    struct mix other = made(&choice, 256);
    assert_memory_equal(one.requests, same.requests, mix_length(&one, 0, 256));
    assert_memory_not_equal(one.requests, other.requests, mix_length(&one, 0, 256));
    mix_free(&one);
    mix_free(&same);
    mix_free(&other);
}

static void what_is_no_reply_of_the_mix_is_not_found(void **state)
{
    (void)state;
    struct mix_choice choice = {
        .least = 3, .most = 3, .sum = true, .as_integer = true, .block = 1, .seed = 1};
    struct mix mix = made(&choice, 256);
    struct datagram reply = reply_of(&mix, 5);
    assert_int_equal(mix_find(&mix, reply.octets, reply.length - 1), MIX_NONE);
    assert_int_equal(mix_find(&mix, reply.octets, reply.length + 1), MIX_NONE);
    assert_int_equal(mix_find(&mix, reply.octets, 0), MIX_NONE);
    reply.octets[0] = 0;
    assert_int_equal(mix_find(&mix, reply.octets, reply.length), MIX_NONE);
    assert_int_equal(mix_find(&mix, reply.octets, 1), MIX_NONE);
    mix_free(&mix);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_operation_form_and_size_has_replies_of_its_own),
        cmocka_unit_test(a_result_that_there_is_already_is_not_taken_again),
        cmocka_unit_test(sizes_are_spread_over_the_whole_range),
        cmocka_unit_test(the_dearest_fill_request_and_reply),
        cmocka_unit_test(echoes_are_the_first_octets_and_zeros),
        cmocka_unit_test(requests_of_a_block_have_one_length),
        cmocka_unit_test(the_seed_makes_the_requests),
        cmocka_unit_test(what_is_no_reply_of_the_mix_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
