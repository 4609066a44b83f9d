/* The server function: to be finished by you. It compiles as it is, and fails tidily. Test it with
 *
 *     conformance functions --step 5 skeleton_server.c
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* One octet for the header, and up to 256 of payload. */
#define MESSAGE_MAX (1 + 256)

/* Writes the reply to a request, which has length octets, to reply, which has room for MESSAGE_MAX octets. Returns
 * its length; 0: there is none. */
static size_t answer(const unsigned char *request, size_t length, unsigned char *reply)
{
    if (length < 2)
        return 0; /* it holds no integer, so it is no request */
    /* TODO: the header is request[0]. Its bits are, from the highest: 4 unused, of any value; 3 of the opcode (0 for
     * the sum, 1 for the product, others are unknown); 1 named F (0: the result as an integer, 1: as a string).
     * TODO: the integers follow, each as 4 octets in network byte order: see ntohl(3) and memcpy(3). The length
     * tells how many there are.
     * TODO: a success has the header 0x80 and the result behind it: 4 octets in network byte order, or its ASCII
     * digits, without a NUL. Return the length of just that.
     * An error, as for an unknown opcode, is the one octet 0x00: */
    (void)request;
    reply[0] = 0x00;
    return 1;
}

/* Everything between socket() and close(), so that one close() serves every way out. */
static int serve(int fd, const struct sockaddr *src_addr, socklen_t addrlen)
{
    unsigned char request[MESSAGE_MAX + 1]; /* one more, so that what is too long shows */
    unsigned char reply[MESSAGE_MAX];
    struct sockaddr_in6 peer; /* a struct sockaddr has too little room for an IPv6 address */
    socklen_t peer_length = sizeof peer;
    /* TODO: bind the socket to src_addr, receive one datagram with one recvfrom(), which writes to peer where it
     * comes from. Each may fail, and flags is always 0. */
    (void)fd;
    (void)src_addr;
    (void)addrlen;
    (void)peer;
    (void)peer_length;
    memset(request, 0, sizeof request);
    size_t received = 0;
    size_t length = answer(request, received, reply);
    if (length == 0)
        return -1; /* TODO: 0, once a datagram is received */
    /* TODO: send the reply to peer, with one sendto(), which may fail. */
    return -1;
}

int recv_and_handle_message(const struct sockaddr *src_addr, socklen_t addrlen)
{
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);
    if (fd < 0)
        return -1;
    int status = serve(fd, src_addr, addrlen);
    close(fd);
    return status;
}
