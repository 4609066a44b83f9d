/* What a run's results say together: which mistakes explain how many cases, and which results are about
 * the same. */
#ifndef CONFORMANCE_TALLY_H
#define CONFORMANCE_TALLY_H

#include "run.h"

/* A mistake, and how many cases it explains. */
struct mistake {
    const char *text; /* in the run */
    size_t cases;
    bool fails; /* one of them failed; else a SHOULD is missed, no more */
};

enum { MISTAKES_MAX = 64 };

/* The distinct diagnoses of a run, those of failures before those of missed SHOULDs, then those that
 * explain most cases first; equals in the order of the run.
 * Returns how many. A case that ran more than once counts once. */
size_t tally_mistakes(const struct run *run, struct mistake mistakes[static MISTAKES_MAX]);

/* What stands above them: where nothing failed, they are no mistakes. */
const char *tally_heading(const struct mistake *mistakes, size_t count);

/* Whether this is one of the result's diagnoses. */
bool tally_explains(const struct result *result, const char *mistake);

/* Whether there is something about the result to be told: it failed, missed a SHOULD or could not be
 * tried for a fault of the kit, or it passed though the baseline says otherwise. */
bool tally_tells(const struct result *result);

/* Of a case that ran more than once: whether an earlier result of the run found the same in it. */
bool tally_is_again(const struct run *run, const struct result *result);

/* How many results of this case found the same, and how many there are. */
void tally_turns(const struct run *run, const struct result *result, size_t *same, size_t *all);

/* Whether it is among what makes a run fail: known failures are not, unexpected passes are. */
bool tally_counts_as_failed(const struct result *result);

#endif
