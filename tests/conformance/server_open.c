/* Observing. A case here fails only where the server is gone behind it. */
#define _GNU_SOURCE /* getifaddrs */
#include "server_open.h"

#include "server_ask.h"

#include "proto/calc.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

enum {
    RANDOM_ROUNDS = 60,
    LOW_PORT_FIRST = 1000,
    LOW_PORT_LAST = 1023,
    HOPS_MAX = 8,
    CHAIN_MAX = 4
};

static const uint32_t six_and_seven[] = {6, 7};

static void observe_octets(struct server_run *run, struct outcome *outcome, size_t length)
{
    struct datagram request = {.length = length};
    for (size_t i = CALC_HEADER_OCTETS; i < length; i++)
        request.octets[i] = i % CALC_INTEGER_OCTETS == 0;
    observe(run, outcome, &request);
}

void open_empty(struct server_run *run, struct outcome *outcome)
{
    observe_octets(run, outcome, 0);
}

void open_header_only(struct server_run *run, struct outcome *outcome)
{
    observe_octets(run, outcome, CALC_HEADER_OCTETS);
}

void open_1_octet(struct server_run *run, struct outcome *outcome)
{
    observe_octets(run, outcome, CALC_HEADER_OCTETS + 1);
}

void open_3_octets(struct server_run *run, struct outcome *outcome)
{
    observe_octets(run, outcome, CALC_HEADER_OCTETS + 3);
}

void open_5_octets(struct server_run *run, struct outcome *outcome)
{
    observe_octets(run, outcome, CALC_HEADER_OCTETS + 5);
}

void open_258_octets(struct server_run *run, struct outcome *outcome)
{
    observe_octets(run, outcome, CALC_REQUEST_MAX + 1);
}

void open_65_integers(struct server_run *run, struct outcome *outcome)
{
    observe_octets(run, outcome, CALC_REQUEST_MAX + CALC_INTEGER_OCTETS);
}

/* 999 octets of payload: no whole number of integers, and the first 256 of them are. */
void open_cut(struct server_run *run, struct outcome *outcome)
{
    observe_octets(run, outcome, 1000);
}

void open_random(struct server_run *run, struct outcome *outcome)
{
    unsigned replies = 0, errors = 0;
    for (int round = 0; round < RANDOM_ROUNDS && outcome->verdict == PASSED; round++) {
        struct datagram request = {.length = random_u32(&run->random) % 300};
        for (size_t i = 0; i < request.length; i++)
            request.octets[i] = (uint8_t)random_u32(&run->random);
        struct answer answer;
        server_ask(run, &request, false, outcome, &answer);
        note_request(outcome, &request);
        if (answer.came) {
            replies++;
            errors += answer.first.length > 0 && (answer.first.datagram.octets[0] & 0x80) == 0;
        } else if (answer.trouble != SILENCE) {
            server_no_answer(run, &answer, outcome);
        }
    }
    outcome_observe(outcome, true, "%u of %d got a reply, %u of them an error", replies,
                    RANDOM_ROUNDS, errors);
}

void open_reply_bits(struct server_run *run, struct outcome *outcome)
{
    unsigned bits = 0;
    for (unsigned i = 0; i < 8; i++) {
        const uint32_t integers[] = {i, i};
        struct datagram request = request_with(i % 4, integers, 2);
        struct answer answer;
        if (!ask(run, outcome, &request, &answer))
            return;
        bits |= answer.first.length > 0 ? answer.first.datagram.octets[0] & 0x7Fu : 0;
    }
    outcome_observe(outcome, bits == 0, bits == 0 ? "they are zero" : "some are set: %02x", bits);
}

void open_leading_zeros(struct server_run *run, struct outcome *outcome)
{
    struct datagram request = request_with(SUM_AS_STRING, six_and_seven, 2);
    struct answer answer;
    if (!ask(run, outcome, &request, &answer))
        return;
    size_t zeros = 0;
    while (zeros + 1 < answer.first.datagram.length &&
           answer.first.datagram.octets[zeros + 1] == '0')
        zeros++;
    outcome_observe(outcome, zeros == 0, zeros == 0 ? "none" : "%zu of them", zeros);
}

void open_error_payload(struct server_run *run, struct outcome *outcome)
{
    static const uint32_t integers[] = {8, 9};
    struct datagram request = request_with(3 << 1, integers, 2);
    observe(run, outcome, &request);
}

static void many_digits(struct server_run *run, struct outcome *outcome, uint32_t last)
{
    uint32_t integers[29];
    for (size_t i = 0; i < 28; i++)
        integers[i] = 1000000000;
    integers[28] = last;
    struct datagram request = request_with(PRODUCT_AS_STRING, integers, 29);
    observe(run, outcome, &request);
}

void open_256_digits(struct server_run *run, struct outcome *outcome)
{
    many_digits(run, outcome, 1000);
}

void open_257_digits(struct server_run *run, struct outcome *outcome)
{
    many_digits(run, outcome, 10000);
}

void open_equal_reply(struct server_run *run, struct outcome *outcome)
{
    const uint32_t nine[] = {9};
    struct datagram request = request_with(0x80 | SUM, nine, 1);
    struct answer answer;
    if (!ask(run, outcome, &request, &answer))
        return;
    bool equal = answer.first.length == request.length &&
                 memcmp(answer.first.datagram.octets, request.octets, request.length) == 0;
    outcome_observe(outcome, !equal,
                    equal ? "it does: two such servers can be made to answer each other for ever"
                          : "it differs");
}

