/* A line of a batch: its words, and what is wrong with it. */
#include "tests/support/test.h"

#undef fail /* cmocka's; the client has a function of this name */
#include "client/lines.h"

#include <stdio.h>
#include <stdlib.h>

struct read {
    enum line_kind kind;
    struct calc_request request;
    struct failure failure;
};

/* From a copy that ends where it ends: with the one octet behind it that may be written to. */
static struct read read_octets(const char *text, size_t length, enum calc_format format)
{
    struct read r = {.failure = {.kind = NO_FAILURE}};
    char *copy = malloc(length + 1);
    assert_non_null(copy);
    memcpy(copy, text, length);
    copy[length] = '\n';
    r.kind = line_read(copy, length, format, &r.request, &r.failure);
    free(copy);
    return r;
}

static struct read read_text(const char *text)
{
    return read_octets(text, strlen(text), CALC_AS_INTEGER);
}

static void assert_request(struct read r, enum calc_opcode opcode, enum calc_format format,
                           size_t count)
{
    assert_string_equal(r.failure.text, "");
    assert_int_equal(r.kind, LINE_REQUEST);
    assert_int_equal(r.request.opcode, opcode);
    assert_int_equal(r.request.format, format);
    assert_int_equal(r.request.count, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(r.request.integers[i], i + 1);
}

static void assert_wrong(struct read r, const char *begin)
{
    assert_int_equal(r.kind, LINE_WRONG);
    assert_int_equal(r.failure.kind, FAILURE_USAGE);
    assert_memory_equal(r.failure.text, begin, strlen(begin));
}

static void operators_have_their_names_and_an_s_behind_them(void **state)
{
    (void)state;
    const char *sums[] = {"+", "sum", "add"};
    const char *products[] = {"*", "x", "mul", "product"};
    char line[40];
    for (size_t i = 0; i < 7; i++) {
        const char *word = i < 3 ? sums[i] : products[i - 3];
        enum calc_opcode opcode = i < 3 ? CALC_SUM : CALC_PRODUCT;
        snprintf(line, sizeof line, "%s 1 2", word);
        assert_request(read_text(line), opcode, CALC_AS_INTEGER, 2);
        assert_request(read_octets(line, strlen(line), CALC_AS_STRING), opcode, CALC_AS_STRING, 2);
        snprintf(line, sizeof line, "%ss 1 2", word);
        assert_request(read_text(line), opcode, CALC_AS_STRING, 2);
        snprintf(line, sizeof line, "%s s 1 2", word);
        assert_request(read_text(line), opcode, CALC_AS_STRING, 2);
    }
    assert_wrong(read_text("+ss 1"), "operator '+ss' is unknown");
    assert_wrong(read_text("s 1"), "operator 's' is unknown");
    assert_wrong(read_text("S 1"), "operator 'S' is unknown");
    assert_wrong(read_text("+s s 1"), "INTEGER 's' is not an integer");
    assert_wrong(read_text("+1 2"), "operator '+1' is unknown");
}

static void blanks_comments_and_carriage_returns(void **state)
{
    (void)state;
    const char *empty[] = {"", " ", "\t", "\r", " \r", "#", " # + 1", "#+ 1", "\t#\r"};
    for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++)
        assert_int_equal(read_text(empty[i]).kind, LINE_EMPTY);
    assert_int_equal(read_octets("# \0 x", 5, CALC_AS_INTEGER).kind, LINE_EMPTY);
    assert_request(read_text(" \t+\t 1 \t2 "), CALC_SUM, CALC_AS_INTEGER, 2);
    assert_request(read_text("+ 1 2\r"), CALC_SUM, CALC_AS_INTEGER, 2);
    assert_request(read_text("+ 1 2 # 3"), CALC_SUM, CALC_AS_INTEGER, 2);
    assert_request(read_text("+ 1 2 #3"), CALC_SUM, CALC_AS_INTEGER, 2);
    assert_wrong(read_text("+ 1 2# 3"), "INTEGER '2#' is not an integer");
    assert_wrong(read_text("+ 1 2\r\r"), "INTEGER '2?' is not an integer");
    assert_wrong(read_text("+ # 1"), "no INTEGER after operator '+'");
    assert_wrong(read_text("+ s # 1"), "no INTEGER after operator '+'");
}

static void a_nul_is_wrong_wherever_it_is(void **state)
{
    (void)state;
    const char line[] = "+ 1 2";
    for (size_t i = 0; i < 5; i++) {
        char octets[sizeof line];
        memcpy(octets, line, sizeof line);
        octets[i] = '\0';
        assert_wrong(read_octets(octets, 5, CALC_AS_INTEGER), "there is a NUL in it");
    }
    assert_wrong(read_octets("+ 1 2\0", 6, CALC_AS_INTEGER), "there is a NUL in it");
}

static void up_to_64_integers_and_4095_octets(void **state)
{
    (void)state;
    char line[LINE_OCTETS_MAX + 2];
    size_t length = 1;
    line[0] = '+';
    for (int i = 1; i <= 64; i++)
        length += (size_t)snprintf(line + length, sizeof line - length, " %d", i);
    assert_request(read_text(line), CALC_SUM, CALC_AS_INTEGER, 64);
    memset(line + length, ' ', sizeof line - length);
    assert_int_equal(LINE_OCTETS_MAX, 4095);
    assert_request(read_octets(line, 4095, CALC_AS_INTEGER), CALC_SUM, CALC_AS_INTEGER, 64);
    assert_wrong(read_octets(line, 4096, CALC_AS_INTEGER), "it is longer than the 4095 octets");
    memcpy(line + length, " 65", 3);
    assert_wrong(read_octets(line, length + 3, CALC_AS_INTEGER), "INTEGER '65' is the 65th");
    line[0] = '#';
    assert_int_equal(read_octets(line, 4096, CALC_AS_INTEGER).kind, LINE_EMPTY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_have_their_names_and_an_s_behind_them),
        cmocka_unit_test(blanks_comments_and_carriage_returns),
        cmocka_unit_test(a_nul_is_wrong_wherever_it_is),
        cmocka_unit_test(up_to_64_integers_and_4095_octets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
