/* Sending and receiving. Nothing here waits a fixed time: what is lost is sent again, at growing intervals, until the
 * deadline. */
#include "server_talk.h"

#include "clock.h"
#include "judge.h"
#include "signals.h"

#include "proto/wire.h"

#include <errno.h>
#include <string.h>

enum {
    LOOK_US = 20000,  /* how long a death goes unseen, at most */
    FIRST_US = 10000, /* to wait, where it is not known how long it takes */
};

/* Their octets differ, so that a server that reads them wrongly gives an answer of its own, too. */
enum { FIRST_INTEGER = 0x0C1D2E3F, SECOND_INTEGER = 0x01020300, ANSWER_OCTETS = 5 };

int64_t sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

bool is_started(const struct server_run *run)
{
    return run->settings->exec != NULL;
}

bool has_died(struct server_run *run)
{
    /* A run that is broken off waits for nobody. */
    if (signals_caught() != 0)
        return true;
    if (!is_started(run) || run->subject.pid == 0)
        return false;
    subject_look(&run->subject);
    return run->subject.ended;
}

int64_t again_after_us(const struct server_run *run)
{
    int64_t least_us = run->reopens ? AGAIN_SOON_US : AGAIN_US;
    int64_t slow_us = (run->reopens ? 2 : 4) * run->round_trip_us;
    return slow_us > least_us ? slow_us : least_us;
}

bool transmit(struct server_run *run, struct port *port, const struct sockaddr_in6 *peer,
              const struct datagram *request)
{
    if (port->outcome != NULL)
        port->outcome->earlier = run->earlier;
    datagram_over(&run->earlier, request);
    run->asked = *request;
    run->strayed = false;
    return port_send(port, peer, request);
}

bool transmit_sentinel(struct server_run *run, struct port *port, const struct sockaddr_in6 *peer)
{
    run->serial += run->adds || run->serial == 0;
    const uint32_t integers[] = {FIRST_INTEGER, SECOND_INTEGER + run->serial};
    struct datagram sentinel = request_with(0, integers, 2);
    datagram_over(&run->earlier, &sentinel);
    run->sent_us[run->serial % SENTINELS_KNOWN] = kit_now_us();
    return port_send(port, peer, &sentinel);
}

static uint32_t serial_of(const struct arrived *arrived)
{
    struct wire_reader r = {.p = arrived->datagram.octets,
                            .end = arrived->datagram.octets + arrived->datagram.length};
    wire_read_u8(&r);
    return wire_read_u32(&r) - FIRST_INTEGER - SECOND_INTEGER;
}

int64_t sentinel_age_us(const struct server_run *run, const struct arrived *arrived)
{
    uint32_t serial = run->adds ? serial_of(arrived) : run->serial;
    return kit_now_us() - run->sent_us[serial % SENTINELS_KNOWN];
}

enum kind kind_of(const struct server_run *run, const struct arrived *arrived, uint32_t first)
{
    const uint8_t *octets = arrived->datagram.octets;
    if (!run->adds)
        return run->distinct && arrived->length == run->usual.length &&
                       memcmp(octets + 1, run->usual.octets + 1, run->usual.length - 1) == 0
                   ? SENTINEL_S
                   : OTHER;
    uint32_t serial = serial_of(arrived);
    if (arrived->length != ANSWER_OCTETS || serial > run->serial || serial == 0)
        return OTHER;
    return serial >= first ? SENTINEL_S : OUTDATED;
}

enum arrival receive(struct server_run *run, struct port *port, int64_t deadline_us,
                     struct arrived *arrived)
{
    for (;;) {
        int64_t slice_us =
            is_started(run) ? sooner(deadline_us, kit_now_us() + LOOK_US) : deadline_us;
        enum arrival arrival = port_receive(port, slice_us, arrived);
        if (arrival != NOTHING || slice_us == deadline_us)
            return arrival;
        if (has_died(run))
            return port_receive(port, 0, arrived); /* its last words */
    }
}

static bool answers_the_asked(const struct server_run *run, const struct arrived *arrived)
{
    return answers(&run->asked, &arrived->datagram, arrived->length);
}

/* What is still in the queue answers something older, or is a reply that went astray. */
static void drain(struct server_run *run, struct port *port)
{
    struct arrived arrived;
    enum arrival arrival;
    while ((arrival = port_receive(port, 0, &arrived)) == ARRIVED || arrival == REFUSED) {
        if (arrival == ARRIVED && answers_the_asked(run, &arrived))
            run->strayed = true;
    }
}

bool probe(struct server_run *run, struct port *port, const struct sockaddr_in6 *peer,
           int64_t deadline_us, struct arrived *arrived)
{
    drain(run, port);
    uint32_t first = run->serial + 1;
    for (int64_t wait_us = run->round_trip_us > 0 ? again_after_us(run) : FIRST_US;
         kit_now_us() < deadline_us; wait_us = sooner(2 * wait_us, AGAIN_MAX_US)) {
        if (!transmit_sentinel(run, port, peer) && errno != ECONNREFUSED)
            return false;
        int64_t again_us = sooner(kit_now_us() + wait_us, deadline_us);
        enum arrival arrival;
        bool outdated;
        do {
            arrival = receive(run, port, again_us, arrived);
            enum kind kind = arrival == ARRIVED ? kind_of(run, arrived, first) : SENTINEL_S;
            run->strayed = run->strayed || (kind == OTHER && answers_the_asked(run, arrived));
            outdated = kind == OUTDATED || (kind == OTHER && run->strayed);
            /* It was right before, and is not any more: from here on any answer will do. */
            if (kind == OTHER && !run->strayed)
                run->adds = run->distinct = false;
            if (arrival == REFUSED)
                kit_pause_us(AGAIN_SOON_US);
        } while (outdated || arrival == REFUSED);
        if (arrival == ARRIVED)
            return true;
        if (has_died(run))
            return false;
    }
    return false;
}
