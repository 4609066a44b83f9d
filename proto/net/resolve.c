/* Names of hosts and services: getaddrinfo(3). */
#define _GNU_SOURCE /* getaddrinfo */

#include "endpoint.h"

#include <errno.h>
#include <netdb.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static const char *resolver_text(int gai_error)
{
    return gai_error == EAI_SYSTEM ? strerror(errno) : gai_strerror(gai_error);
}

/* A number is not left to getaddrinfo(3), which takes one above 65535 for its low 16 bits. */
static enum calc_resolve_code resolve_port(const char *word, enum calc_purpose purpose,
                                           in_port_t *port, char why[static CALC_WHY_ROOM])
{
    if (calc_port_number(word, purpose, port))
        return CALC_RESOLVED;
    if (!calc_is_number(word) &&
        strpbrk(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") != NULL) {
        struct addrinfo hints = {.ai_family = AF_INET6, .ai_socktype = SOCK_DGRAM};
        struct addrinfo *found;
        if (getaddrinfo(NULL, word, &hints, &found) == 0) {
            struct sockaddr_in6 endpoint;
            memcpy(&endpoint, found->ai_addr, sizeof endpoint);
            freeaddrinfo(found);
            *port = endpoint.sin6_port;
            return CALC_RESOLVED;
        }
    }
    snprintf(why, CALC_WHY_ROOM,
             "PORT '%.99s' is neither a number from %d to 65535 nor the name of a UDP service",
             word, purpose == CALC_TO_SEND);
    return CALC_PORT_WRONG;
}

bool calc_port_exists(const char *word, enum calc_purpose purpose)
{
    in_port_t port;
    char why[CALC_WHY_ROOM];
    return resolve_port(word, purpose, &port, why) == CALC_RESOLVED;
}

/* What is wrong with an address that exists, or NULL. */
static const char *fault_of(const struct addrinfo *found, enum calc_purpose purpose)
{
    struct sockaddr_in6 endpoint;
    memcpy(&endpoint, found->ai_addr, sizeof endpoint);
    return calc_endpoint_fault(&endpoint, purpose);
}

enum calc_resolve_code calc_resolve(const char *address, const char *port,
                                    enum calc_purpose purpose, struct calc_endpoints *endpoints,
                                    char why[static CALC_WHY_ROOM])
{
    in_port_t port_number;
    enum calc_resolve_code code = resolve_port(port, purpose, &port_number, why);
    if (code != CALC_RESOLVED)
        return code;
    if (*address == '\0' || calc_is_number(address)) {
        snprintf(why, CALC_WHY_ROOM,
                 "ADDRESS '%.99s' is not an IPv6 address, an IPv4 address or a host name", address);
        return CALC_ADDRESS_WRONG;
    }

    struct addrinfo hints = {
        .ai_family = AF_INET6, .ai_socktype = SOCK_DGRAM, .ai_flags = AI_V4MAPPED | AI_ALL};
    struct addrinfo *found;
    int error = getaddrinfo(address, NULL, &hints, &found);
    if (error != 0) {
        snprintf(why, CALC_WHY_ROOM,
                 "ADDRESS '%.255s' can not be resolved (%s): an IPv6 address, an IPv4 address or a "
                 "host name is allowed",
                 address, resolver_text(error));
        return error == EAI_NONAME ? CALC_ADDRESS_UNKNOWN : CALC_RESOLVE_FAILED;
    }
    const char *fault = fault_of(found, purpose);
    if (fault != NULL) {
        freeaddrinfo(found);
        snprintf(why, CALC_WHY_ROOM, "ADDRESS '%.255s' %s", address, fault);
        return CALC_ADDRESS_WRONG;
    }
    endpoints->count = 0;
    for (struct addrinfo *a = found; a != NULL && endpoints->count < CALC_ENDPOINTS_MAX;
         a = a->ai_next) {
        struct sockaddr_in6 *endpoint = &endpoints->list[endpoints->count++];
        memcpy(endpoint, a->ai_addr, sizeof *endpoint);
        endpoint->sin6_port = port_number;
    }
    freeaddrinfo(found);
    return CALC_RESOLVED;
}
