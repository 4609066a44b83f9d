/* Replies: what a server sends and what a client takes one for (PROTOCOL.md, sections 5 and 8), and
 * the words for the result codes. */
#include "tests/support/test.h"

static enum calc_code decode(struct datagram d, enum calc_format format, struct calc_reply *reply)
{
    return calc_reply_decode(d.octets, d.length, format, reply);
}

static void assert_refused(const uint8_t *octets, size_t length, enum calc_format format,
                           enum calc_code why)
{
    struct calc_reply reply, before;
    memset(&before, 0x5A, sizeof before);
    memset(&reply, 0x5A, sizeof reply);
    assert_int_equal(calc_reply_decode(octets, length, format, &reply), why);
    assert_memory_equal(&reply, &before, sizeof reply);
}

static struct datagram encoded(const struct calc_reply *reply)
{
    struct datagram d = {0};
    assert_int_equal(calc_reply_encode(reply, d.octets, sizeof d.octets, &d.length), CALC_OK);
    return d;
}

static struct calc_reply digits_reply(size_t count, char digit)
{
    struct calc_reply reply = {.success = true, .format = CALC_AS_STRING, .digit_count = count};
    memset(reply.digits, digit, sizeof reply.digits);
    return reply;
}

static struct datagram digits_datagram(const char *digits, size_t count)
{
    struct datagram d = {.length = 1 + count, .octets = {0x80}};
    memcpy(d.octets + 1, digits, count);
    return d;
}

static void assert_reads_as(const char *sent, const char *meant)
{
    struct calc_reply reply;
    struct datagram d = digits_datagram(sent, strlen(sent));
    assert_int_equal(decode(d, CALC_AS_STRING, &reply), CALC_OK);
    assert_int_equal(reply.digit_count, strlen(meant));
    assert_memory_equal(reply.digits, meant, strlen(meant));
}

static void req_5_1_s_is_the_highest_bit(void **state)
{
    (void)state;
    struct calc_reply reply;
    assert_int_equal(decode(hex("80 00000009"), CALC_AS_INTEGER, &reply), CALC_OK);
    assert_true(reply.success);
    assert_int_equal(decode(hex("7F 00000009"), CALC_AS_INTEGER, &reply), CALC_REPLY_ERROR);
    assert_int_equal(encoded(&(struct calc_reply){.success = true}).octets[0], 0x80);
}

static void req_5_2_all_128_variants_of_the_unused_bits_are_the_same_reply(void **state)
{
    (void)state;
    for (unsigned unused = 0; unused < 128; unused++) {
        struct calc_reply reply;
        struct datagram d = hex("80 31323334");
        d.octets[0] = (uint8_t)(0x80 | unused);
        assert_int_equal(decode(d, CALC_AS_INTEGER, &reply), CALC_OK);
        assert_int_equal(reply.number, 0x31323334);
        assert_int_equal(decode(d, CALC_AS_STRING, &reply), CALC_OK);
        assert_int_equal(reply.digit_count, 4);
        assert_memory_equal(reply.digits, "1234", 4);
        d.octets[0] = (uint8_t)unused;
        assert_refused(d.octets, d.length, CALC_AS_INTEGER, CALC_REPLY_ERROR);
        assert_refused(d.octets, d.length, CALC_AS_STRING, CALC_REPLY_ERROR);
    }
}

static void req_5_2_unused_bits_are_sent_as_zero(void **state)
{
    (void)state;
    struct calc_reply number = {.success = true, .number = UINT32_MAX};
    struct calc_reply digits = digits_reply(256, '9');
    assert_int_equal(encoded(&number).octets[0] & 0x7F, 0);
    assert_int_equal(encoded(&digits).octets[0] & 0x7F, 0);
    assert_int_equal(encoded(&(struct calc_reply){0}).octets[0] & 0x7F, 0);
}

static void req_5_3_a_number_is_exactly_one_integer_big_endian(void **state)
{
    (void)state;
    struct calc_reply reply = {.success = true, .number = 0x01020304};
    assert_same_datagram(encoded(&reply), hex("80 01020304"));
    assert_int_equal(decode(hex("80 FFFEFDFC"), CALC_AS_INTEGER, &reply), CALC_OK);
    assert_int_equal(reply.format, CALC_AS_INTEGER);
    assert_int_equal(reply.number, 0xFFFEFDFC);
}

static void req_5_4_1_to_256_digits_are_sent_without_nul_and_read(void **state)
{
    (void)state;
    for (size_t count = 1; count <= 256; count++) {
        struct calc_reply sent = digits_reply(count, '7'), read;
        struct datagram d = encoded(&sent);
        assert_same_datagram(d, digits_datagram(sent.digits, count));
        assert_int_equal(decode(d, CALC_AS_STRING, &read), CALC_OK);
        assert_true(read.success);
        assert_int_equal(read.format, CALC_AS_STRING);
        assert_int_equal(read.digit_count, count);
        assert_memory_equal(read.digits, sent.digits, count);
    }
}

