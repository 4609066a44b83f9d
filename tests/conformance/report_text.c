/* The report for a person at a terminal: what failed in full, all else as short as it can be, and the sum at
 * the end, where the eye is. */
#include "detail.h"
#include "pen.h"
#include "report.h"
#include "tally.h"

#include <string.h>

enum { LEFT = 2, HANGING = 8, TEXT = 15, IDS_ROOM = 64 };

static enum style style_of(const struct result *result)
{
    if (result->known == KNOWN_FAILURE)
        return YELLOW;
    static const enum style styles[VERDICTS] = {
        [PASSED] = GREEN, [FAILED] = RED, [NON_STRICT] = YELLOW, [SKIPPED] = CYAN, [ERROR] = RED,
    };
    return result->known == UNEXPECTED_PASS ? RED : styles[result->outcome->verdict];
}

static void put_known(struct pen *pen, const struct result *result)
{
    static const char *const texts[] = {
        [NOT_KNOWN] = "",
        [KNOWN_FAILURE] = "known: it fails as the baseline says",
        [UNEXPECTED_PASS] = "it passes, and the baseline says that it fails: take it out there",
        [OTHER_FAILURE] = "it fails otherwise than the baseline says",
    };
    if (result->known == NOT_KNOWN)
        return;
    pen_to(pen, LEFT);
    pen_words(pen, YELLOW, LEFT, texts[result->known]);
    pen_line(pen);
}

static void put_title(struct pen *pen, const struct result *result)
{
    const struct outcome *outcome = result->outcome;
    enum style style = style_of(result);
    pen_put(pen, style, verdict_name(outcome->verdict));
    if (outcome->trouble > WRONG)
        pen_print(pen, style, " (%s)", trouble_name(outcome->trouble));
    pen_apart(pen);
    pen_put(pen, BOLD, result->about->id);
    pen_apart(pen);
    pen_put(pen, PLAIN, level_name(result->about->level));
    pen_apart(pen);
    pen_words(pen, BOLD, HANGING, result->about->sentence);
    pen_line(pen);
}

/* What keeps the kit from trying one case may keep it from all. */
static bool is_as_above(const struct result *above, const struct result *result)
{
    return above != NULL && above->outcome->verdict == ERROR && result->outcome->verdict == ERROR &&
           strcmp(above->outcome->why, result->outcome->why) == 0;
}

static void put_findings(struct pen *pen, const struct run *run)
{
    const struct result *above = NULL;
    for (size_t i = 0; i < run->count; i++) {
        const struct result *result = &run->results[i];
        if (!tally_tells(result) || tally_is_again(run, result))
            continue;
        put_title(pen, result);
        if (is_as_above(above, result)) {
            pen_to(pen, LEFT);
            pen_put(pen, DIM, "as above");
            pen_line(pen);
            pen_line(pen);
            continue;
        }
        above = result;
        put_known(pen, result);
        if (result->known != KNOWN_FAILURE)
            detail_write(pen->out, run, result, pen->coloured);
        pen_line(pen);
    }
}

static void put_heading(struct pen *pen, const char *text)
{
    pen_put(pen, BOLD, text);
    pen_line(pen);
}

static void put_mistakes(struct pen *pen, const struct run *run)
{
    struct mistake mistakes[MISTAKES_MAX];
    size_t count = tally_mistakes(run, mistakes);
    if (count == 0)
        return;
    put_heading(pen, tally_heading(mistakes, count));
    for (size_t i = 0; i < count; i++) {
        pen_print(pen, YELLOW, "%5zu case%s", mistakes[i].cases, mistakes[i].cases == 1 ? "" : "s");
        pen_to(pen, TEXT);
        pen_words(pen, PLAIN, TEXT, mistakes[i].text);
        pen_line(pen);
    }
    pen_line(pen);
}

/* A list of results, each with a text of its own. */
static void put_list(struct pen *pen, const struct run *run, const char *heading,
                     const char *(*text_of)(const struct result *result))
{
    bool any = false;
    for (size_t i = 0; i < run->count; i++) {
        const struct result *result = &run->results[i];
        const char *text = text_of(result);
        if (text == NULL || tally_is_again(run, result))
            continue;
        if (!any)
            put_heading(pen, heading);
        any = true;
        pen_to(pen, LEFT);
        pen_put(pen, PLAIN, result->about->id);
        pen_to(pen, TEXT);
        pen_words(pen, PLAIN, TEXT, result->about->sentence);
        pen_put(pen, PLAIN, ":");
        pen_to(pen, 0);
        pen_words(pen, CYAN, TEXT, text);
        pen_line(pen);
    }
    if (any)
        pen_line(pen);
}

