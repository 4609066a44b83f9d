/* The client function: to be finished by you. It compiles as it is, and fails tidily. Test it with
 *
 *     conformance functions skeleton_client.c
 */
#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* One octet for the header, and four for each of up to 64 integers. */
#define REQUEST_MAX (1 + 4 * 64)

/* Writes the request to buffer, which has room for REQUEST_MAX octets. Returns its length, or -1 where the
 * arguments are wrong. */
static ssize_t make_request(unsigned char *buffer, const int *ints, size_t no_int, char operation,
                            char output_format)
{
    /* TODO: return -1 if ints is NULL, if no_int is not 1 to 64, if operation is neither '+' nor '*', or if
     * output_format is neither 'd' nor 's'.
     * TODO: the header is buffer[0]. Its bits are, from the highest: 4 unused (0), 3 of the opcode (0 for '+', 1
     * for '*'), 1 named F (0 for 'd', 1 for 's').
     * TODO: the integers follow, each as 4 octets in network byte order: see htonl(3) and memcpy(3).
     * TODO: return the length: the header and the integers, no more. */
    (void)buffer;
    (void)ints;
    (void)no_int;
    (void)operation;
    (void)output_format;
    return -1;
}

/* Reads the reply, which has length octets, into *result. Returns 0, or -1 where there is no result. */
static int read_reply(const unsigned char *reply, size_t length, char output_format, int *result)
{
    /* TODO: return -1 if there is no octet, or if the highest bit of the first one, S, is 0: it is an error. The
     * other 7 bits may have any value.
     * TODO: 'd': the payload is exactly 4 octets, one integer in network byte order: see ntohl(3).
     * TODO: 's': the payload is one or more ASCII digits. No NUL ends them, length does. Return -1 for anything
     * else, and where the number does not fit in 32 bits. */
    (void)reply;
    (void)length;
    (void)output_format;
    (void)result;
    return -1;
}

/* Everything between socket() and close(), so that one close() serves every way out. */
static int exchange(int fd, const struct sockaddr *dest_addr, socklen_t addrlen, const int *ints,
                    size_t no_int, char operation, char output_format, int *result)
{
    unsigned char request[REQUEST_MAX];
    unsigned char reply[1 + 256 + 1];
    ssize_t length = make_request(request, ints, no_int, operation, output_format);
    if (length < 0)
        return -1;
    /* TODO: connect the socket to dest_addr, send the request with one send(), receive the reply with one recv():
     * each is told the true size of what it is given, each may fail, and flags is always 0. */
    (void)fd;
    (void)dest_addr;
    (void)addrlen;
    memset(reply, 0, sizeof reply);
    size_t received = 0;
    return read_reply(reply, received, output_format, result);
}

int create_and_send_message(const struct sockaddr *dest_addr, socklen_t addrlen, int *ints,
                            size_t no_int, char operation, char output_format, int *result)
{
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);
    if (fd < 0)
        return -1;
    int status = exchange(fd, dest_addr, addrlen, ints, no_int, operation, output_format, result);
    close(fd);
    return status;
}
