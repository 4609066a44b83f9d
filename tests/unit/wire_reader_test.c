/* The cursors under the codec (proto/wire.h, proto/utf8.h), at the end of what they are given and one beyond. */
#include "tests/support/test.h"

#include "proto/utf8.h"
#include "proto/wire.h"

static const uint8_t octets[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};

static struct wire_reader reader(size_t length)
{
    return (struct wire_reader){.p = octets, .end = octets + length};
}

static void a_read_beyond_the_end_is_zero_and_sticks(void **state)
{
    (void)state;
    struct wire_reader r = reader(0);
    assert_int_equal(wire_read_u8(&r), 0);
    assert_true(r.failed);
    r = reader(3);
    assert_int_equal(wire_read_u32(&r), 0);
    assert_true(r.failed);
    assert_int_equal(wire_read_u8(&r), 0);
    r = reader(5);
    assert_int_equal(wire_read_u8(&r), 1);
    assert_int_equal(wire_read_u32(&r), 0x02030405);
    assert_false(r.failed);
}

static void integers_are_read_all_or_none(void **state)
{
    (void)state;
    uint32_t values[] = {77, 77};
    struct wire_reader r = reader(7);
    wire_read_u32s(&r, values, 2);
    assert_true(r.failed);
    assert_int_equal(values[0], 77);
    assert_int_equal(values[1], 77);
    r = reader(8);
    wire_read_u32s(&r, values, 2);
    assert_false(r.failed);
    assert_int_equal(values[0], 0x01020304);
    assert_int_equal(values[1], 0x05060708);
}

static size_t character(const char *text, size_t length)
{
    const uint8_t *p = (const uint8_t *)text;
    return utf8_length(p, p + length);
}

/* RFC 3629, section 4. */
static void a_character_is_well_formed_or_none(void **state)
{
    (void)state;
    assert_int_equal(character("", 0), 0);
    assert_int_equal(character("\x7F", 1), 1);
    assert_int_equal(character("\x80", 1), 0);
    assert_int_equal(character("\xC1\xBF", 2), 0);
    assert_int_equal(character("\xC2\x80", 2), 2);
    assert_int_equal(character("\xC2\x80", 1), 0);
    assert_int_equal(character("\xDF\xC0", 2), 0);
    assert_int_equal(character("\xE0\x9F\xBF", 3), 0);
    assert_int_equal(character("\xE0\xA0\x80", 3), 3);
    assert_int_equal(character("\xED\x9F\xBF", 3), 3);
    assert_int_equal(character("\xED\xA0\x80", 3), 0);
    assert_int_equal(character("\xF0\x8F\xBF\xBF", 4), 0);
    assert_int_equal(character("\xF0\x90\x80\x80", 4), 4);
    assert_int_equal(character("\xF4\x8F\xBF\xBF", 4), 4);
    assert_int_equal(character("\xF4\x90\x80\x80", 4), 0);
    assert_int_equal(character("\xF5\x80\x80\x80", 4), 0);
}

static void a_character_has_a_number(void **state)
{
    (void)state;
    assert_int_equal(utf8_code((const uint8_t *)"\x7F", 1), 0x7F);
    assert_int_equal(utf8_code((const uint8_t *)"\xC2\x80", 2), 0x80);
    assert_int_equal(utf8_code((const uint8_t *)"\xEF\xBF\xBF", 3), 0xFFFF);
    assert_int_equal(utf8_code((const uint8_t *)"\xF4\x8F\xBF\xBF", 4), 0x10FFFF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_read_beyond_the_end_is_zero_and_sticks),
        cmocka_unit_test(integers_are_read_all_or_none),
        cmocka_unit_test(a_character_is_well_formed_or_none),
        cmocka_unit_test(a_character_has_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
