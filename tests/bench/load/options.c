/* The load generator's command line: getopt_long(3). */
#define _GNU_SOURCE /* getopt_long */

#include "options.h"
#include "proto/term/program.h"

#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

const char load_usage[] =
    "usage: @ [options] ADDRESS PORT\n"
    "Asks the server at ADDRESS and PORT for sums and products, as fast as it answers or at a\n"
    "given rate, looks at every octet of every reply, and says how many came and how soon.\n"
    "  -s, --sockets N        sockets, so source ports (64)\n"
    "  -w, --window N         closed loop: requests in flight on each (4)\n"
    "  -r, --rate N           open loop: N requests a second in all, evenly; the latency counts\n"
    "                         from when each was due\n"
    "  -d, --duration SECS    measure so long (5)\n"
    "      --warmup SECS      before it, not measured (0.5)\n"
    "  -n, --requests N       stop after so many instead, in whole sends\n"
    "  -i, --integers N[-M]   so many integers each, 1 to 64 (3)\n"
    "  -o, --operation WORD   sum, product or both (sum)\n"
    "  -f, --format WORD      integer, string or both (integer)\n"
    "      --request WORD     in place of these: cheapest, dearest or mixed\n"
    "  -g, --gso N            N requests in each send (UDP_SEGMENT), merged replies (UDP_GRO)\n"
    "  -t, --threads N        (1)\n"
    "      --timeout SECS     a request without a reply is lost then (1)\n"
    "      --echo OCTETS      the server returns OCTETS octets of each request, zeros behind it\n"
    "      --server-pid PID   measure the CPU time of that process, too\n"
    "      --seed N           other requests (1)\n"
    "  -j, --json             print one JSON object\n"
    "  -h, --help             print this and exit\n"
    "      --version          print the version and exit\n"
    "^C ends it with what is measured so far. Exit status: 0 all replies right, 1 bad usage, 2 "
    "some\n"
    "lost or not sent, 10 a wrong reply or any failure.\n";

enum {
    NS_PER_S = 1000000000,
    SECONDS_MAX = 86400,
    SOCKETS_MAX = 16384,
    WINDOW_MAX = 4096,
    THREADS_MAX = 256,
    RATE_MAX = 100000000,
};

__attribute__((format(printf, 2, 3))) static bool complain(char why[static OPTIONS_WHY_ROOM],
                                                           const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, OPTIONS_WHY_ROOM, format, arguments);
    va_end(arguments);
    return false;
}

/* Reads decimal digits. Returns what is behind them; NULL where there are none, or the number is above most. */
static const char *read_digits(const char *word, uint64_t most, uint64_t *number)
{
    const char *p = word;
    uint64_t value = 0;
    for (; *p >= '0' && *p <= '9'; p++) {
        unsigned digit = (unsigned)(*p - '0');
        if (value > (most - digit) / 10 || digit > most)
            return NULL;
        value = value * 10 + digit;
    }
    if (p == word)
        return NULL;
    *number = value;
    return p;
}

static bool parse_number(const char *option, const char *word, uint64_t least, uint64_t most,
                         uint64_t *number, char why[static OPTIONS_WHY_ROOM])
{
    uint64_t value = 0;
    const char *end = read_digits(word, most, &value);
    if (end == NULL || *end != '\0' || value < least)
        return complain(why, "--%s '%.40s' is not a number from %llu to %llu", option, word,
                        (unsigned long long)least, (unsigned long long)most);
    *number = value;
    return true;
}

static bool parse_unsigned(const char *option, const char *word, unsigned least, unsigned most,
                           unsigned *number, char why[static OPTIONS_WHY_ROOM])
{
    uint64_t value = 0;
    if (!parse_number(option, word, least, most, &value, why))
        return false;
    *number = (unsigned)value;
    return true;
}

static bool parse_decimal(const char *option, const char *word, double least, double most,
                          double *number, char why[static OPTIONS_WHY_ROOM])
{
    char *end = NULL;
    double value = strtod(word, &end);
    bool decimal = word[0] != '\0' && word[strspn(word, "0123456789.")] == '\0' && *end == '\0';
    if (!decimal || value < least || value > most)
        return complain(why, "--%s '%.40s' is not a decimal number from %g to %.0f", option, word,
                        least, most);
    *number = value;
    return true;
}

static bool parse_seconds(const char *option, const char *word, double least, int64_t *ns,
                          char why[static OPTIONS_WHY_ROOM])
{
    double seconds = 0;
    if (!parse_decimal(option, word, least, SECONDS_MAX, &seconds, why))
        return false;
    *ns = (int64_t)(seconds * NS_PER_S + 0.5);
    return true;
}

