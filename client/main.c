/* client ADDRESS PORT INTEGER...: one calculation, from its command line to its exit status; many of
 * them are batch.c's. */
#include "batch.h"
#include "check.h"
#include "exchange.h"
#include "options.h"
#include "proto/term/program.h"
#include "reply.h"
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static bool resolve(const struct command *command, struct calc_endpoints *endpoints,
                    struct failure *failure)
{
    char why[CALC_WHY_ROOM];
    switch (calc_resolve(command->address, command->port, CALC_TO_SEND, endpoints, why)) {
    case CALC_RESOLVED:
        return true;
    case CALC_PORT_WRONG:
    case CALC_ADDRESS_WRONG:
        return fail(failure, FAILURE_USAGE, "%s", why);
    default:
        return fail(failure, FAILURE_UNKNOWN, "%s", why);
    }
}

static bool calculate(const struct command *command, const struct calc_endpoints *endpoints,
                      struct failure *failure)
{
    uint8_t request[CALC_REQUEST_MAX];
    struct exchange exchange = {
        .endpoints = endpoints,
        .request = request,
        .timeout_us = command->timeout_us,
        .retries = command->retries,
    };
    enum calc_code code =
        calc_request_encode(&command->request, request, sizeof request, &exchange.request_length);
    if (code != CALC_OK)
        return fail(failure, FAILURE_USAGE, "%s", calc_code_text(code));
    bool replied = exchange_run(&exchange, failure);
    bool draws = command->verbose && !command->check;
    if (draws && replied)
        report_exchange(command, &exchange);
    else if (draws)
        report_unanswered(&exchange);
    if (!replied)
        return false;

    struct calc_reply reply;
    if (!reply_read(&command->request, exchange.reply, exchange.reply_length, &reply, failure))
        return false;
    return command->check ? check_reply(command, &exchange, &reply, failure)
                          : report_result(command, &exchange, &reply, failure);
}

static bool print_text(const char *text, struct failure *failure)
{
    if (!calc_print(text))
        return fail(failure, FAILURE_OUTPUT, "can not print: %s", strerror(errno));
    return true;
}

/* Returns the exit status. */
static int work(struct command *command, struct failure *failure)
{
    struct calc_endpoints endpoints;
    int worst = 0;
    if (command->star_seen)
        fprintf(stderr,
                "%s: took the names of all files here for an unquoted star: better "
                "quote it, -op '*'\n",
                calc_program());
    bool done = (!command->check || check_begin(&command->request, failure)) &&
                resolve(command, &endpoints, failure) &&
                (command->batch ? batch_run(command, &endpoints, &worst, failure)
                                : calculate(command, &endpoints, failure));
    if (!done)
        report_failure(command, failure);
    if (command->check)
        return done ? 0 : CHECK_FAILED;
    int status = failure_status(failure->kind);
    return status > worst ? status : worst;
}

int main(int argc, char **argv)
{
    struct command command;
    struct failure failure = {.kind = NO_FAILURE};
    bool done = options_parse(argc, argv, &command, &failure);
    if (done && command.action == ACTION_CALCULATE)
        return work(&command, &failure);
    if (done && command.action == ACTION_HELP)
        done = print_text(usage_text, &failure);
    else if (done)
        done = print_text("@ (calc6) " CALC_VERSION "\n", &failure);
    if (!done)
        report_failure(&command, &failure);
    return failure_status(failure.kind);
}
