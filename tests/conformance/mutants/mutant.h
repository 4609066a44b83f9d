/* Which mistake is to be made: the one that the environment variable MUTANT names. */
#include <stdlib.h>
#include <string.h>

static int is_mutant(const char *name)
{
    const char *wanted = getenv("MUTANT");
    return wanted != NULL && strcmp(wanted, name) == 0;
}

#define IS(name) is_mutant(#name)
