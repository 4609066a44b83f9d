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

/* JSON (RFC 8259): one object. */
void report_json(FILE *out, const struct run *run);

/* One page of HTML with all in it. */
void report_html(FILE *out, const struct run *run);

#endif
