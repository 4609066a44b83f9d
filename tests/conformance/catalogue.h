/* What there is to test: all cases, the clauses behind them, and the clauses that have none, with the reason. */
#ifndef CONFORMANCE_CATALOGUE_H
#define CONFORMANCE_CATALOGUE_H

#include "case.h"

/* Prints a line for each case, of one suite or (NULL) of all, and for each clause without a case. False: no
 * such suite; one line on standard error says so. */
bool catalogue_list(const char *suite);

/* Prints the case, and the text of its clause; of a clause, all its cases. False: no such id. */
bool catalogue_explain(const char *id);

/* The text of a clause as PROTOCOL.md has it, from its number to the end of the paragraph; *length octets, not ended by
 * NUL. NULL: there is none. */
const char *clause_text(const char *clause, size_t *length);

#endif
