/* The metrics over HTTP, as Prometheus asks for them: libmicrohttpd reads the requests, exposition.h writes what is
 * answered. In which process that is done is for metrics.h. */
#ifndef SERVER_SCRAPE_H
#define SERVER_SCRAPE_H

#include "exposition.h"
#include "proto/net/endpoint.h"

enum {
    SCRAPE_CONNECTIONS = 32,       /* at a time; others wait */
    SCRAPE_SILENCE_S = 5,          /* then a connection is closed */
    SCRAPE_REQUEST_OCTETS = 16384, /* for what one connection says */
};

struct scrape;

/* Answers GET and HEAD of /metrics on a stream socket that listens and does not block; other paths get 404, other
 * methods 405. The exposition is to stay. NULL: why tells in one line what came of it, or that this build, or this
 * host, has no libmicrohttpd. */
struct scrape *scrape_begin(int listener, const struct exposition *exposition,
                            char why[static CALC_WHY_ROOM]);

/* Waits for requests and answers them. False: the descriptor until, which is below FD_SETSIZE, is readable. */
bool scrape_go_on(struct scrape *scrape, int until);

#endif
