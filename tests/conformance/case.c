/* The names of levels, and the clause in an id. */
#include "case.h"

#include <stdio.h>
#include <string.h>

const char *level_name(enum level level)
{
    static const char *const names[] = {[MUST] = "MUST", [SHOULD] = "SHOULD", [MAY] = "MAY"};
    return names[level];
}

void case_clause(const struct conformance_case *about, char clause[static CLAUSE_ROOM])
{
    snprintf(clause, CLAUSE_ROOM, "%.*s", (int)strcspn(about->id, "/"), about->id);
}
