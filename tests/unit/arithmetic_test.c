/* Results are exact or errors (PROTOCOL.md, REQ-6.5 to REQ-6.8), also against the slow reference. */
#include "tests/unit/reference.h"

static void assert_digits(struct datagram request, const char *digits)
{
    struct datagram reply = answer_to(request);
    assert_int_equal(reply.octets[0], 0x80);
    assert_int_equal(reply.length, 1 + strlen(digits));
    assert_memory_equal(reply.octets + 1, digits, strlen(digits));
}

static void assert_error(struct datagram request)
{
    assert_same_datagram(answer_to(request), hex("00"));
}

static void assert_as_reference(unsigned header, const uint32_t *integers, size_t count)
{
    assert_same_datagram(answer_to(request_with(header, integers, count)),
                         reference_reply(header, integers, count));
}

static void all_forms_as_reference(const uint32_t *integers, size_t count)
{
    for (unsigned header = SUM_AS_INTEGER; header <= PRODUCT_AS_STRING; header++)
        assert_as_reference(header, integers, count);
}

static void fill(uint32_t *integers, size_t count, uint32_t value)
{
    for (size_t i = 0; i < count; i++)
        integers[i] = value;
}

static void req_6_5_a_sum_is_exact(void **state)
{
    (void)state;
    assert_same_datagram(answer_to(hex("00 00000004 00000002 00000003")), hex("80 00000009"));
    assert_same_datagram(answer_to(hex("01 00000004 00000002 00000003")), hex("80 39"));
    assert_digits(hex("01 FFFFFFFF 00000001"), "4294967296");
    uint32_t integers[64];
    fill(integers, 64, UINT32_MAX);
    assert_digits(request_with(SUM_AS_STRING, integers, 64), "274877906880");
}

static void req_6_6_a_product_is_exact(void **state)
{
    (void)state;
    assert_same_datagram(answer_to(hex("02 00000004 00000002 00000003")), hex("80 00000018"));
    assert_same_datagram(answer_to(hex("03 00000004 00000002 00000003")), hex("80 32 34"));
    assert_digits(hex("03 FFFFFFFF FFFFFFFF"), "18446744065119617025");
    assert_digits(hex("03 FFFFFFFF FFFFFFFF FFFFFFFF"), "79228162458924105385300197375");
    assert_digits(hex("03 00000001"), "1");
}

static void req_6_7_4294967295_is_the_largest_number(void **state)
{
    (void)state;
    assert_same_datagram(answer_to(hex("00 FFFFFFFE 00000001")), hex("80 FFFFFFFF"));
    assert_same_datagram(answer_to(hex("02 00010001 0000FFFF")), hex("80 FFFFFFFF"));
    assert_same_datagram(answer_to(hex("00 FFFFFFFD 00000001")), hex("80 FFFFFFFE"));
}

static void req_6_7_4294967296_and_more_is_an_error(void **state)
{
    (void)state;
    assert_error(hex("00 FFFFFFFF 00000001"));
    assert_error(hex("00 FFFFFFFF 00000002"));
    assert_error(hex("02 00010000 00010000"));
    assert_error(hex("02 00010001 00010000"));
    assert_error(hex("02 80000000 00000002"));
    assert_error(hex("02 FFFFFFFF FFFFFFFF FFFFFFFF"));
    uint32_t integers[64];
    fill(integers, 64, UINT32_MAX);
    assert_error(request_with(SUM_AS_INTEGER, integers, 64));
    assert_error(request_with(PRODUCT_AS_INTEGER, integers, 64));
}

static void req_6_7_evaluate_says_why_and_leaves_the_result(void **state)
{
    (void)state;
    struct calc_reply result, before;
    memset(&result, 0x5A, sizeof result);
    memset(&before, 0x5A, sizeof before);
    struct calc_request request = {.opcode = CALC_PRODUCT, .count = 64};
    fill(request.integers, 64, UINT32_MAX);
    assert_int_equal(calc_evaluate(&request, &result), CALC_ABOVE_32_BITS);
    request.format = CALC_AS_STRING;
    assert_int_equal(calc_evaluate(&request, &result), CALC_ABOVE_256_DIGITS);
    assert_memory_equal(&result, &before, sizeof result);
}

static void what_can_be_no_request_is_not_evaluated(void **state)
{
    (void)state;
    struct calc_reply result;
    struct calc_request request = {.opcode = CALC_PRODUCT, .count = 0};
    assert_int_equal(calc_evaluate(&request, &result), CALC_NO_INTEGERS);
    request.count = 65;
    assert_int_equal(calc_evaluate(&request, &result), CALC_TOO_LONG);
    request.count = SIZE_MAX;
    assert_int_equal(calc_evaluate(&request, &result), CALC_TOO_LONG);
    request.count = 1;
    request.opcode = (enum calc_opcode)5;
    assert_int_equal(calc_evaluate(&request, &result), CALC_UNKNOWN_OPCODE);
}

static void req_6_8_powers_of_ten_and_two_around_256_digits(void **state)
{
    (void)state;
    uint32_t integers[64];
    char digits[257] = "1";
    fill(integers, 28, 1000000000);
    integers[28] = 1000;
    memset(digits + 1, '0', 255);
    assert_digits(request_with(PRODUCT_AS_STRING, integers, 29), digits);
    integers[28] = 9999;
    memset(digits, '9', 4);
    assert_digits(request_with(PRODUCT_AS_STRING, integers, 29), digits);
    integers[28] = 10000;
    assert_error(request_with(PRODUCT_AS_STRING, integers, 29));

    fill(integers, 27, 0x80000000);
    integers[27] = 1u << 13;
    assert_int_equal(answer_to(request_with(PRODUCT_AS_STRING, integers, 28)).length, 257);
    assert_as_reference(PRODUCT_AS_STRING, integers, 28);
    integers[27] = 1u << 14;
    assert_error(request_with(PRODUCT_AS_STRING, integers, 28));
}

