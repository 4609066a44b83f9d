/* The one place that knows about terminals. */
#include "colour.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool calc_colour_wanted(int fd)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    bool refused = no_color != NULL && no_color[0] != '\0';
    bool capable = term != NULL && term[0] != '\0' && strcmp(term, "dumb") != 0;
    return capable && !refused && isatty(fd);
}
