/* classmate server ADDRESS PORT | classmate client ADDRESS PORT sum|product d|s INTEGER...: somebody
 * else's programs, written from sections 3 to 5 of PROTOCOL.md with the published clauses only, without
 * a line of proto/. What the published text leaves open they do in their own way: any unused bits, text
 * behind an error, leading zeros, results that wrap at 32 bits. */
#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

_Noreturn static void die(const char *what)
{
    perror(what);
    exit(1);
}

static struct sockaddr_in6 endpoint(const char *address, const char *port)
{
    struct sockaddr_in6 endpoint = {.sin6_family = AF_INET6,
                                    .sin6_port = htons((uint16_t)atoi(port))};
    if (inet_pton(AF_INET6, address, &endpoint.sin6_addr) != 1)
        die(address);
    return endpoint;
}

static void serve(int s, const struct sockaddr_in6 *here)
{
    unsigned char buffer[1000];
    unsigned turn = 0;
    socklen_t size = sizeof *here;
    struct sockaddr_in6 name;
    if (bind(s, (const struct sockaddr *)here, sizeof *here) < 0 ||
        getsockname(s, (struct sockaddr *)&name, &size) < 0)
        die("bind");
    printf("listening on [::]:%d\n", ntohs(name.sin6_port));
    fflush(stdout);
    for (;;) {
        struct sockaddr_in6 peer;
        socklen_t peer_size = sizeof peer;
        ssize_t length =
            recvfrom(s, buffer, sizeof buffer, 0, (struct sockaddr *)&peer, &peer_size);
        if (length < 1)
            continue;
        int opcode = (buffer[0] & 0x0E) >> 1;
        int as_string = buffer[0] & 1;
        uint32_t result = opcode == 1;
        for (ssize_t i = 1; i + 4 <= length; i += 4) {
            uint32_t integer;
            memcpy(&integer, buffer + i, 4);
            result = opcode == 1 ? result * ntohl(integer) : result + ntohl(integer);
        }
        unsigned char unused = (unsigned char)(37 * turn++) & 0x7F;
        size_t reply_length;
        if (opcode > 1) {
            buffer[0] = unused;
            reply_length = 1 + (size_t)sprintf((char *)buffer + 1, "no such operation");
        } else if (as_string) {
            buffer[0] = 0x80 | unused;
            reply_length = 1 + (size_t)sprintf((char *)buffer + 1, "%012lu", (unsigned long)result);
        } else {
            buffer[0] = 0x80 | unused;
            result = htonl(result);
            memcpy(buffer + 1, &result, 4);
            reply_length = 5;
        }
        sendto(s, buffer, reply_length, 0, (struct sockaddr *)&peer, peer_size);
    }
}

static void ask(int s, const struct sockaddr_in6 *there, int argc, char **argv)
{
    unsigned char buffer[1000] = {0};
    int as_string = argv[1][0] == 's';
    buffer[0] = 0xA0; /* any unused bits */
    if (strcmp(argv[0], "product") == 0)
        buffer[0] |= 1 << 1;
    else if (strcmp(argv[0], "sum") != 0)
        buffer[0] |= 5 << 1; /* not defined */
    buffer[0] |= as_string ? 1 : 0;
    size_t length = 1;
    for (int i = 2; i < argc; i++, length += 4) {
        uint32_t integer = htonl((uint32_t)strtoul(argv[i], NULL, 10));
        memcpy(buffer + length, &integer, 4);
    }
    sendto(s, buffer, length, 0, (const struct sockaddr *)there, sizeof *there);
    ssize_t got = recv(s, buffer, sizeof buffer, 0);
    if (got < 1 || !(buffer[0] & 0x80)) {
        printf("error\n");
    } else if (as_string) {
        printf("%.*s\n", (int)got - 1, buffer + 1);
    } else {
        uint32_t result;
        memcpy(&result, buffer + 1, 4);
        printf("%lu\n", (unsigned long)ntohl(result));
    }
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: classmate server|client ADDRESS PORT ...\n");
        return 1;
    }
    int s = socket(AF_INET6, SOCK_DGRAM, 0);
    if (s < 0)
        die("socket");
    struct sockaddr_in6 there = endpoint(argv[2], argv[3]);
    if (strcmp(argv[1], "server") == 0)
        serve(s, &there);
    else if (argc > 6)
        ask(s, &there, argc - 4, argv + 4);
    return 0;
}
