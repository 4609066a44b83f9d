/* server ADDRESS PORT: the calculator's daemon, from its command line to its exit status. */
#define _GNU_SOURCE /* getopt_long */

#include "counters.h"
#include "listener.h"
#include "output.h"
#include "proto/show.h"
#include "serve.h"
#include "signals.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: server [options] ADDRESS PORT\n"
    "Answers sums and products over UDP, as proto/PROTOCOL.md says, on ADDRESS: an IPv6 address\n"
    "(:: for all, fe80::1%eth0), an IPv4 address or a host name; and PORT: a number, 0 for any\n"
    "that is free, or the name of a service.\n"
    "  -v, --verbose   draw both datagrams of each exchange\n"
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

/* Says why the server can not start; returns the exit status for that. */
__attribute__((format(printf, 1, 2))) static int complain(const char *format, ...)
{
    char why[CALC_WHY_ROOM];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    calc_one_line(why);
    fprintf(stderr, "server: %s\n", why);
    return 1;
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
            exit(complain(
                "'%.99s' is not an option, short for several, or takes no value; see server --help",
                word));
        }
    }
    if (argc == optind)
        exit(complain("ADDRESS and PORT are needed; see server --help"));
    if (argc - optind == 1)
        exit(complain("no PORT after ADDRESS '%.99s'; see server --help", argv[optind]));
    if (argc - optind > 2)
        exit(complain("'%.99s' after ADDRESS and PORT: nothing more is allowed; see server --help",
                      argv[optind + 2]));
    command.address = argv[optind];
    command.port = argv[optind + 1];
    return command;
}

static int run(const struct command *command, const struct listener *listener)
{
    int signals_fd = signals_open();
    if (signals_fd < 0)
        return complain("can not receive signals: %s", strerror(errno));
    char text[CALC_ENDPOINT_ROOM];
    calc_endpoint_text(&listener->endpoint, text);
    if (printf("listening on %s\n", text) < 0 || fflush(stdout) == EOF) {
        int error = errno;
        close(signals_fd);
        return complain("can not print what it listens on: %s", strerror(error));
    }

    struct counters counters = {0};
    int error = serve(listener, signals_fd, &command->serve, &counters);
    if (output_ready())
        counters_print(&counters, stdout);
    close(signals_fd);
    return error == 0 ? 0 : complain("can not wait for requests: %s", strerror(error));
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
        !listener_open(&endpoints, command.v6only, &listener, why))
        return complain("%s", why);
    int status = run(&command, &listener);
    listener_close(&listener);
    return status;
}
