/* A command line of --exec as words: what splits, what keeps together, and what stands in the place of a name. */
#include "tests/support/test.h"

#include "tests/conformance/words.h"

#include <stdio.h>

static const char *const port[] = {"10000"};
static const char *const integers[] = {"1", "3", "5"};
static const char *const star[] = {"*"};
static const char *const empty[] = {""};
static const struct placeholder names[] = {
    {"{port}", port,     1},
    {"{ints}", integers, 3},
    {"{op}",   star,     1},
    {"{s}",    NULL,     0},
    {"{none}", empty,    1},
};
enum { NAMES = sizeof names / sizeof names[0] };

/* The words, each in brackets. */
static void assert_words(const char *command, const char *expected)
{
    static struct words words;
    char why[WORDS_WHY_ROOM] = "", text[4 * WORDS_ROOM] = "";
    assert_true(words_split(&words, command, names, NAMES, why));
    assert_string_equal(why, "");
    assert_null(words.list[words.count]);
    for (size_t i = 0; i < words.count; i++)
        sprintf(text + strlen(text), "[%s]", words.list[i]);
    assert_string_equal(text, expected);
}

static void assert_refused(const char *command, const char *expected)
{
    static struct words words;
    char why[WORDS_WHY_ROOM] = "";
    assert_false(words_split(&words, command, names, NAMES, why));
    assert_string_equal(why, expected);
}

static void blanks_split_words(void **state)
{
    (void)state;
    assert_words("./server :: 10000", "[./server][::][10000]");
    assert_words("  ./server\t::\n10000\r ", "[./server][::][10000]");
    assert_words("x", "[x]");
}

static void quotations_keep_blanks(void **state)
{
    (void)state;
    assert_words("a 'b  c' d", "[a][b  c][d]");
    assert_words("a \"b  c\" d", "[a][b  c][d]");
    assert_words("a b\\ \\ c d", "[a][b  c][d]");
    assert_words("a'b c'\"d e\"f", "[ab cd ef]");
    assert_words("'it'\\''s' \"it's\" '\"'", "[it's][it's][\"]");
}

static void a_backslash_keeps_what_a_shell_would(void **state)
{
    (void)state;
    assert_words("\\\\ \\' \\\" \\n", "[\\]['][\"][n]");
    assert_words("'\\' '\\n'", "[\\][\\n]");
    assert_words("\"\\\" \\\\ \\$ \\` \\n\"", "[\" \\ $ ` \\n]");
}

static void nothing_else_is_special(void **state)
{
    (void)state;
    assert_words("a * ? $HOME `b` ; | & > ~ #c", "[a][*][?][$HOME][`b`][;][|][&][>][~][#c]");
}

static void an_empty_word_vanishes_unless_it_is_quoted(void **state)
{
    (void)state;
    assert_words("a '' \"\" b", "[a][][][b]");
    assert_words("a {none} {none}{none} {none}{s} b", "[a][b]");
    assert_words("a '{none}' '{s}' ''{s} b", "[a][][][][b]");
}

static void a_name_alone_becomes_as_many_words_as_it_has_values(void **state)
{
    (void)state;
    assert_words("c -op {op} {s} ::1 {port} {ints}", "[c][-op][*][::1][10000][1][3][5]");
    assert_words("c {s}", "[c]");
    assert_words("{ints}", "[1][3][5]");
}

static void a_name_within_a_word_becomes_its_first_value(void **state)
{
    (void)state;
    assert_words("x --port={port} a{ints}b {ints}{ints} -{s}-", "[x][--port=10000][a1b][11][--]");
    assert_words("sh -c './server :: {port}; {op}' \"{ints}\"",
                 "[sh][-c][./server :: 10000; *][1]");
}

static void what_a_name_stands_for_is_not_read_again(void **state)
{
    (void)state;
    static const char *const tricky[] = {"a b", "'", "{port}", "\\"};
    const struct placeholder placeholder = {"{op}", tricky, 4};
    static struct words words;
    char why[WORDS_WHY_ROOM];
    assert_true(words_split(&words, "x {op} -{op}", &placeholder, 1, why));
    assert_int_equal(words.count, 6);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(words.list[1 + i], tricky[i]);
    assert_string_equal(words.list[5], "-a b");
}

