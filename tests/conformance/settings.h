/* What a run is to do, as the command line says it. */
#ifndef CONFORMANCE_SETTINGS_H
#define CONFORMANCE_SETTINGS_H

#include "subject.h"

#include <netinet/in.h>

enum { JOBS_MAX = 64 };

struct settings {
    const char *address, *port;   /* of a server that runs already; NULL: it is to be started */
    struct sockaddr_in6 endpoint; /* the same, read */
    const char *exec;             /* the command to start, or NULL */
    const char *expect;           /* client: what it prints, 'Result: {result}' by default */
    bool expect_given;            /* not the default */
    const char *source;           /* functions: the student's file, or NULL */
    const char *filter;           /* a pattern of ids, fnmatch(3), or NULL */
    int64_t timeout_us; /* the deadline for each answer of a server, and each run of a client */
    bool timeout_given; /* not the default */
    unsigned repeat, jobs;
    uint64_t seed;
    bool strict;  /* a SHOULD that is missed is a failure */
    bool settled; /* so is what PROTOCOL.md settles otherwise */
    struct limits limits;
    /* Where to write what; NULL: nowhere. "-" is standard output. */
    const char *tap, *junit, *json, *html, *capture, *capture_failures, *baseline, *write_baseline,
        *rubric;
    bool quiet;
    /* functions: the step of the course or 0, and more words for the compiler */
    unsigned step;
    const char *const *extra;
    size_t extra_count;
};

#endif
