/* What came of one submission, as plain data in memory that is shared between processes, and as a line of CSV. */
#ifndef CONFORMANCE_GRADED_H
#define CONFORMANCE_GRADED_H

#include "rubric.h"

struct graded {
    size_t counts[VERDICTS]; /* of all suites that were run to their end */
    bool has_grade;
    double points,
        points_max; /* with a rubric; a suite that could not be run has its points to get */
    char grade[sizeof((struct run *)0)->grade];
    size_t diagnosis_cases;
    char diagnosis[OUTCOME_TEXT_ROOM]; /* the one that explains most cases, or empty */
    char why[OUTCOME_TEXT_ROOM];       /* why it could not be graded to its end, or empty */
    int status;                        /* as run_status() has it */
};

/* Notes the first reason, printf(3)'s, as one line; a later one changes nothing. */
__attribute__((format(printf, 2, 3))) void graded_why(struct graded *graded, const char *format,
                                                      ...);

/* RFC 4180, but with a line feed alone at the end of a line. Control characters and what is no UTF-8 are written
 * as their numbers. */
void graded_csv_header(FILE *out);
void graded_csv(FILE *out, const char *submission, const struct graded *graded);

#endif
