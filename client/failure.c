/* The kinds of failure: their names and exit statuses in one table. */
#include "failure.h"
#include "proto/show.h"

#include <stdio.h>

static const struct {
    const char *name;
    int status;
} kinds[FAILURE_KINDS] = {
    [NO_FAILURE] = {"none",          0 },
    [FAILURE_USAGE] = {"usage",         1 },
    [FAILURE_REPLIED] = {"error",         2 },
    [FAILURE_TIMEOUT] = {"timeout",       9 },
    [FAILURE_UNKNOWN] = {"unknown",       10},
    [FAILURE_REFUSED] = {"refused",       10},
    [FAILURE_NETWORK] = {"network",       10},
    [FAILURE_NO_REPLY] = {"invalid-reply", 10},
    [FAILURE_OUTPUT] = {"output",        10},
    [FAILURE_INPUT] = {"input",         1 },
    [FAILURE_INTERRUPTED] = {"interrupted",   10},
};

int failure_status(enum failure_kind kind)
{
    return kinds[kind].status;
}

const char *failure_name(enum failure_kind kind)
{
    return kinds[kind].name;
}

bool fail(struct failure *failure, enum failure_kind kind, const char *format, ...)
{
    if (failure->kind != NO_FAILURE)
        return false;
    failure->kind = kind;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(failure->text, sizeof failure->text, format, arguments);
    va_end(arguments);
    calc_one_line(failure->text);
    return false;
}