static const char *skipped_text(const struct result *result)
{
    return result->outcome->verdict == SKIPPED ? result->outcome->why : NULL;
}

/* That of a failure stands with it. */
static bool is_observation(const struct result *result)
{
    return result->outcome->observed[0] != '\0' && !tally_tells(result);
}

static const char *observed_text(const struct result *result)
{
    return is_observation(result) && !result->outcome->otherwise ? result->outcome->observed : NULL;
}

static const char *otherwise_text(const struct result *result)
{
    return is_observation(result) && result->outcome->otherwise ? result->outcome->observed : NULL;
}

static bool is_silent_pass(const struct run *run, const struct result *result)
{
    return result->outcome->verdict == PASSED && !tally_tells(result) &&
           !tally_is_again(run, result);
}

static void put_ids(struct pen *pen, const char *ids)
{
    if (pen->column > 0)
        pen_apart(pen);
    else
        pen_to(pen, LEFT);
    pen_words(pen, GREEN, LEFT, ids);
}

/* "REQ-3.2/1,2,5": the clause once, where results follow each other. */
static void put_passed(struct pen *pen, const struct run *run)
{
    char ids[IDS_ROOM] = "";
    char previous[CLAUSE_ROOM] = "";
    for (size_t i = 0; i < run->count; i++) {
        const struct result *result = &run->results[i];
        char clause[CLAUSE_ROOM];
        if (!is_silent_pass(run, result))
            continue;
        case_clause(result->about, clause);
        size_t length = strlen(ids);
        if (previous[0] == '\0')
            put_heading(pen, "passed");
        if (strcmp(clause, previous) == 0 && length + CLAUSE_ROOM < sizeof ids) {
            snprintf(ids + length, sizeof ids - length, ",%s",
                     result->about->id + strlen(clause) + 1);
            continue;
        }
        if (length > 0)
            put_ids(pen, ids);
        snprintf(ids, sizeof ids, "%s", result->about->id);
        memcpy(previous, clause, sizeof previous);
    }
    if (ids[0] == '\0')
        return;
    put_ids(pen, ids);
    pen_line(pen);
    pen_line(pen);
}

static void put_count(struct pen *pen, enum style style, size_t count, const char *what)
{
    char text[64];
    snprintf(text, sizeof text, "%zu %s", count, what);
    pen_words(pen, count > 0 ? style : PLAIN, LEFT, text);
    pen_put(pen, PLAIN, ",");
    pen_to(pen, 0);
}

static void put_counts(struct pen *pen, const struct run *run)
{
    static const struct {
        enum verdict verdict;
        enum style style;
        const char *words;
    } parts[] = {
        {PASSED,     GREEN,  "passed"    },
        {FAILED,     RED,    "failed"    },
        {NON_STRICT, YELLOW, "non-strict"},
        {SKIPPED,    CYAN,   "skipped"   },
        {ERROR,      RED,    "in error"  },
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        put_count(pen, parts[i].style, run->counts[parts[i].verdict], parts[i].words);
    if (run->known_count > 0)
        put_count(pen, YELLOW, run->known_count, "failing as known");
    if (run->unexpected_count > 0)
        put_count(pen, RED, run->unexpected_count, "passing unexpectedly");
    pen_print(pen, PLAIN, "in %.2f s", (double)run->took_us / 1e6);
    pen_line(pen);
    if (run->counts[NON_STRICT] > 0) {
        pen_put(pen, PLAIN, "non-strict: a SHOULD is missed, which fails with --strict");
        pen_line(pen);
    }
}

static void put_results(struct pen *pen, const struct run *run)
{
    put_findings(pen, run);
    put_list(pen, run, "skipped", skipped_text);
    put_list(pen, run, "observed, where the published text leaves it open", observed_text);
    put_list(pen, run, "observed, otherwise than PROTOCOL.md settles it", otherwise_text);
    put_passed(pen, run);
    put_mistakes(pen, run);
}

void report_text(FILE *out, const struct run *run, bool coloured)
{
    struct pen pen = {.out = out, .coloured = coloured};
    if (run->unreachable) {
        pen_put(&pen, RED, "the subject can not be reached: ");
        pen_words(&pen, PLAIN, LEFT, run->results[0].outcome->why);
        pen_line(&pen);
    } else {
        put_results(&pen, run);
    }
    pen_put(&pen, BOLD, run->suite->name);
    pen_apart(&pen);
    pen_words(&pen, BOLD, LEFT, run->subject);
    pen_line(&pen);
    put_counts(&pen, run);
    if (run->has_grade) {
        pen_print(&pen, BOLD, "grade %s, %g of %g points", run->grade, run->points,
                  run->points_max);
        pen_line(&pen);
    }
}
