/* Literals, zones and what a resolver may answer (proto/net/), with a resolver that answers what a test tells it to. */
#define _GNU_SOURCE /* getaddrinfo */
#include "tests/support/test.h"

#include "proto/net/endpoint.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>

int __wrap_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                       struct addrinfo **found);
void __wrap_freeaddrinfo(struct addrinfo *found);
int __wrap_getnameinfo(const struct sockaddr *address, socklen_t length, char *host,
                       socklen_t host_room, char *service, socklen_t service_room, int flags);

/* What the resolver does: an error, or so many addresses, ::1 each. */
static struct {
    int error;
    int errno_value;
    size_t count;
} resolver;
static struct sockaddr_in6 loopback = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
static char why[CALC_WHY_ROOM];

int __wrap_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                       struct addrinfo **found)
{
    (void)node, (void)service, (void)hints;
    errno = resolver.errno_value;
    if (resolver.error != 0)
        return resolver.error;
    struct addrinfo *list = calloc(resolver.count, sizeof *list);
    assert_non_null(list);
    for (size_t i = 0; i < resolver.count; i++) {
        list[i].ai_addr = (struct sockaddr *)&loopback;
        list[i].ai_next = i + 1 < resolver.count ? &list[i + 1] : NULL;
    }
    *found = list;
    return 0;
}

void __wrap_freeaddrinfo(struct addrinfo *found)
{
    free(found);
}

int __wrap_getnameinfo(const struct sockaddr *address, socklen_t length, char *host,
                       socklen_t host_room, char *service, socklen_t service_room, int flags)
{
    (void)address, (void)length, (void)host, (void)host_room;
    (void)service, (void)service_room, (void)flags;
    return EAI_MEMORY;
}

static enum calc_resolve_code literal(const char *address, const char *port,
                                      enum calc_purpose purpose)
{
    struct sockaddr_in6 endpoint;
    return calc_literal(address, port, purpose, &endpoint, why);
}

static void a_literal_is_an_address_that_can_be_sent_to(void **state)
{
    (void)state;
    assert_int_equal(literal("::1", "1", CALC_TO_SEND), CALC_RESOLVED);
    assert_int_equal(literal("127.0.0.1", "65535", CALC_TO_SEND), CALC_RESOLVED);
    assert_int_equal(literal("::", "0", CALC_TO_BIND), CALC_RESOLVED);
    assert_int_equal(literal("ff02::1", "0", CALC_TO_BIND), CALC_RESOLVED);

    assert_int_equal(literal("::1", "0", CALC_TO_SEND), CALC_PORT_WRONG);
    assert_string_equal(why, "PORT '0' is not a number from 1 to 65535");
    assert_int_equal(literal("::1", "65536", CALC_TO_BIND), CALC_PORT_WRONG);
    assert_string_equal(why, "PORT '65536' is not a number from 0 to 65535");
    for (const char *const *word =
             (const char *const[]){"", "::1::", "host", "1.2.3", "1:2%lo", "1.2.3.4%lo", NULL};
         *word != NULL; word++)
        assert_int_equal(literal(*word, "1", CALC_TO_SEND), CALC_ADDRESS_WRONG);
    /* One character longer than the longest address. */
    assert_int_equal(literal("0000:0000:0000:0000:0000:0000:0000:0000:0000:00", "1", CALC_TO_SEND),
                     CALC_ADDRESS_WRONG);
    for (const char *const *word =
             (const char *const[]){"::", "0.0.0.0", "ff02::1", "224.0.0.1", "239.255.255.255",
                                   "255.255.255.255", NULL};
         *word != NULL; word++)
        assert_int_equal(literal(*word, "1", CALC_TO_SEND), CALC_ADDRESS_WRONG);
    assert_int_equal(literal("240.0.0.1", "1", CALC_TO_SEND), CALC_RESOLVED);
}

/* RFC 4007, section 11. */
static void a_link_local_address_needs_a_zone_that_is_there(void **state)
{
    (void)state;
    struct sockaddr_in6 endpoint;
    assert_int_equal(literal("fe80::1", "1", CALC_TO_SEND), CALC_ADDRESS_WRONG);
    assert_string_equal(why,
                        "ADDRESS 'fe80::1' is link-local and needs a zone, such as fe80::1%eth0");
    assert_int_equal(literal("fe80::1%", "1", CALC_TO_SEND), CALC_ADDRESS_WRONG);
    assert_int_equal(literal("fe80::1%0", "1", CALC_TO_SEND), CALC_ADDRESS_WRONG);
    assert_int_equal(literal("fe80::1%no-such-zone", "1", CALC_TO_SEND), CALC_ADDRESS_WRONG);
    assert_int_equal(calc_literal("fe80::1%7", "1", CALC_TO_SEND, &endpoint, why), CALC_RESOLVED);
    assert_int_equal(endpoint.sin6_scope_id, 7);
    assert_int_equal(calc_literal("fe80::1%lo", "1", CALC_TO_SEND, &endpoint, why), CALC_RESOLVED);
    assert_int_not_equal(endpoint.sin6_scope_id, 0);
}

