/* The command line and the socket of a server that shows a limit. */
#define _GNU_SOURCE /* getopt_long() */

#include "common.h"
#include "proto/net/endpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static bool read_octets(const char *name, const char *word, size_t *octets)
{
    unsigned long number = calc_is_number(word) ? strtoul(word, NULL, 10) : 0;
    if (number < 1 || number > LIMIT_OCTETS) {
        fprintf(stderr, "%s: OCTETS '%s' is not a number from 1 to %d\n", name, word, LIMIT_OCTETS);
        return false;
    }
    *octets = number;
    return true;
}

static bool read_words(int argc, char **argv, bool with_reply, struct limit *limit)
{
    static const struct option reply[] = {
        {"reply", required_argument, NULL, 'r'},
        {0  }
    };
    static const struct option none[] = {{0}};
    bool right = true;
    opterr = 0;
    for (int option;
         (option = getopt_long(argc, argv, "+", with_reply ? reply : none, NULL)) != -1;) {
        right = option == 'r';
        if (!right)
            break;
        if (!read_octets(limit->name, optarg, &limit->reply))
            return false;
    }
    if (!right || argc - optind != 2) {
        fprintf(stderr, "usage: %s %sADDRESS PORT\n", limit->name,
                with_reply ? "[--reply OCTETS] " : "");
        return false;
    }
    char why[CALC_WHY_ROOM];
    if (calc_literal(argv[optind], argv[optind + 1], CALC_TO_BIND, &limit->endpoint, why) !=
        CALC_RESOLVED) {
        fprintf(stderr, "%s: %s\n", limit->name, why);
        return false;
    }
    return true;
}

bool limit_open(int argc, char **argv, bool with_reply, struct limit *limit)
{
    const char *slash = strrchr(argv[0], '/');
    *limit = (struct limit){.name = slash == NULL ? argv[0] : slash + 1, .fd = -1};
    if (!read_words(argc, argv, with_reply, limit))
        return false;
    const int queue = LIMIT_QUEUE;
    socklen_t size = sizeof limit->endpoint;
    limit->fd = calc_socket();
    if (limit->fd < 0 || fcntl(limit->fd, F_SETFL, 0) < 0)
        return limit_failed(limit, "open a socket for"), false;
    if (setsockopt(limit->fd, SOL_SOCKET, SO_RCVBUF, &queue, sizeof queue) < 0)
        return limit_failed(limit, "set SO_RCVBUF for"), false;
    if (bind(limit->fd, (const struct sockaddr *)&limit->endpoint, size) < 0)
        return limit_failed(limit, "bind"), false;
    if (getsockname(limit->fd, (struct sockaddr *)&limit->endpoint, &size) < 0)
        return limit_failed(limit, "get the name of"), false;
    char text[CALC_ENDPOINT_ROOM];
    calc_endpoint_text(&limit->endpoint, text);
    if (printf("listening on %s\n", text) < 0 || fflush(stdout) != 0)
        return limit_failed(limit, "tell on standard output the name of"), false;
    return true;
}

int limit_failed(const struct limit *limit, const char *what)
{
    int error = errno;
    char text[CALC_ENDPOINT_ROOM];
    calc_endpoint_text(&limit->endpoint, text);
    fprintf(stderr, "%s: can not %s %s: %s\n", limit->name, what, text, strerror(error));
    return 1;
}
