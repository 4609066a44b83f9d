/* Between fork(2) and execve(2): the child makes itself what a subject has to be, and becomes it. */
#ifndef CONFORMANCE_SUBJECT_CHILD_H
#define CONFORMANCE_SUBJECT_CHILD_H

#include "subject.h"

/* What the child was at when it failed; subject_step_text() has the words. */
enum subject_step {
    STEP_SESSION,
    STEP_INPUT,
    STEP_OUTPUT,
    STEP_CLOSE,
    STEP_CPU,
    STEP_MEMORY,
    STEP_FILE_SIZE,
    STEP_PROCESSES,
    STEP_FILES,
    STEP_CORE,
    STEP_USER,
    STEP_PARENT,
    STEP_FOLDER,
    STEP_PROGRAM,
    SUBJECT_STEPS,
};

/* What comes back through the pipe; nothing where the program has begun. */
struct subject_failure {
    enum subject_step step;
    int error; /* errno */
};

const char *subject_step_text(enum subject_step step);

/* In the child only. Both descriptors are closed where a program begins: output is copied, failures are
 * written as they are. `tasks` is what the user has already, for RLIMIT_NPROC. */
_Noreturn void subject_become(const struct words *words, const struct limits *limits, size_t tasks,
                              pid_t parent, int output, int failures);

#endif