static void an_endpoint_without_a_text_shows_its_port(void **state)
{
    (void)state;
    char text[CALC_ENDPOINT_ROOM];
    struct sockaddr_in6 endpoint = loopback;
    endpoint.sin6_port = htons(7);
    calc_endpoint_text(&endpoint, text);
    assert_string_equal(text, "[?]:7");
}

static void a_resolver_that_fails_is_told_from_a_name_that_is_not(void **state)
{
    (void)state;
    struct calc_endpoints endpoints;
    resolver.error = EAI_NONAME;
    assert_int_equal(calc_resolve("host", "1", CALC_TO_SEND, &endpoints, why),
                     CALC_ADDRESS_UNKNOWN);
    resolver.error = EAI_AGAIN;
    assert_int_equal(calc_resolve("host", "1", CALC_TO_SEND, &endpoints, why), CALC_RESOLVE_FAILED);
    resolver.error = EAI_SYSTEM;
    resolver.errno_value = EMFILE;
    assert_int_equal(calc_resolve("host", "1", CALC_TO_SEND, &endpoints, why), CALC_RESOLVE_FAILED);
    assert_non_null(strstr(why, "(Too many open files)"));
    resolver.error = 0;
}

static void of_many_addresses_the_first_are_taken(void **state)
{
    (void)state;
    struct calc_endpoints endpoints;
    for (resolver.count = CALC_ENDPOINTS_MAX - 1; resolver.count <= CALC_ENDPOINTS_MAX + 1;
         resolver.count++) {
        assert_int_equal(calc_resolve("host", "7", CALC_TO_SEND, &endpoints, why), CALC_RESOLVED);
        assert_int_equal(endpoints.count,
                         resolver.count < CALC_ENDPOINTS_MAX ? resolver.count : CALC_ENDPOINTS_MAX);
        assert_int_equal(endpoints.list[endpoints.count - 1].sin6_port, htons(7));
    }
}

static bool is_unspecified(const char *text)
{
    struct in6_addr address;
    assert_int_equal(inet_pton(AF_INET6, text, &address), 1);
    return calc_is_unspecified(&address);
}

static bool is_multicast(const char *text)
{
    struct in6_addr address;
    assert_int_equal(inet_pton(AF_INET6, text, &address), 1);
    return calc_is_multicast(&address);
}

/* Each differs in another place from one that is. */
static void the_unspecified_and_the_multicast_are_told_from_their_neighbours(void **state)
{
    (void)state;
    for (const char *const *text = (const char *const[]){"::", "::ffff:0.0.0.0", NULL};
         *text != NULL; text++)
        assert_true(is_unspecified(*text));
    for (const char *const *text =
             (const char *const[]){"1::", "0:0:1::", "::1:0:0:0", "::1:0:0", "::1",
                                   "::ffff:1.0.0.0", "::ffff:0.0.0.1", "0:0:1::ffff:0.0.0.0", NULL};
         *text != NULL; text++)
        assert_false(is_unspecified(*text));
    for (const char *const *text =
             (const char *const[]){"ff00::", "::ffff:224.0.0.0", "::ffff:239.255.255.255",
                                   "::ffff:255.255.255.255", NULL};
         *text != NULL; text++)
        assert_true(is_multicast(*text));
    for (const char *const *text =
             (const char *const[]){"fe00::", "0:0:1::", "::1:0:0", "::ffff:223.255.255.255",
                                   "::ffff:240.0.0.0", "::ffff:255.255.255.254", NULL};
         *text != NULL; text++)
        assert_false(is_multicast(*text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_literal_is_an_address_that_can_be_sent_to),
        cmocka_unit_test(the_unspecified_and_the_multicast_are_told_from_their_neighbours),
        cmocka_unit_test(a_link_local_address_needs_a_zone_that_is_there),
        cmocka_unit_test(an_endpoint_without_a_text_shows_its_port),
        cmocka_unit_test(a_resolver_that_fails_is_told_from_a_name_that_is_not),
        cmocka_unit_test(of_many_addresses_the_first_are_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
