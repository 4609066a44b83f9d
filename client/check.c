/* The question of a health check, and the judgement. */
#define _GNU_SOURCE /* getrandom */

#include "check.h"
#include "proto/term/program.h"
#include "signals.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

bool check_begin(struct calc_request *sum, struct failure *failure)
{
    uint32_t random[2];
    if (!signals_without_pipe())
        return fail(failure, FAILURE_NETWORK, "can not ignore SIGPIPE: %s", strerror(errno));
    if (getrandom(random, sizeof random, 0) != sizeof random)
        return fail(failure, FAILURE_NETWORK, "can not pick random integers: %s", strerror(errno));
    *sum = (struct calc_request){
        .opcode = CALC_SUM,
        .format = CALC_AS_INTEGER,
        .count = 2,
        .integers = {random[0] / 2, random[1] / 2},
    };
    return true;
}

bool check_reply(const struct command *command, const struct exchange *exchange,
                 const struct calc_reply *reply, struct failure *failure)
{
    const uint32_t *integers = command->request.integers;
    char text[CALC_ENDPOINT_ROOM];
    calc_endpoint_text(&exchange->peer, text);
    if (reply->number != integers[0] + integers[1])
        return fail(failure, FAILURE_NO_REPLY,
                    "%s says that %" PRIu32 " + %" PRIu32 " is %" PRIu32 ", which is wrong", text,
                    integers[0], integers[1], reply->number);
    if (command->verbose)
        printf("%s is right, after %.3f ms, %u sent\n", text,
               (double)exchange->round_trip_us / 1000, exchange->tries);
    if (!calc_printed())
        return fail(failure, FAILURE_OUTPUT, "can not print: %s", strerror(errno));
    return true;
}
