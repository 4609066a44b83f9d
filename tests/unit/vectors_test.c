/* The test vectors of PROTOCOL.md, Section 10, against the code: the document can not drift from it.
 * Rows are | name | `request` | `reply` |; runs where proto/PROTOCOL.md can be found from. */
#include "tests/support/test.h"

#include <stdio.h>

enum { ROWS_MIN = 24, LINE_ROOM = 8192 };

/* The text of the next cell, trimmed of spaces and backticks, or NULL after the last. */
static char *next_cell(char **row)
{
    char *cell = *row;
    char *end = strchr(cell, '|');
    if (end == NULL)
        return NULL;
    *row = end + 1;
    cell += strspn(cell, " `");
    while (end > cell && (end[-1] == ' ' || end[-1] == '`'))
        end--;
    *end = '\0';
    return cell;
}

static bool is_datagram(const char *cell)
{
    return strcmp(cell, "(empty)") == 0 || strcmp(cell, "none") == 0 ||
           (*cell != '\0' && cell[strspn(cell, "0123456789abcdefABCDEF ")] == '\0');
}

static struct datagram datagram_of(const char *cell)
{
    return hex(strcmp(cell, "(empty)") == 0 || strcmp(cell, "none") == 0 ? "" : cell);
}

/* Returns whether the row was a vector. */
static bool check_row(char *row)
{
    char *rest = row + 1;
    char *name = next_cell(&rest);
    char *request = name == NULL ? NULL : next_cell(&rest);
    char *reply = request == NULL ? NULL : next_cell(&rest);
    if (reply == NULL || !is_datagram(request))
        return false;
    if (!is_datagram(reply))
        fail_msg("%s: '%s' is no reply", name, reply);
    struct datagram actual = answer_to(datagram_of(request)), expected = datagram_of(reply);
    if (actual.length != expected.length ||
        memcmp(actual.octets, expected.octets, expected.length) != 0)
        fail_msg("%s: another reply than the document says", name);
    return true;
}

static void req_10_every_vector_of_the_document_is_answered_as_it_says(void **state)
{
    (void)state;
    FILE *document = fopen("proto/PROTOCOL.md", "r");
    assert_non_null(document);
    unsigned rows = 0;
    bool inside = false;
    char line[LINE_ROOM];
    while (fgets(line, sizeof line, document) != NULL) {
        assert_non_null(strchr(line, '\n'));
        if (strncmp(line, "## ", 3) == 0)
            inside = strncmp(line, "## 10", 5) == 0;
        else if (inside && line[0] == '|')
            rows += check_row(line);
    }
    fclose(document);
    assert_in_range(rows, ROWS_MIN, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(req_10_every_vector_of_the_document_is_answered_as_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
