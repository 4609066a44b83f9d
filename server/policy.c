/* The rungs of the ladder that look at addresses and ports, in the order of the specification. */
#include "policy.h"

#include <arpa/inet.h>

enum { RESERVED_PORTS_END = 1024 };

bool policy_drops(const struct arrival *datagram, uint16_t own_port, enum outcome *outcome)
{
    uint16_t port = ntohs(datagram->peer.sin6_port);
    if (datagram->destination_known && calc_is_multicast(&datagram->destination))
        *outcome = DROPPED_MULTICAST;
    else if (calc_is_unspecified(&datagram->peer.sin6_addr))
        *outcome = DROPPED_UNSPECIFIED;
    else if (port == 0)
        *outcome = DROPPED_PORT_ZERO;
    else if (port < RESERVED_PORTS_END)
        *outcome = DROPPED_PORT_RESERVED;
    else if (port == own_port)
        *outcome = DROPPED_PORT_OWN;
    else
        return false;
    return true;
}
