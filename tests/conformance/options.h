/* The command line of the kit. */
#ifndef CONFORMANCE_OPTIONS_H
#define CONFORMANCE_OPTIONS_H

#include "settings.h"

enum command {
    COMMAND_SERVER,
    COMMAND_CLIENT,
    COMMAND_FUNCTIONS,
    COMMAND_GRADE,
    COMMAND_LIST,
    COMMAND_EXPLAIN,
    COMMAND_HELP,
    COMMAND_VERSION
};

extern const char usage_text[];

/* Reads the command line into *settings and *command; *first is the index of the first word behind the options.
 * False: one line on standard error says which word is wrong and what is allowed. */
bool options_parse(int argc, char **argv, enum command *command, struct settings *settings,
                   int *first);

#endif
