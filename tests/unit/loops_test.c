/* No reply starts an endless exchange between servers (PROTOCOL.md, REQ-7.1 and REQ-7.2).
 *
 * Why this covers every datagram, not only those tried: a server is a function of the datagram alone,
 * and its replies have four shapes only, which every test here checks: 00; 80 and 4 octets; 8E and 4
 * octets; 80 and 1 to 256 digits. So what follows the first reply depends on that reply alone:
 * - 00 has one octet and gets nothing.
 * - 8E and 4 octets is opcode 7 and gets 00.
 * - 80 and 4 octets is the sum, as an integer, of one integer: the same 5 octets again whatever the
 *   integer is, so 8E and these 4.
 * - 80 and d digits is a sum as an integer: 00, or 80 and 4 octets, or, where d is 4, the case above.
 * The longest way is digits, 80, 8E, 00: four replies. A reply equals its datagram in none of them. */
#include "tests/support/test.h"

static bool has_a_known_shape(const struct datagram *reply)
{
    if (reply->length == 1)
        return reply->octets[0] == 0x00;
    if (reply->length == 5 && (reply->octets[0] == 0x80 || reply->octets[0] == 0x8E))
        return true;
    for (size_t i = 1; i < reply->length; i++) {
        if (reply->octets[i] < '0' || reply->octets[i] > '9')
            return false;
    }
    return reply->octets[0] == 0x80 && reply->length >= 2 && reply->length <= 257;
}

/* How many replies to replies there are until one gets none. */
static unsigned chain(const uint8_t *octets, size_t length)
{
    struct datagram buffers[2];
    for (unsigned replies = 0;; replies++) {
        struct datagram *reply = &buffers[replies % 2];
        calc_answer(octets, length, reply->octets, &reply->length);
        if (reply->length == 0)
            return replies;
        assert_true(replies < 4);
        assert_true(has_a_known_shape(reply));
        assert_false(reply->length == length && memcmp(reply->octets, octets, length) == 0);
        octets = reply->octets;
        length = reply->length;
    }
}

static void req_7_1_a_reply_that_would_equal_its_request_has_8e(void **state)
{
    (void)state;
    const uint32_t some[] = {0, 1, 9, 0x30303030, 0x39393939, 0x80000000, 0x8E8E8E8E, UINT32_MAX};
    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++)
        assert_same_datagram(answer_to(request_with(0x80, &some[i], 1)),
                             request_with(0x8E, &some[i], 1));
}

static void req_7_1_it_does_so_for_every_bit_and_many_random_integers(void **state)
{
    (void)state;
    uint64_t seed = 71;
    for (unsigned i = 0; i < 200000; i++) {
        uint32_t integer = i < 32 ? 1u << i : random_u32(&seed);
        struct datagram reply = answer_to(request_with(0x80, &integer, 1));
        assert_same_datagram(reply, request_with(0x8E, &integer, 1));
    }
}

static void req_7_1_no_other_reply_has_an_unused_bit_set(void **state)
{
    (void)state;
    for (unsigned header = 0; header < 256; header++) {
        for (size_t count = 1; count <= 64; count++) {
            uint32_t integers[64] = {header};
            unsigned first = answer_to(request_with(header, integers, count)).octets[0];
            unsigned usual = (header >> 1 & 7) < 2 ? 0x80 : 0x00;
            assert_int_equal(first, header == 0x80 && count == 1 ? 0x8E : usual);
        }
    }
}

static void req_7_1_a_reply_with_8e_is_still_a_result(void **state)
{
    (void)state;
    struct datagram reply = answer_to(hex("80 00000009"));
    struct calc_reply read;
    assert_int_equal(calc_reply_decode(reply.octets, reply.length, CALC_AS_INTEGER, &read),
                     CALC_OK);
    assert_int_equal(read.number, 9);
}

static void req_7_2_the_four_shapes_end_as_the_argument_says(void **state)
{
    (void)state;
    assert_same_datagram(answer_to(hex("00")), hex(""));
    assert_same_datagram(answer_to(hex("8E 00000009")), hex("00"));
    assert_same_datagram(answer_to(hex("80 00000009")), hex("8E 00000009"));
    for (size_t count = 1; count <= 256; count++) {
        for (char digit = '0'; digit <= '9'; digit++) {
            struct datagram d = {.length = 1 + count, .octets = {0x80}};
            memset(d.octets + 1, digit, count);
            struct datagram reply = answer_to(d);
            assert_true(reply.length == 1 || reply.length == 5);
            assert_true(chain(d.octets, d.length) <= 3);
        }
    }
}

static void req_7_2_four_replies_happen(void **state)
{
    (void)state;
    struct datagram d = hex("01 000004D2");
    assert_int_equal(chain(d.octets, d.length), 3);
    d = hex("01 00BC614E");
    assert_same_datagram(answer_to(d), hex("80 3132333435363738"));
    assert_int_equal(chain(d.octets, d.length), 4);
}

enum { PAYLOADS = 12, PAYLOAD_ROOM = 300 };

static void fill_payload(uint8_t *payload, unsigned kind, uint64_t *seed)
{
    const uint8_t octets[] = {0x00, 0xFF, '0', '9', 0x80, 0x8E, 0x01};
    for (size_t i = 0; i < PAYLOAD_ROOM; i++) {
        if (kind < sizeof octets)
            payload[i] = octets[kind];
        else if (kind == 7)
            payload[i] = i % 4 == 3;
        else if (kind == 8)
            payload[i] = i == 3 ? 7 : 0;
        else if (kind == 9)
            payload[i] = i % 4 == 0 ? 0x80 : 0;
        else if (kind == 10)
            payload[i] = (uint8_t)('0' + random_u32(seed) % 10);
        else
            payload[i] = (uint8_t)random_u32(seed);
    }
}

static void req_7_2_every_chain_ends_for_every_header_and_length(void **state)
{
    (void)state;
    uint64_t seed = 72;
    for (unsigned kind = 0; kind < PAYLOADS; kind++) {
        for (unsigned header = 0; header < 256; header++) {
            uint8_t octets[1 + PAYLOAD_ROOM] = {(uint8_t)header};
            fill_payload(octets + 1, kind, &seed);
            for (size_t length = 0; length <= 300; length++)
                assert_true(chain(octets, length) <= 4);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(req_7_1_a_reply_that_would_equal_its_request_has_8e),
        cmocka_unit_test(req_7_1_it_does_so_for_every_bit_and_many_random_integers),
        cmocka_unit_test(req_7_1_no_other_reply_has_an_unused_bit_set),
        cmocka_unit_test(req_7_1_a_reply_with_8e_is_still_a_result),
        cmocka_unit_test(req_7_2_the_four_shapes_end_as_the_argument_says),
        cmocka_unit_test(req_7_2_four_replies_happen),
        cmocka_unit_test(req_7_2_every_chain_ends_for_every_header_and_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
