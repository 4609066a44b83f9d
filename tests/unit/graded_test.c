/* The CSV of a class (RFC 4180). */
#include "tests/support/test.h"

#include "tests/conformance/graded.h"

#include <stdio.h>
#include <stdlib.h>

static void assert_line(const char *submission, const struct graded *graded, const char *expected)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    graded_csv(out, submission, graded);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, expected);
    free(text);
}

static void the_header_names_the_columns(void **state)
{
    (void)state;
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    graded_csv_header(out);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(
        text,
        "submission,pass,fail,non-strict,skip,error,points,points to get,grade,diagnosis,why\n");
    free(text);
}

static void a_line_has_all_columns(void **state)
{
    (void)state;
    struct graded graded = {
        .counts = {1, 2, 3, 4, 5}
    };
    assert_line("anna", &graded, "anna,1,2,3,4,5,,,,,\n");
    graded.has_grade = true;
    graded.points = 7.5;
    graded.points_max = 10;
    strcpy(graded.grade, "B");
    strcpy(graded.diagnosis, "little-endian");
    assert_line("anna", &graded, "anna,1,2,3,4,5,7.5,10,B,little-endian,\n");
}

static void what_csv_takes_for_its_own_is_quoted(void **state)
{
    (void)state;
    struct graded graded = {0};
    graded_why(&graded, "killed, with \"%s\"", "core");
    assert_line("a,b", &graded, "\"a,b\",0,0,0,0,0,,,,,\"killed, with \"\"core\"\"\"\n");
    assert_line("\"", &(struct graded){0}, "\"\"\"\",0,0,0,0,0,,,,,\n");
    assert_line("a b;c", &(struct graded){0}, "a b;c,0,0,0,0,0,,,,,\n");
}

static void what_is_no_text_is_written_as_numbers(void **state)
{
    (void)state;
    assert_line("a\nb", &(struct graded){0}, "\"a\\x0ab\",0,0,0,0,0,,,,,\n");
    assert_line("\x1b[2J\xff\xc3\xa4", &(struct graded){0},
                "\\x1b[2J\\xff\xc3\xa4,0,0,0,0,0,,,,,\n");
}

static void the_first_reason_stays(void **state)
{
    (void)state;
    struct graded graded = {0};
    graded_why(&graded, "first\n%d", 1);
    graded_why(&graded, "second");
    assert_string_equal(graded.why, "first?1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_header_names_the_columns),
        cmocka_unit_test(a_line_has_all_columns),
        cmocka_unit_test(what_csv_takes_for_its_own_is_quoted),
        cmocka_unit_test(what_is_no_text_is_written_as_numbers),
        cmocka_unit_test(the_first_reason_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
