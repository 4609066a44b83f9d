/* Any command line of the client, in any folder: an octet with the number of files in it, their names and then the
 * words, each ended by NUL. */
#include "tests/fuzz/fuzz.h"

#include "client/exchange.h"
#include "client/options.h"

#include <getopt.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

enum { US_PER_S = 1000000, SECONDS_MAX = 3600 };

/* The folder that -op looks at: words of the command line. */
static struct {
    char *names[FUZZ_WORDS_MAX];
    size_t count;
} folder;

int __wrap_glob(const char *pattern, int flags, int (*failed)(const char *path, int error),
                glob_t *found);
void __wrap_globfree(glob_t *found);

int __wrap_glob(const char *pattern, int flags, int (*failed)(const char *path, int error),
                glob_t *found)
{
    (void)flags;
    (void)failed;
    require(strcmp(pattern, "*") == 0, "only the names of the folder's files are asked for");
    if (folder.count == 0)
        return GLOB_NOMATCH;
    found->gl_pathc = folder.count;
    found->gl_pathv = malloc((folder.count + 1) * sizeof *found->gl_pathv);
    if (found->gl_pathv == NULL)
        return GLOB_NOSPACE;
    memcpy(found->gl_pathv, folder.names, folder.count * sizeof *folder.names);
    found->gl_pathv[folder.count] = NULL;
    return 0;
}

void __wrap_globfree(glob_t *found)
{
    free(found->gl_pathv);
}

static void require_settled(const struct command *command)
{
    if (command->action != ACTION_CALCULATE)
        return;
    uint8_t datagram[CALC_REQUEST_MAX];
    size_t length;
    require(command->address != NULL && command->port != NULL, "there are ADDRESS and PORT");
    require(command->timeout_us >= US_PER_S / 1000 &&
                command->timeout_us <= (int64_t)SECONDS_MAX * US_PER_S,
            "the timeout has its limits");
    require(command->retries <= EXCHANGE_RETRIES_MAX, "the retries have their limit");
    require(command->in_flight >= 1 && command->in_flight <= IN_FLIGHT_MAX,
            "the requests in flight have their limits");
    require(command->quiet_us >= 0 && command->quiet_us <= (int64_t)SECONDS_MAX * US_PER_S,
            "the quiet time has its limits");
    require(!command->batch || !command->check, "a batch is no check");
    if (command->batch || command->check)
        require(command->request.count == 0, "a batch and a check have no integers of their own");
    else
        require(calc_request_encode(&command->request, datagram, sizeof datagram, &length) ==
                    CALC_OK,
                "what is to be calculated is a request");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct command_words words = command_words_split("client", data + 1, size - 1);
    size_t names = data[0] < words.count - 1 ? data[0] : (size_t)words.count - 1;
    memcpy(folder.names, words.list + 1, names * sizeof *folder.names);
    folder.count = names;
    /* The last name makes place for the program's. */
    char *first = words.list[names];
    words.list[names] = words.list[0];

    struct command command;
    struct failure failure = {.kind = NO_FAILURE};
    getopt_begin_anew();
    bool done = options_parse(words.count - (int)names, words.list + names, &command, &failure);
    require(done == (failure.kind == NO_FAILURE), "what is wrong, and only that, is a failure");
    if (done)
        require_settled(&command);
    else
        require(failure.kind == FAILURE_USAGE && is_one_line(failure.text),
                "what is wrong with a command line is told in one line");
    words.list[names] = first;
    command_words_free(&words);
    return 0;
}