static void req_5_4_what_is_not_1_to_256_digits_is_not_sent(void **state)
{
    (void)state;
    uint8_t octets[DATAGRAM_ROOM];
    size_t length = 12345;
    const size_t counts[] = {0, 257, SIZE_MAX};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct calc_reply reply = digits_reply(counts[i], '1');
        assert_int_equal(calc_reply_encode(&reply, octets, sizeof octets, &length),
                         CALC_REPLY_LENGTH);
    }
    const char others[] = {'/', ':', 'a', ' ', '-', '\0', (char)0x80, (char)0xFF};
    for (size_t i = 0; i < sizeof others; i++) {
        struct calc_reply reply = digits_reply(256, '1');
        reply.digits[255] = others[i];
        assert_int_equal(calc_reply_encode(&reply, octets, sizeof octets, &length),
                         CALC_REPLY_NOT_DIGITS);
    }
    assert_int_equal(length, 12345);
}

static void req_5_5_an_error_is_the_octet_00(void **state)
{
    (void)state;
    struct calc_reply reply = digits_reply(3, '1');
    reply.success = false;
    reply.number = 7;
    assert_same_datagram(encoded(&reply), hex("00"));
}

static void req_5_6_the_payload_of_an_error_means_nothing(void **state)
{
    (void)state;
    uint8_t *guard = guard_page();
    for (size_t length = 1; length <= 300; length++) {
        memset(guard - length, '5', length);
        guard[-(ptrdiff_t)length] = 0x00;
        assert_refused(guard - length, length, CALC_AS_INTEGER, CALC_REPLY_ERROR);
        assert_refused(guard - length, length, CALC_AS_STRING, CALC_REPLY_ERROR);
    }
    guard_release(guard);
}

static void req_5_a_reply_is_written_where_it_fits_and_nowhere_else(void **state)
{
    (void)state;
    uint8_t *guard = guard_page();
    for (size_t count = 0; count <= 257; count++) {
        struct calc_reply reply = digits_reply(count, '4');
        if (count == 0)
            reply.success = false;
        if (count == 257)
            reply.format = CALC_AS_INTEGER;
        size_t needed = count == 257 ? 5 : 1 + count, length = 12345;
        for (size_t room = 0; room < needed; room++) {
            assert_int_equal(calc_reply_encode(&reply, guard - room, room, &length), CALC_NO_ROOM);
            assert_int_equal(length, 12345);
        }
        assert_int_equal(calc_reply_encode(&reply, guard - needed, needed, &length), CALC_OK);
        assert_int_equal(length, needed);
    }
    guard_release(guard);
}

static void req_8_6_an_empty_reply_is_not_valid(void **state)
{
    (void)state;
    uint8_t *guard = guard_page();
    assert_refused(guard, 0, CALC_AS_INTEGER, CALC_REPLY_EMPTY);
    assert_refused(guard, 0, CALC_AS_STRING, CALC_REPLY_EMPTY);
    guard_release(guard);
}

static void req_8_6_a_number_of_other_than_4_octets_is_not_valid(void **state)
{
    (void)state;
    uint8_t *guard = guard_page();
    for (size_t payload = 0; payload <= 257; payload++) {
        uint8_t *start = guard - 1 - payload;
        memset(start, '1', 1 + payload);
        start[0] = 0x80;
        if (payload != 4)
            assert_refused(start, 1 + payload, CALC_AS_INTEGER, CALC_REPLY_LENGTH);
    }
    guard_release(guard);
}

static void req_8_6_0_or_more_than_256_digits_are_not_valid(void **state)
{
    (void)state;
    uint8_t *guard = guard_page();
    guard[-1] = 0x80;
    assert_refused(guard - 1, 1, CALC_AS_STRING, CALC_REPLY_LENGTH);
    memset(guard - 257, '0', 257);
    guard[-257] = 0x80;
    for (size_t length = 258; length <= 65535; length++) {
        assert_refused(guard - 257, length, CALC_AS_STRING, CALC_REPLY_LENGTH);
        assert_refused(guard - 257, length, CALC_AS_INTEGER, CALC_REPLY_LENGTH);
    }
    guard_release(guard);
}