void open_chain(struct server_run *run, struct outcome *outcome)
{
    const uint32_t first[] = {12345678};
    struct datagram request = request_with(SUM_AS_STRING, first, 1);
    unsigned hops = 0;
    for (; hops < HOPS_MAX; hops++) {
        struct answer answer;
        server_ask(run, &request, false, outcome, &answer);
        if (!answer.came && answer.trouble != SILENCE)
            server_no_answer(run, &answer, outcome);
        if (!answer.came)
            break;
        request = answer.first.datagram;
    }
    outcome_observe(outcome, hops <= CHAIN_MAX,
                    hops == HOPS_MAX ? "it goes on after %u replies" : "it ends after %u replies",
                    hops);
}

/* From a port of a kind that a server may leave without reply. */
static void observe_from(struct server_run *run, struct outcome *outcome, struct port *port)
{
    struct datagram request = request_with(SUM, six_and_seven, 2);
    struct answer answer;
    note_request(outcome, &request);
    server_ask_beside(run, port, &request, false, &answer);
    port_close(port);
    if (!answer.came && answer.trouble != SILENCE)
        server_no_answer(run, &answer, outcome);
    else
        outcome_observe(outcome, !answer.came, answer.came ? "it replies" : "no reply");
}

void open_low_port(struct server_run *run, struct outcome *outcome)
{
    struct port port;
    struct sockaddr_in6 local = run->local;
    bool opened = false;
    for (unsigned low = LOW_PORT_LAST; low >= LOW_PORT_FIRST && !opened; low--) {
        local.sin6_port = htons((uint16_t)low);
        opened = port_open(&port, &local, outcome);
        if (!opened && errno == EACCES)
            break;
    }
    if (opened)
        observe_from(run, outcome, &port);
    else
        outcome_skip(outcome, "only root may send from a port below 1024");
}

/* An address of this host, reachable from everywhere on it, other than this one. */
static bool other_address(const struct in6_addr *known, struct sockaddr_in6 *found)
{
    struct ifaddrs *list;
    bool is_found = false;
    if (getifaddrs(&list) < 0)
        return false;
    for (struct ifaddrs *i = list; i != NULL && !is_found; i = i->ifa_next) {
        struct sockaddr_in6 address;
        if (i->ifa_addr == NULL || i->ifa_addr->sa_family != AF_INET6 ||
            (i->ifa_flags & IFF_UP) == 0)
            continue;
        memcpy(&address, i->ifa_addr, sizeof address);
        is_found = !IN6_IS_ADDR_LINKLOCAL(&address.sin6_addr) &&
                   memcmp(&address.sin6_addr, known, sizeof *known) != 0;
        if (is_found)
            *found = address;
    }
    freeifaddrs(list);
    return is_found;
}

void open_same_port(struct server_run *run, struct outcome *outcome)
{
    struct port port;
    struct sockaddr_in6 local = run->local;
    if (run->ends || run->reopens) {
        outcome_skip(outcome, "the server opens its socket anew for each request, so that the kit "
                              "would take its port away");
        return;
    }
    local.sin6_port = run->peer.sin6_port;
    bool opened = port_open(&port, &local, outcome);
    if (!opened && other_address(&run->local.sin6_addr, &local)) {
        local.sin6_port = run->peer.sin6_port;
        opened = port_open(&port, &local, outcome);
    }
    if (opened)
        observe_from(run, outcome, &port);
    else
        outcome_skip(outcome, "the server itself has port %u on every address of this host",
                     ntohs(run->peer.sin6_port));
}

void open_reply_address(struct server_run *run, struct outcome *outcome)
{
    struct sockaddr_in6 other, first = run->peer;
    struct port port;
    struct answer answer;
    struct datagram request = request_with(SUM, six_and_seven, 2);
    if (memcmp(&run->local.sin6_addr, &run->peer.sin6_addr, sizeof run->local.sin6_addr) != 0 ||
        !other_address(&run->peer.sin6_addr, &other)) {
        outcome_skip(outcome, "the server's host has no other address that can be asked from here");
        return;
    }
    if (!port_open(&port, &run->local, outcome)) {
        outcome_error(outcome, "no port to ask from: %s", strerror(errno));
        return;
    }
    run->peer.sin6_addr = other.sin6_addr;
    run->peer.sin6_scope_id = 0;
    bool listens = server_listens(run, &port);
    if (listens)
        server_ask_from(run, &port, &request, true, &answer);
    run->peer = first;
    port_close(&port);
    if (listens && !answer.came && answer.trouble == HANG && server_answers(run)) {
        answer.trouble = SILENCE;
        run->gone = false;
    }
    /* The kernel sends few refusals in a short time: one may come only now (icmp(7), icmp_ratelimit). */
    if (listens && !answer.came && answer.trouble == UNREACHABLE) {
        listens = false;
        run->gone = false;
    }
    note_request(outcome, &request);
    if (!listens) {
        outcome_skip(outcome, "the server listens on one address only");
    } else if (!answer.came) {
        server_no_answer(run, &answer, outcome);
    } else if (memcmp(&answer.first.source.sin6_addr, &other.sin6_addr, sizeof other.sin6_addr) !=
               0) {
        outcome_fail(
            outcome, WRONG,
            "the reply does not come from the address that was asked, but from the one that the "
            "kernel picked");
        outcome_diagnose(
            outcome, "a socket that is bound to :: has to reply from the address that was asked: "
                     "IPV6_RECVPKTINFO tells it, IPV6_PKTINFO sets it");
    }
}
