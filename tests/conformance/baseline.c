/* Baselines: read and held against a run, or made of one. */
#define _GNU_SOURCE
#include "baseline.h"
#include "proto/term/program.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool is_failure(const struct outcome *outcome)
{
    return outcome->verdict != PASSED && outcome->verdict != SKIPPED;
}

static bool is_case(const struct suite *suite, const char *id)
{
    for (size_t i = 0; i < suite->count; i++) {
        if (strcmp(suite->cases[i].id, id) == 0)
            return true;
    }
    return false;
}

/* "fail/wrong", "error" */
static const char *kind_of(const struct outcome *outcome, char kind[static 32])
{
    const char *trouble = trouble_name(outcome->trouble);
    snprintf(kind, 32, "%s%s%s", verdict_name(outcome->verdict), *trouble == '\0' ? "" : "/",
             trouble);
    return kind;
}

static bool is_kind(const char *word)
{
    char kind[32];
    for (int verdict = 0; verdict < VERDICTS; verdict++) {
        for (int trouble = 0; trouble < TROUBLES; trouble++) {
            struct outcome outcome = {.verdict = (enum verdict)verdict,
                                      .trouble = (enum trouble)trouble};
            if (is_failure(&outcome) && strcmp(kind_of(&outcome, kind), word) == 0)
                return true;
        }
    }
    return false;
}

/* A line of the file keeps no blanks around its text. */
static bool is_text(const char *why, const char *text)
{
    size_t length = strlen(text);
    why += strspn(why, " ");
    return strncmp(why, text, length) == 0 && why[length + strspn(why + length, " ")] == '\0';
}

/* A case may be listed more than once, where it fails in one way or another: one that matches is enough. */
static void compare(struct result *result, const char *kind, const char *text)
{
    const struct outcome *outcome = result->outcome;
    char actual[32];
    if (outcome->verdict == PASSED)
        result->known = UNEXPECTED_PASS;
    else if (!is_failure(outcome))
        return;
    else if (strcmp(kind_of(outcome, actual), kind) == 0 &&
             (*text == '\0' || is_text(outcome->why, text)))
        result->known = KNOWN_FAILURE;
    else if (result->known == NOT_KNOWN)
        result->known = OTHER_FAILURE;
}

static bool apply_line(struct run *run, struct lines *lines)
{
    char *text = lines->text;
    const char *id = lines_word(&text), *kind = lines_word(&text);
    if (!is_case(run->suite, id))
        return lines_refuse(lines, "'%s' is no case of the %s suite: %s list has them", id,
                            run->suite->name, calc_program());
    if (!is_kind(kind))
        return lines_refuse(lines,
                            "'%s' is no failure: fail/wrong, non-strict/silence, error and "
                            "the like are allowed",
                            kind);
    for (size_t i = 0; i < run->count; i++) {
        if (strcmp(run->results[i].about->id, id) == 0)
            compare(&run->results[i], kind, text);
    }
    return true;
}

bool baseline_apply(struct run *run, const char *path, char why[static LINES_WHY_ROOM])
{
    struct lines lines;
    if (!lines_open(&lines, path, why))
        return false;
    for (size_t i = 0; i < run->count; i++)
        run->results[i].known = NOT_KNOWN;
    while (lines_next(&lines) && apply_line(run, &lines)) {
    }
    run->known_count = run->unexpected_count = 0;
    for (size_t i = 0; i < run->count; i++) {
        run->known_count += run->results[i].known == KNOWN_FAILURE;
        run->unexpected_count += run->results[i].known == UNEXPECTED_PASS;
    }
    return lines_close(&lines);
}

static bool same(const struct result *a, const struct result *b)
{
    return a->about == b->about && a->outcome->verdict == b->outcome->verdict &&
           a->outcome->trouble == b->outcome->trouble &&
           strcmp(a->outcome->why, b->outcome->why) == 0;
}

static bool is_repeated(const struct run *run, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (same(&run->results[i], &run->results[at]))
            return true;
    }
    return false;
}

bool baseline_write(const struct run *run, const char *path, char why[static LINES_WHY_ROOM])
{
    FILE *file = strcmp(path, "-") == 0 ? stdout : fopen(path, "we");
    if (file == NULL) {
        snprintf(why, LINES_WHY_ROOM, "writing '%s': %s", path, strerror(errno));
        return false;
    }
    fprintf(file, "# Known failures of %s (%s).\n", run->subject, run->suite->name);
    for (size_t i = 0; i < run->count; i++) {
        const struct result *result = &run->results[i];
        char kind[32];
        if (is_failure(result->outcome) && !is_repeated(run, i))
            fprintf(file, "%s %s%s%s\n", result->about->id, kind_of(result->outcome, kind),
                    result->outcome->why[0] == '\0' ? "" : " ", result->outcome->why);
    }
    bool written = !ferror(file) && fflush(file) == 0;
    int error = errno;
    if (file != stdout && fclose(file) != 0 && written) {
        written = false;
        error = errno;
    }
    if (!written)
        snprintf(why, LINES_WHY_ROOM, "writing '%s': %s", path, strerror(error));
    return written;
}
