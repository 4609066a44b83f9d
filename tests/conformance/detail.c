/* The lines of a result, one part after the other. What differs is difference.h's to say. */
#define _POSIX_C_SOURCE 200809L
#include "detail.h"
#include "difference.h"
#include "pen.h"
#include "tally.h"

#include "proto/show.h"

#include <string.h>

/* The columns where things stand. */
enum {
    LABEL = 2,
    VALUE = 12,
    OFFSET_COLUMNS = 5,
    CELL_COLUMNS = 33,
    LEFT_CELL = LABEL + OFFSET_COLUMNS + 2,
    MARK = LEFT_CELL + CELL_COLUMNS,
    RIGHT_CELL = MARK + 4,
    INTEGER_WORDS = 13, /* of a cell: behind four octets, or eight */
    STRING_WORDS = 25,
    HEX_LINE_INTEGERS = 7,
    HEX_LINES_MAX = 10,
};

static void put_label(struct pen *pen, const char *label)
{
    pen_to(pen, LABEL);
    pen_put(pen, BOLD, label);
    pen_to(pen, VALUE);
}

static void put_labelled(struct pen *pen, const char *label, enum style style, const char *text)
{
    put_label(pen, label);
    pen_words(pen, style, VALUE, text);
    pen_line(pen);
}

/* The header alone, then the payload in groups of four octets, as PROTOCOL.md writes them. */
static void put_hex(struct pen *pen, const struct datagram *d)
{
    size_t per_line = HEX_LINE_INTEGERS * CALC_INTEGER_OCTETS;
    size_t shown = CALC_HEADER_OCTETS + HEX_LINES_MAX * per_line;
    if (shown > d->length)
        shown = d->length;
    for (size_t i = 0; i < shown; i++) {
        if (i > CALC_HEADER_OCTETS && (i - CALC_HEADER_OCTETS) % per_line == 0)
            pen_line(pen);
        if (pen->column == 0)
            pen_to(pen, i == 0 ? VALUE : VALUE + 3);
        else if (i % CALC_INTEGER_OCTETS == CALC_HEADER_OCTETS)
            pen_to(pen, 0);
        pen_print(pen, PLAIN, "%02x", d->octets[i]);
    }
    pen_line(pen);
    if (shown < d->length) {
        pen_to(pen, VALUE);
        pen_print(pen, PLAIN, "and %zu more of %zu octets", d->length - shown, d->length);
        pen_line(pen);
    }
}

static void put_request(struct pen *pen, const struct outcome *outcome)
{
    char text[CALC_SHOW_ROOM];
    calc_show_request(outcome->request.octets, outcome->request.length, text, sizeof text);
    pen_line(pen);
    put_labelled(pen, "request", CYAN, text);
    if (outcome->request.length > 0)
        put_hex(pen, &outcome->request);
}

static void put_cell(struct pen *pen, const struct comparison *comparison, const struct row *row,
                     enum side side)
{
    const struct cell *cell = &row->cells[side];
    size_t left = side == EXPECTED ? LEFT_CELL : RIGHT_CELL;
    for (size_t i = 0; i < cell->count; i++) {
        bool differs = difference_at(comparison, row->offset + i);
        pen_to(pen, left + 3 * i);
        pen_print(pen, !differs ? PLAIN : side == EXPECTED ? GREEN : RED, "%02x", cell->octets[i]);
    }
    size_t words = row->kind == ROW_HEADER || row->kind == ROW_FIELD ? 4
                   : comparison->of_requests || comparison->format == CALC_AS_INTEGER
                       ? INTEGER_WORDS
                       : STRING_WORDS;
    const char *text = cell->words + strspn(cell->words, " ");
    if (*text == '\0')
        return;
    pen_to(pen, left + words + (size_t)(text - cell->words));
    pen_put(pen, !row->differs ? PLAIN : side == EXPECTED ? GREEN : RED, text);
}

/* Under the octet, on the side that has it. */
static void put_first_mark(struct pen *pen, const struct row *row, size_t first)
{
    size_t at = first - row->offset;
    bool actual_ended = at >= row->cells[ACTUAL].count;
    pen_to(pen, (actual_ended ? LEFT_CELL : RIGHT_CELL) + 3 * at);
    pen_print(pen, RED, actual_ended ? "^^ octet %zu is missing" : "^^ octet %zu differs first",
              first);
    pen_line(pen);
}

