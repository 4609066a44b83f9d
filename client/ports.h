/* Ports that belong to one request each and rest in between (REQ-8.1, REQ-8.3): a pool of connected
 * sockets. A socket that rests stays open, because the kernel might give its port to the next one that is
 * opened. How long it has to rest is the caller's to say; so are all times. */
#ifndef CLIENT_PORTS_H
#define CLIENT_PORTS_H

#include "proto/net/endpoint.h"
#include "timers.h"

enum {
    /* A little more than half of the ephemeral ports that Linux has by default: other programs of this
     * host need some, too. */
    PORTS_MAX = 16384,
    PORTS_NONE = PORTS_MAX, /* the end of a list of ports */
};

struct port {
    int fd;
    uint32_t
        flight;    /* the request that it belongs to; free for the caller while the port is taken */
    uint32_t next; /* another port of that request, or PORTS_NONE; likewise */
    uint8_t endpoint;
    bool taken;
    bool refused; /* free for the caller */
    int64_t sent; /* likewise */
};

struct ports {
    const struct calc_endpoints *endpoints;
    int epoll_fd;
    struct port *list;
    uint32_t count;                      /* of those that are open */
    uint32_t counts[CALC_ENDPOINTS_MAX]; /* of those, for each endpoint */
    uint32_t share;                      /* each endpoint may have so many */
    uint32_t limit;                      /* how many could be open when that was last found out */
    int64_t limited;                     /* when that was */
    struct timers resting[CALC_ENDPOINTS_MAX]; /* of each endpoint, by the end of the rest */
    uint64_t strays; /* datagrams that came to a port that belonged to no request any longer */
};

enum ports_code {
    PORTS_TAKEN,
    PORTS_LATER,  /* all rest, or belong to a request; try again at the time that is told */
    PORTS_FAILED, /* errno says why this endpoint can not be reached from here */
};

/* Raises the limit of descriptors of this process as far as it is of use. Each socket reports to
 * epoll_fd, edge-triggered, with its number in the list. False with errno set. */
bool ports_open(struct ports *ports, const struct calc_endpoints *endpoints, int epoll_fd);
void ports_close(struct ports *ports);

/* A socket that is connected to this endpoint, that has rested and that nothing is left to be received
 * from: its number in *number. PORTS_LATER sets *when to the time when the next rest ends, or to 0 where no
 * port rests, and errno to what there is too little of. */
enum ports_code ports_take(struct ports *ports, uint8_t endpoint, int64_t now, uint32_t *number,
                           int64_t *when);

/* The port belongs to nobody, and rests until then. */
void ports_rest(struct ports *ports, uint32_t number, int64_t until);

/* Throws away what has come to a port, and counts it. */
void ports_drain(struct ports *ports, uint32_t number);

#endif
