/* A student's two functions (PROTOCOL.md, section 9), compiled once for a run. What they do when they are called
 * is function_scenario.h's, and what that is worth the cases'. */
#ifndef CONFORMANCE_FUNCTIONS_H
#define CONFORMANCE_FUNCTIONS_H

#include "case.h"
#include "settings.h"

enum { FUNCTIONS_WHY_ROOM = OUTCOME_TEXT_ROOM, FUNCTIONS_PATH_ROOM = 512 };

struct functions_run {
    const struct settings *settings;
    unsigned client_step; /* 1 or 4; 0: not under test */
    unsigned server_step; /* 2, 3 or 5; 0: not under test */
    bool sanitized;       /* compiled so that a look outside of a buffer ends it */
    char folder[FUNCTIONS_PATH_ROOM];
    char program[FUNCTIONS_PATH_ROOM];
};

/* Finds out which of the course's steps settings->source is, and compiles it together with settings->extra, the C
 * compiler being $CC or cc. What the compiler says goes to standard error as it is. False: why says in one line
 * what is wrong, and nothing is left behind: the subject is unreachable. */
bool functions_run_begin(struct functions_run *run, const struct settings *settings,
                         char why[static FUNCTIONS_WHY_ROOM]);

/* Removes what was compiled. */
void functions_run_end(struct functions_run *run);

/* Whether a case of functions_suite is about a step that is under test. The others are not to be run: they would
 * be skipped. */
bool functions_applies(const struct functions_run *run, const struct conformance_case *about);

#endif
