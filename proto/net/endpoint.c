/* Names and numbers of endpoints: getaddrinfo(3) and getnameinfo(3), and what they let pass that no
 * one can have meant. */
#define _GNU_SOURCE /* SOCK_NONBLOCK, SOCK_CLOEXEC, F_DUPFD_CLOEXEC */

#include "endpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool is_number(const char *word)
{
    return *word != '\0' && word[strspn(word, "0123456789")] == '\0';
}

static const char *resolver_text(int gai_error)
{
    return gai_error == EAI_SYSTEM ? strerror(errno) : gai_strerror(gai_error);
}

/* A number is read here, because getaddrinfo(3) takes one above 65535 for its low 16 bits. */
static enum calc_resolve_code resolve_port(const char *word, enum calc_purpose purpose,
                                           in_port_t *port, char why[static CALC_WHY_ROOM])
{
    unsigned lowest = purpose == CALC_TO_BIND ? 0 : 1;
    if (is_number(word)) {
        unsigned long number = 0;
        for (const char *p = word; *p != '\0' && number <= UINT16_MAX; p++)
            number = number * 10 + (unsigned long)(*p - '0');
        if (number >= lowest && number <= UINT16_MAX) {
            *port = htons((uint16_t)number);
            return CALC_RESOLVED;
        }
    } else if (strpbrk(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") != NULL) {
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
             "PORT '%.99s' is neither a number from %u to 65535 nor the name of a UDP service",
             word, lowest);
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
    if (purpose == CALC_TO_SEND && calc_is_multicast(&endpoint.sin6_addr))
        return "is a multicast address: no request to it gets a reply (REQ-6.9)";
    if (purpose == CALC_TO_SEND && calc_is_unspecified(&endpoint.sin6_addr))
        return "stands for all addresses of a server: one of them is needed, ::1 for this host";
    if (IN6_IS_ADDR_LINKLOCAL(&endpoint.sin6_addr) && endpoint.sin6_scope_id == 0)
        return "is link-local and needs a zone, such as fe80::1%eth0";
    return NULL;
}

enum calc_resolve_code calc_resolve(const char *address, const char *port,
                                    enum calc_purpose purpose, struct calc_endpoints *endpoints,
                                    char why[static CALC_WHY_ROOM])
{
    in_port_t port_number;
    enum calc_resolve_code code = resolve_port(port, purpose, &port_number, why);
    if (code != CALC_RESOLVED)
        return code;
    if (*address == '\0' || is_number(address)) {
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

bool calc_is_unspecified(const struct in6_addr *address)
{
    if (!IN6_IS_ADDR_V4MAPPED(address))
        return IN6_IS_ADDR_UNSPECIFIED(address);
    const uint8_t *v4 = address->s6_addr + 12;
    return (v4[0] | v4[1] | v4[2] | v4[3]) == 0;
}

bool calc_is_multicast(const struct in6_addr *address)
{
    if (!IN6_IS_ADDR_V4MAPPED(address))
        return IN6_IS_ADDR_MULTICAST(address);
    const uint8_t *v4 = address->s6_addr + 12;
    bool limited_broadcast = (v4[0] & v4[1] & v4[2] & v4[3]) == 0xFF;
    return (v4[0] & 0xF0) == 0xE0 || limited_broadcast;
}

void calc_endpoint_text(const struct sockaddr_in6 *endpoint, char text[static CALC_ENDPOINT_ROOM])
{
    char host[INET6_ADDRSTRLEN + IF_NAMESIZE + 1];
    int error = getnameinfo((const struct sockaddr *)endpoint, sizeof *endpoint, host, sizeof host,
                            NULL, 0, NI_NUMERICHOST);
    snprintf(text, CALC_ENDPOINT_ROOM, "[%s]:%u", error == 0 ? host : "?",
             ntohs(endpoint->sin6_port));
}

int calc_socket(void)
{
    int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || fd > STDERR_FILENO)
        return fd;
    int higher = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    int saved = errno;
    close(fd);
    errno = saved;
    return higher;
}