static void put_row(struct pen *pen, const struct comparison *comparison, const struct row *row,
                    size_t first)
{
    if (row->kind == ROW_FOLDED) {
        pen_to(pen, LEFT_CELL);
        pen_print(pen, DIM, "... %zu octets more", row->folded);
        pen_line(pen);
        return;
    }
    if (row->kind != ROW_FIELD) {
        pen_to(pen, LABEL);
        pen_print(pen, DIM, "%*zu", OFFSET_COLUMNS, row->offset);
    }
    put_cell(pen, comparison, row, EXPECTED);
    if (row->differs) {
        pen_to(pen, MARK + 1);
        pen_put(pen, RED, "!=");
    }
    put_cell(pen, comparison, row, ACTUAL);
    pen_line(pen);
    bool has_octets = row->kind != ROW_FIELD;
    if (has_octets && first != NO_DIFFERENCE && first >= row->offset &&
        first - row->offset < ROW_OCTETS_MAX &&
        (first - row->offset < row->cells[EXPECTED].count ||
         first - row->offset < row->cells[ACTUAL].count))
        put_first_mark(pen, row, first);
}

static void put_sides_heading(struct pen *pen, const struct comparison *comparison)
{
    static const char *const names[SIDES] = {"expected", "actual"};
    pen_to(pen, LABEL);
    pen_put(pen, BOLD, "octet");
    for (enum side side = EXPECTED; side < SIDES; side++) {
        size_t length = difference_length(comparison, side);
        pen_to(pen, side == EXPECTED ? LEFT_CELL : RIGHT_CELL);
        if (length > 0)
            pen_print(pen, BOLD, "%s, %zu octet%s", names[side], length, length == 1 ? "" : "s");
        else
            pen_put(pen, BOLD, names[side]);
    }
    pen_line(pen);
}

static void put_comparison(struct pen *pen, const struct comparison *comparison)
{
    char text[CALC_SHOW_ROOM];
    struct row rows[ROWS_MAX];
    size_t count = difference_rows(comparison, rows);
    size_t first = difference_first(comparison);
    pen_line(pen);
    difference_meaning(comparison, EXPECTED, text);
    put_labelled(pen, "expected", GREEN, text);
    difference_meaning(comparison, ACTUAL, text);
    put_labelled(pen, "actual", RED, text);
    if (count == 0)
        return;
    pen_line(pen);
    put_sides_heading(pen, comparison);
    for (size_t i = 0; i < count; i++)
        put_row(pen, comparison, &rows[i], first);
}

static void put_diagnoses(struct pen *pen, const struct outcome *outcome)
{
    if (outcome->diagnosis_count > 0)
        pen_line(pen);
    for (size_t i = 0; i < outcome->diagnosis_count; i++)
        put_labelled(pen, i == 0 ? "likely" : "or", YELLOW, outcome->diagnoses[i]);
}

static void put_output(struct pen *pen, const struct outcome *outcome)
{
    size_t length = strnlen(outcome->output, sizeof outcome->output);
    if (length == 0)
        return;
    pen_line(pen);
    put_label(pen, "printed");
    pen_line(pen);
    pen_quote(pen, LABEL + 2, outcome->output, length);
}

static void put_turns(struct pen *pen, const struct run *run, const struct result *result)
{
    size_t same, all;
    tally_turns(run, result, &same, &all);
    if (all < 2)
        return;
    put_label(pen, "turns");
    pen_print(pen, PLAIN, "so in %zu of %zu", same, all);
    pen_line(pen);
}

void detail_write(FILE *out, const struct run *run, const struct result *result, bool coloured)
{
    struct pen pen = {.out = out, .coloured = coloured};
    const struct outcome *outcome = result->outcome;
    char clause[CLAUSE_ROOM];
    char line[REPEAT_ROOM];
    case_clause(result->about, clause);
    run_repeat_line(run, result, line);

    if (outcome->why[0] != '\0')
        put_labelled(&pen, "why", RED, outcome->why);
    if (outcome->observed[0] != '\0')
        put_labelled(&pen, "observed", PLAIN, outcome->observed);
    put_label(&pen, "clause");
    pen_print(&pen, PLAIN, "%s of proto/PROTOCOL.md", clause);
    pen_line(&pen);
    put_turns(&pen, run, result);
    if (outcome->has_request)
        put_request(&pen, outcome);
    if (outcome->comparison.present)
        put_comparison(&pen, &outcome->comparison);
    put_diagnoses(&pen, outcome);
    put_output(&pen, outcome);
    pen_line(&pen);
    put_label(&pen, "repeat");
    pen_put(&pen, CYAN, line);
    pen_line(&pen);
}