/* N or N-M */
static bool parse_integers(const char *word, struct mix_choice *mix,
                           char why[static OPTIONS_WHY_ROOM])
{
    uint64_t least = 0;
    const char *end = read_digits(word, CALC_INTEGERS_MAX, &least);
    uint64_t most = least;
    if (end != NULL && *end == '-')
        end = read_digits(end + 1, CALC_INTEGERS_MAX, &most);
    if (end == NULL || *end != '\0' || least == 0 || most < least)
        return complain(
            why, "--integers '%.40s' is neither a number from 1 to 64 nor two, such as 1-64", word);
    mix->least = (unsigned)least;
    mix->most = (unsigned)most;
    return true;
}

/* One of two words, or both. */
static bool parse_either(const char *option, const char *word, const char *one, const char *other,
                         bool *is_one, bool *is_other, char why[static OPTIONS_WHY_ROOM])
{
    bool both = strcmp(word, "both") == 0;
    *is_one = both || strcmp(word, one) == 0;
    *is_other = both || strcmp(word, other) == 0;
    return *is_one || *is_other ||
           complain(why, "--%s '%.40s' is unknown: %s, %s or both", option, word, one, other);
}

static bool parse_request(const char *word, struct mix_choice *mix,
                          char why[static OPTIONS_WHY_ROOM])
{
    struct mix_choice named = {.least = 1, .most = 1, .sum = true, .as_integer = true};
    if (strcmp(word, "dearest") == 0)
        named = (struct mix_choice){.name = MIX_DEAREST,
                                    .least = CALC_INTEGERS_MAX,
                                    .most = CALC_INTEGERS_MAX,
                                    .product = true,
                                    .as_string = true};
    else if (strcmp(word, "mixed") == 0)
        named = (struct mix_choice){.least = 1,
                                    .most = CALC_INTEGERS_MAX,
                                    .sum = true,
                                    .product = true,
                                    .as_integer = true,
                                    .as_string = true};
    else if (strcmp(word, "cheapest") != 0)
        return complain(why, "--request '%.40s' is unknown: cheapest, dearest or mixed", word);
    named.echo = mix->echo;
    named.block = mix->block;
    named.seed = mix->seed;
    *mix = named;
    return true;
}

enum {
    OPTION_REQUEST = 256,
    OPTION_WARMUP,
    OPTION_TIMEOUT,
    OPTION_ECHO,
    OPTION_SERVER_PID,
    OPTION_SEED,
    OPTION_VERSION,
};

static const struct option long_options[] = {
    {"sockets",          required_argument, NULL, 's'},
    {"window",              required_argument, NULL, 'w'},
    {"rate",                  required_argument, NULL, 'r'},
    {"duration",required_argument, NULL, 'd'},
    {"warmup",               required_argument, NULL, OPTION_WARMUP},
    {"requests",             required_argument, NULL, 'n'},
    {"integers",              required_argument, NULL, 'i'},
    {"operation",                  required_argument, NULL, 'o'},
    {"format",              required_argument, NULL, 'f'},
    {"request",               required_argument, NULL, OPTION_REQUEST},
    {"gso",           required_argument, NULL, 'g'},
    {"threads",              required_argument, NULL, 't'},
    {"timeout",                  required_argument, NULL, OPTION_TIMEOUT},
    {"echo",required_argument, NULL, OPTION_ECHO},
    {"server-pid",               required_argument, NULL, OPTION_SERVER_PID},
    {"seed",         required_argument, NULL, OPTION_SEED},
    {"json",              no_argument, NULL, 'j'},
    {"help",                  no_argument, NULL, 'h'},
    {"version",no_argument, NULL, OPTION_VERSION},
    {0              },
};

/* What has been said on the command line, where that matters besides its value. */
struct said {
    bool window, part, request;
};

/* The options about the requests. */
static bool parse_mix_option(int option, struct mix_choice *mix, struct said *said,
                             char why[static OPTIONS_WHY_ROOM])
{
    uint64_t number = 0;
    switch (option) {
    case 'i':
        said->part = true;
        return parse_integers(optarg, mix, why);
    case 'o':
        said->part = true;
        return parse_either("operation", optarg, "sum", "product", &mix->sum, &mix->product, why);
    case 'f':
        said->part = true;
        return parse_either("format", optarg, "integer", "string", &mix->as_integer,
                            &mix->as_string, why);
    case OPTION_REQUEST:
        said->request = true;
        return parse_request(optarg, mix, why);
    case 'g':
        if (!parse_number("gso", optarg, 1, MIX_BLOCK_MAX, &number, why))
            return false;
        mix->block = (size_t)number;
        return true;
    case OPTION_ECHO:
        if (!parse_number("echo", optarg, MIX_ECHO_LEAST, MIX_ECHO_MAX, &number, why))
            return false;
        mix->echo = (size_t)number;
        return true;
    default:
        return parse_number("seed", optarg, 0, UINT32_MAX, &mix->seed, why);
    }
}

