/* The client's command line, from words to what is to be done. Nothing is sent or printed here. */
#ifndef CLIENT_OPTIONS_H
#define CLIENT_OPTIONS_H

#include "failure.h"
#include "proto/calc.h"

#include <stdint.h>

enum { IN_FLIGHT_MAX = 4096 };

enum action { ACTION_CALCULATE, ACTION_HELP, ACTION_VERSION };

struct command {
    enum action action;
    const char *address;
    const char *port;
    struct calc_request request;
    int64_t timeout_us; /* of the first try; each further one waits twice as long */
    unsigned retries;
    bool quiet;
    bool json;
    bool verbose;
    bool star_seen; /* the operator was an unquoted star */

    bool check;         /* of a server, with a request that check.h picks */
    bool batch;         /* many calculations; of request, only the format counts */
    const char *file;   /* of their lines; NULL is standard input */
    unsigned in_flight; /* how many requests wait for a reply at a time */
    int64_t quiet_us;   /* how long a port rests after its reply (REQ-8.3) */
};

extern const char usage_text[];

/* Reads all of the command line; what is wrong first is the failure. Options after a wrong one still
 * count, because they say how the failure is to be told. */
bool options_parse(int argc, char **argv, struct command *command, struct failure *failure);

/* One integer: decimal or 0x hex, 0 to 4294967295. */
bool options_integer(const char *word, uint32_t *value, struct failure *failure);

/* The same as one more of a request, which has 64 at most. */
bool options_next_integer(const char *word, struct calc_request *request, struct failure *failure);

/* True: the word is an operator, and *opcode what it stands for. */
bool options_operator(const char *word, enum calc_opcode *opcode);

#endif
