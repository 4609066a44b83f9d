/* Two messages side by side: where they differ first, and which rows there are. */
#include "tests/support/test.h"

#include "tests/conformance/difference.h"

static struct comparison replies(enum calc_format format, const char *expected, const char *actual)
{
    struct comparison c = {.present = true, .format = format, .received = actual != NULL};
    c.expected = hex(expected);
    if (actual != NULL)
        c.actual = hex(actual);
    c.actual_length = c.actual.length;
    return c;
}

static void assert_first(const char *expected, const char *actual, size_t first)
{
    struct comparison c = replies(CALC_AS_INTEGER, expected, actual);
    assert_true(difference_first(&c) == first);
    for (size_t i = 0; i < first && first != NO_DIFFERENCE; i++)
        assert_false(difference_at(&c, i));
    if (first != NO_DIFFERENCE)
        assert_true(difference_at(&c, first));
}

static void the_first_octet_that_differs_is_found(void **state)
{
    (void)state;
    assert_first("80 00000009", "80 00000009", NO_DIFFERENCE);
    assert_first("80 00000009", "80 09000000", 1);
    assert_first("80 00000009", "80 00000008", 4);
    assert_first("80 00000009", "00", 0);
    assert_first("80 00000009", "80", 1);
    assert_first("80 3234", "80 3234 00", 3);
    assert_first("00", "80 00000009", 0);
}

static void where_there_are_not_two_nothing_differs(void **state)
{
    (void)state;
    assert_first("80 00000009", NULL, NO_DIFFERENCE);
    assert_first("", "00", NO_DIFFERENCE);
    assert_first("80", "", 0); /* an empty datagram is one */
}

static void assert_row(const struct row *row, enum row_kind kind, size_t offset, bool differs,
                       const char *expected, const char *actual)
{
    assert_int_equal(row->kind, kind);
    assert_int_equal(row->offset, offset);
    assert_int_equal(row->differs, differs);
    assert_string_equal(row->cells[EXPECTED].words, expected);
    assert_string_equal(row->cells[ACTUAL].words, actual);
}

static void the_bits_of_a_reply_are_decoded(void **state)
{
    (void)state;
    struct comparison c = replies(CALC_AS_INTEGER, "80 00000009", "01 00000009");
    struct row rows[ROWS_MAX];
    assert_int_equal(difference_rows(&c, rows), 4);
    assert_row(&rows[0], ROW_HEADER, 0, true, "1 0000000", "0 0000001");
    assert_row(&rows[1], ROW_FIELD, 0, true, "S 1 (success)", "S 0 (error)");
    assert_row(&rows[2], ROW_FIELD, 0, true, "Unused 0", "Unused 1");
    assert_row(&rows[3], ROW_OCTETS, 1, false, "         9  ....", "         9  ....");
}

static void the_bits_of_a_request_are_decoded(void **state)
{
    (void)state;
    struct comparison c = replies(CALC_AS_INTEGER, "03 00000009", "FA 00000009 3132");
    struct row rows[ROWS_MAX];
    c.of_requests = true;
    assert_int_equal(difference_rows(&c, rows), 6);
    assert_row(&rows[0], ROW_HEADER, 0, true, "0000 001 1", "1111 101 0");
    assert_row(&rows[1], ROW_FIELD, 0, true, "Unused 0", "Unused 15");
    assert_row(&rows[2], ROW_FIELD, 0, true, "Opcode 1 (product)", "Opcode 5 (not defined)");
    assert_row(&rows[3], ROW_FIELD, 0, true, "F 1 (as a string)", "F 0 (as an integer)");
    assert_row(&rows[4], ROW_OCTETS, 1, false, "         9  ....", "         9  ....");
    assert_row(&rows[5], ROW_OCTETS, 5, true, "", "            12");
    assert_int_equal(rows[5].cells[EXPECTED].count, 0);
    assert_int_equal(rows[5].cells[ACTUAL].count, 2);
}

static void digits_stand_eight_in_a_row(void **state)
{
    (void)state;
    struct comparison c =
        replies(CALC_AS_STRING, "80 31323334 35363738 39", "80 31323334 35363738 3900");
    struct row rows[ROWS_MAX];
    assert_int_equal(difference_rows(&c, rows), 5);
    assert_row(&rows[3], ROW_OCTETS, 1, false, "12345678", "12345678");
    assert_row(&rows[4], ROW_OCTETS, 9, true, "9", "9.");
}

/* Whatever the lengths and the first difference, every octet is in a row or counted as folded. */
static void no_octet_is_lost_and_rows_are_bounded(void **state)
{
    (void)state;
    for (size_t length = 1; length <= DATAGRAM_ROOM; length += 7) {
        for (size_t at = 0; at < length; at += 31) {
            struct comparison c = {.present = true, .received = true, .format = CALC_AS_INTEGER};
            struct row rows[ROWS_MAX];
            c.expected.length = c.actual.length = c.actual_length = length;
            c.actual.octets[at] = 1;
            size_t count = difference_rows(&c, rows);
            size_t octets = 0;
            bool first_shown = false;
            assert_true(count <= ROWS_MAX);
            for (size_t i = 0; i < count; i++) {
                octets += rows[i].kind == ROW_FOLDED ? rows[i].folded : rows[i].cells[ACTUAL].count;
                first_shown = first_shown || (rows[i].kind != ROW_FOLDED && rows[i].differs);
            }
            assert_int_equal(octets, length);
            assert_true(first_shown);
        }
    }
}

static void a_datagram_longer_than_what_is_kept_has_its_own_length(void **state)
{
    (void)state;
    char text[CALC_SHOW_ROOM];
    struct comparison c = replies(CALC_AS_INTEGER, "80 00000009", "80");
    c.actual.length = DATAGRAM_ROOM;
    c.actual_length = 65507;
    assert_int_equal(difference_length(&c, ACTUAL), 65507);
    difference_meaning(&c, EXPECTED, text);
    assert_string_equal(text, "success, 9");
    c.received = false;
    difference_meaning(&c, ACTUAL, text);
    assert_string_equal(text, "nothing came");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_octet_that_differs_is_found),
        cmocka_unit_test(where_there_are_not_two_nothing_differs),
        cmocka_unit_test(the_bits_of_a_reply_are_decoded),
        cmocka_unit_test(the_bits_of_a_request_are_decoded),
        cmocka_unit_test(digits_stand_eight_in_a_row),
        cmocka_unit_test(no_octet_is_lost_and_rows_are_bounded),
        cmocka_unit_test(a_datagram_longer_than_what_is_kept_has_its_own_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
