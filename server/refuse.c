/* One copy of what takes a variable number of arguments. */
#include "refuse.h"

#include <stdarg.h>
#include <stdio.h>

bool refuse(char why[static CALC_WHY_ROOM], const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, CALC_WHY_ROOM, format, arguments);
    va_end(arguments);
    return false;
}
