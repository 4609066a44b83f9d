/* Single words of the client's command line: which are integers, which are operators, and what is said
 * about those that are none. */
#include "tests/support/test.h"

#undef fail /* cmocka's; the client has a function of this name */
#include "client/options.h"
#include "client/star.h"

#include <stdio.h>

enum { UNTOUCHED = 12345 };

static void assert_integer(const char *word, uint32_t expected)
{
    uint32_t value = ~expected;
    struct failure failure = {.kind = NO_FAILURE};
    assert_true(options_integer(word, &value, &failure));
    assert_int_equal(value, expected);
    assert_int_equal(failure.kind, NO_FAILURE);
}

static void assert_no_integer(const char *word, const char *why)
{
    uint32_t value = UNTOUCHED;
    struct failure failure = {.kind = NO_FAILURE};
    char begin[120];
    snprintf(begin, sizeof begin, "INTEGER '%.99s' ", word);
    assert_false(options_integer(word, &value, &failure));
    assert_int_equal(value, UNTOUCHED);
    assert_int_equal(failure.kind, FAILURE_USAGE);
    assert_memory_equal(failure.text, begin, strlen(begin));
    assert_non_null(strstr(failure.text, why));
    assert_non_null(strstr(failure.text, ": 0 to 4294967295, decimal or 0x hex, is allowed"));
}

static void integers_are_0_to_4294967295(void **state)
{
    (void)state;
    assert_integer("0", 0);
    assert_integer("1", 1);
    assert_integer("9876543", 9876543);
    assert_integer("4294967294", 4294967294);
    assert_integer("4294967295", 4294967295);
    assert_no_integer("4294967296", "is too large");
    assert_no_integer("4294967300", "is too large");
    assert_no_integer("42949672950", "is too large");
}

static void integers_are_hex_behind_0x(void **state)
{
    (void)state;
    assert_integer("0x0", 0);
    assert_integer("0x1", 1);
    assert_integer("0X1f", 0x1F);
    assert_integer("0xabcdef", 0xABCDEF);
    assert_integer("0xABCDEF", 0xABCDEF);
    assert_integer("0x90", 0x90);
    assert_integer("0xffFFffFe", 0xFFFFFFFE);
    assert_integer("0xFFFFFFFF", 0xFFFFFFFF);
    assert_integer("0x00000000ffffffff", 0xFFFFFFFF);
    assert_no_integer("0x100000000", "is too large");
}

static void integers_never_wrap_round(void **state)
{
    (void)state;
    assert_no_integer("18446744073709551615", "is too large");
    assert_no_integer("18446744073709551616", "is too large");
    assert_no_integer("18446744073709551617", "is too large");
    assert_no_integer("0x10000000000000000", "is too large");
    assert_no_integer("0x10000000000000001", "is too large");
    char digits[10000];
    memset(digits, '9', sizeof digits - 1);
    digits[sizeof digits - 1] = '\0';
    assert_no_integer(digits, "is too large");
    digits[0] = '-';
    assert_no_integer(digits, "is negative");
    digits[sizeof digits - 2] = 'z';
    digits[0] = '1';
    assert_no_integer(digits, "is not an integer");
}

static void a_leading_zero_could_be_octal(void **state)
{
    (void)state;
    const char *words[] = {"010", "00", "01", "08", "04294967296"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        assert_no_integer(words[i], "begins with 0, which is octal for some");
}

static void negative_integers_are_named_so(void **state)
{
    (void)state;
    assert_no_integer("-0", "is negative");
    assert_no_integer("-1", "is negative");
    assert_no_integer("-9", "is negative");
    assert_no_integer("-4294967295", "is negative");
}

static void what_is_empty_or_no_integer_is_named_so(void **state)
{
    (void)state;
    assert_no_integer("", "is empty");
    const char *words[] = {"0x",    "0X",  "0xg", "0xG", "0x1g", "0x-1", "0x 1",  "0xx1",
                           "0x/",   "0x:", "0x@", "0x`", "x1",   "ff",   "a",     "1.5",
                           "12abc", "1e3", " 1",  "1 ",  "+1",   "+",    "1,000", "1_0",
                           "0b1",   "0o7", "/",   ":",   "1:",   "1/",   "@",     "`"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        assert_no_integer(words[i], "is not an integer: ");
    assert_no_integer("-", "(options go before ADDRESS)");
    assert_no_integer("-s", "(options go before ADDRESS)");
    assert_no_integer("--1", "(options go before ADDRESS)");
}

static void operators_are_seven_words(void **state)
{
    (void)state;
    const struct {
        const char *word;
        enum calc_opcode opcode;
    } words[] = {
        {"+",       CALC_SUM    },
        {"sum",     CALC_SUM    },
        {"add",     CALC_SUM    },
        {"*",       CALC_PRODUCT},
        {"x",       CALC_PRODUCT},
        {"mul",     CALC_PRODUCT},
        {"product", CALC_PRODUCT},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        enum calc_opcode opcode = CALC_PRODUCT - words[i].opcode;
        assert_true(options_operator(words[i].word, &opcode));
        assert_int_equal(opcode, words[i].opcode);
    }
}

static void other_words_are_no_operators(void **state)
{
    (void)state;
    const char *words[] = {"",    "-",  "/",    "**", "++",   "+ ",   " +",   "X",        "Sum",
                           "SUM", "su", "sums", "ad", "adds", "plus", "mult", "products", "times"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        for (enum calc_opcode before = CALC_SUM; before <= CALC_PRODUCT; before++) {
            enum calc_opcode opcode = before;
            assert_false(options_operator(words[i], &opcode));
            assert_int_equal(opcode, before);
        }
    }
}

static void words_behind_op_make_sense_with_operator_address_port_and_integers(void **state)
{
    (void)state;
    assert_true(star_could_be_typed((char *[]){"+", "::1", "7", "1", NULL}));
    assert_true(star_could_be_typed((char *[]){"sum", "::1", "7", "1", "0x2", NULL}));
    assert_false(star_could_be_typed((char *[]){"file", "::1", "7", "1", NULL}));
    assert_false(star_could_be_typed((char *[]){"+", NULL}));
    assert_false(star_could_be_typed((char *[]){"+", "::1", NULL}));
    assert_false(star_could_be_typed((char *[]){"+", "::1", "7", NULL}));
    assert_false(star_could_be_typed((char *[]){"+", "::1", "7", "one", NULL}));
    assert_false(star_could_be_typed((char *[]){"+", "::1", "7", "1", "two", NULL}));
    assert_false(star_could_be_typed((char *[]){"+", "::1", "65536", "1", NULL}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_0_to_4294967295),
        cmocka_unit_test(integers_are_hex_behind_0x),
        cmocka_unit_test(integers_never_wrap_round),
        cmocka_unit_test(a_leading_zero_could_be_octal),
        cmocka_unit_test(negative_integers_are_named_so),
        cmocka_unit_test(what_is_empty_or_no_integer_is_named_so),
        cmocka_unit_test(operators_are_seven_words),
        cmocka_unit_test(other_words_are_no_operators),
        cmocka_unit_test(words_behind_op_make_sense_with_operator_address_port_and_integers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
