/* The words for a reply without a result, for one calculation and for many. */
#include "reply.h"

#include <errno.h>
#include <string.h>

/* What a person can do about an error reply, which carries no reason itself (REQ-5.5). */
static const char *hint(const struct calc_request *request)
{
    struct calc_reply result = {.success = false};
    switch (calc_evaluate(request, &result)) {
    case CALC_ABOVE_32_BITS:
        return ": the result is above 4294967295; -s asks for it as a string";
    case CALC_ABOVE_256_DIGITS:
        return ": the result has more than 256 digits";
    default:
        return "";
    }
}

bool reply_read(const struct calc_request *request, const uint8_t *octets, size_t length,
                struct calc_reply *reply, struct failure *failure)
{
    enum calc_code code = calc_reply_decode(octets, length, request->format, reply);
    if (code == CALC_REPLY_ERROR)
        return fail(failure, FAILURE_REPLIED, "the server answered with an error%s", hint(request));
    if (code != CALC_OK)
        return fail(failure, FAILURE_NO_REPLY, "the reply is not valid: %s", calc_code_text(code));
    return true;
}

bool reply_is_from(const struct sockaddr_in6 *sender, const struct sockaddr_in6 *endpoint)
{
    return sender->sin6_port == endpoint->sin6_port &&
           memcmp(&sender->sin6_addr, &endpoint->sin6_addr, sizeof sender->sin6_addr) == 0;
}

bool reply_missed(const struct sockaddr_in6 *endpoint, bool several, int64_t total_us,
                  struct failure *failure)
{
    char text[CALC_ENDPOINT_ROOM];
    calc_endpoint_text(endpoint, text);
    return fail(failure, FAILURE_TIMEOUT, "no reply from %s%s within %g s", text,
                several ? " and its other addresses" : "", (double)total_us / 1e6);
}

bool reply_prevented(const struct sockaddr_in6 *endpoint, bool several, int error,
                     struct failure *failure)
{
    const char *others = several ? ", nor did another address of this name reply" : "";
    char text[CALC_ENDPOINT_ROOM];
    calc_endpoint_text(endpoint, text);
    if (error == ECONNREFUSED)
        return fail(failure, FAILURE_REFUSED, "%s refused the request: nothing serves that port%s",
                    text, others);
    return fail(failure, FAILURE_NETWORK, "can not exchange datagrams with %s: %s%s", text,
                strerror(error), others);
}
