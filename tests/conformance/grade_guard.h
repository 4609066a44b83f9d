/* The process above one submission: it gives it a folder, watches what it takes, and ends it and all that it
 * leaves behind. */
#ifndef CONFORMANCE_GRADE_GUARD_H
#define CONFORMANCE_GRADE_GUARD_H

#include "grade_runner.h"

#include <signal.h>

/* The signals that the guard waits for: those that end it, and the end of a child. They are blocked by the caller. */
void grade_signals(sigset_t *signals);

/* In a process of its own: grades the submission, and removes all that it wrote and started. Ends early when
 * the parent does, or a signal says so. */
_Noreturn void grade_guard(const struct grade_task *task, pid_t parent);

#endif