/* The last integer that leaves count - 1 others times it at 256 digits; the next one makes 257. */
static uint32_t last_with_256_digits(uint32_t *integers, size_t count)
{
    uint32_t good = 1, bad = UINT32_MAX;
    while (bad - good > 1) {
        uint32_t middle = good + (bad - good) / 2;
        integers[count - 1] = middle;
        if (reference_product(integers, count).count <= 256)
            good = middle;
        else
            bad = middle;
    }
    return good;
}

static void req_6_8_the_step_from_256_to_257_digits_at_every_place(void **state)
{
    (void)state;
    uint64_t seed = 68;
    for (size_t count = 27; count <= 64; count++) {
        uint32_t integers[64];
        uint32_t largest = count < 30 ? UINT32_MAX : (uint32_t)1 << (820 / (count - 1));
        for (size_t i = 0; i + 1 < count; i++)
            integers[i] = largest - random_u32(&seed) % 8;
        uint32_t good = last_with_256_digits(integers, count);
        for (size_t place = 0; place < count; place++) {
            uint32_t moved[64];
            memcpy(moved, integers, count * sizeof moved[0]);
            moved[count - 1] = moved[place];
            moved[place] = good;
            if (reference_product(moved, count).count == 256)
                assert_int_equal(answer_to(request_with(PRODUCT_AS_STRING, moved, count)).length,
                                 257);
            assert_as_reference(PRODUCT_AS_STRING, moved, count);
            moved[place] = good + 1;
            assert_as_reference(PRODUCT_AS_STRING, moved, count);
        }
    }
}

static void req_6_8_a_product_that_is_lost_early_stays_lost(void **state)
{
    (void)state;
    uint32_t integers[64];
    for (size_t large = 27; large <= 64; large++) {
        fill(integers, 64, 1);
        fill(integers, large, UINT32_MAX);
        assert_error(request_with(PRODUCT_AS_STRING, integers, 64));
        fill(integers, 64, 1);
        fill(integers + 64 - large, large, UINT32_MAX);
        assert_error(request_with(PRODUCT_AS_STRING, integers, 64));
    }
}

static void req_6_8_a_zero_anywhere_makes_zero_however_large_the_rest(void **state)
{
    (void)state;
    for (size_t count = 1; count <= 64; count++) {
        for (size_t place = 0; place < count; place++) {
            uint32_t integers[64];
            fill(integers, count, UINT32_MAX);
            integers[place] = 0;
            assert_same_datagram(answer_to(request_with(PRODUCT_AS_STRING, integers, count)),
                                 hex("80 30"));
            assert_same_datagram(answer_to(request_with(PRODUCT_AS_INTEGER, integers, count)),
                                 hex("80 00000000"));
        }
    }
}

static void req_6_5_to_6_8_extremes_are_as_the_reference_has_them(void **state)
{
    (void)state;
    const uint32_t values[] = {0,          1,          2,         9,        10,
                               65535,      65536,      999999999, 1u << 31, 1000000000,
                               1000000001, 4294967294, UINT32_MAX};
    for (size_t count = 1; count <= 64; count++) {
        for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
            uint32_t integers[64];
            fill(integers, count, values[i]);
            all_forms_as_reference(integers, count);
            fill(integers, count / 2, 1);
            all_forms_as_reference(integers, count);
        }
    }
}

static uint32_t random_integer(uint64_t *seed, unsigned kind)
{
    uint32_t value = random_u32(seed);
    switch (kind) {
    case 0:
        return value;
    case 1:
        return value % 4;
    case 2:
        return 1u << value % 32;
    case 3:
        return UINT32_MAX - value % 3;
    case 4:
        return value >> value % 32;
    default:
        return 1 + value % 20000;
    }
}

static void req_6_5_to_6_8_random_requests_are_as_the_reference_has_them(void **state)
{
    (void)state;
    uint64_t seed = 20000;
    for (int n = 0; n < 20000; n++) {
        uint32_t integers[64];
        size_t count = 1 + random_u32(&seed) % 64;
        unsigned kind = random_u32(&seed) % 7; /* the last one mixes the others */
        for (size_t i = 0; i < count; i++)
            integers[i] = random_integer(&seed, kind < 6 ? kind : random_u32(&seed) % 6);
        if (random_u32(&seed) % 16 == 0)
            integers[random_u32(&seed) % count] = 0;
        unsigned unused = random_u32(&seed) % 8 << 4;
        unsigned meant = n % 4 == 0 ? SUM_AS_INTEGER : random_u32(&seed) % 4;
        assert_as_reference(unused | meant, integers, count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(req_6_5_a_sum_is_exact),
        cmocka_unit_test(req_6_6_a_product_is_exact),
        cmocka_unit_test(req_6_7_4294967295_is_the_largest_number),
        cmocka_unit_test(req_6_7_4294967296_and_more_is_an_error),
        cmocka_unit_test(req_6_7_evaluate_says_why_and_leaves_the_result),
        cmocka_unit_test(what_can_be_no_request_is_not_evaluated),
        cmocka_unit_test(req_6_8_powers_of_ten_and_two_around_256_digits),
        cmocka_unit_test(req_6_8_the_step_from_256_to_257_digits_at_every_place),
        cmocka_unit_test(req_6_8_a_product_that_is_lost_early_stays_lost),
        cmocka_unit_test(req_6_8_a_zero_anywhere_makes_zero_however_large_the_rest),
        cmocka_unit_test(req_6_5_to_6_8_extremes_are_as_the_reference_has_them),
        cmocka_unit_test(req_6_5_to_6_8_random_requests_are_as_the_reference_has_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
