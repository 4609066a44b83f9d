/* naive ADDRESS PORT: the calculator as it is first written, one recvfrom(), one calc_answer() and one sendto() for
 * each datagram. It follows the ladder of PROTOCOL.md from rung 3 on, and leaves to others what needs the destination
 * of a datagram (REQ-3.4 on `::`, REQ-6.9). */
#include "common.h"
#include "proto/calc.h"

#include <arpa/inet.h>

enum { RESERVED_PORTS_END = 1024 };

int main(int argc, char **argv)
{
    struct limit limit;
    if (!limit_open(argc, argv, false, &limit))
        return 1;
    for (;;) {
        uint8_t request[CALC_BUFFER_OCTETS];
        uint8_t reply[CALC_REPLY_MAX];
        struct sockaddr_in6 peer;
        socklen_t size = sizeof peer;
        ssize_t length =
            recvfrom(limit.fd, request, sizeof request, 0, (struct sockaddr *)&peer, &size);
        if (length < 0)
            return limit_failed(&limit, "receive on");
        if (ntohs(peer.sin6_port) < RESERVED_PORTS_END ||
            peer.sin6_port == limit.endpoint.sin6_port)
            continue;
        size_t reply_length;
        (void)calc_answer(request, (size_t)length, reply, &reply_length);
        /* A reply that the kernel refuses is lost, like one on the wire. */
        if (reply_length > 0)
            (void)sendto(limit.fd, reply, reply_length, 0, (const struct sockaddr *)&peer, size);
    }
}
