/* The client's command line: getopt_long(3), but for -op, which the published example writes so. */
#define _GNU_SOURCE /* getopt_long */

#include "options.h"
#include "exchange.h"
#include "proto/term/program.h"
#include "star.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

const char usage_text[] =
    "usage: @ [options] ADDRESS PORT INTEGER...\n"
    "       @ --batch[=FILE] [options] ADDRESS PORT\n"
    "       @ --check [options] ADDRESS PORT\n"
    "Asks the server at ADDRESS (an IPv6 address, an IPv4 address or a host name) and PORT (a "
    "number\n"
    "or the name of a service) for the sum or product of 1 to 64 integers, each 0 to 4294967295,\n"
    "decimal or 0x hex.\n"
    "  -op OPERATOR        + sum add, or '*' x mul product; + by default\n"
    "  -s, --string        ask for the result as a string, up to 256 digits\n"
    "  -t, --timeout SECS  wait so long for a reply to the first try (1), then twice as long each\n"
    "                      time\n"
    "  -r, --retries N     send again so often, 0 to 15 (2)\n"
    "  -q, --quiet         print the bare number\n"
    "  -j, --json          print one JSON object, for errors too\n"
    "  -v, --verbose       draw both datagrams on standard error; of a batch, print a summary\n"
    "  -h, --help          print this and exit\n"
    "      --version       print the version and exit\n"
    "Many calculations in one run; each line is OP INTEGER..., or OPs INTEGER... for a string:\n"
    "  -b, --batch[=FILE]  the lines of FILE, of standard input for -b, --batch and --batch=-;\n"
    "                      empty lines are skipped, and so is # with what follows on its line;\n"
    "                      prints a line for each: the number, or line N: what is wrong\n"
    "      --in-flight N   so many requests at a time, 1 to 4096 (256)\n"
    "      --quiet-time SECS\n"
    "                      a port rests so long after its reply, 0 to 3600 (0.1)\n"
    "For scripts and load balancers:\n"
    "  -c, --check         ask for one sum of random integers: exit status 0 where its right "
    "result\n"
    "                      comes, and nothing is printed, or a line for -v; 1 whatever else "
    "happens;\n"
    "                      -r is 1 then\n"
    "Exit status: 0 result, 1 bad usage or input, 2 the server answered with an error, 9 no reply "
    "in\n"
    "time, 10 any other failure; of a batch, the highest of its lines.\n";

enum {
    DEFAULT_RETRIES = 2,
    DEFAULT_CHECK_RETRIES = 1,
    RETRIES_UNSAID = EXCHANGE_RETRIES_MAX + 1,
    DEFAULT_IN_FLIGHT = 256,
    /* Well above the time by which a network delivers a datagram twice, and short enough that the ports
     * there are do not slow down a server on the same host. */
    DEFAULT_QUIET_US = 100000,
    US_PER_S = 1000000,
    SECONDS_MAX = 3600,
};

static const struct {
    const char *word;
    enum calc_opcode opcode;
} operators[] = {
    {"+",       CALC_SUM    },
    {"sum",     CALC_SUM    },
    {"add",     CALC_SUM    },
    {"*",       CALC_PRODUCT},
    {"x",       CALC_PRODUCT},
    {"mul",     CALC_PRODUCT},
    {"product", CALC_PRODUCT},
};

bool options_operator(const char *word, enum calc_opcode *opcode)
{
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        if (strcmp(word, operators[i].word) == 0) {
            *opcode = operators[i].opcode;
            return true;
        }
    }
    return false;
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 16;
}

bool options_integer(const char *word, uint32_t *value, struct failure *failure)
{
    static const char range[] = "0 to 4294967295, decimal or 0x hex, is allowed";
    bool hex = word[0] == '0' && (word[1] == 'x' || word[1] == 'X');
    const char *digits = hex ? word + 2 : word;
    uint64_t base = hex ? 16 : 10;
    uint64_t number = 0;
    const char *p = digits;
    for (; *p != '\0' && digit_value(*p) < (int)base; p++) {
        if (number <= UINT32_MAX)
            number = number * base + (uint64_t)digit_value(*p);
    }
    if (*word == '\0')
        return fail(failure, FAILURE_USAGE, "INTEGER '' is empty: %s", range);
    if (*word == '-' && word[1] >= '0' && word[1] <= '9')
        return fail(failure, FAILURE_USAGE, "INTEGER '%.99s' is negative: %s", word, range);
    if (*word == '-')
        return fail(failure, FAILURE_USAGE,
                    "INTEGER '%.99s' is not an integer (options go before ADDRESS): %s", word,
                    range);
    if (p == digits || *p != '\0')
        return fail(failure, FAILURE_USAGE, "INTEGER '%.99s' is not an integer: %s", word, range);
    if (!hex && digits[0] == '0' && digits[1] != '\0')
        return fail(
            failure, FAILURE_USAGE,
            "INTEGER '%.99s' begins with 0, which is octal for some and decimal for others: %s",
            word, range);
    if (number > UINT32_MAX)
        return fail(failure, FAILURE_USAGE, "INTEGER '%.99s' is too large: %s", word, range);
    *value = (uint32_t)number;
    return true;
}

