/* Options of grade, and the limits that hold without any. */
#define _GNU_SOURCE /* getopt_long */
#include "grade_options.h"
#include "numbers.h"
#include "proto/term/program.h"

#include <errno.h>
#include <getopt.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char grade_usage[] =
    "usage: @ grade [options] DIRECTORY...\n"
    "Tests the submission in each directory, within limits, and writes a line of CSV for each.\n"
    "What runs, in a copy of the directory; no shell sees it:\n"
    "  --build COMMAND      first of all\n"
    "  --server COMMAND     such as './server :: {port}'\n"
    "  --client COMMAND     such as './client -op {op} {s} {host} {port} {ints}'\n"
    "  --expect PATTERN     what the client prints, 'Result: {result}'\n"
    "  --functions FILE     such as functions.c; words for the compiler may follow: 'f.c -I. x.c'\n"
    "  --filter GLOB, --timeout SECS, --seed N, --strict, --settled   as for server and client\n"
    "What comes of it:\n"
    "  --rubric FILE        weights, points and a grade\n"
    "  --out DIRECTORY      of the reports: DIRECTORY/NAME-server.html and so on (grades)\n"
    "  -j N, --jobs N       so many submissions at a time (1)\n"
    "  -q, --quiet          no progress on standard error\n"
    "Limits, each for one submission:\n"
    "  --time SECS          of the clock, for all of it (120)\n"
    "  --cpu SECS           of a processor, for each process (30)\n"
    "  --memory MIB         for all processes together (1024)\n"
    "  --address-space MIB  for each process; 0, none, is what sanitizers and Java need (0)\n"
    "  --processes N        at a time (64)\n"
    "  --files N            open at a time, for each process (256)\n"
    "  --file-size MIB      of each file (64)\n"
    "  --disk MIB           for all files together (256)\n"
    "  --user NAME          root only: run as this user; else each submission has an unused user\n"
    "                       of its own\n"
    "Exit status: 0 all passed, 1 something failed, 2 bad usage or what came could not be "
    "written,\n"
    "3 a submission could not be built or reached, crashed, or had to be ended.\n";

enum { FILES_MAX = 20000, MIB = 1 << 20, MIB_MAX = 1 << 20, COUNT_MAX = 100000 };

enum {
    OPTION_BUILD = 256,
    OPTION_SERVER,
    OPTION_CLIENT,
    OPTION_EXPECT,
    OPTION_FUNCTIONS,
    OPTION_FILTER,
    OPTION_TIMEOUT,
    OPTION_SEED,
    OPTION_STRICT,
    OPTION_SETTLED,
    OPTION_RUBRIC,
    OPTION_OUT,
    OPTION_TIME,
    OPTION_CPU,
    OPTION_MEMORY,
    OPTION_ADDRESS_SPACE,
    OPTION_PROCESSES,
    OPTION_FILES,
    OPTION_FILE_SIZE,
    OPTION_DISK,
    OPTION_USER,
};

static const struct option options[] = {
    {"build",            required_argument, NULL, OPTION_BUILD},
    {"server",              required_argument, NULL, OPTION_SERVER},
    {"client",                  required_argument, NULL, OPTION_CLIENT},
    {"expect",required_argument, NULL, OPTION_EXPECT},
    {"functions",     required_argument, NULL, OPTION_FUNCTIONS},
    {"filter",           required_argument, NULL, OPTION_FILTER},
    {"timeout",              required_argument, NULL, OPTION_TIMEOUT},
    {"seed",                  required_argument, NULL, OPTION_SEED},
    {"strict",              no_argument, NULL, OPTION_STRICT},
    {"settled",     no_argument, NULL, OPTION_SETTLED},
    {"rubric",        required_argument, NULL, OPTION_RUBRIC},
    {"out",              required_argument, NULL, OPTION_OUT},
    {"jobs",                  required_argument, NULL, 'j'},
    {"quiet",no_argument, NULL, 'q'},
    {"time",     required_argument, NULL, OPTION_TIME},
    {"cpu",          required_argument, NULL, OPTION_CPU},
    {"memory",              required_argument, NULL, OPTION_MEMORY},
    {"address-space",                  required_argument, NULL, OPTION_ADDRESS_SPACE},
    {"processes",required_argument, NULL, OPTION_PROCESSES},
    {"files",       required_argument, NULL, OPTION_FILES},
    {"file-size",           required_argument, NULL, OPTION_FILE_SIZE},
    {"disk",              required_argument, NULL, OPTION_DISK},
    {"user",                  required_argument, NULL, OPTION_USER},
    {"help",   no_argument, NULL, 'h'},
    {0   },
};

__attribute__((format(printf, 1, 2))) static bool wrong(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s: grade: ", calc_program());
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "; see %s grade --help\n", calc_program());
    va_end(arguments);
    return false;
}

static bool read_mib(const char *option, uint64_t lowest, uint64_t *octets)
{
    uint64_t number;
    if (!numbers_read(option, optarg, lowest, MIB_MAX, &number))
        return false;
    *octets = number * MIB;
    return true;
}

