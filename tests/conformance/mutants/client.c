/* mutant-client MISTAKE [-op + | -op '*'] [-s] ADDRESS PORT INTEGER...: somebody else's client, written from the clauses
 * without a line of proto/, and broken on purpose in one way. `none` is right; `list` prints the names. What each is to
 * be told by the conformance kit stands in client.txt. */
#define _GNU_SOURCE
#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    FIRST_WAIT_MS = 200, /* doubled with each try; a test need not wait for 7 s */
    UNREACHABLE_WAIT_MS = 100,
};

#define ITS_NAME(mistake, name) [mistake] = name,
static const char *const names[] = {CLIENT_MISTAKES(ITS_NAME)};
#undef ITS_NAME

_Noreturn static void die(const char *what)
{
    perror(what);
    exit(10);
}

static int open_socket(const struct client *client)
{
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);
    bool connected = client->mistake != ANYBODY && client->mistake != DEAF;
    if (fd < 0)
        die("socket");
    if (connected &&
        connect(fd, (const struct sockaddr *)&client->server, sizeof client->server) < 0)
        die("connect");
    return fd;
}

static void send_octets(const struct client *client, int fd, const unsigned char *octets,
                        size_t length)
{
    bool connected = client->mistake != ANYBODY && client->mistake != DEAF;
    if (sendto(fd, octets, length, 0, connected ? NULL : (const struct sockaddr *)&client->server,
               connected ? 0 : sizeof client->server) < 0)
        perror("send");
}

static void send_over_ipv4(const struct client *client, const unsigned char *octets, size_t length)
{
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = client->server.sin6_port};
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0 || sendto(fd, octets, length, 0, (const struct sockaddr *)&there, sizeof there) < 0)
        die("IPv4");
    close(fd);
}

/* Each try leaves from a fresh port. */
static void try_once(struct client *client, unsigned char *octets)
{
    memset(octets, 0, ROOM);
    size_t length = make_request(client, octets);
    if (client->mistake == SAME_PORT && client->tries > 0) {
        send_octets(client, client->sockets[0], octets, length);
        client->sockets[client->tries++] = -1;
        return;
    }
    if (client->mistake == FIRST_TRY_FORGOTTEN && client->tries > 0) {
        close(client->sockets[client->tries - 1]);
        client->sockets[client->tries - 1] = -1;
    }
    int fd = open_socket(client);
    client->sockets[client->tries++] = fd;
    if (client->mistake == SENDS_NOTHING)
        exit(1);
    if (client->mistake == OVER_IPV4) {
        send_over_ipv4(client, octets, length);
        return;
    }
    if (client->mistake == PIECES) {
        send_octets(client, fd, octets, 1);
        send_octets(client, fd, octets + 1, length - 1);
        return;
    }
    send_octets(client, fd, octets, length);
    if (client->mistake == TRAILER)
        send_octets(client, fd, (const unsigned char *)"\n", 1);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool is_from_server(const struct client *client, const struct sockaddr_in6 *source)
{
    return client->mistake == ANYBODY ||
           (source->sin6_port == client->server.sin6_port &&
            memcmp(&source->sin6_addr, &client->server.sin6_addr, sizeof source->sin6_addr) == 0);
}

enum came { A_REPLY, A_REFUSAL, NOTHING };

/* Waits for a reply on any socket until then. */
static enum came wait_for_reply(const struct client *client, int64_t until_ms,
                                unsigned char *octets, size_t *length)
{
    size_t room = client->mistake == BUFFER_OF_5 && !client->as_string ? 5 : ROOM;
    for (;;) {
        struct pollfd wanted[TRIES];
        int64_t left = until_ms - now_ms();
        for (size_t i = 0; i < client->tries; i++)
            wanted[i] = (struct pollfd){.fd = client->sockets[i], .events = POLLIN};
        if (client->mistake == WAITS_FOR_EVER)
            left = -1;
        else if (left <= 0)
            return NOTHING;
        if (poll(wanted, client->tries, (int)left) < 0)
            die("poll");
        for (size_t i = 0; i < client->tries; i++) {
            struct sockaddr_in6 source;
            socklen_t size = sizeof source;
            if (wanted[i].revents == 0)
                continue;
            ssize_t got =
                recvfrom(wanted[i].fd, octets, room, 0, (struct sockaddr *)&source, &size);
            if (got < 0 && errno == ECONNREFUSED)
                return A_REFUSAL;
            if (got < 0)
                die("recv");
            if (!is_from_server(client, &source))
                continue;
            *length = (size_t)got;
            return A_REPLY;
        }
    }
}

static int exchange(struct client *client)
{
    unsigned char octets[ROOM];
    size_t length;
    int64_t wait_ms = client->mistake == DEAF ? 3 * FIRST_WAIT_MS : FIRST_WAIT_MS;
    unsigned refusals = 0;
    while (client->tries < TRIES) {
        try_once(client, octets);
        int64_t until_ms = now_ms() + wait_ms;
        enum came came = wait_for_reply(client, until_ms, octets, &length);
        if (came == A_REPLY) {
            int status = show_reply(client, octets, length);
            if (client->mistake == TWICE &&
                wait_for_reply(client, now_ms() + FIRST_WAIT_MS, octets, &length) == A_REPLY)
                show_reply(client, octets, length);
            return status;
        }
        if (came == A_REFUSAL && ++refusals == 2)
            break;
        if (came == A_REFUSAL)
            poll(NULL, 0, UNREACHABLE_WAIT_MS);
        if (client->mistake != NO_BACKOFF)
            wait_ms *= 2;
    }
    fprintf(stderr, "no reply\n");
    return 9;
}

static enum mistake mistake_named(const char *name)
{
    for (int i = 0; i < MISTAKES; i++) {
        if (strcmp(names[i], name) == 0)
            return (enum mistake)i;
    }
    fprintf(stderr, "mutant-client: '%s' is no mistake: see mutant-client list\n", name);
    exit(1);
}

static int list(void)
{
    for (int i = 0; i < MISTAKES; i++)
        puts(names[i]);
    return 0;
}

int main(int argc, char **argv)
{
    struct client client = {.server.sin6_family = AF_INET6};
    if (argc == 2 && strcmp(argv[1], "list") == 0)
        return list();
    if (argc < 5) {
        fputs("usage: mutant-client MISTAKE [-op OPERATOR] [-s] ADDRESS PORT INTEGER...\n", stderr);
        return 1;
    }
    client.mistake = mistake_named(argv[1]);
    int at = 2;
    if (strcmp(argv[at], "-op") == 0) {
        client.product = strcmp(argv[at + 1], "*") == 0;
        at += 2;
    }
    if (at < argc && strcmp(argv[at], "-s") == 0) {
        client.as_string = true;
        at++;
    }
    if (argc - at < 3 || argc - at > 2 + INTEGERS_MAX ||
        inet_pton(AF_INET6, argv[at], &client.server.sin6_addr) != 1)
        return 1;
    client.server.sin6_port = htons((uint16_t)strtoul(argv[at + 1], NULL, 10));
    for (at += 2; at < argc; at++)
        client.integers[client.count++] = (uint32_t)strtoul(argv[at], NULL, 10);
    int status = exchange(&client);
    fflush(stdout);
    if (client.mistake == NEVER_ENDS)
        pause();
    return status;
}
