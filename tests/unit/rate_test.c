/* A limit for each source prefix, at times that the tests say: what is let through last and refused first, which
 * sources share a limit, and what neither many sources nor many threads can do. And the hash and the leak beside it. */
#define _GNU_SOURCE /* in6_addr's words */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/limits.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#define SECOND UINT64_C(1000000000)

static const struct siphash_key key = {
    {UINT64_C(0x0706050403020100), UINT64_C(0x0F0E0D0C0B0A0908)}
};

static struct rate *limit(unsigned per_second, unsigned prefix)
{
    struct rate *rate =
        rate_new(&(struct rate_options){.per_second = per_second, .prefix = prefix}, &key);
    assert_non_null(rate);
    return rate;
}

static struct in6_addr address(const char *text)
{
    struct in6_addr a;
    assert_int_equal(inet_pton(AF_INET6, text, &a), 1);
    return a;
}

/* A /64 for each number. */
static struct in6_addr numbered(uint32_t number)
{
    struct in6_addr a = address("2001:db8::1");
    for (int i = 0; i < 4; i++)
        a.s6_addr[7 - i] = (uint8_t)(number >> 8 * i);
    return a;
}

/* How many of so many replies are let through. */
static unsigned allowed(struct rate *rate, const char *source, uint64_t now, unsigned tries)
{
    struct in6_addr a = address(source);
    unsigned count = 0;
    for (unsigned i = 0; i < tries; i++)
        count += rate_allows(rate, &a, now);
    return count;
}

/* The published vectors' key, and the one of theirs that has 8 octets, 00 to 07; and what a second implementation
 * makes of other words. */
static void siphash_is_as_published(void **state)
{
    (void)state;
    assert_int_equal(siphash(&key, UINT64_C(0x0706050403020100)), UINT64_C(0x93F5F5799A932462));
    assert_int_equal(siphash(&key, 0), UINT64_C(0x39D3851CA07681A7));
    assert_int_equal(siphash(&key, UINT64_MAX), UINT64_C(0x2A68FF30A3D9DA34));
    assert_int_equal(siphash(&(struct siphash_key){0}, 1), UINT64_C(0x8004C5A694105F5E));
}

static void req_7_5_a_burst_as_large_as_the_rate_and_no_more(void **state)
{
    (void)state;
    const unsigned rates[] = {1, 2, 999, 1000, 1001, RATE_MAX};
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        struct rate *rate = limit(rates[i], 64);
        assert_int_equal(allowed(rate, "2001:db8::1", 77 * SECOND, rates[i]), rates[i]);
        assert_int_equal(allowed(rate, "2001:db8::1", 77 * SECOND, 10), 0);
        rate_free(rate);
    }
}

static void req_7_5_one_more_after_each_thousandth_of_a_second(void **state)
{
    (void)state;
    struct rate *rate = limit(1000, 64);
    const char *source = "2001:db8::1";
    uint64_t now = 5 * SECOND;
    assert_int_equal(allowed(rate, source, now, 2000), 1000);
    for (int i = 0; i < 3000; i++) {
        assert_int_equal(allowed(rate, source, now + SECOND / 1000 - 1, 1), 0);
        now += SECOND / 1000;
        assert_int_equal(allowed(rate, source, now, 2), 1);
    }
    rate_free(rate);
}

static void after_a_pause_there_is_as_much_as_has_leaked_and_a_burst_at_most(void **state)
{
    (void)state;
    struct rate *rate = limit(1000, 64);
    const char *source = "2001:db8::1";
    assert_int_equal(allowed(rate, source, 1 * SECOND, 2000), 1000);
    assert_int_equal(allowed(rate, source, 1 * SECOND + SECOND / 4, 2000), 250);
    assert_int_equal(allowed(rate, source, 2 * SECOND - SECOND / 1000, 2000), 749);
    assert_int_equal(allowed(rate, source, 3 * SECOND - SECOND / 1000, 2000), 1000);
    assert_int_equal(allowed(rate, source, 99 * SECOND, 2000), 1000);
    rate_free(rate);
}

static void a_rate_that_does_not_divide_a_second_is_kept_exactly(void **state)
{
    (void)state;
    struct rate *rate = limit(7, 64);
    unsigned count = 0;
    for (uint64_t ms = 0; ms < 100000; ms++)
        count += allowed(rate, "2001:db8::1", SECOND + ms * (SECOND / 1000), 1);
    assert_int_equal(count, 7 + 7 * 100 - 1); /* the last turn begins with the next second */
    rate_free(rate);
}

static void one_prefix_does_not_use_up_another(void **state)
{
    (void)state;
    struct rate *rate = limit(10, 64);
    assert_int_equal(allowed(rate, "2001:db8:0:1::1", SECOND, 20), 10);
    assert_int_equal(allowed(rate, "2001:db8:0:2::1", SECOND, 20), 10);
    rate_free(rate);
}

