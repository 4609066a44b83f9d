/* A baseline: the failures that are known, so that only what changes counts. One line for each:
 *
 *     REQ-3.2/4 fail/wrong the text of the failure
 *
 * the id, the verdict and the trouble (outcome.h has their names; "error" has no trouble), and what the failure
 * says. Without a text, any will do. Lines that begin with # and empty lines say nothing. */
#ifndef CONFORMANCE_BASELINE_H
#define CONFORMANCE_BASELINE_H

#include "lines.h"
#include "run.h"

/* Sets `known` of all results, and both counts of the run. A case that is skipped stays NOT_KNOWN.
 * False: why says in which line what is wrong, such as an id that is none of the suite's. */
bool baseline_apply(struct run *run, const char *path, char why[static LINES_WHY_ROOM]);

/* Writes all failures of the run, in the order of its cases, each once. False: why says what was tried. */
bool baseline_write(const struct run *run, const char *path, char why[static LINES_WHY_ROOM]);

#endif