/* Of the file alone: other places that getpwnam(3) asks are not there for a static program. */
static bool read_user(struct grade_settings *settings)
{
    FILE *users = fopen("/etc/passwd", "re");
    uid_t found = 0;
    for (struct passwd *user; users != NULL && (user = fgetpwent(users)) != NULL;) {
        if (strcmp(user->pw_name, optarg) == 0)
            found = user->pw_uid;
    }
    if (users != NULL)
        fclose(users);
    if (found == 0)
        return wrong("--user '%.99s': a user of /etc/passwd but root is allowed", optarg);
    settings->has_user = true;
    settings->run.limits.user = found;
    return true;
}

static bool take_limit(struct grade_settings *settings, int option)
{
    struct limits *limits = &settings->run.limits;
    switch (option) {
    case OPTION_TIME:
        return numbers_seconds("--time", optarg, &settings->time_us);
    case OPTION_CPU:
        return numbers_count("--cpu", optarg, NUMBERS_SECONDS_MAX, &limits->cpu_s);
    case OPTION_MEMORY:
        return read_mib("--memory", 1, &settings->memory_octets);
    case OPTION_ADDRESS_SPACE:
        return read_mib("--address-space", 0, &limits->memory_octets);
    case OPTION_PROCESSES:
        return numbers_count("--processes", optarg, COUNT_MAX, &limits->processes);
    case OPTION_FILES:
        return numbers_count("--files", optarg, COUNT_MAX, &limits->files);
    case OPTION_FILE_SIZE:
        return read_mib("--file-size", 1, &limits->file_octets);
    case OPTION_DISK:
        return read_mib("--disk", 1, &settings->disk.octets);
    default:
        return read_user(settings);
    }
}

static const char **text_of(struct grade_settings *settings, int option)
{
    switch (option) {
    case OPTION_BUILD:
        return &settings->build;
    case OPTION_SERVER:
        return &settings->server;
    case OPTION_CLIENT:
        return &settings->client;
    case OPTION_EXPECT:
        return &settings->run.expect;
    case OPTION_FUNCTIONS:
        return &settings->functions;
    case OPTION_FILTER:
        return &settings->run.filter;
    case OPTION_RUBRIC:
        return &settings->run.rubric;
    case OPTION_OUT:
        return &settings->out;
    default:
        return NULL;
    }
}

static bool take(struct grade_settings *settings, int option, const char *word)
{
    const char **text = text_of(settings, option);
    if (text != NULL) {
        *text = optarg;
        settings->run.expect_given |= option == OPTION_EXPECT;
        return true;
    }
    switch (option) {
    case OPTION_TIMEOUT:
        return numbers_seconds("--timeout", optarg, &settings->run.timeout_us);
    case OPTION_SEED:
        return numbers_read("--seed", optarg, 0, INT64_MAX, &settings->run.seed);
    case OPTION_STRICT:
        return settings->run.strict = true;
    case OPTION_SETTLED:
        return settings->run.settled = true;
    case 'j':
        return numbers_count("--jobs", optarg, COUNT_MAX, &settings->jobs);
    case 'q':
        return settings->run.quiet = true;
    case '?':
        return wrong("option '%.99s' is unknown", word);
    case ':':
        return wrong("option '%.99s' needs a value", word);
    default:
        return take_limit(settings, option);
    }
}

static bool are_folders(const struct grade_settings *settings)
{
    for (size_t i = 0; i < settings->count; i++) {
        struct stat status;
        if (stat(settings->submissions[i], &status) != 0)
            return wrong("'%.255s': %s", settings->submissions[i], strerror(errno));
        if (!S_ISDIR(status.st_mode))
            return wrong("'%.255s' is no directory: one for each submission is allowed",
                         settings->submissions[i]);
    }
    return true;
}

static bool check(const struct grade_settings *settings)
{
    if (settings->count == 0)
        return wrong("no directory: one for each submission is needed");
    if (settings->server == NULL && settings->client == NULL && settings->functions == NULL)
        return wrong("nothing to test: --server, --client or --functions is needed");
    return are_folders(settings);
}

enum grade_command grade_options(int argc, char **argv, struct grade_settings *settings)
{
    *settings = (struct grade_settings){
        .run = {.expect = "Result: {result}",
                .repeat = 1,
                .jobs = 1,
                .limits = {.cpu_s = 30,
                           .file_octets = UINT64_C(64) * MIB,
                           .processes = 64,
                           .files = 256}},
        .out = "grades",
        .jobs = 1,
        .time_us = 120 * INT64_C(1000000),
        .memory_octets = UINT64_C(1024) * MIB,
        .disk = {.octets = UINT64_C(256) * MIB,     .files = FILES_MAX},
    };
    opterr = 0;
    optind = 1;
    for (;;) {
        const char *word = argv[optind];
        int option = getopt_long(argc, argv, ":j:qh", options, NULL);
        if (option == -1)
            break;
        if (option == 'h')
            return GRADE_HELP;
        if (!take(settings, option, word))
            return GRADE_USAGE;
    }
    settings->submissions = argv + optind;
    settings->count = (size_t)(argc - optind);
    return check(settings) ? GRADE_RUN : GRADE_USAGE;
}
