/* getopt_long(3) and what it does not check. */
#define _GNU_SOURCE /* getopt_long, sched_getaffinity */
#include "options.h"
#include "numbers.h"

#include "expect.h"
#include "proto/net/endpoint.h"
#include "proto/term/program.h"

#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char usage_text[] =
    "usage: @ server [options] ADDRESS PORT\n"
    "       @ server [options] --exec './server :: {port}'\n"
    "       @ client [options] --exec './client -op {op} {s} {host} {port} {ints}'\n"
    "       @ functions [options] FILE.c [-- COMPILER WORDS]\n"
    "       @ grade [options] DIRECTORY...; see @ grade --help\n"
    "       @ list [server|client|functions]\n"
    "       @ explain ID\n"
    "Tests a server, a client or the course's functions against proto/PROTOCOL.md, and says what "
    "is wrong and why.\n"
    "What runs:\n"
    "  --exec COMMAND        start this; no shell sees it. {port}, {host}; for clients also {op} "
    "{s} {ints}\n"
    "  --expect PATTERN      client: what it prints, 'Result: {result}'\n"
    "  --step N              functions: the course's step, 1 to 5\n"
    "  --filter GLOB         only cases whose id matches, such as 'REQ-3.*'\n"
    "  --timeout SECS        the deadline of an answer (1), or of a run of a client (10)\n"
    "  --repeat N            each case so often (1)\n"
    "  --seed N              for random requests (0)\n"
    "  -j N, --jobs N        so many at a time (server: 1)\n"
    "What counts:\n"
    "  --strict              a SHOULD that is missed is a failure\n"
    "  --settled             so is what PROTOCOL.md settles and the published text leaves open\n"
    "  --baseline FILE       known failures do not count; an unexpected pass does\n"
    "  --write-baseline FILE\n"
    "  --rubric FILE         weights, points and a grade\n"
    "Reports (- is standard output):\n"
    "  --tap FILE  --junit FILE  --json FILE  --html FILE\n"
    "  --capture FILE.pcapng, --capture-failures DIRECTORY\n"
    "  -q, --quiet           no report for people\n"
    "  -h, --help  --version\n"
    "Exit status: 0 all passed, 1 something failed, 2 bad usage, nothing matched or a report "
    "could not\n"
    "be written, 3 the subject could not be reached, or crashed.\n";

enum {
    OPTION_EXEC = 256,
    OPTION_EXPECT,
    OPTION_STEP,
    OPTION_FILTER,
    OPTION_TIMEOUT,
    OPTION_REPEAT,
    OPTION_SEED,
    OPTION_STRICT,
    OPTION_SETTLED,
    OPTION_BASELINE,
    OPTION_WRITE_BASELINE,
    OPTION_RUBRIC,
    OPTION_TAP,
    OPTION_JUNIT,
    OPTION_JSON,
    OPTION_HTML,
    OPTION_CAPTURE,
    OPTION_CAPTURE_FAILURES,
    OPTION_VERSION,
    REPEAT_MAX = 1000,
    CLIENT_JOBS = 16,
    STEPS = 5,
};

static const struct option long_options[] = {
    {"exec",             required_argument, NULL, OPTION_EXEC},
    {"expect",              required_argument, NULL, OPTION_EXPECT},
    {"step",                  required_argument, NULL, OPTION_STEP},
    {"filter",required_argument, NULL, OPTION_FILTER},
    {"timeout",     required_argument, NULL, OPTION_TIMEOUT},
    {"repeat",             required_argument, NULL, OPTION_REPEAT},
    {"seed",              required_argument, NULL, OPTION_SEED},
    {"jobs",                  required_argument, NULL, 'j'},
    {"strict",              no_argument, NULL, OPTION_STRICT},
    {"settled",     no_argument, NULL, OPTION_SETTLED},
    {"baseline",          required_argument, NULL, OPTION_BASELINE},
    {"write-baseline",              required_argument, NULL, OPTION_WRITE_BASELINE},
    {"rubric",                  required_argument, NULL, OPTION_RUBRIC},
    {"tap",required_argument, NULL, OPTION_TAP},
    {"junit",     required_argument, NULL, OPTION_JUNIT},
    {"json",             required_argument, NULL, OPTION_JSON},
    {"html",              required_argument, NULL, OPTION_HTML},
    {"capture",                  required_argument, NULL, OPTION_CAPTURE},
    {"capture-failures",required_argument, NULL, OPTION_CAPTURE_FAILURES},
    {"quiet",               no_argument, NULL, 'q'},
    {"help",           no_argument, NULL, 'h'},
    {"version",              no_argument, NULL, OPTION_VERSION},
    {0                 },
};

static const struct {
    const char *word;
    enum command command;
} commands[] = {
    {"server",    COMMAND_SERVER   },
    {"client",    COMMAND_CLIENT   },
    {"functions", COMMAND_FUNCTIONS},
    {"grade",     COMMAND_GRADE    },
    {"list",      COMMAND_LIST     },
    {"explain",   COMMAND_EXPLAIN  },
    {"--help",    COMMAND_HELP     },
    {"-h",        COMMAND_HELP     },
    {"help",      COMMAND_HELP     },
    {"--version", COMMAND_VERSION  },
};

/* What is a text as it is given; NULL: the option is none. */
static const char **text_of(struct settings *settings, int option)
{
    switch (option) {
    case OPTION_EXEC:
        return &settings->exec;
    case OPTION_EXPECT:
        settings->expect_given = true;
        return &settings->expect;
    case OPTION_FILTER:
        return &settings->filter;
    case OPTION_BASELINE:
        return &settings->baseline;
    case OPTION_WRITE_BASELINE:
        return &settings->write_baseline;
    case OPTION_RUBRIC:
        return &settings->rubric;
    case OPTION_TAP:
        return &settings->tap;
    case OPTION_JUNIT:
        return &settings->junit;
    case OPTION_JSON:
        return &settings->json;
    case OPTION_HTML:
        return &settings->html;
    case OPTION_CAPTURE:
        return &settings->capture;
    case OPTION_CAPTURE_FAILURES:
        return &settings->capture_failures;
    default:
        return NULL;
    }
}

