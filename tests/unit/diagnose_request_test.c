/* Requests with the usual mistakes, and what is said of them. Wanted, where nothing else is said: the product of
 * 16909060, 5 and 6 as a string, 03 01020304 00000005 00000006. */
#include "tests/support/test.h"

#include "tests/conformance/diagnose.h"

#include <stdio.h>
#include <string.h>

static struct outcome diagnosed(const char *expected, struct datagram actual)
{
    struct outcome outcome = {
        .comparison = {
                       .present = true,
                       .of_requests = true,
                       .received = true,
                       .expected = hex(expected),
                       .actual = actual,
                       .actual_length = actual.length,
                       }
    };
    diagnose_request(&outcome);
    return outcome;
}

/* The diagnoses begin with these words, in this order, and there are no others. */
static void assert_diagnoses_of(const char *expected, const char *octets, const char *first,
                                const char *second)
{
    const char *const wanted[] = {first, second};
    struct outcome outcome = diagnosed(expected, hex(octets));
    size_t count = first == NULL ? 0 : second == NULL ? 1 : 2;
    for (size_t i = 0; i < count && i < outcome.diagnosis_count; i++) {
        if (strncmp(outcome.diagnoses[i], wanted[i], strlen(wanted[i])) != 0)
            fail_msg("%s: '%s', expected '%s'", octets, outcome.diagnoses[i], wanted[i]);
    }
    if (outcome.diagnosis_count != count)
        fail_msg("%s: %zu diagnoses, expected %zu", octets, outcome.diagnosis_count, count);
}

static void assert_diagnoses(const char *octets, const char *first, const char *second)
{
    assert_diagnoses_of("03 01020304 00000005 00000006", octets, first, second);
}

static void a_right_request_has_none(void **state)
{
    (void)state;
    assert_diagnoses("03 01020304 00000005 00000006", NULL, NULL);
    assert_diagnoses("A3 01020304 00000005 00000006", NULL, NULL);
}

static void headers(void **state)
{
    (void)state;
    assert_diagnoses("02 01020304 00000005 00000006", "F is never set", NULL);
    assert_diagnoses("01 01020304 00000005 00000006", "the opcode is not shifted", NULL);
    assert_diagnoses("82 01020304 00000005 00000006", "F is in the wrong bit, 80", NULL);
    assert_diagnoses("12 01020304 00000005 00000006", "F is in the wrong bit, 10", NULL);
    assert_diagnoses("0A 01020304 00000005 00000006", "F is in the wrong bit, 08", NULL);
    assert_diagnoses("11 01020304 00000005 00000006", "the opcode is in the wrong bits", NULL);
    assert_diagnoses("90 01020304 00000005 00000006", "the bits are counted from the wrong end",
                     NULL);
    assert_diagnoses("2A 01020304 00000005 00000006", "the header is the character of the operator",
                     NULL);
    assert_diagnoses("73 01020304 00000005 00000006", NULL, NULL); /* 's': its bits are right */
    assert_diagnoses("31 01020304 00000005 00000006", "the header is the opcode as a character",
                     NULL);
    assert_diagnoses("05 01020304 00000005 00000006", "the opcodes are counted from 1", NULL);
}

static void integers(void **state)
{
    (void)state;
    assert_diagnoses("03 04030201 05000000 06000000", "little-endian", NULL);
    assert_diagnoses("03 0000000001020304 0000000000000005 0000000000000006",
                     "integers of 64 bits: ", NULL);
    assert_diagnoses("03 0403020100000000 0500000000000000 0600000000000000",
                     "integers of 64 bits, and little-endian", NULL);
    assert_diagnoses("03 0102030400000000 0000000500000000 0000000600000000",
                     "integers of 64 bits, with htonl(3)", NULL);
    assert_diagnoses("03 03040000 00050000 00060000", "htons(3)", NULL);
    assert_diagnoses("03 0304 0005 0006", "integers of 16 bits: ", NULL);
    assert_diagnoses("03 0403 0500 0600", "integers of 16 bits, and little-endian", NULL);
    assert_diagnoses("03 04 05 06", "integers of 8 bits", NULL);
}

