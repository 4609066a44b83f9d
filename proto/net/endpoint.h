/* ADDRESS PORT, as people write and read them, to and from socket addresses, and the kind of socket
 * that server and client open. The one place that both have in common outside the codec. */
#ifndef CALC_ENDPOINT_H
#define CALC_ENDPOINT_H

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

enum {
    CALC_ENDPOINTS_MAX = 16, /* a name with more addresses is served by its first ones */
    CALC_ENDPOINT_ROOM = INET6_ADDRSTRLEN + IF_NAMESIZE + sizeof "[%]:65535",
    CALC_WHY_ROOM = 512,
};

enum calc_purpose {
    CALC_TO_SEND, /* port 0 is wrong: nobody can be there */
    CALC_TO_BIND, /* port 0 lets the kernel pick one */
};

enum calc_resolve_code {
    CALC_RESOLVED,
    CALC_PORT_WRONG,      /* neither a number in range nor the name of a UDP service */
    CALC_ADDRESS_WRONG,   /* could not be meant as an address */
    CALC_ADDRESS_UNKNOWN, /* the resolver knows no such address */
    CALC_RESOLVE_FAILED,  /* the resolver could not tell */
};

struct calc_endpoints {
    size_t count;
    struct sockaddr_in6 list[CALC_ENDPOINTS_MAX];
};

/* Resolves an IPv6 literal (with a zone, too), an IPv4 literal or a host name, whose IPv4 addresses
 * come as V4-mapped ones, and a port number or the name of a UDP service: getaddrinfo(3). On failure
 * *endpoints is unchanged and why tells, in one line, which word was wrong and what is allowed. */
enum calc_resolve_code calc_resolve(const char *address, const char *port,
                                    enum calc_purpose purpose, struct calc_endpoints *endpoints,
                                    char why[static CALC_WHY_ROOM]);

/* The same without names, so that nobody is asked: an IPv6 literal (with a zone, too) or an IPv4 literal, and a
 * port number. */
enum calc_resolve_code calc_literal(const char *address, const char *port,
                                    enum calc_purpose purpose, struct sockaddr_in6 *endpoint,
                                    char why[static CALC_WHY_ROOM]);

/* What both have in common: digits and nothing else; a port that there is; and what is wrong with an address that
 * exists, as the end of a sentence, or NULL. */
bool calc_is_number(const char *word);
bool calc_port_number(const char *word, enum calc_purpose purpose, in_port_t *port);
const char *calc_endpoint_fault(const struct sockaddr_in6 *endpoint, enum calc_purpose purpose);

/* True: the word is a port that calc_resolve() would take. */
bool calc_port_exists(const char *word, enum calc_purpose purpose);

/* A multicast address, IPv4's limited broadcast address among them: nobody answers to a request that
 * went there (REQ-6.9). */
bool calc_is_multicast(const struct in6_addr *address);

/* `::` or 0.0.0.0: all addresses to a server, none to a client (REQ-6.10). */
bool calc_is_unspecified(const struct in6_addr *address);

/* "[::1]:10000", "[fe80::1%eth0]:10000" */
void calc_endpoint_text(const struct sockaddr_in6 *endpoint, char text[static CALC_ENDPOINT_ROOM]);

/* "[fe80::1%2]:10000": for those who may not ask the kernel what its interfaces are called. Makes no system call. */
void calc_endpoint_numbers(const struct sockaddr_in6 *endpoint,
                           char text[static CALC_ENDPOINT_ROOM]);

/* A UDP socket over IPv6 that does not block and is not inherited. It never takes the number of a
 * standard stream that is closed: what is printed must not end up on the wire. Returns -1 with errno
 * as socket(2) or fcntl(2) set it. */
int calc_socket(void);

#endif
