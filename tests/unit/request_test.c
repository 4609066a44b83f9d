/* Requests: what an encoder sends and what a server takes one for (PROTOCOL.md, sections 4 and 6). */
#include "tests/support/test.h"

static enum calc_code decode(struct datagram d, struct calc_request *request)
{
    return calc_request_decode(d.octets, d.length, request);
}

static struct datagram encoded(const struct calc_request *request)
{
    struct datagram d = {0};
    assert_int_equal(calc_request_encode(request, d.octets, sizeof d.octets, &d.length), CALC_OK);
    return d;
}

static void assert_refused(const uint8_t *octets, size_t length, enum calc_code why)
{
    struct calc_request request, before;
    memset(&before, 0x5A, sizeof before);
    memset(&request, 0x5A, sizeof request);
    assert_int_equal(calc_request_decode(octets, length, &request), why);
    assert_memory_equal(&request, &before, sizeof request);
}

static void assert_not_encoded(const struct calc_request *request, enum calc_code why)
{
    uint8_t octets[DATAGRAM_ROOM];
    size_t length = 12345;
    assert_int_equal(calc_request_encode(request, octets, sizeof octets, &length), why);
    assert_int_equal(length, 12345);
}

static void req_3_3_integers_are_sent_and_read_big_endian(void **state)
{
    (void)state;
    struct calc_request request = {
        .count = 2, .integers = {0x01020304, 0xFFFEFDFC}
    };
    assert_same_datagram(encoded(&request), hex("00 01020304 FFFEFDFC"));
    struct calc_request read;
    assert_int_equal(decode(hex("00 01020304 FFFEFDFC"), &read), CALC_OK);
    assert_int_equal(read.count, 2);
    assert_int_equal(read.integers[0], 0x01020304);
    assert_int_equal(read.integers[1], 0xFFFEFDFC);
}

static void req_4_1_all_16_variants_of_the_unused_bits_are_the_same_request(void **state)
{
    (void)state;
    for (unsigned meant = SUM_AS_INTEGER; meant <= PRODUCT_AS_STRING; meant++) {
        for (unsigned unused = 0; unused < 16; unused++) {
            struct datagram d = request_with(unused << 4 | meant, (uint32_t[]){6, 7}, 2);
            struct calc_request request;
            assert_int_equal(decode(d, &request), CALC_OK);
            assert_int_equal(request.opcode, meant >> 1);
            assert_int_equal(request.format, meant & 1);
            assert_int_equal(request.count, 2);
            assert_int_equal(request.integers[0], 6);
            assert_int_equal(request.integers[1], 7);
        }
    }
}

static void req_4_2_unused_bits_are_sent_as_zero(void **state)
{
    (void)state;
    for (unsigned header = SUM_AS_INTEGER; header <= PRODUCT_AS_STRING; header++) {
        struct calc_request request = {.opcode = (enum calc_opcode)(header >> 1),
                                       .format = (enum calc_format)(header & 1),
                                       .count = 1,
                                       .integers = {UINT32_MAX}};
        assert_int_equal(encoded(&request).octets[0] >> 4, 0);
    }
}

static void req_4_3_the_opcode_is_bits_4_to_6_with_sum_0_and_product_1(void **state)
{
    (void)state;
    struct calc_request request = {.opcode = CALC_SUM, .count = 1};
    assert_same_datagram(encoded(&request), hex("00 00000000"));
    request.opcode = CALC_PRODUCT;
    assert_same_datagram(encoded(&request), hex("02 00000000"));
    assert_int_equal(decode(hex("00 00000001"), &request), CALC_OK);
    assert_int_equal(request.opcode, CALC_SUM);
    assert_int_equal(decode(hex("02 00000001"), &request), CALC_OK);
    assert_int_equal(request.opcode, CALC_PRODUCT);
}

static void req_4_3_other_opcodes_are_not_sent(void **state)
{
    (void)state;
    for (unsigned opcode = 2; opcode <= 8; opcode++) {
        struct calc_request request = {.opcode = (enum calc_opcode)opcode, .count = 1};
        assert_not_encoded(&request, CALC_UNKNOWN_OPCODE);
    }
}

static void req_4_4_f_is_the_lowest_bit(void **state)
{
    (void)state;
    struct calc_request request = {.format = CALC_AS_STRING, .count = 1};
    assert_same_datagram(encoded(&request), hex("01 00000000"));
    assert_int_equal(decode(hex("03 00000001"), &request), CALC_OK);
    assert_int_equal(request.format, CALC_AS_STRING);
    assert_int_equal(decode(hex("02 00000001"), &request), CALC_OK);
    assert_int_equal(request.format, CALC_AS_INTEGER);
}

static void req_4_5_every_count_from_1_to_64_makes_the_round(void **state)
{
    (void)state;
    uint64_t seed = 45;
    for (size_t count = 1; count <= 64; count++) {
        struct calc_request sent = {.opcode = CALC_PRODUCT, .count = count}, read;
        for (size_t i = 0; i < count; i++)
            sent.integers[i] = random_u32(&seed);
        struct datagram d = encoded(&sent);
        assert_same_datagram(d, request_with(PRODUCT_AS_INTEGER, sent.integers, count));
        assert_int_equal(decode(d, &read), CALC_OK);
        assert_int_equal(read.count, count);
        assert_memory_equal(read.integers, sent.integers, count * sizeof sent.integers[0]);
    }
}

