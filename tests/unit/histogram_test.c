/* Percentiles out of buckets, against those of the sorted values themselves. */
#include "tests/support/test.h"

#include "tests/bench/load/histogram.h"

#include <math.h>
#include <stdlib.h>

enum { VALUES = 5000 };

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void assert_near(uint64_t actual, uint64_t exact)
{
    if (fabs((double)actual - (double)exact) > HISTOGRAM_ERROR * (double)exact)
        fail_msg("%llu is not near %llu", (unsigned long long)actual, (unsigned long long)exact);
}

static void each_value_is_in_the_bucket_around_it(void **state)
{
    (void)state;
    unsigned last = 0;
    for (unsigned bits = 0; bits < HISTOGRAM_VALUE_BITS; bits++) {
        for (int beside = -1; beside <= 1; beside++) {
            uint64_t value = (UINT64_C(1) << bits) + (uint64_t)(int64_t)beside;
            unsigned bucket = histogram_bucket(value);
            assert_true(bucket < HISTOGRAM_BUCKETS);
            assert_true(bucket >= last || bits < 2);
            assert_near(histogram_middle(bucket), value);
            last = bucket;
        }
    }
}

static void small_values_are_exact(void **state)
{
    (void)state;
    for (unsigned value = 0; value < HISTOGRAM_EXACT; value++)
        assert_int_equal(histogram_middle(histogram_bucket(value)), value);
    assert_int_equal(histogram_bucket(HISTOGRAM_EXACT), histogram_bucket(HISTOGRAM_EXACT + 1));
    assert_int_not_equal(histogram_bucket(HISTOGRAM_EXACT), histogram_bucket(HISTOGRAM_EXACT + 2));
}

static void the_last_bucket_takes_what_is_longer(void **state)
{
    (void)state;
    uint64_t beyond = UINT64_C(1) << HISTOGRAM_VALUE_BITS;
    assert_int_equal(histogram_bucket(beyond - 1), HISTOGRAM_BUCKETS - 1);
    assert_int_equal(histogram_bucket(beyond), HISTOGRAM_BUCKETS - 1);
    assert_int_equal(histogram_bucket(UINT64_MAX), HISTOGRAM_BUCKETS - 1);
}

/* Spread over all magnitudes that there are. */
static void draw_values(uint64_t values[static VALUES], uint64_t seed)
{
    for (size_t i = 0; i < VALUES; i++) {
        uint64_t value = (uint64_t)random_u32(&seed) << 10 | random_u32(&seed) % 1024;
        values[i] = value >> random_u32(&seed) % 42;
    }
}

static void percentiles_are_near_those_of_the_sorted_values(void **state)
{
    (void)state;
    static const double shares[] = {0, 0.0001, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 0.9999, 1};
    for (uint64_t seed = 1; seed <= 20; seed++) {
        static struct histogram h;
        static uint64_t values[VALUES];
        double sum = 0;
        h = (struct histogram){0};
        draw_values(values, seed);
        for (size_t i = 0; i < VALUES; i++) {
            histogram_add(&h, values[i]);
            sum += (double)values[i];
        }
        qsort(values, VALUES, sizeof values[0], by_value);
        for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
            double rank = ceil(shares[i] * VALUES - 1e-6);
            assert_near(histogram_percentile(&h, shares[i]),
                        values[rank < 1 ? 0 : (size_t)rank - 1]);
        }
        assert_int_equal(h.most, values[VALUES - 1]);
        assert_int_equal(h.count, VALUES);
        assert_true(fabs(histogram_mean(&h) * VALUES - sum) <= 1e-9 * sum);
    }
}

static void nearest_rank_of_ten(void **state)
{
    (void)state;
    static struct histogram h;
    for (uint64_t value = 1; value <= 10; value++)
        histogram_add(&h, value);
    assert_int_equal(histogram_percentile(&h, 0), 1);
    assert_int_equal(histogram_percentile(&h, 0.1), 1);
    assert_int_equal(histogram_percentile(&h, 0.11), 2);
    assert_int_equal(histogram_percentile(&h, 0.5), 5);
    assert_int_equal(histogram_percentile(&h, 0.9), 9);
    assert_int_equal(histogram_percentile(&h, 0.99), 10);
    assert_int_equal(histogram_percentile(&h, 1), 10);
}

static void nothing_has_no_percentiles(void **state)
{
    (void)state;
    static struct histogram h;
    assert_int_equal(histogram_percentile(&h, 0.5), 0);
    assert_true(fabs(histogram_mean(&h)) < 1e-9);
}

static void no_percentile_is_above_the_maximum(void **state)
{
    (void)state;
    static struct histogram h;
    histogram_add(&h, 1 << 20); /* the least of its bucket */
    assert_int_equal(histogram_percentile(&h, 0.5), 1 << 20);
}

static void merged_histograms_are_as_if_they_were_one(void **state)
{
    (void)state;
    static struct histogram one;
    static struct histogram parts[3];
    static struct histogram merged;
    static uint64_t values[VALUES];
    draw_values(values, 7);
    for (size_t i = 0; i < VALUES; i++) {
        histogram_add(&one, values[i]);
        histogram_add(&parts[i % 3], values[i]);
    }
    for (size_t i = 0; i < 3; i++)
        histogram_merge(&merged, &parts[i]);
    assert_memory_equal(&merged, &one, sizeof one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_value_is_in_the_bucket_around_it),
        cmocka_unit_test(small_values_are_exact),
        cmocka_unit_test(the_last_bucket_takes_what_is_longer),
        cmocka_unit_test(percentiles_are_near_those_of_the_sorted_values),
        cmocka_unit_test(nearest_rank_of_ten),
        cmocka_unit_test(nothing_has_no_percentiles),
        cmocka_unit_test(no_percentile_is_above_the_maximum),
        cmocka_unit_test(merged_histograms_are_as_if_they_were_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