bool options_next_integer(const char *word, struct calc_request *request, struct failure *failure)
{
    if (request->count == CALC_INTEGERS_MAX)
        return fail(failure, FAILURE_USAGE, "INTEGER '%.99s' is the 65th: 1 to 64 are allowed",
                    word);
    return options_integer(word, &request->integers[request->count++], failure);
}

/* Decimal seconds as microseconds, from least up to SECONDS_MAX. */
static void parse_seconds(const char *option, const char *word, const char *least, int64_t *us,
                          struct failure *failure)
{
    char *end = NULL;
    double seconds = strtod(word, &end);
    bool decimal = word[0] != '\0' && word[strspn(word, "0123456789.")] == '\0';
    if (!decimal || *end != '\0' || seconds < strtod(least, NULL) || seconds > SECONDS_MAX)
        fail(failure, FAILURE_USAGE, "--%s '%.99s' is not %s to %d seconds", option, word, least,
             SECONDS_MAX);
    else
        *us = (int64_t)(seconds * US_PER_S + 0.5);
}

static void parse_count(const char *option, const char *word, unsigned least, unsigned most,
                        unsigned *count, struct failure *failure)
{
    unsigned number = 0;
    size_t digits = strspn(word, "0123456789");
    for (size_t i = 0; i < digits && number <= most; i++)
        number = number * 10 + (unsigned)(word[i] - '0');
    if (digits == 0 || word[digits] != '\0' || number < least || number > most)
        fail(failure, FAILURE_USAGE, "--%s '%.99s' is not %u to %u", option, word, least, most);
    else
        *count = number;
}

/* words[0] is the operator; behind it, all that is left of the command line. Returns how many words
 * the operator took: more than one where they were an unquoted star. */
static int parse_operator(char **words, bool joined, struct command *command,
                          struct failure *failure)
{
    bool is_operator = options_operator(words[0], &command->request.opcode);
    /* In -op=* the shell sees another pattern, which it leaves alone. */
    size_t taken = joined ? 0 : star_expansion(words);
    if (taken == 0 && is_operator)
        return 1;
    if (taken == 0) {
        fail(failure, FAILURE_USAGE,
             "operator '%.99s' is unknown: + sum add, or '*' x mul product, is allowed; a star is "
             "to be quoted: -op '*'",
             words[0]);
        return 1;
    }
    if (is_operator && taken == 1 && command->request.opcode == CALC_PRODUCT)
        return 1;
    if (is_operator && (taken == 1 || star_could_be_typed(words))) {
        fail(failure, FAILURE_USAGE,
             "operator '%.99s' is also what an unquoted star gives in this folder: quote the star, "
             "-op '*', or write -op=%.99s",
             words[0], words[0]);
        return 1;
    }
    command->request.opcode = CALC_PRODUCT;
    command->star_seen = true;
    return (int)taken;
}

enum { OPTION_VERSION = 256, OPTION_IN_FLIGHT, OPTION_QUIET_TIME };

/* Words that only some ways to calculate know. */
struct seen {
    const char *of_one;
    const char *of_batch;
    const char *of_result; /* how it is asked for, or printed */
};

static const struct option long_options[] = {
    {"string",           no_argument, NULL, 's'},
    {"timeout",              required_argument, NULL, 't'},
    {"retries",                  required_argument, NULL, 'r'},
    {"quiet",no_argument, NULL, 'q'},
    {"json",               no_argument, NULL, 'j'},
    {"verbose",          no_argument, NULL, 'v'},
    {"batch",              optional_argument, NULL, 'b'},
    {"check",                  no_argument, NULL, 'c'},
    {"in-flight",                    required_argument, NULL, OPTION_IN_FLIGHT},
    {"quiet-time",               required_argument, NULL, OPTION_QUIET_TIME},
    {"help",             no_argument, NULL, 'h'},
    {"version",              no_argument, NULL, OPTION_VERSION},
    {0                 },
};

/* -op WORDS..., -op=WORD, and the same with --, at words[0]. Returns how many words it took, 0 where it
 * is something else. */
static int parse_operation(char **words, struct command *command, struct failure *failure)
{
    char *name = words[0] + (words[0][0] == '-' && words[0][1] == '-');
    if (strncmp(name, "-op", 3) != 0 || (name[3] != '\0' && name[3] != '='))
        return 0;
    if (name[3] == '=') {
        char *one[] = {name + 4, NULL};
        parse_operator(one, true, command, failure);
        return 1;
    }
    if (words[1] == NULL) {
        fail(failure, FAILURE_USAGE, "option '%s' needs a value; see %s --help", words[0],
             calc_program());
        return 1;
    }
    return 1 + parse_operator(words + 1, false, command, failure);
}

