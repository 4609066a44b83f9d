/* Any command line of the server: words, each ended by NUL. */
#define _GNU_SOURCE /* CPU_COUNT, mmsghdr */
#include "tests/fuzz/fuzz.h"

#include "server/local.h"
#include "server/options.h"

#include <getopt.h>
#include <string.h>

static void require_settled(const struct command *command, const struct command_words *words)
{
    if (command->action != ACTION_SERVE)
        return;
    const struct serve_options *serve = &command->serve;
    bool both = words->count > 2 && command->address == words->list[words->count - 2] &&
                command->port == words->list[words->count - 1];
    bool none = command->address == NULL && command->port == NULL;
    require(both || none, "the last two words are ADDRESS and PORT, or there is none of them");
    require(serve->workers >= 1 && serve->workers <= SERVE_WORKERS_MAX,
            "there is a worker, and not too many");
    require(serve->worker.busy_poll_us <= 1000000, "busy polling has its limit");
    require(!serve->worker.once || (serve->workers == 1 && !serve->listener.merged),
            "--once is for one worker, which takes datagrams one by one");
    unsigned bits = serve->rate.prefix;
    require(serve->rate.per_second == 0 ||
                (serve->rate.per_second <= RATE_MAX && (bits == 64 || bits == 56 || bits == 48)),
            "a rate has its limit, and a prefix that there is");
    require(serve->sandbox.mode <= SANDBOX_REQUIRE, "the sandbox is one that there is");
    require(serve->log.format <= LOG_PAIRS, "the format of the log is one that there is");
    const char *path = command->metrics.path;
    require(path == NULL || (strchr(path, '/') != NULL && local_fits(path)),
            "metrics are at a path that there is room for");
    require(command->metrics.given || (path == NULL && command->metrics.endpoint.sin6_family == 0),
            "metrics are nowhere unless that was said");
    require(!serve->pinned || CPU_COUNT(&serve->cpus) > 0, "a list of processors has one");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct command_words words = command_words_split("server", data, size);
    struct command command;
    char why[CALC_WHY_ROOM] = "";
    getopt_begin_anew();
    if (options_parse(words.count, words.list, &command, why))
        require_settled(&command, &words);
    else
        require(why[0] != '\0', "what is wrong with a command line is told");
    command_words_free(&words);
    return 0;
}
