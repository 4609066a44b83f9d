/* An exchange as text; the renderer of the messages is that of proto/. */
#include "trace.h"
#include "proto/show.h"

void trace_exchange(const struct listener *listener, const struct arrival *datagram,
                    enum outcome outcome, const uint8_t *reply, size_t length)
{
    char text[CALC_SHOW_ROOM];
    char peer[CALC_ENDPOINT_ROOM];
    char destination[CALC_ENDPOINT_ROOM];
    struct sockaddr_in6 local = listener->endpoint;
    if (datagram->destination_known)
        local.sin6_addr = datagram->destination;
    calc_endpoint_text(&datagram->peer, peer);
    calc_endpoint_text(&local, destination);

    calc_explain_request(datagram->octets, datagram->length, text, sizeof text);
    printf("request from %s to %s, %zu octets\n%s", peer, destination, datagram->length, text);
    if (length > 0) {
        enum calc_format format = calc_format_asked(datagram->octets, datagram->length);
        calc_explain_reply(reply, length, format, text, sizeof text);
        printf("reply, %zu octets\n%s", length, text);
    }
    printf("%s %s\n\n", outcome_group(outcome), outcome_text(outcome));
    fflush(stdout);
}
