/* The cases: a clause's test as an identity and a function. The three suites are tables in
 * server_cases.c, client_cases.c and function_cases.c. */
#ifndef CONFORMANCE_CASE_H
#define CONFORMANCE_CASE_H

#include "outcome.h"

/* MUST: the published text fixes it, or no exchange works without it. SHOULD: PROTOCOL.md settles it, and
 * others depend on it. MAY: left open; what the subject does is reported, and never fails. */
enum level { MUST, SHOULD, MAY };

struct server_run;
struct client_run;
struct functions_run;

struct conformance_case {
    const char *id; /* "REQ-3.2/4": the clause, and a number that never changes */
    enum level level;
    const char *sentence; /* what is checked, without a full stop */
    union {
        void (*server)(struct server_run *run, struct outcome *outcome);
        void (*client)(struct client_run *run, struct outcome *outcome);
        void (*functions)(struct functions_run *run, struct outcome *outcome);
    } run;
};

struct suite {
    const char *name; /* "server", "client", "functions": the command that runs it */
    const struct conformance_case *cases;
    size_t count;
};

extern const struct suite server_suite, client_suite, functions_suite;

/* "MUST", "SHOULD", "MAY" */
const char *level_name(enum level level);

/* The clause of an id, "REQ-3.2", into room for CLAUSE_ROOM characters. */
enum { CLAUSE_ROOM = 16 };
void case_clause(const struct conformance_case *about, char clause[static CLAUSE_ROOM]);

#endif
