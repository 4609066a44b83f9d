/* What a server answers to a datagram, well-formed or not (PROTOCOL.md, sections 4 to 6), and that it
 * touches no octet that is not its own. */
#include "tests/support/test.h"

static void assert_answer(struct datagram d, enum calc_code code, const char *expected)
{
    struct datagram reply = {0};
    assert_int_equal(calc_answer(d.octets, d.length, reply.octets, &reply.length), code);
    assert_same_datagram(reply, hex(expected));
}

static void req_4_1_all_16_variants_of_the_unused_bits_get_the_same_reply(void **state)
{
    (void)state;
    const char *expected[] = {"80 0000000D", "80 3133", "80 0000002A", "80 3432"};
    for (unsigned header = 0; header < 256; header++) {
        if ((header & 0xF) < 4)
            assert_answer(request_with(header, (uint32_t[]){6, 7}, 2), CALC_OK,
                          expected[header & 0xF]);
    }
}

static void req_5_1_to_5_4_the_published_examples(void **state)
{
    (void)state;
    assert_answer(hex("00 00000004 00000002 00000003"), CALC_OK, "80 00000009");
    assert_answer(hex("03 00000004 00000002 00000003"), CALC_OK, "80 32 34");
}

static void req_5_4_no_leading_zeros_are_sent(void **state)
{
    (void)state;
    assert_answer(hex("01 00000000"), CALC_OK, "80 30");
    assert_answer(hex("03 3B9ACA00 00000005"), CALC_OK, "80 35303030303030303030");
    assert_answer(hex("03 3B9ACA00 3B9ACA00 00000000"), CALC_OK, "80 30");
}

static void req_6_1_0_or_1_octets_get_no_reply(void **state)
{
    (void)state;
    assert_answer(hex(""), CALC_NO_INTEGERS, "");
    for (unsigned header = 0; header < 256; header++)
        assert_answer(request_with(header, NULL, 0), CALC_NO_INTEGERS, "");
}

static void req_6_2_a_payload_above_256_octets_gets_an_error(void **state)
{
    (void)state;
    uint32_t ones[65];
    for (size_t i = 0; i < 65; i++)
        ones[i] = 1;
    assert_answer(request_with(SUM_AS_INTEGER, ones, 64), CALC_OK, "80 00000040");
    struct datagram d = request_with(SUM_AS_INTEGER, ones, 65);
    assert_answer(d, CALC_TOO_LONG, "00");
    d.length = 258;
    assert_answer(d, CALC_TOO_LONG, "00");
}

static void req_6_2_of_a_longer_datagram_257_octets_are_enough(void **state)
{
    (void)state;
    uint8_t *guard = guard_page();
    memset(guard - 257, 0, 257);
    const size_t lengths[] = {258, 261, 300, 65527, 65535, SIZE_MAX};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        struct datagram reply;
        assert_int_equal(calc_answer(guard - 257, lengths[i], reply.octets, &reply.length),
                         CALC_TOO_LONG);
        assert_same_datagram(reply, hex("00"));
    }
    guard_release(guard);
}

static void req_6_3_a_payload_that_is_not_whole_gets_an_error(void **state)
{
    (void)state;
    for (unsigned header = SUM_AS_INTEGER; header <= PRODUCT_AS_STRING; header++) {
        for (size_t length = 2; length <= 260; length++) {
            struct datagram d = {.length = length, .octets = {(uint8_t)header}};
            if (length % 4 != 1)
                assert_answer(d, length > 257 ? CALC_TOO_LONG : CALC_NOT_WHOLE, "00");
            else
                assert_int_equal(answer_to(d).octets[0], 0x80);
        }
    }
}

static void req_6_4_opcodes_2_to_7_get_an_error(void **state)
{
    (void)state;
    for (unsigned header = 0; header < 256; header++) {
        if ((header >> 1 & 7) >= 2)
            assert_answer(request_with(header, (uint32_t[]){1, 2}, 2), CALC_UNKNOWN_OPCODE, "00");
    }
}

static void req_6_7_and_6_8_a_result_above_the_form_gets_an_error(void **state)
{
    (void)state;
    uint32_t integers[64];
    memset(integers, 0xFF, sizeof integers);
    assert_answer(request_with(SUM_AS_INTEGER, integers, 64), CALC_ABOVE_32_BITS, "00");
    assert_answer(request_with(PRODUCT_AS_INTEGER, integers, 64), CALC_ABOVE_32_BITS, "00");
    assert_answer(request_with(PRODUCT_AS_STRING, integers, 64), CALC_ABOVE_256_DIGITS, "00");
}

