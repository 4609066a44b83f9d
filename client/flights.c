/* What happens to one request after the other; which of them, timers and epoll(7) say. */
#define _GNU_SOURCE /* clock_gettime, MSG_TRUNC */

#include "flights.h"
#include "clock.h"
#include "exchange.h"
#include "reply.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
    SHORT_WAIT_US = 10000, /* what there was too little of may be there again */
    LATE_MAX_US = 120000000,
    REPLIES_TO_WIDEN = 4096,
};

bool flights_open(struct flights *flights, const struct command *command,
                  const struct calc_endpoints *endpoints, struct answers *answers, int epoll_fd)
{
    assert(endpoints->count > 0 && endpoints->count <= 16); /* the bits of dead and refused */
    int64_t total = exchange_total_us(command->timeout_us, command->retries);
    int64_t late = total < LATE_MAX_US ? total : LATE_MAX_US;
    *flights = (struct flights){
        .endpoints = endpoints,
        .timeout_us = command->timeout_us,
        .total_us = total,
        .quiet_us = command->quiet_us,
        .late_us = late > command->quiet_us ? late : command->quiet_us,
        .tries_max = (command->retries + 1) * (uint32_t)endpoints->count,
        .most = command->in_flight,
        .window = command->in_flight,
        .answers = answers,
    };
    flights->list = calloc(flights->most, sizeof *flights->list);
    flights->free = malloc(flights->most * sizeof *flights->free);
    bool done = ports_open(&flights->ports, endpoints, epoll_fd);
    done = timers_open(&flights->timers, flights->most) && done;
    if (!done || flights->list == NULL || flights->free == NULL) {
        flights_close(flights);
        errno = ENOMEM;
        return false;
    }
    for (uint32_t i = 0; i < flights->most; i++)
        flights->free[i] = i;
    return true;
}

void flights_close(struct flights *flights)
{
    ports_close(&flights->ports);
    timers_close(&flights->timers);
    free(flights->list);
    free(flights->free);
    *flights = (struct flights){0};
}

bool flights_have_room(const struct flights *flights, int64_t now)
{
    return flights->count < flights->window && now >= flights->starved;
}

static void set_due(struct flights *flights, struct flight *flight, int64_t due)
{
    flight->due = due;
    timers_set(&flights->timers, (uint32_t)(flight - flights->list), due);
}

static uint8_t endpoint_of_turn(const struct flights *flights, const struct flight *flight)
{
    return (uint8_t)((flight->preferred + flight->tries) % flights->endpoints->count);
}

/* Lets go of the ports and of the flight. */
static void land(struct flights *flights, struct flight *flight, bool replied)
{
    bool all_refused = true;
    for (uint32_t at = flight->port; at != PORTS_NONE; at = flights->ports.list[at].next)
        all_refused = all_refused && flights->ports.list[at].refused;
    bool quiet = all_refused || (replied && flight->sent == 1);
    int64_t until = clock_us() + (quiet ? flights->quiet_us : flights->late_us);
    for (uint32_t at = flight->port; at != PORTS_NONE;) {
        uint32_t next = flights->ports.list[at].next;
        ports_rest(&flights->ports, at, until);
        at = next;
    }
    uint32_t number = (uint32_t)(flight - flights->list);
    timers_remove(&flights->timers, number);
    flight->in_the_air = false;
    flights->count--;
    flights->free[flights->most - flights->count - 1] = number;
}

static void land_failed(struct flights *flights, struct flight *flight,
                        const struct failure *failure)
{
    if (!answers_failure(flights->answers, flight->place, failure))
        flights->broken = true;
    land(flights, flight, false);
}

static bool has_several(const struct flights *flights)
{
    return flights->endpoints->count > 1;
}

/* The turn is over; the next one comes when the time of this one is. */
static void end_turn(struct flights *flights, struct flight *flight, int64_t now)
{
    uint32_t count = (uint32_t)flights->endpoints->count;
    int64_t wait = (flights->timeout_us << (flight->tries / count)) / (int64_t)count;
    flight->tries++;
    set_due(flights, flight, now + wait);
}

