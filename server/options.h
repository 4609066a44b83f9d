/* The server's command line, from words to what is to be done. Nothing is opened or printed here. */
#ifndef SERVER_OPTIONS_H
#define SERVER_OPTIONS_H

#include "serve.h"
#include "where.h"

enum action { ACTION_SERVE, ACTION_HELP, ACTION_VERSION };

struct command {
    enum action action;
    const char *
        address; /* NULL: not said, nor is the port, as there may be sockets that are handed over */
    const char *port;
    const char *upgrade;  /* the path where servers hand over their sockets; NULL: nowhere */
    struct where metrics; /* where they are to be had */
    struct serve_options serve;
};

extern const char usage_text[];

/* Reads all of the command line. False: why tells in one line which word was wrong and what is allowed. */
bool options_parse(int argc, char **argv, struct command *command, char why[static CALC_WHY_ROOM]);

#endif
