/* The rungs of the ladder that look at addresses and ports, in the order of the specification. */
#define _GNU_SOURCE /* struct mmsghdr */

#include "policy.h"

#include <arpa/inet.h>

enum { RESERVED_PORTS_END = 1024, SERVICE_PORTS_END = 32768, FIRST_BIT = 0x80 };

bool policy_drops(const struct origin *origin, uint16_t own_port, enum outcome *outcome)
{
    uint16_t port = ntohs(origin->peer.sin6_port);
    if (origin->destination_known && calc_is_multicast(&origin->destination))
        *outcome = DROPPED_MULTICAST;
    else if (calc_is_unspecified(&origin->peer.sin6_addr))
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

bool policy_suspects(const struct origin *origin)
{
    return ntohs(origin->peer.sin6_port) < SERVICE_PORTS_END;
}

bool policy_suspects_datagram(const struct arrival *request, bool result)
{
    return !result || (request->octets[0] & FIRST_BIT) != 0;
}
