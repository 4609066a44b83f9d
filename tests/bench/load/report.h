/* What a run has measured, for people or as one JSON object. */
#ifndef LOAD_REPORT_H
#define LOAD_REPORT_H

#include "run.h"

/* Prints on standard output. False with errno: it could not. */
bool report_json(const struct result *result);
bool report_table(const struct options *options, const struct result *result);

/* On standard error: what makes the figures worth less. */
void report_warnings(const struct result *result);

/* 0 all right, 2 some lost or not sent, 10 a wrong reply. */
int report_status(const struct result *result);

#endif
