/* An exchange as text; how the datagrams are drawn is for proto/ to say. */
#define _GNU_SOURCE /* struct mmsghdr */

#include "trace.h"
#include "output.h"
#include "proto/draw.h"
#include "proto/show.h"

#include <stdio.h>

/* Two drawings, and three lines around them. */
enum { LINES_ROOM = 512, TRACE_ROOM = 2 * CALC_DRAW_ROOM + LINES_ROOM };

bool trace_exchange(const struct listener *listener, const struct exchange *exchange, bool coloured)
{
    char text[TRACE_ROOM];
    char *p = text;
    char *end = text + sizeof text;
    char peer[CALC_ENDPOINT_ROOM];
    char destination[CALC_ENDPOINT_ROOM];
    const struct arrival *request = &exchange->request;
    struct sockaddr_in6 local = listener->endpoint;
    if (request->origin->destination_known)
        local.sin6_addr = request->origin->destination;
    calc_endpoint_numbers(&request->origin->peer, peer);
    calc_endpoint_numbers(&local, destination);

    p += snprintf(p, (size_t)(end - p), "request from %s to %s, %zu octet%s\n", peer, destination,
                  request->length, request->length == 1 ? "" : "s");
    p += calc_draw_request(request->octets, request->length, coloured, p, (size_t)(end - p));
    if (exchange->length > 0) {
        enum calc_format format = calc_format_asked(request->octets, request->length);
        p += snprintf(p, (size_t)(end - p), "reply, %zu octet%s\n", exchange->length,
                      exchange->length == 1 ? "" : "s");
        p += calc_draw_reply(exchange->reply, exchange->length, format, coloured, p,
                             (size_t)(end - p));
    }
    p += snprintf(p, (size_t)(end - p), "%s %s\n\n", outcome_group(exchange->outcome),
                  outcome_text(exchange->outcome));
    return output_print(text, (size_t)(p - text));
}