/* The options about how they are sent. False for one that is wrong. */
static bool parse_run_option(int option, struct options *o, struct said *said,
                             char why[static OPTIONS_WHY_ROOM])
{
    unsigned pid = 0;
    switch (option) {
    case 's':
        return parse_unsigned("sockets", optarg, 1, SOCKETS_MAX, &o->sockets, why);
    case 'w':
        said->window = true;
        return parse_unsigned("window", optarg, 1, WINDOW_MAX, &o->window, why);
    case 'r':
        return parse_decimal("rate", optarg, 1, RATE_MAX, &o->rate, why);
    case 'd':
        return parse_seconds("duration", optarg, 0.001, &o->duration_ns, why);
    case 'n':
        return parse_number("requests", optarg, 1, UINT32_MAX, &o->requests, why);
    case 't':
        return parse_unsigned("threads", optarg, 1, THREADS_MAX, &o->threads, why);
    case OPTION_WARMUP:
        return parse_seconds("warmup", optarg, 0, &o->warmup_ns, why);
    case OPTION_TIMEOUT:
        return parse_seconds("timeout", optarg, 0.001, &o->timeout_ns, why);
    default:
        if (!parse_unsigned("server-pid", optarg, 1, INT_MAX, &pid, why))
            return false;
        o->server_pid = (pid_t)pid;
        return true;
    }
}

static bool parse_options(int argc, char **argv, struct options *o, struct said *said,
                          char why[static OPTIONS_WHY_ROOM])
{
    opterr = 0;
    for (;;) {
        const char *word = argv[optind];
        int option = getopt_long(argc, argv, "+:s:w:r:d:n:i:o:f:g:t:jh", long_options, NULL);
        switch (option) {
        case -1:
            return true;
        case 'j':
            o->json = true;
            break;
        case 'h':
            o->action = LOAD_HELP;
            return true;
        case OPTION_VERSION:
            o->action = LOAD_VERSION;
            return true;
        case ':':
            return complain(why, "option '%.99s' needs a value; see %s --help", word,
                            calc_program());
        case '?':
            return complain(
                why,
                "'%.99s' is not an option, short for several, or takes no value; see %s --help",
                word, calc_program());
        case 'i':
        case 'o':
        case 'f':
        case 'g':
        case OPTION_REQUEST:
        case OPTION_ECHO:
        case OPTION_SEED:
            if (!parse_mix_option(option, &o->mix, said, why))
                return false;
            break;
        default:
            if (!parse_run_option(option, o, said, why))
                return false;
        }
    }
}

/* What is wrong only together. */
static bool check(struct options *o, const struct said *said, char why[static OPTIONS_WHY_ROOM])
{
    unsigned block = (unsigned)o->mix.block;
    if (said->part && said->request)
        return complain(
            why, "--request names all of a mix: no --integers, --operation or --format with it");
    if (said->window && o->rate > 0)
        return complain(
            why, "--window is for the closed loop, --rate for the open one: only one of them");
    if (!said->window && block > 1)
        o->window = block;
    if (o->window % block != 0)
        return complain(why, "--window %u is not a multiple of --gso %u", o->window, block);
    if (o->sockets < o->threads)
        return complain(why, "--sockets %u are too few for --threads %u: one for each is needed",
                        o->sockets, o->threads);
    return true;
}

bool options_parse(int argc, char **argv, struct options *options,
                   char why[static OPTIONS_WHY_ROOM])
{
    *options = (struct options){
        .sockets = 64,
        .window = 4,
        .threads = 1,
        .duration_ns = INT64_C(5) * NS_PER_S,
        .warmup_ns = NS_PER_S / 2,
        .timeout_ns = NS_PER_S,
        .mix = {.least = 3, .most = 3, .sum = true, .as_integer = true, .block = 1, .seed = 1},
    };
    struct said said = {0};
    if (!parse_options(argc, argv, options, &said, why))
        return false;
    if (options->action != LOAD_RUN)
        return true;
    int words = argc - optind;
    if (words < 1)
        return complain(why, "ADDRESS and PORT are needed; see %s --help", calc_program());
    options->address = argv[optind];
    if (words < 2)
        return complain(why, "no PORT after ADDRESS '%.99s'; see %s --help", options->address,
                        calc_program());
    options->port = argv[optind + 1];
    if (words > 2)
        return complain(why,
                        "'%.99s' after ADDRESS and PORT: nothing more is allowed; see %s --help",
                        argv[optind + 2], calc_program());
    return check(options, &said, why);
}
