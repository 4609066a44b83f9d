/* Rubrics: read, and applied to the results of a run. */
#define _GNU_SOURCE /* FNM_CASEFOLD */
#include "rubric.h"

#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* So that nine tenths of a hundred tenths are ninety percent. */
#define ROUNDING 1e-9

static bool read_number(struct lines *lines, const char *word, double max, double *number)
{
    char *end;
    *number = strtod(word, &end);
    if (end == word || *end != '\0' || !isfinite(*number) || *number < 0 || *number > max)
        return lines_refuse(lines, "'%s' is no number: 0 to %g is allowed", word, max);
    return true;
}

static bool read_grade(struct rubric *rubric, struct lines *lines, char *rest)
{
    const char *name = lines_word(&rest), *percent = lines_word(&rest);
    double number;
    if (*percent == '\0' || *rest != '\0')
        return lines_refuse(lines, "a grade is written 'grade NAME PERCENT'");
    if (strlen(name) >= sizeof rubric->grades[0].name)
        return lines_refuse(lines, "the grade '%s' is too long: %zu characters are allowed", name,
                            sizeof rubric->grades[0].name - 1);
    if (!read_number(lines, percent, 100, &number))
        return false;
    if (rubric->grade_count == RUBRIC_GRADES_MAX)
        return lines_refuse(lines, "there are too many grades: %d are allowed", RUBRIC_GRADES_MAX);
    rubric->grades[rubric->grade_count].percent = number;
    strncpy(rubric->grades[rubric->grade_count++].name, name, sizeof rubric->grades[0].name - 1);
    return true;
}

static bool read_non_strict(struct rubric *rubric, struct lines *lines, char *rest)
{
    const char *part = lines_word(&rest);
    if (*rest != '\0')
        return lines_refuse(lines, "it is written 'non-strict PART', from 0 to 1");
    return read_number(lines, part, 1, &rubric->non_strict);
}

static bool read_weight(struct rubric *rubric, struct lines *lines, const char *weight, char *rest)
{
    const char *pattern = lines_word(&rest);
    double number;
    if (!read_number(lines, weight, 1e6, &number))
        return false;
    if (*pattern == '\0' || *rest != '\0')
        return lines_refuse(lines, "a weight is written 'WEIGHT PATTERN', such as '10 REQ-3.3/*'");
    if (strlen(pattern) >= RUBRIC_PATTERN_ROOM)
        return lines_refuse(lines, "the pattern '%s' is too long: %d characters are allowed",
                            pattern, RUBRIC_PATTERN_ROOM - 1);
    if (rubric->weight_count == RUBRIC_WEIGHTS_MAX)
        return lines_refuse(lines, "there are too many weights: %d are allowed",
                            RUBRIC_WEIGHTS_MAX);
    rubric->weights[rubric->weight_count].weight = number;
    strncpy(rubric->weights[rubric->weight_count++].pattern, pattern, RUBRIC_PATTERN_ROOM - 1);
    return true;
}

static bool read_line(struct rubric *rubric, struct lines *lines)
{
    char *rest = lines->text;
    const char *first = lines_word(&rest);
    if (strcmp(first, "grade") == 0)
        return read_grade(rubric, lines, rest);
    if (strcmp(first, "non-strict") == 0)
        return read_non_strict(rubric, lines, rest);
    if (strchr("0123456789.+-", *first) != NULL)
        return read_weight(rubric, lines, first, rest);
    return lines_refuse(lines, "'%s' is unknown: a weight, 'grade' and 'non-strict' are allowed",
                        first);
}

static bool has_lowest_grade(const struct rubric *rubric)
{
    for (size_t i = 0; i < rubric->grade_count; i++) {
        if (rubric->grades[i].percent <= 0)
            return true;
    }
    return rubric->grade_count == 0;
}

bool rubric_read(struct rubric *rubric, const char *path, char why[static LINES_WHY_ROOM])
{
    struct lines lines;
    *rubric = (struct rubric){.non_strict = 1};
    if (!lines_open(&lines, path, why))
        return false;
    while (lines_next(&lines) && read_line(rubric, &lines)) {
    }
    if (why[0] == '\0' && !has_lowest_grade(rubric))
        lines_refuse(&lines, "no grade begins at 0: each result needs a grade");
    return lines_close(&lines);
}

/* The first pattern that matches counts. */
static double weight_of(const struct rubric *rubric, const char *id)
{
    for (size_t i = 0; i < rubric->weight_count; i++) {
        if (fnmatch(rubric->weights[i].pattern, id, 0) == 0)
            return rubric->weights[i].weight;
    }
    return 1;
}

void rubric_apply(const struct rubric *rubric, struct run *run)
{
    run->has_grade = true;
    run->points = run->points_max = 0;
    for (size_t i = 0; i < run->count; i++) {
        enum verdict verdict = run->results[i].outcome->verdict;
        double weight = weight_of(rubric, run->results[i].about->id);
        if (verdict == SKIPPED)
            continue;
        run->points_max += weight;
        if (verdict == PASSED)
            run->points += weight;
        else if (verdict == NON_STRICT)
            run->points += weight * rubric->non_strict;
    }
    const char *grade = rubric_grade(rubric, run->points, run->points_max);
    snprintf(run->grade, sizeof run->grade, "%s", grade);
}

double rubric_total(const struct rubric *rubric, const struct suite *suite, const char *filter)
{
    double total = 0;
    for (size_t i = 0; i < suite->count; i++) {
        const char *id = suite->cases[i].id;
        if (filter == NULL || fnmatch(filter, id, FNM_CASEFOLD) == 0)
            total += weight_of(rubric, id);
    }
    return total;
}

const char *rubric_grade(const struct rubric *rubric, double points, double points_max)
{
    const char *name = "";
    double best = -1;
    for (size_t i = 0; points_max > 0 && i < rubric->grade_count; i++) {
        double percent = rubric->grades[i].percent;
        if (percent <= best || 100 * points / points_max + ROUNDING < percent)
            continue;
        best = percent;
        name = rubric->grades[i].name;
    }
    return name;
}