/* This endpoint can not be reached. Another one is tried at once, if there is one. */
static void give_up(struct flights *flights, struct flight *flight, uint8_t endpoint, int error)
{
    struct failure failure = {.kind = NO_FAILURE};
    flight->dead |= (uint16_t)(1U << endpoint);
    /* A host that is there says more than one that is not. */
    if (flight->error == 0 || error == ECONNREFUSED) {
        flight->error = error;
        flight->told = endpoint;
    }
    if (flight->dead == (1U << flights->endpoints->count) - 1) {
        reply_prevented(&flights->endpoints->list[flight->told], has_several(flights),
                        flight->error, &failure);
        land_failed(flights, flight, &failure);
        return;
    }
    int64_t now = clock_us();
    if (endpoint_of_turn(flights, flight) == endpoint)
        end_turn(flights, flight, now);
    /* The time of the last turn belongs to replies that may still come to the others. */
    if (flight->tries < flights->tries_max)
        set_due(flights, flight, now);
}

/* The same turn comes again, a little later. */
static void postpone(struct flights *flights, struct flight *flight, int64_t now, int64_t when)
{
    int64_t later = now + SHORT_WAIT_US;
    flights->starved = when > now && when < later ? when : later;
    set_due(flights, flight, flights->starved);
}

/* Returns 0, or what is wrong. An error that came for what this port was used for before is taken off by the
 * first call. */
static int send_request(const struct flight *flight, int fd)
{
    for (int calls = 0; calls < 3; calls++) {
        if (send(fd, flight->request, flight->length, 0) >= 0)
            return 0;
        if (errno != ECONNREFUSED && errno != EINTR)
            break;
    }
    return errno;
}

static void send_from(struct flights *flights, struct flight *flight, uint32_t number, int64_t now)
{
    struct port *port = &flights->ports.list[number];
    int error = send_request(flight, port->fd);
    if (error != 0) {
        ports_rest(&flights->ports, number, now);
        if (error == ENOBUFS || error == EAGAIN || error == ENOMEM)
            postpone(flights, flight, now, 0);
        else
            give_up(flights, flight, port->endpoint, error);
        return;
    }
    port->flight = (uint32_t)(flight - flights->list);
    port->next = flight->port;
    port->refused = false;
    port->sent = now;
    flight->port = number;
    flight->sent++;
    flights->sent++;
    end_turn(flights, flight, now);
}

/* By an eighth, down to a sixteenth of what is allowed. Tries that were lost together count once. */
static void narrow(struct flights *flights, int64_t now)
{
    if (now - flights->narrowed < flights->timeout_us)
        return;
    uint32_t least = (flights->most + 15) / 16;
    uint32_t window = flights->window - (flights->window + 7) / 8;
    flights->window = window > least ? window : least;
    flights->narrowed = now;
    flights->replies = 0;
}

static void widen(struct flights *flights)
{
    if (flights->window == flights->most || ++flights->replies < REPLIES_TO_WIDEN)
        return;
    flights->window++;
    flights->replies = 0;
}

static void try(struct flights *flights, struct flight *flight)
{
    uint8_t endpoint = endpoint_of_turn(flights, flight);
    int64_t now = clock_us();
    if ((flight->dead >> endpoint & 1) != 0) {
        end_turn(flights, flight, now);
        return;
    }
    uint32_t number;
    int64_t when;
    switch (ports_take(&flights->ports, endpoint, now, &number, &when)) {
    case PORTS_TAKEN:
        send_from(flights, flight, number, now);
        return;
    case PORTS_FAILED:
        give_up(flights, flight, endpoint, errno);
        return;
    case PORTS_LATER:
        if (when != 0)
            postpone(flights, flight, now, when);
        else if (flight->sent > 0) /* those who have ports wait for more: some have to give in */
            end_turn(flights, flight, now);
        else if (flights->count == 1)
            give_up(flights, flight, endpoint, errno);
        else
            postpone(flights, flight, now, 0);
    }
}

void flights_start(struct flights *flights, uint64_t place, const struct calc_request *request)
{
    assert(flights->count < flights->most);
    flights->count++;
    struct flight *flight = &flights->list[flights->free[flights->most - flights->count]];
    *flight = (struct flight){
        .place = place,
        .port = PORTS_NONE,
        .preferred = flights->preferred,
        .in_the_air = true,
    };
    size_t length = 0;
    enum calc_code code =
        calc_request_encode(request, flight->request, sizeof flight->request, &length);
    assert(code == CALC_OK);
    (void)code;
    flight->length = (uint16_t)length;
    try(flights, flight);
}

