/* A table of requests by their names, and one of ports by their clients and numbers. */
#include "ledger.h"

#include <stdlib.h>
#include <string.h>

enum { REQUESTS = 1 << 21, REQUESTS_MAX = REQUESTS / 4 * 3, PORTS = 1 << 16, STALE_US = 2000000 };

bool ledger_open(struct ledger *ledger, int64_t quiet_us, int64_t late_us)
{
    *ledger = (struct ledger){.quiet_us = quiet_us, .late_us = late_us};
    ledger->requests = calloc(REQUESTS, sizeof *ledger->requests);
    ledger->ports = calloc((size_t)LEDGER_CLIENTS * PORTS, sizeof *ledger->ports);
    return ledger->requests != NULL && ledger->ports != NULL;
}

void ledger_close(struct ledger *ledger)
{
    free(ledger->requests);
    free(ledger->ports);
    *ledger = (struct ledger){0};
}

struct ledger_port *ledger_port(struct ledger *ledger, unsigned client, uint16_t port)
{
    return &ledger->ports[(size_t)client * PORTS + port];
}

static struct ledger_request *find(struct ledger *ledger, uint64_t name, uint32_t number)
{
    size_t at = name % REQUESTS;
    while (ledger->requests[at].name != 0 && ledger->requests[at].name != name)
        at = (at + 1) % REQUESTS;
    struct ledger_request *request = &ledger->requests[at];
    if (request->name != 0)
        return request;
    if (++ledger->count > REQUESTS_MAX) {
        fprintf(stderr, "relay: more than %d requests\n", REQUESTS_MAX);
        exit(1);
    }
    request->name = name;
    request->number = number;
    return request;
}

static void check_port(const struct ledger *ledger, const struct ledger_port *port,
                       const struct ledger_request *request, int64_t now)
{
    const struct ledger_request *before = port->request;
    if (before == NULL)
        return;
    bool several = before->tries > 1;
    int64_t rest = now - (several ? before->last_try : port->last);
    if (before == request)
        printf("against REQ-8.2: request %u comes from its port again\n", request->number);
    else if (rest < (several ? ledger->late_us : ledger->quiet_us))
        printf("against REQ-8.3: the port of request %u, tried %u times, has rested for %lld us\n",
               before->number, before->tries, (long long)rest);
    fflush(stdout);
}

/* A server that has not answered for so long has lost it. */
static void forget_lost(struct ledger_port *port, int64_t now)
{
    if (port->outstanding_count > 0 && now - port->outstanding[0].sent > STALE_US)
        port->outstanding_count = 0;
}

struct ledger_try ledger_sent(struct ledger *ledger, struct ledger_port *port, uint64_t name,
                              uint32_t number, int64_t now)
{
    struct ledger_request *request = find(ledger, name, number);
    check_port(ledger, port, request, now);
    forget_lost(port, now);
    port->request = request;
    port->replied = false;
    port->last = now;
    request->last_try = now;
    if (request->tries == 0)
        request->first_try = now;
    return (struct ledger_try){.request = request, .number = request->tries++, .sent = now};
}

void ledger_note_fate(const struct ledger_try *sent, char letter)
{
    if (sent->number < LEDGER_TRIES)
        sent->request->fates[sent->number] = letter;
}

static void drop_oldest(struct ledger_port *port)
{
    port->outstanding_count--;
    memmove(port->outstanding, port->outstanding + 1,
            port->outstanding_count * sizeof port->outstanding[0]);
}

void ledger_reached(struct ledger_port *port, const struct ledger_try *sent)
{
    if (port->outstanding_count == LEDGER_OUTSTANDING)
        drop_oldest(port);
    port->outstanding[port->outstanding_count++] = *sent;
}

struct ledger_try ledger_replied(struct ledger_port *port)
{
    struct ledger_try sent = {.request = NULL};
    if (port->outstanding_count > 0) {
        sent = port->outstanding[0];
        drop_oldest(port);
    }
    return sent;
}

/* What comes after the first one comes to a port that rests, or should. */
void ledger_delivered(struct ledger_port *port, const struct ledger_try *sent, int64_t now)
{
    sent->request->delivered++;
    if (port->request == sent->request && !port->replied) {
        port->last = now;
        port->replied = true;
    }
}

void ledger_print(const struct ledger *ledger, FILE *out)
{
    for (size_t i = 0; i < REQUESTS; i++) {
        const struct ledger_request *request = &ledger->requests[i];
        if (request->name != 0)
            fprintf(out, "request %u %u %.*s %lld\n", request->number, request->delivered,
                    LEDGER_TRIES, request->fates,
                    (long long)(request->last_try - request->first_try) / 1000);
    }
}