static void req_6_11_a_reply_is_at_most_257_octets_and_1_plus_9_64_n(void **state)
{
    (void)state;
    size_t longest = 0;
    for (unsigned header = 0; header < 256; header++) {
        for (size_t count = 1; count <= 64; count++) {
            uint32_t integers[64];
            for (size_t i = 0; i < count; i++)
                integers[i] = i < 26 ? UINT32_MAX : 1;
            size_t length = answer_to(request_with(header, integers, count)).length;
            assert_true(length <= 257);
            assert_true(length <= 1 + (964 * count + 99) / 100);
            longest = length > longest ? length : longest;
        }
    }
    assert_int_equal(longest, 1 + 251);
}

static void req_6_11_the_bound_is_met_by_one_integer_of_32_bits(void **state)
{
    (void)state;
    assert_int_equal(answer_to(hex("01 FFFFFFFF")).length, 1 + 10);
}

/* Of a product as a string: the most digits that so many integers can have, or all that a reply can. */
static size_t longest_reply(size_t count)
{
    uint32_t integers[64];
    memset(integers, 0xFF, sizeof integers);
    size_t length = answer_to(request_with(PRODUCT_AS_STRING, integers, count)).length;
    return length > 1 ? length : CALC_REPLY_MAX;
}

static void req_6_11_the_worst_amplification_is_as_section_11_says(void **state)
{
    (void)state;
    for (size_t headers = 0; headers <= 48; headers += 48) {
        size_t worst_reply = 0, worst_request = 1;
        for (size_t count = 1; count <= 64; count++) {
            size_t request = headers + 1 + 4 * count, reply = headers + longest_reply(count);
            if (reply * worst_request > worst_reply * request) {
                worst_reply = reply;
                worst_request = request;
            }
        }
        assert_int_equal(worst_reply, headers == 0 ? 185 : 300);
        assert_int_equal(worst_request, headers == 0 ? 77 : 153);
    }
}

static void nothing_beyond_the_datagram_is_read_and_nothing_beyond_the_reply_written(void **state)
{
    (void)state;
    uint8_t *guard = guard_page(), *reply_guard = guard_page();
    for (unsigned header = 0; header < 16; header++) {
        for (size_t length = 0; length <= 258; length++) {
            memset(guard - length, 1, length);
            if (length > 0)
                guard[-(ptrdiff_t)length] = (uint8_t)header;
            uint8_t *reply = reply_guard - CALC_REPLY_MAX;
            memset(reply, 0xAA, CALC_REPLY_MAX);
            size_t reply_length = 12345;
            calc_answer(guard - length, length, reply, &reply_length);
            assert_true(reply_length <= CALC_REPLY_MAX);
            for (size_t i = reply_length; i < CALC_REPLY_MAX; i++)
                assert_int_equal(reply[i], 0xAA);
        }
    }
    guard_release(reply_guard);
    guard_release(guard);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(req_4_1_all_16_variants_of_the_unused_bits_get_the_same_reply),
        cmocka_unit_test(req_5_1_to_5_4_the_published_examples),
        cmocka_unit_test(req_5_4_no_leading_zeros_are_sent),
        cmocka_unit_test(req_6_1_0_or_1_octets_get_no_reply),
        cmocka_unit_test(req_6_2_a_payload_above_256_octets_gets_an_error),
        cmocka_unit_test(req_6_2_of_a_longer_datagram_257_octets_are_enough),
        cmocka_unit_test(req_6_3_a_payload_that_is_not_whole_gets_an_error),
        cmocka_unit_test(req_6_4_opcodes_2_to_7_get_an_error),
        cmocka_unit_test(req_6_7_and_6_8_a_result_above_the_form_gets_an_error),
        cmocka_unit_test(req_6_11_a_reply_is_at_most_257_octets_and_1_plus_9_64_n),
        cmocka_unit_test(req_6_11_the_bound_is_met_by_one_integer_of_32_bits),
        cmocka_unit_test(req_6_11_the_worst_amplification_is_as_section_11_says),
        cmocka_unit_test(nothing_beyond_the_datagram_is_read_and_nothing_beyond_the_reply_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
