/* Datagrams as one line of text for people: the exact texts, also of what is malformed, cut or too long. */
#include "tests/support/test.h"

#include "proto/show.h"

static void assert_request_text(struct datagram d, const char *expected)
{
    char text[CALC_SHOW_ROOM];
    assert_int_equal(calc_show_request(d.octets, d.length, text, sizeof text), strlen(expected));
    assert_string_equal(text, expected);
}

static void assert_reply_text(struct datagram d, enum calc_format format, const char *expected)
{
    char text[CALC_SHOW_ROOM];
    assert_int_equal(calc_show_reply(d.octets, d.length, format, text, sizeof text),
                     strlen(expected));
    assert_string_equal(text, expected);
}

static void a_request_reads_as_a_call(void **state)
{
    (void)state;
    assert_request_text(hex("00 00000001 00000003 00000005"), "sum(1, 3, 5) as integer");
    assert_request_text(hex("F1 00000000"), "sum(0) as string");
    assert_request_text(hex("02 FFFFFFFF 0000000A"), "product(4294967295, 10) as integer");
    assert_request_text(hex("03 00000004 00000002"), "product(4, 2) as string");
}

static void a_malformed_request_reads_as_what_is_wrong_with_it(void **state)
{
    (void)state;
    assert_request_text(hex(""), "malformed: no integers, so no request (REQ-6.1)");
    assert_request_text(hex("00"), "malformed: no integers, so no request (REQ-6.1)");
    assert_request_text((struct datagram){.length = 300},
                        "malformed: more than 256 octets of payload, or 64 integers (REQ-6.2)");
    assert_request_text(
        hex("00 0000"),
        "malformed: the payload is not a whole number of 32-bit integers (REQ-6.3)");
    assert_request_text(hex("04 00000001"),
                        "malformed: the opcode is neither 0 (sum) nor 1 (product) (REQ-6.4)");
}

static void a_reply_reads_as_its_result(void **state)
{
    (void)state;
    assert_reply_text(hex("80 00000009"), CALC_AS_INTEGER, "success, 9");
    assert_reply_text(hex("80 FFFFFFFF"), CALC_AS_INTEGER, "success, 4294967295");
    assert_reply_text(hex("8E 00000000"), CALC_AS_INTEGER, "success, 0");
    assert_reply_text(hex("80 3234"), CALC_AS_STRING, "success, \"24\"");
    assert_reply_text(hex("80 303234"), CALC_AS_STRING, "success, \"24\"");
}

static void a_reply_without_a_result_reads_as_the_reason(void **state)
{
    (void)state;
    assert_reply_text(hex("00"), CALC_AS_INTEGER, "error");
    assert_reply_text(hex("7F 3234"), CALC_AS_STRING, "error");
    assert_reply_text(hex(""), CALC_AS_INTEGER, "not valid: the reply has 0 octets (REQ-5.1)");
    assert_reply_text(hex("80 3234"), CALC_AS_INTEGER,
                      "not valid: the reply's length is not that of the form asked for (REQ-5.3, "
                      "REQ-5.4)");
    assert_reply_text(hex("80 0A"), CALC_AS_STRING,
                      "not valid: the reply holds other octets than ASCII digits (REQ-5.4)");
}

static void every_text_fits_the_room_that_is_named_for_it(void **state)
{
    (void)state;
    char text[CALC_SHOW_ROOM];
    struct datagram d = {.length = 257, .octets = {PRODUCT_AS_INTEGER}};
    memset(d.octets + 1, 0xFF, 256);
    assert_int_equal(calc_show_request(d.octets, d.length, text, sizeof text),
                     strlen("product() as integer") + 64 * 10 + 63 * 2);
    memset(d.octets, '9', 257);
    d.octets[0] = 0x80;
    assert_int_equal(calc_show_reply(d.octets, d.length, CALC_AS_STRING, text, sizeof text),
                     strlen("success, \"\"") + 256);
}

static void a_text_for_people_is_one_line(void **state)
{
    (void)state;
    char text[] = "a\nb\r\t\033[31m\177 \303\244~\302\233\302\240\302";
    calc_one_line(text);
    assert_string_equal(text, "a?b???[31m? \303\244~??\302\240\302");
}

enum kind { REQUEST, REPLY, KINDS };

static size_t show(enum kind kind, struct datagram d, char *text, size_t room)
{
    if (kind == REQUEST)
        return calc_show_request(d.octets, d.length, text, room);
    return calc_show_reply(d.octets, d.length, CALC_AS_STRING, text, room);
}

static void a_text_is_cut_where_the_room_ends_and_ends_with_nul(void **state)
{
    (void)state;
    uint8_t *guard = guard_page();
    struct datagram d = hex("80 32343536 37383930");
    for (enum kind kind = REQUEST; kind < KINDS; kind++) {
        char full[CALC_SHOW_ROOM];
        size_t length = show(kind, d, full, sizeof full);
        for (size_t room = 1; room <= length + 2; room++) {
            char *text = (char *)guard - room;
            size_t shown = show(kind, d, text, room);
            assert_true(shown < room);
            assert_int_equal(shown, strlen(text));
            assert_memory_equal(text, full, shown);
            if (room > length)
                assert_int_equal(shown, length);
        }
    }
    guard_release(guard);
}

static void no_datagram_is_read_beyond_its_end(void **state)
{
    (void)state;
    uint8_t *guard = guard_page();
    char text[CALC_SHOW_ROOM];
    for (size_t length = 0; length <= 258; length++) {
        uint8_t *start = guard - length;
        memset(start, '1', length);
        if (length > 0)
            start[0] = 0x80;
        calc_show_request(start, length, text, sizeof text);
        calc_show_reply(start, length, CALC_AS_STRING, text, sizeof text);
        calc_show_reply(start, length, CALC_AS_INTEGER, text, sizeof text);
        assert_int_equal(calc_format_asked(start, length), CALC_AS_INTEGER);
    }
    guard_release(guard);
}

static void req_4_4_the_form_asked_for_shows_in_any_datagram(void **state)
{
    (void)state;
    assert_int_equal(calc_format_asked(NULL, 0), CALC_AS_INTEGER);
    for (unsigned header = 0; header < 256; header++) {
        uint8_t octet = (uint8_t)header;
        assert_int_equal(calc_format_asked(&octet, 1),
                         header % 2 == 1 ? CALC_AS_STRING : CALC_AS_INTEGER);
    }
}

static void lines_that_fit_are_whole(void **state)
{
    (void)state;
    static const char text[] = "one\ntwo\nlong";
    const size_t expected[] = {0, 1, 2, 3, 4, 4, 4, 4, 8, 8, 8, 8, 12, 12};
    for (size_t room = 0; room < sizeof expected / sizeof expected[0]; room++)
        assert_int_equal(calc_whole_lines(text, sizeof text - 1, room), expected[room]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_reads_as_a_call),
        cmocka_unit_test(a_malformed_request_reads_as_what_is_wrong_with_it),
        cmocka_unit_test(a_reply_reads_as_its_result),
        cmocka_unit_test(a_reply_without_a_result_reads_as_the_reason),
        cmocka_unit_test(every_text_fits_the_room_that_is_named_for_it),
        cmocka_unit_test(a_text_for_people_is_one_line),
        cmocka_unit_test(a_text_is_cut_where_the_room_ends_and_ends_with_nul),
        cmocka_unit_test(no_datagram_is_read_beyond_its_end),
        cmocka_unit_test(req_4_4_the_form_asked_for_shows_in_any_datagram),
        cmocka_unit_test(lines_that_fit_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
