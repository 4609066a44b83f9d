/* The options of `conformance grade`. */
#ifndef CONFORMANCE_GRADE_OPTIONS_H
#define CONFORMANCE_GRADE_OPTIONS_H

#include "settings.h"
#include "tree.h"

#include <stddef.h>

struct grade_settings {
    struct settings run;                     /* of each run; its limits are each submission's */
    const char *server, *client, *functions; /* commands, and a file; NULL: not tried */
    const char *build;                       /* a command, or NULL */
    const char *out;          /* the folder of the reports; absolute, once it is made */
    unsigned jobs;            /* submissions at a time */
    int64_t time_us;          /* for a whole submission */
    uint64_t memory_octets;   /* for all its processes together */
    struct tree_size disk;    /* for all its files together */
    bool has_user;            /* limits.user was chosen */
    char *const *submissions; /* folders */
    size_t count;
};

enum grade_command { GRADE_RUN, GRADE_HELP, GRADE_USAGE };

extern const char grade_usage[];

/* Reads the words behind argv[0]. GRADE_USAGE: one line on standard error says which word is wrong and what is
 * allowed. */
enum grade_command grade_options(int argc, char **argv, struct grade_settings *settings);

#endif
