/* load [options] ADDRESS PORT: the load generator, from its command line to its exit status. */
#include "options.h"
#include "proto/net/endpoint.h"
#include "proto/show.h"
#include "proto/term/program.h"
#include "report.h"
#include "run.h"

#include <errno.h>
#include <stdio.h>

enum { BAD_USAGE = 1, FAILED = 10 };

static int complain(char *why, int status)
{
    calc_one_line(why);
    fprintf(stderr, "%s: %s\n", calc_program(), why);
    return status;
}

/* The exit status, where that was printed. */
static int end(bool printed, int status)
{
    if (printed)
        return status;
    fprintf(stderr, "%s: can not print: %s\n", calc_program(), strerror(errno));
    return FAILED;
}

int main(int argc, char **argv)
{
    struct options options;
    char wrong[OPTIONS_WHY_ROOM];
    if (!options_parse(argc, argv, &options, wrong))
        return complain(wrong, BAD_USAGE);
    if (options.action == LOAD_HELP)
        return end(calc_print(load_usage), 0);
    if (options.action == LOAD_VERSION)
        return end(calc_print("@ (calc6) " CALC_VERSION "\n"), 0);

    char why[CALC_WHY_ROOM];
    struct calc_endpoints endpoints;
    switch (calc_resolve(options.address, options.port, CALC_TO_SEND, &endpoints, why)) {
    case CALC_RESOLVED:
        break;
    case CALC_PORT_WRONG:
    case CALC_ADDRESS_WRONG:
        return complain(why, BAD_USAGE);
    default:
        return complain(why, FAILED);
    }
    struct result result;
    /* A host with several addresses is asked at the first. */
    if (!run_load(&options, &endpoints.list[0], &result, why))
        return complain(why, FAILED);
    report_warnings(&result);
    bool printed = options.json ? report_json(&result) : report_table(&options, &result);
    return end(printed, report_status(&result));
}
