/* One request, sent until a reply comes or time is up: REQ-8.1, REQ-8.2, REQ-8.4, REQ-8.5. */
#ifndef CLIENT_EXCHANGE_H
#define CLIENT_EXCHANGE_H

#include "failure.h"
#include "proto/calc.h"
#include "proto/net/endpoint.h"

enum {
    EXCHANGE_RETRIES_MAX = 15,
    /* A server that opens its socket anew for each request is back then (REQ-8.5). */
    EXCHANGE_REFUSED_WAIT_US = 100000,
};

/* How long all tries take together: each waits twice as long as the one before (REQ-8.4). */
static inline int64_t exchange_total_us(int64_t timeout_us, unsigned retries)
{
    return timeout_us * ((INT64_C(2) << retries) - 1);
}

struct exchange {
    /* what to do */
    const struct calc_endpoints *endpoints; /* all are tried, in turn, within the same total time */
    const uint8_t *request;
    size_t request_length;
    int64_t timeout_us; /* of the first try; doubled each time */
    unsigned retries;   /* for each endpoint, at most EXCHANGE_RETRIES_MAX */

    /* what came of it */
    uint8_t reply[CALC_BUFFER_OCTETS];
    size_t reply_length; /* as sent */
    struct sockaddr_in6 local;
    struct sockaddr_in6 peer;
    int64_t round_trip_us; /* from the try that the reply belongs to */
    unsigned tries;        /* datagrams sent, to all endpoints */
};

/* Returns false with the failure noted: no reply in time, refused twice, or not to be sent. */
bool exchange_run(struct exchange *exchange, struct failure *failure);

#endif
