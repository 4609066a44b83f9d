/* The server's command line: getopt_long(3). */
#define _GNU_SOURCE /* getopt_long, cpu_set_t */

#include "options.h"
#include "local.h"
#include "proto/term/program.h"
#include "refuse.h"

#include <getopt.h>
#include <string.h>

const char usage_text[] =
    "usage: @ [options] ADDRESS PORT\n"
    "Answers sums and products over UDP, as proto/PROTOCOL.md says, on ADDRESS: an IPv6 address\n"
    "(:: for all, fe80::1%eth0), an IPv4 address or a host name; and PORT: a number, 0 for any\n"
    "that is free, or the name of a service.\n"
    "  -v, --verbose          draw both datagrams of each exchange\n"
    "      --once             stop after one reply\n"
    "      --v6only           on ::, leave out IPv4\n"
    "  -w, --workers N        threads that answer, each with a socket of its own, 1 to 256 (one "
    "for\n"
    "                         each processor)\n"
    "      --takeover         share the port with a server that has it already\n"
    "      --upgrade PATH     take the sockets of the server that has PATH, which ends then; hand "
    "them\n"
    "                         to the next one that asks there\n"
    "      --cpu LIST         keep the workers on these processors, in turn: 0,2-3\n"
    "      --busy-poll USECS  look for requests so long before sleeping, 0 to 1000000 (0)\n"
    "      --rate N[/PREFIX]  at most N replies a second, 1 to 1000000, for each source prefix:\n"
    "                         /64, /56 or /48, of IPv4 always /24; one in 8 beyond goes out (no "
    "limit)\n"
    "      --no-gro           take datagrams one by one, never merged (UDP_GRO)\n"
    "      --no-gso           send replies one by one, never merged (UDP_SEGMENT)\n"
    "      --metrics WHERE    tell what is counted, as OpenMetrics over HTTP, at ADDRESS:PORT, "
    "such as\n"
    "                         127.0.0.1:9610 or [::1]:9610, or at a path, which has a / (nowhere)\n"
    "      --user NAME        become NAME once the port is bound (nobody, when started by root)\n"
    "      --sandbox HOW      before it answers, give up all rights that it no longer needs: auto "
    "(as\n"
    "                         far as the kernel can, and say what is missing), require (all, or "
    "do\n"
    "                         not start) or off (auto)\n"
    "      --log FORMAT       what is said on standard error: text, or pairs: key=value, and lines "
    "about\n"
    "                         start, stop and limits, too (text)\n"
    "  -h, --help             print this and exit\n"
    "      --version          print the version and exit\n"
    "ADDRESS and PORT may be left out where sockets are handed over (--upgrade, or LISTEN_FDS as\n"
    "systemd does).\n"
    "Signals: INT and TERM stop it, USR1 prints what it has counted.\n"
    "Exit status: 0 stopped as told, 1 could not start.\n";

/* The sanitizers make system calls of their own. */
#ifndef SANDBOX_DEFAULT
#define SANDBOX_DEFAULT SANDBOX_AUTO
#endif

enum { BUSY_POLL_MAX_US = 1000000 };

/* Decimal digits up to where they end. False: there are none, or the number is above the limit. */
static bool take_number(const char **p, unsigned limit, unsigned *number)
{
    const char *begin = *p;
    unsigned value = 0;
    for (; **p >= '0' && **p <= '9'; (*p)++) {
        value = value * 10 + (unsigned)(**p - '0');
        if (value > limit)
            return false;
    }
    *number = value;
    return *p != begin;
}

static bool is_number(const char *word, unsigned limit, unsigned *number)
{
    return take_number(&word, limit, number) && *word == '\0';
}

/* N, N-M, and several of these with commas between. */
static bool is_list(const char *word, cpu_set_t *cpus)
{
    CPU_ZERO(cpus);
    for (;; word++) {
        unsigned first;
        if (!take_number(&word, CPU_SETSIZE - 1, &first))
            return false;
        unsigned last = first;
        if (*word == '-') {
            word++;
            if (!take_number(&word, CPU_SETSIZE - 1, &last) || last < first)
                return false;
        }
        for (unsigned cpu = first; cpu <= last; cpu++)
            CPU_SET(cpu, cpus);
        if (*word != ',')
            return *word == '\0';
    }
}