static void a_brace_that_is_no_name_is_a_brace(void **state)
{
    (void)state;
    assert_words("awk '{ print $1 }' {} {a b} {1} { } \\{port} \\{x\\}",
                 "[awk][{ print $1 }][{}][{a][b}][{1}][{][}][{port}][{x}]");
}

static void an_unknown_name_is_refused_with_those_that_are_known(void **state)
{
    (void)state;
    assert_refused("x {prot}", "the name {prot} is unknown: allowed is {port}, {ints}, "
                               "{op}, {s}, {none}, and \\{ for a brace");
    assert_refused("x '--p={por}'", "the name {por} is unknown: allowed is {port}, {ints}, "
                                    "{op}, {s}, {none}, and \\{ for a brace");
    static struct words words;
    char why[WORDS_WHY_ROOM];
    assert_false(words_split(&words, "x {port}", NULL, 0, why));
    assert_string_equal(why, "the name {port} is unknown: allowed is none, and \\{ for a brace");
}

static void what_is_open_or_empty_is_refused(void **state)
{
    (void)state;
    assert_refused("", "the command is empty: a program and its arguments are allowed");
    assert_refused(" \t\n{s}", "the command is empty: a program and its arguments are allowed");
    assert_refused("a 'b", "a quotation is open: a second ' is missing");
    assert_refused("a \"b'", "a quotation is open: a second \" is missing");
    assert_refused("a \"b\\\"", "a quotation is open: a second \" is missing");
    assert_refused("a \"b\\", "a quotation is open: a second \" is missing");
    assert_refused("a \\", "a \\ stands at the end: a character has to follow it");
}

static void the_room_is_kept_to_the_octet(void **state)
{
    (void)state;
    char command[WORDS_ROOM + 8];
    static struct words words;
    char why[WORDS_WHY_ROOM] = "";
    memset(command, 'x', sizeof command);
    command[WORDS_ROOM - 1] = '\0';
    assert_true(words_split(&words, command, names, NAMES, why));
    assert_string_equal(words.list[0], command);
    command[WORDS_ROOM - 1] = 'x';
    command[WORDS_ROOM] = '\0';
    assert_refused(command, "the command is too long: 8191 characters are allowed");
    command[WORDS_ROOM - 4] = ' ';
    assert_refused(command, "the command is too long: 8191 characters are allowed");
    memcpy(command + WORDS_ROOM - 3, "\"\"", 3);
    assert_true(words_split(&words, command, names, NAMES, why));
}

static void there_are_128_words_at_most(void **state)
{
    (void)state;
    char command[2 * WORDS_MAX + 4] = "";
    for (int i = 0; i < WORDS_MAX; i++)
        strcat(command, "x ");
    static struct words words;
    char why[WORDS_WHY_ROOM] = "";
    assert_true(words_split(&words, command, names, NAMES, why));
    assert_int_equal(words.count, WORDS_MAX);
    strcat(command, "x");
    assert_refused(command, "the command has too many words: 128 are allowed");
}

static void a_command_mentions_names(void **state)
{
    (void)state;
    assert_true(words_mention("./server :: {port}", "{port}"));
    assert_true(words_mention("sh -c 'x={port}'", "{port}"));
    assert_false(words_mention("./server :: 10000", "{port}"));
    assert_false(words_mention("./server :: {ports}", "{port}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blanks_split_words),
        cmocka_unit_test(quotations_keep_blanks),
        cmocka_unit_test(a_backslash_keeps_what_a_shell_would),
        cmocka_unit_test(nothing_else_is_special),
        cmocka_unit_test(an_empty_word_vanishes_unless_it_is_quoted),
        cmocka_unit_test(a_name_alone_becomes_as_many_words_as_it_has_values),
        cmocka_unit_test(a_name_within_a_word_becomes_its_first_value),
        cmocka_unit_test(what_a_name_stands_for_is_not_read_again),
        cmocka_unit_test(a_brace_that_is_no_name_is_a_brace),
        cmocka_unit_test(an_unknown_name_is_refused_with_those_that_are_known),
        cmocka_unit_test(what_is_open_or_empty_is_refused),
        cmocka_unit_test(the_room_is_kept_to_the_octet),
        cmocka_unit_test(there_are_128_words_at_most),
        cmocka_unit_test(a_command_mentions_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
