/* stub ADDRESS ACTION...: a server that does with the datagrams, one after the other, what it is told: silent, empty,
 * HEX (reply so), first:HEX (reply so to the sender of the first datagram), slow:HEX (reply so 400 ms later),
 * other:HEX (reply so from another port, then go on), away (close the socket, and be back 50 ms later on the same
 * port). Prints who sent each. Ends after the last action. */
#define _POSIX_C_SOURCE 200809L

#include "hex.h"
#include "proto/net/endpoint.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { OCTETS_MAX = 65507 };

_Noreturn static void die(const char *what)
{
    fprintf(stderr, "stub: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int open_at(struct sockaddr_in6 *endpoint)
{
    int fd = calc_socket();
    socklen_t size = sizeof *endpoint;
    if (fd < 0 || bind(fd, (struct sockaddr *)endpoint, sizeof *endpoint) < 0 ||
        getsockname(fd, (struct sockaddr *)endpoint, &size) < 0)
        die("bind");
    return fd;
}

static void reply(int fd, const char *hex, const struct sockaddr_in6 *peer)
{
    static uint8_t octets[OCTETS_MAX];
    size_t length = hex_read(hex, octets, sizeof octets);
    if (sendto(fd, octets, length, 0, (const struct sockaddr *)peer, sizeof *peer) < 0)
        die("reply");
}

static struct sockaddr_in6 receive(int fd)
{
    static uint8_t octets[OCTETS_MAX];
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    struct sockaddr_in6 peer;
    socklen_t size = sizeof peer;
    if (poll(&wait, 1, -1) < 0 ||
        recvfrom(fd, octets, sizeof octets, 0, (struct sockaddr *)&peer, &size) < 0)
        die("receive");
    return peer;
}

int main(int argc, char **argv)
{
    struct calc_endpoints endpoints;
    char why[CALC_WHY_ROOM];
    if (argc < 2 || calc_resolve(argv[1], "0", CALC_TO_BIND, &endpoints, why) != CALC_RESOLVED) {
        fputs("usage: stub ADDRESS ACTION...\n", stderr);
        return 1;
    }
    struct sockaddr_in6 local = endpoints.list[0];
    struct sockaddr_in6 elsewhere = endpoints.list[0];
    elsewhere.sin6_port = 0;
    int fd = open_at(&local);
    int other = open_at(&elsewhere);
    char text[CALC_ENDPOINT_ROOM];
    calc_endpoint_text(&local, text);
    printf("listening on %s\n", text);
    fflush(stdout);

    struct sockaddr_in6 first = {.sin6_family = AF_UNSPEC};
    for (int i = 2; i < argc; i++) {
        struct sockaddr_in6 peer = receive(fd);
        if (first.sin6_family == AF_UNSPEC)
            first = peer;
        calc_endpoint_text(&peer, text);
        printf("request from %s\n", text);
        fflush(stdout);
        for (; strncmp(argv[i], "other:", 6) == 0 && i + 1 < argc; i++)
            reply(other, argv[i] + 6, &peer);
        if (strcmp(argv[i], "empty") == 0) {
            reply(fd, "", &peer);
        } else if (strncmp(argv[i], "first:", 6) == 0) {
            reply(fd, argv[i] + 6, &first);
        } else if (strcmp(argv[i], "away") == 0) {
            close(fd);
            nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
            fd = open_at(&local);
        } else if (strncmp(argv[i], "slow:", 5) == 0) {
            nanosleep(&(struct timespec){.tv_nsec = 400000000}, NULL);
            reply(fd, argv[i] + 5, &peer);
        } else if (strcmp(argv[i], "silent") != 0) {
            reply(fd, argv[i], &peer);
        }
    }
    return 0;
}