static const char *const sandbox_words[] = {
    [SANDBOX_OFF] = "off", [SANDBOX_AUTO] = "auto", [SANDBOX_REQUIRE] = "require", NULL};
static const char *const log_words[] = {[LOG_TEXT] = "text", [LOG_PAIRS] = "pairs", NULL};

/* Which of the words, up to a NULL, it is. False: none. */
static bool is_one_of(const char *const *words, const char *word, unsigned *which)
{
    for (*which = 0; words[*which] != NULL; ++*which) {
        if (strcmp(word, words[*which]) == 0)
            return true;
    }
    return false;
}

enum {
    ONCE = 256,
    V6ONLY,
    TAKEOVER,
    UPGRADE,
    CPU,
    BUSY_POLL,
    RATE,
    NO_GRO,
    NO_GSO,
    METRICS,
    USER,
    SANDBOX,
    LOG,
    VERSION
};

static const struct option long_options[] = {
    {"verbose",   no_argument,       NULL, 'v'      },
    {"once",      no_argument,       NULL, ONCE     },
    {"v6only",    no_argument,       NULL, V6ONLY   },
    {"workers",   required_argument, NULL, 'w'      },
    {"takeover",  no_argument,       NULL, TAKEOVER },
    {"upgrade",   required_argument, NULL, UPGRADE  },
    {"cpu",       required_argument, NULL, CPU      },
    {"busy-poll", required_argument, NULL, BUSY_POLL},
    {"rate",      required_argument, NULL, RATE     },
    {"no-gro",    no_argument,       NULL, NO_GRO   },
    {"no-gso",    no_argument,       NULL, NO_GSO   },
    {"metrics",   required_argument, NULL, METRICS  },
    {"user",      required_argument, NULL, USER     },
    {"sandbox",   required_argument, NULL, SANDBOX  },
    {"log",       required_argument, NULL, LOG      },
    {"help",      no_argument,       NULL, 'h'      },
    {"version",   no_argument,       NULL, VERSION  },
    {NULL,        0,                 NULL, 0        },
};

/* N, or N and the length of a prefix. */
static bool is_rate(const char *word, struct rate_options *rate)
{
    static const struct {
        const char *text;
        unsigned bits;
    } prefixes[] = {
        {"",    64},
        {"/64", 64},
        {"/56", 56},
        {"/48", 48},
    };
    if (!take_number(&word, RATE_MAX, &rate->per_second) || rate->per_second == 0)
        return false;
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        rate->prefix = prefixes[i].bits;
        if (strcmp(word, prefixes[i].text) == 0)
            return true;
    }
    return false;
}

/* An option that has a value, or none. */
static bool take_value(int option, const char *value, struct serve_options *serve,
                       char why[static CALC_WHY_ROOM])
{
    unsigned which;
    switch (option) {
    case 'w':
        if (!is_number(value, SERVE_WORKERS_MAX, &serve->workers) || serve->workers == 0)
            return refuse(why, "--workers '%.99s' is not 1 to %d", value, SERVE_WORKERS_MAX);
        return true;
    case CPU:
        serve->pinned = true;
        if (!is_list(value, &serve->cpus))
            return refuse(why, "--cpu '%.99s' is not a list of processors, such as 0,2-3", value);
        return true;
    case USER:
        serve->sandbox.user = value;
        return true;
    case SANDBOX:
        if (!is_one_of(sandbox_words, value, &which))
            return refuse(why, "--sandbox '%.99s' is not off, auto or require", value);
        serve->sandbox.mode = (enum sandbox_mode)which;
        return true;
    case LOG:
        if (!is_one_of(log_words, value, &which))
            return refuse(why, "--log '%.99s' is not text or pairs", value);
        serve->log.format = (enum log_format)which;
        return true;
    case RATE:
        if (!is_rate(value, &serve->rate))
            return refuse(why, "--rate '%.99s' is not 1 to %d, or that and /64, /56 or /48", value,
                          RATE_MAX);
        return true;
    default:
        if (!is_number(value, BUSY_POLL_MAX_US, &serve->worker.busy_poll_us))
            return refuse(why, "--busy-poll '%.99s' is not 0 to %d microseconds", value,
                          BUSY_POLL_MAX_US);
        return true;
    }
}

