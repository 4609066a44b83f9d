/* Sending and receiving. Nothing here waits a fixed time: what is lost is sent again, at growing intervals, until the
 * deadline. */
#include "server_talk.h"

#include "clock.h"

#include <errno.h>
#include <string.h>

enum { LOOK_US = 20000 /* how long a death goes unseen, at most */ };

const struct datagram sentinel = {
    .length = 9, .octets = {0, 0x0C, 0x0D, 0xE0, 0x00, 0x00, 0x00, 0x0C, 0xA6}
};

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
    if (!is_started(run) || run->subject.pid == 0)
        return false;
    subject_look(&run->subject);
    return run->subject.ended;
}

bool transmit(struct server_run *run, struct port *port, const struct sockaddr_in6 *peer,
              const struct datagram *datagram)
{
    if (port->outcome != NULL && datagram != &sentinel)
        port->outcome->earlier = run->earlier;
    memcpy(run->earlier.octets, datagram->octets, datagram->length);
    if (datagram->length > run->earlier.length)
        run->earlier.length = datagram->length;
    return port_send(port, peer, datagram);
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

/* What is still in the queue answers something older. */
static void drain(struct port *port)
{
    struct arrived arrived;
    enum arrival arrival;
    do
        arrival = port_receive(port, 0, &arrived);
    while (arrival == ARRIVED || arrival == REFUSED);
}

bool probe(struct server_run *run, struct port *port, const struct sockaddr_in6 *peer,
           int64_t deadline_us, struct arrived *arrived)
{
    drain(port);
    for (int64_t wait_us = AGAIN_SOON_US; kit_now_us() < deadline_us;
         wait_us = sooner(2 * wait_us, AGAIN_MAX_US)) {
        if (!transmit(run, port, peer, &sentinel) && errno != ECONNREFUSED)
            return false;
        int64_t again_us = sooner(kit_now_us() + wait_us, deadline_us);
        enum arrival arrival;
        while ((arrival = receive(run, port, again_us, arrived)) == REFUSED)
            kit_pause_us(AGAIN_SOON_US);
        if (arrival == ARRIVED)
            return true;
        if (has_died(run))
            return false;
    }
    return false;
}
