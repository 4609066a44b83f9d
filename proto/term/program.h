/* What a program calls itself: the name that it was started by, as its messages, usage and version have it. */
#ifndef CALC_PROGRAM_H
#define CALC_PROGRAM_H

#include <stdbool.h>

/* The last part of argv[0], as in program_invocation_short_name(3): "server" for bin/server, "calc6-server" for
 * /usr/sbin/calc6-server. Never NULL; empty where the program was started without a name. */
const char *calc_program(void);

/* Prints a text on standard output, with the program's name in place of each @, and all that waited there
 * before it. False, with errno: it could not be written. */
bool calc_print(const char *text);

/* Writes what waits on standard output. False: that, or something before it, could not be written; errno is of what was
 * printed last. */
bool calc_printed(void);

#endif
