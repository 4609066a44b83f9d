/* A run: the chosen cases of a suite, each as often as asked for, in one process or several, and what came of
 * them. */
#ifndef CONFORMANCE_RUN_H
#define CONFORMANCE_RUN_H

#include "case.h"
#include "clock.h"
#include "settings.h"

/* Whether the baseline had something to say about a case. */
enum known {
    NOT_KNOWN,
    KNOWN_FAILURE,   /* fails as the baseline says: does not count */
    UNEXPECTED_PASS, /* the baseline says that it fails: counts as a failure */
    OTHER_FAILURE,   /* fails, but otherwise than the baseline says */
};

struct result {
    const struct conformance_case *about;
    unsigned turn; /* from 1, with --repeat */
    enum known known;
    const struct outcome *outcome;
};

/* All that a report needs. */
struct run {
    const struct suite *suite;
    const struct settings *settings;
    char subject[512]; /* "[::1]:10000", or the command */
    uint64_t began_us; /* since 1970 */
    int64_t took_us;
    size_t count;
    struct result *results;
    void *shared; /* run.c's */
    size_t counts[VERDICTS];
    size_t known_count, unexpected_count;
    bool unreachable; /* the subject never answered, or could not be started */
    bool has_grade;
    double points, points_max; /* with --rubric */
    char grade[32];
};

/* Runs them. False: nothing matched, or the kit could not begin; one line on standard error says which. */
bool run_suite(struct run *run, const struct suite *suite, const struct settings *settings);

/* Gives back what run_suite() took. */
void run_free(struct run *run);

/* The exit status: 0 all passed, 1 something failed, 3 the subject was unreachable or crashed. (2 is for usage.) */
int run_status(const struct run *run);

/* Writes the words for the subject of its settings into run->subject. */
void run_subject(struct run *run);

/* The command that repeats just this case, in one line that a shell reads. */
enum { REPEAT_ROOM = 2048 };
void run_repeat_line(const struct run *run, const struct result *result,
                     char line[static REPEAT_ROOM]);

#endif
