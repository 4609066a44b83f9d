/* The reports of one run, each in its form, of the same results. Where they go is the caller's. */
#ifndef CONFORMANCE_REPORT_H
#define CONFORMANCE_REPORT_H

#include "run.h"

#include <stdio.h>

/* For people on a terminal: a line for each case that is not simply passed, all about each failure, and the
 * sum. With coloured, SGR sequences (ECMA-48). */
void report_text(FILE *out, const struct run *run, bool coloured);

/* Test Anything Protocol, version 14. */
void report_tap(FILE *out, const struct run *run);

/* JUnit XML, as CI servers read it. */
void report_junit(FILE *out, const struct run *run);

/* JSON (RFC 8259): one object. Octets are strings of hex digits; what there is not is null.
 *   version, suite, subject; began (RFC 3339), took_ms; strict, settled, unreachable: booleans
 *   counts      {pass, fail, non-strict, skip, error, known, unexpected}: how many results
 *   grade       {grade, points, points_max}, or null
 *   mistakes    [{text, cases}]: the distinct diagnoses, those that explain most cases first
 *   results     of each: id, clause, level, sentence, turn (from 1); verdict and trouble, as outcome.h names them;
 *               known ("no", "failure", "unexpected-pass", "other-failure"); why; observed, as_settled; diagnoses,
 *               a list; request; output, what the subject printed; took_ms; repeat, the command; and
 *     comparison  {of ("replies", "requests"), format ("integer", "string"), expected (null: nothing was due), actual
 *               (null: nothing came), expected_means, actual_means, actual_length, first_difference (from 0)}
 *     packets   [{time_us (since 1970), source, destination, octets}] */
void report_json(FILE *out, const struct run *run);

/* One page of HTML with all in it. */
void report_html(FILE *out, const struct run *run);

#endif
