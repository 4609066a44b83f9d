/* The requests of a batch that wait for a reply: tries, refusals, and which ports they take and leave to
 * rest: REQ-8.1 to REQ-8.5.
 *
 * A port rests for the quiet time after its reply. All ports of a request that was sent more than once, or
 * got no reply, rest for as long as a late one could come: for the whole schedule of its tries, counted
 * from its end, as the client itself would have waited so long; but for no more than the two minutes that
 * RFC 9293 gives to a datagram (MSL), and no less than the quiet time. Where each try was refused, nothing
 * can come, and the quiet time does.
 *
 * Where a name has several addresses, they take turns, beginning with the one that replied last, and share
 * the time of each try among them, so all are tried within the same time. A port is connected to one of
 * them for good, so each has its share of the ports.
 *
 * A first try that is not answered in time may have been one too many for the server's buffer, or for the path:
 * there are fewer requests at a time then, and slowly more again (RFC 8085, section 3.1). */
#ifndef CLIENT_FLIGHTS_H
#define CLIENT_FLIGHTS_H

#include "answers.h"
#include "options.h"
#include "ports.h"
#include "timers.h"

struct flight {
    uint64_t place;    /* of its answer */
    int64_t due;       /* the next try, or the end */
    uint32_t tries;    /* turns that are over */
    uint32_t sent;     /* datagrams */
    uint32_t port;     /* the last one; the others follow from it */
    uint16_t refused;  /* a bit for each endpoint: a try was refused, once */
    uint16_t dead;     /* likewise: given up */
    uint16_t length;   /* of the request */
    uint8_t preferred; /* the endpoint of the first try */
    uint8_t told;      /* the endpoint whose error is told */
    bool in_the_air;
    int error;
    uint8_t request[CALC_REQUEST_MAX];
};

struct flights {
    const struct calc_endpoints *endpoints;
    int64_t timeout_us;
    int64_t total_us; /* of the whole schedule */
    int64_t quiet_us;
    int64_t late_us;
    uint32_t tries_max;
    uint32_t most;    /* so many at a time */
    uint32_t window;  /* and no more than these, as things are */
    uint32_t count;   /* in the air */
    uint32_t replies; /* since the window last changed */
    int64_t narrowed; /* when it last became smaller */
    uint8_t preferred;
    bool broken;     /* there was no memory for an answer */
    int64_t starved; /* until then no port or no room to send is to be expected */
    uint64_t sent;   /* datagrams, in all */
    struct flight *list;
    uint32_t *free; /* those of the list that are not in the air: most - count */
    struct timers timers;
    struct ports ports;
    struct answers *answers; /* where the results go */
};

/* False with errno set. */
bool flights_open(struct flights *flights, const struct command *command,
                  const struct calc_endpoints *endpoints, struct answers *answers, int epoll_fd);
void flights_close(struct flights *flights);

/* True: flights_start() may be called. */
bool flights_have_room(const struct flights *flights, int64_t now);

/* One more request, whose answer goes to this place. */
void flights_start(struct flights *flights, uint64_t place, const struct calc_request *request);

/* Something has come to the port of this number. */
void flights_receive(struct flights *flights, uint32_t number);

/* Does all that is due by now. */
void flights_run(struct flights *flights, int64_t now);

/* When flights_run() is to be called next, or flights_have_room() is to be asked again; INT64_MAX where neither is. */
int64_t flights_due(const struct flights *flights, int64_t now);

/* The requests below this place get the answer that they were interrupted, all are forgotten. */
void flights_interrupt(struct flights *flights, uint64_t end);

#endif
