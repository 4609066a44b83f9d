/* glibc and musl have kept the name before main() began. */
#define _GNU_SOURCE /* program_invocation_short_name */
#include "program.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

const char *calc_program(void)
{
    return program_invocation_short_name;
}

bool calc_print(const char *text)
{
    for (const char *p = text; *p != '\0';) {
        size_t plain = strcspn(p, "@");
        fwrite(p, 1, plain, stdout);
        p += plain;
        if (*p == '@') {
            fputs(calc_program(), stdout);
            p++;
        }
    }
    return calc_printed();
}

bool calc_printed(void)
{
    return fflush(stdout) == 0 && !ferror(stdout);
}