static bool take_option(int option, char **argv, enum command *command, struct settings *settings)
{
    const char **text = text_of(settings, option);
    if (text != NULL) {
        *text = optarg;
        return true;
    }
    switch (option) {
    case OPTION_STEP:
        return numbers_count("--step", optarg, STEPS, &settings->step);
    case OPTION_TIMEOUT:
        settings->timeout_given = true;
        return numbers_seconds("--timeout", optarg, &settings->timeout_us);
    case OPTION_REPEAT:
        return numbers_count("--repeat", optarg, REPEAT_MAX, &settings->repeat);
    case OPTION_SEED:
        return numbers_read("--seed", optarg, 0, UINT64_C(9999999999999999999), &settings->seed);
    case 'j':
        return numbers_count("--jobs", optarg, JOBS_MAX, &settings->jobs);
    case OPTION_STRICT:
        settings->strict = true;
        return true;
    case OPTION_SETTLED:
        settings->settled = true;
        return true;
    case 'q':
        settings->quiet = true;
        return true;
    case 'h':
        *command = COMMAND_HELP;
        return true;
    case OPTION_VERSION:
        *command = COMMAND_VERSION;
        return true;
    default:
        fprintf(stderr, "%s: option '%.99s' %s; see %s --help\n", calc_program(), argv[optind - 1],
                option == ':' ? "needs a value" : "is unknown", calc_program());
        return false;
    }
}

static bool wrong(const char *text)
{
    fprintf(stderr, "%s: %s; see %s --help\n", calc_program(), text, calc_program());
    return false;
}

/* Split as it will be, to see what is wrong with it before anything runs. */
static bool check_command(const struct settings *settings, enum command command)
{
    static const char *const any[] = {"1"};
    static const struct placeholder names[] = {
        {"{port}", any, 1},
        {"{host}", any, 1},
        {"{op}",   any, 1},
        {"{s}",    any, 1},
        {"{ints}", any, 1},
    };
    struct words words;
    char why[WORDS_WHY_ROOM];
    bool split = words_split(&words, settings->exec, names, command == COMMAND_CLIENT ? 5 : 2, why);
    if (split && words_mention(settings->exec, "{port}"))
        return true;
    if (split)
        snprintf(why, sizeof why, "{port} is needed, where the kit puts the port");
    fprintf(stderr, "%s: --exec '%.255s': %s\n", calc_program(), settings->exec, why);
    return false;
}

static bool read_server(char **words, int count, struct settings *settings)
{
    char why[CALC_WHY_ROOM];
    if (settings->exec != NULL && count > 0)
        return wrong("server: with --exec, no ADDRESS PORT is needed");
    if (settings->exec != NULL)
        return check_command(settings, COMMAND_SERVER);
    if (count != 2)
        return wrong("server: ADDRESS PORT is needed, or --exec COMMAND");
    if (calc_literal(words[0], words[1], CALC_TO_SEND, &settings->endpoint, why) != CALC_RESOLVED) {
        fprintf(stderr, "%s: %s\n", calc_program(), why);
        return false;
    }
    settings->address = words[0];
    settings->port = words[1];
    return true;
}

static bool read_words(enum command command, char **words, int count, struct settings *settings)
{
    char why[EXPECT_WHY_ROOM];
    switch (command) {
    case COMMAND_SERVER:
        return read_server(words, count, settings);
    case COMMAND_CLIENT:
        if (settings->exec == NULL || count > 0)
            return wrong("client: --exec COMMAND is needed, and no further words");
        return check_command(settings, command) &&
               (expect_pattern(settings->expect, why) || wrong(why));
    case COMMAND_FUNCTIONS:
        if (count < 1)
            return wrong("functions: a FILE.c is needed");
        settings->source = words[0];
        settings->extra = (const char *const *)(words + 1);
        settings->extra_count = (size_t)count - 1;
        return true;
    default:
        return true;
    }
}

/* As many as the process may use. */
static unsigned processors(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

static void set_defaults(enum command command, struct settings *settings)
{
    bool is_client = command == COMMAND_CLIENT;
    *settings = (struct settings){
        .expect = EXPECT_DEFAULT,
        .timeout_us = is_client ? 10000000 : 1000000,
        .repeat = 1,
        .jobs = is_client                      ? CLIENT_JOBS
                : command == COMMAND_FUNCTIONS ? processors()
                                               : 1,
    };
}

bool options_parse(int argc, char **argv, enum command *command, struct settings *settings,
                   int *first)
{
    size_t i = 0, count = sizeof commands / sizeof commands[0];
    while (argc > 1 && i < count && strcmp(argv[1], commands[i].word) != 0)
        i++;
    if (argc < 2 || i == count) {
        fprintf(stderr,
                "%s: command '%.99s': server, client, functions, grade, list or explain "
                "is needed; see %s --help\n",
                calc_program(), argc < 2 ? "" : argv[1], calc_program());
        return false;
    }
    *command = commands[i].command;
    set_defaults(*command, settings);
    *first = 2;
    if (*command == COMMAND_GRADE) /* has options of its own */
        return true;
    opterr = 0;
    optind = 2;
    for (int option; (option = getopt_long(argc, argv, ":j:qh", long_options, NULL)) != -1;) {
        if (!take_option(option, argv, command, settings))
            return false;
    }
    *first = optind;
    return read_words(*command, argv + optind, argc - optind, settings);
}