static void req_8_6_other_octets_than_digits_are_not_valid_at_any_place(void **state)
{
    (void)state;
    uint8_t *guard = guard_page();
    const size_t payloads[] = {1, 2, 3, 4, 255, 256};
    for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++) {
        uint8_t *digits = guard - payloads[i];
        const size_t places[] = {0, payloads[i] / 2, payloads[i] - 1};
        for (unsigned value = 0; value < 256; value++) {
            for (size_t k = 0; k < 3; k++) {
                memset(digits, '1', payloads[i]);
                digits[-1] = 0x80;
                digits[places[k]] = (uint8_t)value;
                struct calc_reply reply;
                if (value < '0' || value > '9')
                    assert_refused(digits - 1, 1 + payloads[i], CALC_AS_STRING,
                                   CALC_REPLY_NOT_DIGITS);
                else
                    assert_int_equal(
                        calc_reply_decode(digits - 1, 1 + payloads[i], CALC_AS_STRING, &reply),
                        CALC_OK);
            }
        }
    }
    guard_release(guard);
}

static void req_8_6_a_nul_at_the_end_is_not_valid(void **state)
{
    (void)state;
    struct datagram d = hex("80 32 34 00");
    assert_refused(d.octets, d.length, CALC_AS_STRING, CALC_REPLY_NOT_DIGITS);
}

static void req_8_6_no_reply_is_read_beyond_its_end(void **state)
{
    (void)state;
    uint8_t *guard = guard_page();
    for (size_t length = 0; length <= 258; length++) {
        memset(guard - length, '0', length);
        if (length > 0)
            guard[-(ptrdiff_t)length] = 0x80;
        struct calc_reply reply;
        bool digits_fit = length >= 2 && length <= 257;
        assert_int_equal(calc_reply_decode(guard - length, length, CALC_AS_STRING, &reply) ==
                             CALC_OK,
                         digits_fit);
        assert_int_equal(calc_reply_decode(guard - length, length, CALC_AS_INTEGER, &reply) ==
                             CALC_OK,
                         length == 5);
    }
    guard_release(guard);
}

static void req_8_7_leading_zeros_are_accepted_and_dropped(void **state)
{
    (void)state;
    assert_reads_as("024", "24");
    assert_reads_as("00000100", "100");
    assert_reads_as("0", "0");
    assert_reads_as("000", "0");
    char sent[257] = {0};
    memset(sent, '0', 256);
    assert_reads_as(sent, "0");
    sent[255] = '5';
    assert_reads_as(sent, "5");
    sent[0] = '9';
    assert_reads_as(sent, sent);
}

static void every_code_has_words_of_its_own(void **state)
{
    (void)state;
    for (unsigned code = 0; code < CALC_CODE_COUNT; code++) {
        const char *text = calc_code_text((enum calc_code)code);
        assert_non_null(text);
        assert_in_range(strlen(text), 1, 100);
        assert_int_not_equal(text[strlen(text) - 1], '.');
        for (unsigned other = 0; other < code; other++)
            assert_string_not_equal(text, calc_code_text((enum calc_code)other));
    }
    assert_string_equal(calc_code_text(CALC_OK), "success");
    assert_non_null(strstr(calc_code_text(CALC_NOT_WHOLE), "(REQ-6.3)"));
}

static void a_code_that_does_not_exist_has_words_too(void **state)
{
    (void)state;
    const char *text = "a code that does not exist";
    assert_string_equal(calc_code_text(CALC_CODE_COUNT), text);
    assert_string_equal(calc_code_text((enum calc_code)1000), text);
    assert_string_equal(calc_code_text((enum calc_code) - 1), text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(req_5_1_s_is_the_highest_bit),
        cmocka_unit_test(req_5_2_all_128_variants_of_the_unused_bits_are_the_same_reply),
        cmocka_unit_test(req_5_2_unused_bits_are_sent_as_zero),
        cmocka_unit_test(req_5_3_a_number_is_exactly_one_integer_big_endian),
        cmocka_unit_test(req_5_4_1_to_256_digits_are_sent_without_nul_and_read),
        cmocka_unit_test(req_5_4_what_is_not_1_to_256_digits_is_not_sent),
        cmocka_unit_test(req_5_5_an_error_is_the_octet_00),
        cmocka_unit_test(req_5_6_the_payload_of_an_error_means_nothing),
        cmocka_unit_test(req_5_a_reply_is_written_where_it_fits_and_nowhere_else),
        cmocka_unit_test(req_8_6_an_empty_reply_is_not_valid),
        cmocka_unit_test(req_8_6_a_number_of_other_than_4_octets_is_not_valid),
        cmocka_unit_test(req_8_6_0_or_more_than_256_digits_are_not_valid),
        cmocka_unit_test(req_8_6_other_octets_than_digits_are_not_valid_at_any_place),
        cmocka_unit_test(req_8_6_a_nul_at_the_end_is_not_valid),
        cmocka_unit_test(req_8_6_no_reply_is_read_beyond_its_end),
        cmocka_unit_test(req_8_7_leading_zeros_are_accepted_and_dropped),
        cmocka_unit_test(every_code_has_words_of_its_own),
        cmocka_unit_test(a_code_that_does_not_exist_has_words_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
