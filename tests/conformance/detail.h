/* All about one result as lines of text: for a person at a terminal, and for forms that have a place for such
 * lines. */
#ifndef CONFORMANCE_DETAIL_H
#define CONFORMANCE_DETAIL_H

#include "run.h"

#include <stdio.h>

/* What is wrong; the request; what was due and what came, side by side, with the first octet that differs;
 * the diagnoses; what the subject printed; and the line that repeats it. Each where there is one. */
void detail_write(FILE *out, const struct run *run, const struct result *result, bool coloured);

#endif
