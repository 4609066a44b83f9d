/* A rubric: what each case is worth, and what the sum of it is called. example.rubric documents the file. */
#ifndef CONFORMANCE_RUBRIC_H
#define CONFORMANCE_RUBRIC_H

#include "lines.h"
#include "run.h"

enum { RUBRIC_WEIGHTS_MAX = 256, RUBRIC_GRADES_MAX = 32, RUBRIC_PATTERN_ROOM = 64 };

struct rubric {
    size_t weight_count, grade_count;
    double non_strict; /* the part of its weight that a case with a missed SHOULD is worth */
    struct {
        double weight;
        char pattern[RUBRIC_PATTERN_ROOM]; /* fnmatch(3), of ids */
    } weights[RUBRIC_WEIGHTS_MAX];
    struct {
        double percent; /* from here on */
        char name[sizeof((struct run *)0)->grade];
    } grades[RUBRIC_GRADES_MAX];
};

/* Reads it. False: why says in which line what is wrong. */
bool rubric_read(struct rubric *rubric, const char *path, char why[static LINES_WHY_ROOM]);

/* Sets the points, their maximum and the grade of a run. What is skipped leaves
 * both sums. */
void rubric_apply(const struct rubric *rubric, struct run *run);

/* What all cases of a suite are worth, or those whose ids match this pattern (NULL: all). */
double rubric_total(const struct rubric *rubric, const struct suite *suite, const char *filter);

/* The name of the grade for so many points; "" where the rubric has no grades, or there was nothing to get. */
const char *rubric_grade(const struct rubric *rubric, double points, double points_max);

#endif