static bool take_option(int option, const char *word, struct command *command,
                        char why[static CALC_WHY_ROOM])
{
    struct serve_options *serve = &command->serve;
    switch (option) {
    case 'v':
        serve->worker.verbose = true;
        return true;
    case ONCE:
        serve->worker.once = true;
        return true;
    case V6ONLY:
        serve->listener.v6only = true;
        return true;
    case TAKEOVER:
        serve->listener.takeover = true;
        return true;
    case UPGRADE:
        command->upgrade = optarg;
        return true;
    case METRICS:
        if (!where_parse(optarg, &command->metrics))
            return refuse(why,
                          "--metrics '%.99s' is neither ADDRESS:PORT, such as 127.0.0.1:9610 or "
                          "[::1]:9610, nor a path of at most %d octets with a / in it",
                          optarg, LOCAL_PATH_MAX);
        return true;
    case NO_GRO:
        serve->listener.merged = false;
        return true;
    case NO_GSO:
        serve->worker.merges = false;
        return true;
    case 'w':
    case CPU:
    case BUSY_POLL:
    case USER:
    case SANDBOX:
    case LOG:
    case RATE:
        return take_value(option, optarg, serve, why);
    case ':':
        return refuse(why, "option '%.99s' needs a value; see %s --help", word, calc_program());
    default:
        return refuse(
            why, "'%.99s' is not an option, short for several, or takes no value; see %s --help",
            word, calc_program());
    }
}

/* One worker for each processor that it may run on, where nothing else was said. */
static bool settle_workers(struct serve_options *serve, char why[static CALC_WHY_ROOM])
{
    /* What comes merged is answered as a whole. */
    if (serve->worker.once)
        serve->listener.merged = false;
    if (serve->worker.once && serve->workers > 1)
        return refuse(why, "--once is for one worker, not %u", serve->workers);
    serve->counted = serve->workers != 0;
    cpu_set_t cpus;
    if (serve->pinned)
        cpus = serve->cpus;
    else if (sched_getaffinity(0, sizeof cpus, &cpus) < 0)
        CPU_ZERO(&cpus); /* more processors than a set has room for */
    unsigned count = (unsigned)CPU_COUNT(&cpus);
    if (serve->workers == 0)
        serve->workers = serve->worker.once || count == 0 ? 1 : count;
    if (serve->workers > SERVE_WORKERS_MAX)
        serve->workers = SERVE_WORKERS_MAX;
    return true;
}

bool options_parse(int argc, char **argv, struct command *command, char why[static CALC_WHY_ROOM])
{
    *command = (struct command){
        .serve = {.listener.merged = true, .worker.merges = true, .sandbox.mode = SANDBOX_DEFAULT}
    };
    opterr = 0;
    for (;;) {
        const char *word = argv[optind];
        int option = getopt_long(argc, argv, "+:vw:h", long_options, NULL);
        if (option == -1)
            break;
        if (option == 'h' || option == VERSION) {
            command->action = option == 'h' ? ACTION_HELP : ACTION_VERSION;
            return true;
        }
        if (!take_option(option, word, command, why))
            return false;
    }
    if (argc == optind)
        return settle_workers(&command->serve, why);
    if (argc - optind == 1)
        return refuse(why, "no PORT after ADDRESS '%.99s'; see %s --help", argv[optind],
                      calc_program());
    if (argc - optind > 2)
        return refuse(why, "'%.99s' after ADDRESS and PORT: nothing more is allowed; see %s --help",
                      argv[optind + 2], calc_program());
    command->address = argv[optind];
    command->port = argv[optind + 1];
    return settle_workers(&command->serve, why);
}