static void lengths(void **state)
{
    (void)state;
    assert_diagnoses("03", "the header alone", NULL);
    assert_diagnoses("03 01020304 00000005", "8 octets were sent", NULL);
    assert_diagnoses("03 01020304 000000", "8 octets were sent", NULL);
    assert_diagnoses("03 01020304 00000005 000000", "the last octet was left out", NULL);
    assert_diagnoses("03 010203", "the length was counted in integers", NULL);
    assert_diagnoses("03 01020304 00000005 00000006 00", "a NUL ends", NULL);
    assert_diagnoses("03 01020304 00000005 00000006 0A", "a newline ends", NULL);
    assert_diagnoses("03 01020304 00000005 00000006 000000", "octets follow the integers", NULL);
    assert_diagnoses("03 01020304 00000005 00000006 00000000", "an integer more", NULL);
    assert_diagnoses("03 01020304 00000005 00000006 00000000 00000000", "a whole array", NULL);
    assert_diagnoses("03 01020304 00000005 00000006 7F001234 00000000", "more was sent", NULL);
    assert_diagnoses("", "an empty datagram", NULL);
}

static void layouts(void **state)
{
    (void)state;
    assert_diagnoses("01020304 00000005 00000006", "the header is missing", NULL);
    assert_diagnoses("00000003 01020304 00000005 00000006", "the header has 4 octets: it is 1",
                     NULL);
    assert_diagnoses("03000000 01020304 00000005 00000006", "the header has 4 octets, an int",
                     NULL);
    assert_diagnoses("03 5A7F11 01020304 00000005 00000006", "a structure was sent", NULL);
    assert_diagnoses("03 03 01020304 00000005 00000006", "a count stands before the integers",
                     NULL);
    assert_diagnoses("03 00000003 01020304 00000005 00000006", "a count of 4 octets", NULL);
    assert_diagnoses("03 03000000 01020304 00000005 00000006", "a count of 4 octets", NULL);
    assert_diagnoses("01 01 01020304 00000005 00000006", "opcode and F are sent as an octet each",
                     NULL);
}

static void two_mistakes(void **state)
{
    (void)state;
    assert_diagnoses("01 04030201 05000000 06000000", "little-endian", "the opcode is not shifted");
    assert_diagnoses("03 5A7F11 04030201 05000000 06000000", "little-endian",
                     "a structure was sent");
    assert_diagnoses("03 04030201 05000000 06000000 00000000 00000000", "little-endian",
                     "a whole array");
}

static void one_mistake_explains_better_than_two(void **state)
{
    (void)state;
    assert_diagnoses_of("00 06000006", "00 0600000600000000",
                        "integers of 64 bits, and little-endian", NULL);
}

static void integers_are_unsigned(void **state)
{
    (void)state;
    assert_diagnoses_of("00 00000001 FFFFFFFF", "00 00000001 7FFFFFFF",
                        "an integer above 2147483647", NULL);
}

static void text_and_pointers(void **state)
{
    (void)state;
    assert_diagnoses("2A203136393039303630203520362073", "the request is text", NULL);
    assert_diagnoses("03 31363930393036302C352C36 00", "the request is text", NULL);
    assert_diagnoses("03 C04F3A21FE7F0000 00000000", "an address of the client's memory", NULL);
    assert_diagnoses("C04F3A21FE7F0000", "an address of the client's memory", NULL);
}

static void what_nothing_explains_is_left_alone(void **state)
{
    (void)state;
    assert_diagnoses("03 0A0B0C0D 00000005 00000006", NULL, NULL);
    assert_diagnoses("03 04050607 08", NULL, NULL);
    assert_diagnoses("DEADBEEF", NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_right_request_has_none),
        cmocka_unit_test(headers),
        cmocka_unit_test(integers),
        cmocka_unit_test(lengths),
        cmocka_unit_test(layouts),
        cmocka_unit_test(two_mistakes),
        cmocka_unit_test(one_mistake_explains_better_than_two),
        cmocka_unit_test(integers_are_unsigned),
        cmocka_unit_test(text_and_pointers),
        cmocka_unit_test(what_nothing_explains_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
