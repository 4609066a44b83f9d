/* probe [-a LOCAL_ADDRESS] [-b LOCAL_PORT] [-n REPLIES] ADDRESS PORT HEX...: sends each datagram as it
 * is and prints the reply, or "none". That there is none is known without waiting: a request behind it
 * has been answered by then. With -n nothing else is sent, and so many replies are waited for. */
#define _POSIX_C_SOURCE 200809L

#include "hex.h"
#include "proto/net/endpoint.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { OCTETS_MAX = 65507, PATIENCE_MS = 10000 };

_Noreturn static void die(const char *what)
{
    fprintf(stderr, "probe: %s: %s\n", what, strerror(errno));
    exit(1);
}

static size_t receive(int fd, uint8_t *octets)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    if (poll(&wait, 1, PATIENCE_MS) == 0)
        errno = ETIMEDOUT;
    else {
        ssize_t length = recv(fd, octets, OCTETS_MAX, 0);
        if (length >= 0)
            return (size_t)length;
    }
    die("receive");
}

static void transmit(int fd, const uint8_t *octets, size_t length)
{
    if (send(fd, octets, length, 0) != (ssize_t)length)
        die("send");
}

static void exchange(int fd, const char *word, uint8_t number)
{
    static uint8_t octets[OCTETS_MAX];
    const uint8_t sentinel[] = {0, 0xC0, 0xDE, 0, number};
    const uint8_t answer[] = {0x80, 0xC0, 0xDE, 0, number};
    size_t length = hex_read(word, octets, sizeof octets);
    transmit(fd, octets, length);
    transmit(fd, sentinel, sizeof sentinel);
    length = receive(fd, octets);
    if (length == sizeof answer && memcmp(octets, answer, length) == 0) {
        puts("none");
        return;
    }
    hex_print(octets, length);
    length = receive(fd, octets);
    if (length != sizeof answer || memcmp(octets, answer, length) != 0) {
        fprintf(stderr, "probe: a second reply to %s\n", word);
        exit(1);
    }
}

static void send_all(int fd, char *const *words, int replies)
{
    static uint8_t octets[OCTETS_MAX];
    for (; *words != NULL; words++)
        transmit(fd, octets, hex_read(*words, octets, sizeof octets));
    for (; replies > 0; replies--)
        hex_print(octets, receive(fd, octets));
}

static struct sockaddr_in6 resolve(const char *address, const char *port, enum calc_purpose purpose)
{
    struct calc_endpoints endpoints;
    char why[CALC_WHY_ROOM];
    if (calc_resolve(address, port, purpose, &endpoints, why) != CALC_RESOLVED) {
        fprintf(stderr, "probe: %s\n", why);
        exit(1);
    }
    return endpoints.list[0];
}

int main(int argc, char **argv)
{
    const char *local_address = "::";
    const char *local_port = "0";
    int replies = -1;
    for (int option; (option = getopt(argc, argv, "a:b:n:")) != -1;) {
        if (option == 'a')
            local_address = optarg;
        else if (option == 'b')
            local_port = optarg;
        else
            replies = atoi(optarg);
    }
    if (argc - optind < 2) {
        fputs("usage: probe [-a LOCAL_ADDRESS] [-b LOCAL_PORT] [-n REPLIES] ADDRESS PORT HEX...\n",
              stderr);
        return 1;
    }
    struct sockaddr_in6 local = resolve(local_address, local_port, CALC_TO_BIND);
    /* To send, but to anywhere: what a client refuses is to be tried here. */
    struct sockaddr_in6 remote = resolve(argv[optind], argv[optind + 1], CALC_TO_BIND);
    int fd = calc_socket();
    if (fd < 0)
        die("socket");
    if (bind(fd, (struct sockaddr *)&local, sizeof local) < 0)
        die("bind");
    if (connect(fd, (struct sockaddr *)&remote, sizeof remote) < 0)
        die("connect");
    if (replies >= 0) {
        send_all(fd, argv + optind + 2, replies);
        return 0;
    }
    for (int i = optind + 2; i < argc; i++)
        exchange(fd, argv[i], (uint8_t)i);
    return 0;
}
