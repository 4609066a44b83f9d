/* client ADDRESS PORT INTEGER...: one calculation, from its command line to its exit status. */
#include "exchange.h"
#include "options.h"
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What a person can do about an error reply, which carries no reason itself (REQ-5.5). */
static const char *hint(const struct calc_request *request)
{
    struct calc_reply result = {.success = false};
    switch (calc_evaluate(request, &result)) {
    case CALC_ABOVE_32_BITS:
        return ": the result is above 4294967295; -s asks for it as a string";
    case CALC_ABOVE_256_DIGITS:
        return ": the result has more than 256 digits";
    default:
        return "";
    }
}

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

static bool calculate(const struct command *command, struct failure *failure)
{
    struct calc_endpoints endpoints;
    if (!resolve(command, &endpoints, failure))
        return false;
    uint8_t request[CALC_REQUEST_MAX];
    struct exchange exchange = {
        .endpoints = &endpoints,
        .request = request,
        .timeout_us = command->timeout_us,
        .retries = command->retries,
    };
    enum calc_code code =
        calc_request_encode(&command->request, request, sizeof request, &exchange.request_length);
    if (code != CALC_OK)
        return fail(failure, FAILURE_USAGE, "%s", calc_code_text(code));
    bool replied = exchange_run(&exchange, failure);
    if (command->verbose && replied)
        report_exchange(command, &exchange);
    else if (command->verbose)
        report_unanswered(&exchange);
    if (!replied)
        return false;

    struct calc_reply reply;
    code =
        calc_reply_decode(exchange.reply, exchange.reply_length, command->request.format, &reply);
    if (code == CALC_REPLY_ERROR)
        return fail(failure, FAILURE_REPLIED, "the server answered with an error%s",
                    hint(&command->request));
    if (code != CALC_OK)
        return fail(failure, FAILURE_NO_REPLY, "the reply is not valid: %s", calc_code_text(code));
    return report_result(command, &exchange, &reply, failure);
}

static bool print_text(const char *text, struct failure *failure)
{
    if (fputs(text, stdout) == EOF || fflush(stdout) == EOF)
        return fail(failure, FAILURE_OUTPUT, "can not print: %s", strerror(errno));
    return true;
}

int main(int argc, char **argv)
{
    struct command command;
    struct failure failure = {.kind = NO_FAILURE};
    bool done = options_parse(argc, argv, &command, &failure);
    if (done && command.action == ACTION_HELP)
        done = print_text(usage_text, &failure);
    else if (done && command.action == ACTION_VERSION)
        done = print_text("client (calc6) " CALC_VERSION "\n", &failure);
    else if (done) {
        if (command.star_seen)
            fprintf(stderr, "client: took the names of all files here for an unquoted star: better "
                            "quote it, -op '*'\n");
        done = calculate(&command, &failure);
    }
    if (!done)
        report_failure(&command, &failure);
    return failure_status(failure.kind);
}
