/* echo [--reply OCTETS] ADDRESS PORT: one recvfrom() and one sendto() for each datagram. The limit of every server
 * that takes its requests one by one. */
#include "common.h"

int main(int argc, char **argv)
{
    struct limit limit;
    if (!limit_open(argc, argv, true, &limit))
        return 1;
    for (;;) {
        uint8_t octets[LIMIT_OCTETS];
        struct sockaddr_in6 peer;
        socklen_t size = sizeof peer;
        ssize_t length =
            recvfrom(limit.fd, octets, sizeof octets, 0, (struct sockaddr *)&peer, &size);
        if (length < 0)
            return limit_failed(&limit, "receive on");
        /* A reply that the kernel refuses is lost, like one on the wire. */
        (void)sendto(limit.fd, octets, limit_reply(&limit, octets, (size_t)length), 0,
                     (const struct sockaddr *)&peer, size);
    }
}
