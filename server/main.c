/* server ADDRESS PORT: the calculator's daemon, from its command line to its exit status. */
#define _GNU_SOURCE /* getopt_long */

#include "counters.h"
#include "listener.h"
#include "proto/show.h"
#include "serve.h"
#include "signals.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: server [options] ADDRESS PORT\n"
    "Answers sums and products over UDP, as proto/PROTOCOL.md says, on ADDRESS: an IPv6 address\n"
    "(:: for all, fe80::1%eth0), an IPv4 address or a host name; and PORT: a number, 0 for any\n"
    "that is free, or the name of a service.\n"
    "  -v, --verbose   print each exchange: its octets and what they mean\n"
    "      --once      stop after one reply\n"
    "      --v6only    on ::, leave out IPv4\n"
    "  -h, --help      print this and exit\n"
    "      --version   print the version and exit\n"
    "Signals: INT and TERM stop it, USR1 prints what it has counted.\n"
    "Exit status: 0 stopped as told, 1 could not start.\n";

struct command {
    const char *address;
    const char *port;
    bool v6only;
    struct serve_options serve;
};

static void complain(char *why)
{
    calc_one_line(why);
    fprintf(stderr, "server: %s\n", why);
}

_Noreturn static void refuse(const char *word, const char *what)
{
    char why[CALC_WHY_ROOM];
    snprintf(why, sizeof why, "'%.99s': %s; see server --help", word, what);
    complain(why);
    exit(1);
}

_Noreturn static void print_and_exit(const char *text)
{
    exit(fputs(text, stdout) == EOF || fflush(stdout) == EOF ? 1 : 0);
}

static struct command parse(int argc, char **argv)
{
    enum { ONCE = 256, V6ONLY, VERSION };
    static const struct option options[] = {
        {"verbose",    no_argument, NULL, 'v'},
        {"once",        no_argument, NULL, ONCE},
        {"v6only",            no_argument, NULL, V6ONLY},
        {"help",no_argument, NULL, 'h'},
        {"version",        no_argument, NULL, VERSION},
        {0    },
    };
    struct command command = {0};
    opterr = 0;
    for (;;) {
        const char *word = argv[optind];
        int option = getopt_long(argc, argv, "+vh", options, NULL);
        if (option == -1)
            break;
        switch (option) {
        case 'v':
            command.serve.verbose = true;
            break;
        case ONCE:
            command.serve.once = true;
            break;
        case V6ONLY:
            command.v6only = true;
            break;
        case 'h':
            print_and_exit(usage);
        case VERSION:
            print_and_exit("server (calc6) " CALC_VERSION "\n");
        default:
            refuse(word, "is not an option, or one that takes no value");
        }
    }
    if (argc - optind < 2)
        refuse(argc > optind ? argv[optind] : "", "ADDRESS and PORT are needed");
    if (argc - optind > 2)
        refuse(argv[optind + 2], "nothing is allowed after ADDRESS and PORT");
    command.address = argv[optind];
    command.port = argv[optind + 1];
    return command;
}

static int run(const struct command *command, const struct listener *listener)
{
    int signals_fd = signals_open();
    if (signals_fd < 0) {
        fprintf(stderr, "server: can not receive signals: %s\n", strerror(errno));
        return 1;
    }
    char text[CALC_ENDPOINT_ROOM];
    calc_endpoint_text(&listener->endpoint, text);
    printf("listening on %s\n", text);

    struct counters counters = {0};
    int error = serve(listener, signals_fd, &command->serve, &counters);
    counters_print(&counters, stdout);
    fflush(stdout);
    close(signals_fd);
    if (error != 0)
        fprintf(stderr, "server: can not wait for requests: %s\n", strerror(error));
    return error == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct command command = parse(argc, argv);
    /* A script that waits for a line in a pipe gets it when it is printed. */
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);

    struct calc_endpoints endpoints;
    struct listener listener;
    char why[CALC_WHY_ROOM];
    if (calc_resolve(command.address, command.port, CALC_TO_BIND, &endpoints, why) !=
            CALC_RESOLVED ||
        !listener_open(&endpoints, command.v6only, &listener, why)) {
        complain(why);
        return 1;
    }
    int status = run(&command, &listener);
    listener_close(&listener);
    return status;
}