static void note_error(struct flights *flights, struct port *port, int error)
{
    struct flight *flight = &flights->list[port->flight];
    uint16_t bit = (uint16_t)(1U << port->endpoint);
    bool last = flight->tries == flights->tries_max;
    port->refused = error == ECONNREFUSED;
    if (!port->refused || last || (flight->refused & bit) != 0) {
        give_up(flights, flight, port->endpoint, error);
        return;
    }
    flight->refused |= bit;
    /* A server that opens its socket anew for each request is back a little later; another one need not
     * wait. */
    bool again = (flight->refused >> endpoint_of_turn(flights, flight) & 1) != 0;
    int64_t due = clock_us() + (again ? EXCHANGE_REFUSED_WAIT_US : 0);
    if (due < flight->due)
        set_due(flights, flight, due);
}

static void take_reply(struct flights *flights, const struct port *port, const uint8_t *octets,
                       size_t length)
{
    struct flight *flight = &flights->list[port->flight];
    struct calc_request request;
    struct calc_reply reply;
    struct failure failure = {.kind = NO_FAILURE};
    enum calc_code code = calc_request_decode(flight->request, flight->length, &request);
    assert(code == CALC_OK);
    (void)code;
    flights->preferred = port->endpoint;
    widen(flights);
    if (!reply_read(&request, octets, length, &reply, &failure)) {
        if (!answers_failure(flights->answers, flight->place, &failure))
            flights->broken = true;
    } else {
        struct result result = {
            .request = &request,
            .reply = &reply,
            .server = &flights->endpoints->list[port->endpoint],
            .round_trip_us = clock_us() - port->sent,
            .sent = flight->sent,
        };
        if (!answers_result(flights->answers, flight->place, &result))
            flights->broken = true;
    }
    land(flights, flight, true);
}

void flights_receive(struct flights *flights, uint32_t number)
{
    struct port *port = &flights->ports.list[number];
    if (!port->taken)
        ports_drain(&flights->ports, number);
    while (port->taken) {
        uint8_t octets[CALC_BUFFER_OCTETS];
        struct sockaddr_in6 sender;
        socklen_t size = sizeof sender;
        ssize_t length =
            recvfrom(port->fd, octets, sizeof octets, MSG_TRUNC, (struct sockaddr *)&sender, &size);
        if (length < 0 && errno == EAGAIN)
            return;
        if (length < 0 && errno != EINTR)
            note_error(flights, port, errno);
        else if (length >= 0 && reply_is_from(&sender, &flights->endpoints->list[port->endpoint]))
            take_reply(flights, port, octets, (size_t)length);
        else if (length >= 0)
            flights->ports.strays++;
    }
}

void flights_run(struct flights *flights, int64_t now)
{
    const struct timer *first;
    while ((first = timers_first(&flights->timers)) != NULL && first->due <= now) {
        struct flight *flight = &flights->list[first->owner];
        struct failure failure = {.kind = NO_FAILURE};
        if (flight->sent == 1 && flight->refused == 0)
            narrow(flights, now);
        if (flight->tries < flights->tries_max) {
            try(flights, flight);
            continue;
        }
        reply_missed(&flights->endpoints->list[flight->preferred], has_several(flights),
                     flights->total_us, &failure);
        land_failed(flights, flight, &failure);
    }
}

int64_t flights_due(const struct flights *flights, int64_t now)
{
    const struct timer *first = timers_first(&flights->timers);
    int64_t due = first != NULL ? first->due : INT64_MAX;
    return flights->starved > now && flights->starved < due ? flights->starved : due;
}

void flights_interrupt(struct flights *flights, uint64_t end)
{
    struct failure failure = {.kind = NO_FAILURE};
    fail(&failure, FAILURE_INTERRUPTED, "interrupted");
    for (uint32_t i = 0; i < flights->most; i++) {
        struct flight *flight = &flights->list[i];
        if (!flight->in_the_air)
            continue;
        if (flight->place < end)
            land_failed(flights, flight, &failure);
        else
            land(flights, flight, false);
    }
}