static void take_option(int option, const char *word, struct command *command, struct seen *seen,
                        struct failure *failure)
{
    switch (option) {
    case 's':
        seen->of_result = "--string";
        command->request.format = CALC_AS_STRING;
        break;
    case 't':
        parse_seconds("timeout", optarg, "0.001", &command->timeout_us, failure);
        break;
    case 'r':
        parse_count("retries", optarg, 0, EXCHANGE_RETRIES_MAX, &command->retries, failure);
        break;
    case 'b':
        command->batch = true;
        command->file = optarg != NULL && strcmp(optarg, "-") != 0 ? optarg : NULL;
        break;
    case OPTION_IN_FLIGHT:
        seen->of_batch = "--in-flight";
        parse_count("in-flight", optarg, 1, IN_FLIGHT_MAX, &command->in_flight, failure);
        break;
    case OPTION_QUIET_TIME:
        seen->of_batch = "--quiet-time";
        parse_seconds("quiet-time", optarg, "0", &command->quiet_us, failure);
        break;
    case 'c':
        command->check = true;
        break;
    case 'q':
        seen->of_result = "--quiet";
        command->quiet = true;
        break;
    case 'j':
        seen->of_result = "--json";
        command->json = true;
        break;
    case 'v':
        command->verbose = true;
        break;
    case 'h':
        command->action = ACTION_HELP;
        break;
    case OPTION_VERSION:
        command->action = ACTION_VERSION;
        break;
    case ':':
        fail(failure, FAILURE_USAGE, "option '%.99s' needs a value; see %s --help", word,
             calc_program());
        break;
    default:
        fail(failure, FAILURE_USAGE,
             "'%.99s' is not an option, short for several, or takes no value; see %s --help", word,
             calc_program());
    }
}

static void parse_options(int argc, char **argv, struct command *command, struct seen *seen,
                          struct failure *failure)
{
    opterr = 0;
    for (;;) {
        int at = optind;
        int taken = at < argc ? parse_operation(argv + at, command, failure) : 0;
        optind += taken;
        if (taken > 0) {
            seen->of_one = "-op";
            continue;
        }
        int option = getopt_long(argc, argv, "+:st:r:bcqjvh", long_options, NULL);
        if (option == -1)
            return;
        take_option(option, argv[at], command, seen, failure);
    }
}

static bool batch_stands_alone(const struct command *command, const struct seen *seen, char **words,
                               int count, struct failure *failure)
{
    if (!command->batch && seen->of_batch != NULL)
        return fail(failure, FAILURE_USAGE, "%s goes with --batch; see %s --help", seen->of_batch,
                    calc_program());
    if (!command->batch)
        return true;
    if (seen->of_one != NULL)
        return fail(failure, FAILURE_USAGE,
                    "%s does not go with --batch: each line has its own operator", seen->of_one);
    if (count > 2)
        return fail(failure, FAILURE_USAGE,
                    "'%.99s' after ADDRESS and PORT: nothing more goes with --batch, whose FILE is "
                    "written --batch=FILE",
                    words[2]);
    return true;
}

static bool check_stands_alone(const struct command *command, const struct seen *seen, char **words,
                               int count, struct failure *failure)
{
    if (!command->check)
        return true;
    const char *other = command->batch         ? "--batch"
                        : seen->of_one != NULL ? seen->of_one
                                               : seen->of_result;
    if (other != NULL)
        return fail(
            failure, FAILURE_USAGE,
            "%s does not go with --check, which asks for a sum of its own and prints no result",
            other);
    if (count > 2)
        return fail(failure, FAILURE_USAGE,
                    "'%.99s' after ADDRESS and PORT: nothing more goes with --check", words[2]);
    return true;
}

bool options_parse(int argc, char **argv, struct command *command, struct failure *failure)
{
    struct seen seen = {0};
    *command = (struct command){.timeout_us = US_PER_S,
                                .retries = RETRIES_UNSAID,
                                .in_flight = DEFAULT_IN_FLIGHT,
                                .quiet_us = DEFAULT_QUIET_US};
    parse_options(argc, argv, command, &seen, failure);
    if (command->retries == RETRIES_UNSAID)
        command->retries = command->check ? DEFAULT_CHECK_RETRIES : DEFAULT_RETRIES;
    if (failure->kind != NO_FAILURE || command->action != ACTION_CALCULATE)
        return failure->kind == NO_FAILURE;

    int words = argc - optind;
    bool one = !command->batch && !command->check;
    if (!batch_stands_alone(command, &seen, argv + optind, words, failure) ||
        !check_stands_alone(command, &seen, argv + optind, words, failure))
        return false;
    if (words < 2)
        return fail(failure, FAILURE_USAGE, "%s are needed; see %s --help",
                    one ? "ADDRESS, PORT and INTEGERs" : "ADDRESS and PORT", calc_program());
    command->address = argv[optind];
    command->port = argv[optind + 1];
    if (!one)
        return true;
    if (words == 2)
        return fail(failure, FAILURE_USAGE, "no INTEGER after PORT '%.99s': 1 to 64 are allowed",
                    command->port);
    for (int i = optind + 2; i < argc; i++) {
        if (!options_next_integer(argv[i], &command->request, failure))
            return false;
    }
    return true;
}