static void req_4_5_0_and_65_integers_are_not_sent(void **state)
{
    (void)state;
    assert_not_encoded(&(struct calc_request){.count = 0}, CALC_NO_INTEGERS);
    assert_not_encoded(&(struct calc_request){.count = 65}, CALC_TOO_LONG);
    assert_not_encoded(&(struct calc_request){.count = SIZE_MAX}, CALC_TOO_LONG);
}

static void req_4_5_a_request_is_written_where_it_fits_and_nowhere_else(void **state)
{
    (void)state;
    uint8_t *guard = guard_page();
    for (size_t count = 1; count <= 64; count++) {
        struct calc_request request = {.count = count};
        size_t needed = 1 + 4 * count, length = 12345;
        for (size_t room = 0; room < needed; room++) {
            assert_int_equal(calc_request_encode(&request, guard - room, room, &length),
                             CALC_NO_ROOM);
            assert_int_equal(length, 12345);
        }
        assert_int_equal(calc_request_encode(&request, guard - needed, needed, &length), CALC_OK);
        assert_int_equal(length, needed);
    }
    guard_release(guard);
}

static void req_6_1_0_or_1_octets_are_no_request(void **state)
{
    (void)state;
    uint8_t *guard = guard_page();
    assert_refused(guard, 0, CALC_NO_INTEGERS);
    for (unsigned header = 0; header < 256; header++) {
        guard[-1] = (uint8_t)header;
        assert_refused(guard - 1, 1, CALC_NO_INTEGERS);
    }
    guard_release(guard);
}

static void req_6_2_257_octets_are_the_longest_request(void **state)
{
    (void)state;
    uint8_t *guard = guard_page();
    memset(guard - 257, 0, 257);
    struct calc_request request;
    assert_int_equal(calc_request_decode(guard - 257, 257, &request), CALC_OK);
    assert_int_equal(request.count, 64);
    guard_release(guard);
}

static void req_6_2_longer_ones_are_refused_and_257_octets_of_them_read_at_most(void **state)
{
    (void)state;
    uint8_t *guard = guard_page();
    memset(guard - 257, 0, 257);
    for (size_t length = 258; length <= 65535; length++)
        assert_refused(guard - 257, length, CALC_TOO_LONG);
    guard_release(guard);
}

static void req_6_3_a_payload_that_is_not_whole_is_refused(void **state)
{
    (void)state;
    uint8_t *guard = guard_page();
    memset(guard - 257, 0, 257);
    for (size_t length = 2; length <= 257; length++) {
        struct calc_request request;
        if (length % 4 == 1)
            assert_int_equal(calc_request_decode(guard - length, length, &request), CALC_OK);
        else
            assert_refused(guard - length, length, CALC_NOT_WHOLE);
    }
    guard_release(guard);
}

static void req_6_4_opcodes_2_to_7_are_refused_whatever_the_other_bits(void **state)
{
    (void)state;
    for (unsigned header = 0; header < 256; header++) {
        struct datagram d = request_with(header, (uint32_t[]){1}, 1);
        if ((header >> 1 & 7) >= 2)
            assert_refused(d.octets, d.length, CALC_UNKNOWN_OPCODE);
    }
}

static void req_6_1_to_6_4_are_found_in_this_order(void **state)
{
    (void)state;
    struct datagram d = hex("0F");
    assert_refused(d.octets, 1, CALC_NO_INTEGERS);
    assert_refused(d.octets, 259, CALC_TOO_LONG);
    assert_refused(d.octets, 3, CALC_NOT_WHOLE);
    assert_refused(d.octets, 5, CALC_UNKNOWN_OPCODE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(req_3_3_integers_are_sent_and_read_big_endian),
        cmocka_unit_test(req_4_1_all_16_variants_of_the_unused_bits_are_the_same_request),
        cmocka_unit_test(req_4_2_unused_bits_are_sent_as_zero),
        cmocka_unit_test(req_4_3_the_opcode_is_bits_4_to_6_with_sum_0_and_product_1),
        cmocka_unit_test(req_4_3_other_opcodes_are_not_sent),
        cmocka_unit_test(req_4_4_f_is_the_lowest_bit),
        cmocka_unit_test(req_4_5_every_count_from_1_to_64_makes_the_round),
        cmocka_unit_test(req_4_5_0_and_65_integers_are_not_sent),
        cmocka_unit_test(req_4_5_a_request_is_written_where_it_fits_and_nowhere_else),
        cmocka_unit_test(req_6_1_0_or_1_octets_are_no_request),
        cmocka_unit_test(req_6_2_257_octets_are_the_longest_request),
        cmocka_unit_test(req_6_2_longer_ones_are_refused_and_257_octets_of_them_read_at_most),
        cmocka_unit_test(req_6_3_a_payload_that_is_not_whole_is_refused),
        cmocka_unit_test(req_6_4_opcodes_2_to_7_are_refused_whatever_the_other_bits),
        cmocka_unit_test(req_6_1_to_6_4_are_found_in_this_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