/* Each bit of an address, turned round, leads to a limit of its own where it belongs to the prefix, and to none else. */
static void assert_prefix(unsigned option, const char *source, unsigned first, unsigned end)
{
    for (unsigned bit = 0; bit < 128; bit++) {
        struct rate *rate = limit(1, option);
        struct in6_addr a = address(source);
        assert_true(rate_allows(rate, &a, SECOND));
        assert_false(rate_allows(rate, &a, SECOND));
        a.s6_addr[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
        bool own = bit >= first && bit < end;
        if (bit >= first || first == 0)
            assert_int_equal(rate_allows(rate, &a, SECOND), own);
        rate_free(rate);
    }
}

static void the_first_48_56_or_64_bits_are_the_prefix(void **state)
{
    (void)state;
    assert_prefix(48, "2001:db8:1234:5678:9abc:def0:1234:5678", 0, 48);
    assert_prefix(56, "2001:db8:1234:5678:9abc:def0:1234:5678", 0, 56);
    assert_prefix(64, "2001:db8:1234:5678:9abc:def0:1234:5678", 0, 64);
}

static void of_ipv4_it_is_the_first_24_bits_whatever_is_said_of_ipv6(void **state)
{
    (void)state;
    for (unsigned prefix = 48; prefix <= 64; prefix += 8)
        assert_prefix(prefix, "::ffff:192.0.2.1", 96, 96 + 24);
}

static void ipv4_is_apart_from_the_ipv6_addresses_beside_it(void **state)
{
    (void)state;
    struct rate *rate = limit(1, 64);
    assert_int_equal(allowed(rate, "::ffff:192.0.2.1", SECOND, 2), 1);
    assert_int_equal(allowed(rate, "::1", SECOND, 2), 1);
    assert_int_equal(allowed(rate, "::fffe:192.0.2.1", SECOND, 1), 0); /* of ::/64, as ::1 */
    assert_int_equal(allowed(rate, "64:ff9b::192.0.2.1", SECOND, 2), 1);
    rate_free(rate);
}

static void another_thread_s_clock_may_be_behind(void **state)
{
    (void)state;
    struct rate *rate = limit(1000, 64);
    assert_int_equal(allowed(rate, "2001:db8::1", 100 * SECOND, 2000), 1000);
    assert_int_equal(allowed(rate, "2001:db8::1", 99 * SECOND, 2000), 0);
    assert_int_equal(allowed(rate, "2001:db8::1", 40 * SECOND, 2000), 0);
    assert_int_equal(allowed(rate, "2001:db8::1", 100 * SECOND, 2000), 0);
    assert_int_equal(allowed(rate, "2001:db8::1", 101 * SECOND, 2000), 1000);
    rate_free(rate);
}

/* Turns are counted up to 2^48, at the greatest rate for nine years. */
static void the_turns_begin_again_from_zero(void **state)
{
    (void)state;
    struct rate *rate = limit(RATE_MAX, 64);
    const char *source = "2001:db8::1";
    uint64_t wrap_s = (UINT64_C(1) << 48) / RATE_MAX;
    unsigned burst = RATE_MAX;
    assert_int_equal(allowed(rate, source, wrap_s * SECOND, burst + 1), burst);
    assert_int_equal(allowed(rate, source, (wrap_s + 1) * SECOND, burst + 1), burst);
    assert_int_equal(allowed(rate, source, (wrap_s + 2) * SECOND, burst + 1), burst);
    /* And as far away as can be. */
    assert_int_equal(allowed(rate, source, UINT64_MAX - SECOND, burst + 1), burst);
    assert_int_equal(allowed(rate, source, UINT64_MAX - SECOND, burst), 0);
    rate_free(rate);
}

/* A million sources within a second, each of which asks once: each of them is let through, though there is room for
 * 16,384. */
static void many_sources_do_not_silence_each_other(void **state)
{
    (void)state;
    struct rate *rate = limit(1, 64);
    unsigned refused = 0;
    for (uint32_t i = 0; i < 1000000; i++) {
        struct in6_addr a = numbered(i);
        refused += !rate_allows(rate, &a, 9 * SECOND + i * UINT64_C(1000));
    }
    /* Two with the same tag in one set, while the first is still there: 7 others are with each, so about 8 in 2^16. */
    assert_in_range(refused, 0, 1000000 * 8 / 65536 * 2);
    rate_free(rate);
}

static void many_sources_do_not_set_a_busy_one_free(void **state)
{
    (void)state;
    struct rate *rate = limit(1000, 64);
    uint64_t now = 9 * SECOND;
    unsigned replies = allowed(rate, "fd00::1", now, 2000);
    assert_int_equal(replies, 1000);
    for (uint32_t i = 0; i < 1000000; i++) {
        struct in6_addr a = numbered(i);
        (void)rate_allows(rate, &a, now + i * UINT64_C(1000));
        if (i % 100 == 0)
            replies += allowed(rate, "fd00::1", now + i * UINT64_C(1000), 1);
    }
    assert_in_range(replies, 1990, 2000);
    rate_free(rate);
}

/* A hundred at their limit; of a hundred thousand others, each in its turn, one in about 20,000,000 / 100 shares
 * one's. */
static void busy_sources_do_not_silence_others(void **state)
{
    (void)state;
    struct rate *rate = limit(1000, 64);
    for (uint32_t i = 0; i < 100; i++) {
        struct in6_addr a = numbered(i);
        for (int k = 0; k < 1000; k++)
            assert_true(rate_allows(rate, &a, SECOND));
        assert_false(rate_allows(rate, &a, SECOND));
    }
    unsigned refused = 0;
    for (uint32_t i = 100; i < 100100; i++) {
        struct in6_addr a = numbered(i);
        refused += !rate_allows(rate, &a, SECOND);
    }
    assert_in_range(refused, 0, 2);
    rate_free(rate);
}

enum { THREADS = 4, TRIES = RATE_MAX / 2 };

struct hammer {
    pthread_barrier_t *start;
    struct rate *rate;
    uint64_t now;
    unsigned allowed;
};

static void *strike(void *argument)
{
    struct hammer *hammer = argument;
    struct in6_addr a = address("2001:db8::1");
    pthread_barrier_wait(hammer->start);
    for (int i = 0; i < TRIES; i++)
        hammer->allowed += rate_allows(hammer->rate, &a, hammer->now);
    return NULL;
}

static void threads_together_get_what_one_would(void **state)
{
    (void)state;
    struct rate *rate = limit(RATE_MAX, 64);
    pthread_barrier_t start;
    assert_int_equal(pthread_barrier_init(&start, NULL, THREADS), 0);
    struct hammer hammers[THREADS];
    pthread_t threads[THREADS];
    unsigned sum = 0;
    for (int i = 0; i < THREADS; i++) {
        hammers[i] = (struct hammer){.start = &start, .rate = rate, .now = SECOND};
        assert_int_equal(pthread_create(&threads[i], NULL, strike, &hammers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        sum += hammers[i].allowed;
    }
    assert_int_equal(sum, RATE_MAX);
    pthread_barrier_destroy(&start);
    rate_free(rate);
}

static void each_start_has_a_key_of_its_own(void **state)
{
    (void)state;
    struct limits one, other;
    assert_true(limits_begin(&one, &(struct rate_options){0}));
    assert_true(limits_begin(&other, &(struct rate_options){.per_second = 1, .prefix = 64}));
    assert_memory_not_equal(&one.key, &other.key, sizeof one.key);
    assert_non_null(one.loops);
    assert_null(one.all);
    assert_non_null(other.loops);
    assert_non_null(other.all);
    limits_end(&one);
    limits_end(&other);
}

/* In 80,000, 10,000 are expected; six standard deviations are 561. */
static void one_in_8_leaks(void **state)
{
    (void)state;
    struct limits limits = {.key = key};
    unsigned leaks = 0;
    for (uint64_t number = 0; number < 80000; number++)
        leaks += limits_leak(&limits, number);
    assert_in_range(leaks, 10000 - 561, 10000 + 561);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(siphash_is_as_published),
        cmocka_unit_test(req_7_5_a_burst_as_large_as_the_rate_and_no_more),
        cmocka_unit_test(req_7_5_one_more_after_each_thousandth_of_a_second),
        cmocka_unit_test(after_a_pause_there_is_as_much_as_has_leaked_and_a_burst_at_most),
        cmocka_unit_test(a_rate_that_does_not_divide_a_second_is_kept_exactly),
        cmocka_unit_test(one_prefix_does_not_use_up_another),
        cmocka_unit_test(the_first_48_56_or_64_bits_are_the_prefix),
        cmocka_unit_test(of_ipv4_it_is_the_first_24_bits_whatever_is_said_of_ipv6),
        cmocka_unit_test(ipv4_is_apart_from_the_ipv6_addresses_beside_it),
        cmocka_unit_test(another_thread_s_clock_may_be_behind),
        cmocka_unit_test(the_turns_begin_again_from_zero),
        cmocka_unit_test(many_sources_do_not_silence_each_other),
        cmocka_unit_test(many_sources_do_not_set_a_busy_one_free),
        cmocka_unit_test(busy_sources_do_not_silence_others),
        cmocka_unit_test(threads_together_get_what_one_would),
        cmocka_unit_test(each_start_has_a_key_of_its_own),
        cmocka_unit_test(one_in_8_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
