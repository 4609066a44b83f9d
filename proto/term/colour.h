/* Whether what is printed may be coloured. What the colours are is for those who print. */
#ifndef CALC_COLOUR_H
#define CALC_COLOUR_H

#include <stdbool.h>

/* True: fd is a terminal, TERM names one that is more than "dumb", and NO_COLOR is not set, or to
 * the empty string (no-color.org). */
bool calc_colour_wanted(int fd);

#endif
