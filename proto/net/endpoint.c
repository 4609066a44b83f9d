/* Endpoints as literals, and what they let pass that no one can have meant. Names are resolve.c's. */
#define _GNU_SOURCE /* SOCK_NONBLOCK, SOCK_CLOEXEC, F_DUPFD_CLOEXEC */

#include "endpoint.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool calc_is_number(const char *word)
{
    return *word != '\0' && word[strspn(word, "0123456789")] == '\0';
}

bool calc_port_number(const char *word, enum calc_purpose purpose, in_port_t *port)
{
    unsigned long number = 0;
    if (!calc_is_number(word))
        return false;
    for (const char *p = word; *p != '\0' && number <= UINT16_MAX; p++)
        number = number * 10 + (unsigned long)(*p - '0');
    if (number > UINT16_MAX || (number == 0 && purpose == CALC_TO_SEND))
        return false;
    *port = htons((uint16_t)number);
    return true;
}

const char *calc_endpoint_fault(const struct sockaddr_in6 *endpoint, enum calc_purpose purpose)
{
    if (purpose == CALC_TO_SEND && calc_is_multicast(&endpoint->sin6_addr))
        return "is a multicast address: no request to it gets a reply (REQ-6.9)";
    if (purpose == CALC_TO_SEND && calc_is_unspecified(&endpoint->sin6_addr))
        return "stands for all addresses of a server: one of them is needed, ::1 for this host";
    if (IN6_IS_ADDR_LINKLOCAL(&endpoint->sin6_addr) && endpoint->sin6_scope_id == 0)
        return "is link-local and needs a zone, such as fe80::1%eth0";
    return NULL;
}

/* RFC 4007, section 11: the zone is an interface's name or its number. */
static bool read_zone(const char *zone, uint32_t *scope)
{
    *scope = calc_is_number(zone) ? (uint32_t)strtoul(zone, NULL, 10) : if_nametoindex(zone);
    return *scope != 0;
}

static bool read_address(const char *word, struct sockaddr_in6 *endpoint)
{
    char text[INET6_ADDRSTRLEN + sizeof "::ffff:"];
    size_t length = strcspn(word, "%");
    bool is_v4 = memchr(word, ':', length) == NULL;
    if (length > INET6_ADDRSTRLEN)
        return false;
    snprintf(text, sizeof text, "%s%.*s", is_v4 ? "::ffff:" : "", (int)length, word);
    return inet_pton(AF_INET6, text, &endpoint->sin6_addr) == 1 &&
           (word[length] == '\0' ||
            (!is_v4 && read_zone(word + length + 1, &endpoint->sin6_scope_id)));
}

enum calc_resolve_code calc_literal(const char *address, const char *port,
                                    enum calc_purpose purpose, struct sockaddr_in6 *endpoint,
                                    char why[static CALC_WHY_ROOM])
{
    struct sockaddr_in6 read = {.sin6_family = AF_INET6};
    if (!calc_port_number(port, purpose, &read.sin6_port)) {
        snprintf(why, CALC_WHY_ROOM, "PORT '%.99s' is not a number from %d to 65535", port,
                 purpose == CALC_TO_SEND);
        return CALC_PORT_WRONG;
    }
    if (!read_address(address, &read)) {
        snprintf(why, CALC_WHY_ROOM,
                 "ADDRESS '%.255s' is not an IPv6 or IPv4 address: ::1 is this host", address);
        return CALC_ADDRESS_WRONG;
    }
    const char *fault = calc_endpoint_fault(&read, purpose);
    if (fault != NULL) {
        snprintf(why, CALC_WHY_ROOM, "ADDRESS '%.255s' %s", address, fault);
        return CALC_ADDRESS_WRONG;
    }
    *endpoint = read;
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

void calc_endpoint_numbers(const struct sockaddr_in6 *endpoint,
                           char text[static CALC_ENDPOINT_ROOM])
{
    char host[INET6_ADDRSTRLEN];
    char zone[sizeof "%4294967295"] = "";
    (void)inet_ntop(AF_INET6, &endpoint->sin6_addr, host, sizeof host); /* can not fail */
    if (endpoint->sin6_scope_id != 0)
        snprintf(zone, sizeof zone, "%%%" PRIu32, endpoint->sin6_scope_id);
    snprintf(text, CALC_ENDPOINT_ROOM, "[%s%s]:%u", host, zone, ntohs(endpoint->sin6_port));
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
