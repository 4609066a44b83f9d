/* Tests one submission: builds it, runs the suites asked for, and writes the reports. Its limits of time and room
 * are the guard's. */
#ifndef CONFORMANCE_GRADE_RUNNER_H
#define CONFORMANCE_GRADE_RUNNER_H

#include "grade_options.h"
#include "graded.h"

struct grade_task {
    const struct grade_settings *settings;
    const struct rubric *rubric; /* or NULL */
    const char *path;            /* the submission */
    const char *name;            /* of its reports */
    uid_t user;                  /* to run as, or 0 */
    bool isolated;               /* in a namespace of its own (isolation.h) */
    struct graded *graded;
};

/* Sets what a submission has that is never run: no points, of all that it could get. */
void grade_begin(const struct grade_task *task);

/* Does it, in this copy of the submission. */
void grade_run(const struct grade_task *task, const char *folder);

#endif
