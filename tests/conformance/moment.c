/* Times in UTC. */
#define _POSIX_C_SOURCE 200809L
#include "moment.h"

#include <stdio.h>
#include <time.h>

void moment_text(uint64_t since_1970_us, char text[static MOMENT_ROOM])
{
    time_t seconds = (time_t)(since_1970_us / 1000000);
    struct tm parts;
    if (gmtime_r(&seconds, &parts) == NULL ||
        strftime(text, MOMENT_ROOM, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        snprintf(text, MOMENT_ROOM, "1970-01-01T00:00:00Z");
}
