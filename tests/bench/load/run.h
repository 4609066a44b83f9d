/* A whole run: the requests, the sockets, the threads, the clock and signals, and the sum of it all. */
#ifndef LOAD_RUN_H
#define LOAD_RUN_H

#include "options.h"
#include "tally.h"

#include <netinet/in.h>

enum load_limit { LIMIT_NEITHER, LIMIT_SERVER, LIMIT_LOAD };

struct result {
    struct tally tally;
    double seconds;  /* measured */
    double load_cpu; /* CPU seconds a second and thread */
    bool server_known;
    double server_cpu;          /* CPU seconds a second, of all threads */
    double server_us_per_reply; /* 0: no reply */
    enum load_limit limit;
    uint64_t dropped_here;
};

enum { RUN_WHY_ROOM = 256 };

/* Makes the load that the options say, for the server at an address. SIGINT and SIGTERM end it early; the second one
 * ends the program. False: it could not be made, or broke off; why tells in one line. */
bool run_load(const struct options *options, const struct sockaddr_in6 *server,
              struct result *result, char why[static RUN_WHY_ROOM]);

#endif
