/* What a student's file of C defines, told from its text: the compiler says the rest. */
#ifndef CONFORMANCE_FUNCTION_SOURCE_H
#define CONFORMANCE_FUNCTION_SOURCE_H

#include <stdbool.h>

enum { FUNCTION_SOURCE_WHY_ROOM = 512 };

/* How many parameters the definitions of the course's two functions have (PROTOCOL.md, section 9); -1: there is
 * none. Comments, quotations and lines of the preprocessor say nothing. */
struct function_source {
    int client_parameters, server_parameters;
};

/* False: why says in one line what could not be read. */
bool function_source_read(const char *path, struct function_source *source,
                          char why[static FUNCTION_SOURCE_WHY_ROOM]);

#endif
