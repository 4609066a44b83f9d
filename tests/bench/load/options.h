/* The load generator's command line, from words to what is to be done. Nothing is sent or printed here. */
#ifndef LOAD_OPTIONS_H
#define LOAD_OPTIONS_H

#include "mix.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum load_action { LOAD_RUN, LOAD_HELP, LOAD_VERSION };

enum { OPTIONS_WHY_ROOM = 256 };

struct options {
    enum load_action action;
    const char *address;
    const char *port;
    unsigned sockets;
    unsigned window; /* in flight on each socket; a multiple of mix.block */
    unsigned threads;
    double rate; /* requests a second in all; 0: the closed loop */
    int64_t duration_ns, warmup_ns, timeout_ns;
    uint64_t requests; /* 0: by time */
    struct mix_choice mix;
    pid_t server_pid; /* 0: none */
    bool json;
};

extern const char load_usage[];

/* Reads all of the command line. False: why names the word that is wrong and what is allowed, in one line. */
bool options_parse(int argc, char **argv, struct options *options,
                   char why[static OPTIONS_WHY_ROOM]);

#endif
