/* Any datagram as the reply to a request: what the client makes of it. An octet with the length of
 * the request, the request, the reply. */
#include "tests/fuzz/fuzz.h"

#include "client/reply.h"
#include "proto/wire.h"

enum { UNTOUCHED = 0xA5 };

static bool all_digits(const uint8_t *octets, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (octets[i] < '0' || octets[i] > '9')
            return false;
    }
    return true;
}

/* REQ-5.3, REQ-5.4, REQ-8.6. */
static bool is_valid(const uint8_t *octets, size_t length, enum calc_format format)
{
    if (length == 0 || (octets[0] & 0x80) == 0)
        return false;
    if (format == CALC_AS_INTEGER)
        return length == 5;
    return length >= 2 && length <= 257 && all_digits(octets + 1, length - 1);
}

static void require_result(const uint8_t *octets, size_t length, const struct calc_reply *reply)
{
    octets++;
    length--;
    if (reply->format == CALC_AS_INTEGER) {
        uint32_t number =
            octets[3] + 0x100u * octets[2] + 0x10000u * octets[1] + 0x1000000u * octets[0];
        require(reply->number == number, "REQ-3.3: the number is in network byte order");
        return;
    }
    while (length > 1 && *octets == '0') {
        octets++;
        length--;
    }
    require(reply->digit_count == length && memcmp(reply->digits, octets, length) == 0,
            "REQ-8.7: the digits are those sent, without leading zeros");
}

static void require_decoded(const uint8_t *octets, size_t length, enum calc_format format)
{
    struct calc_reply reply, before;
    memset(&reply, UNTOUCHED, sizeof reply);
    memset(&before, UNTOUCHED, sizeof before);
    struct exact readable = exact_copy(octets, length < CALC_REPLY_MAX ? length : CALC_REPLY_MAX);
    enum calc_code code = calc_reply_decode(readable.octets, length, format, &reply);
    exact_free(&readable);
    require((code == CALC_OK) == is_valid(octets, length, format),
            "REQ-8.6: what is not valid, and only that, gives no result");
    require((code == CALC_REPLY_ERROR) == (length > 0 && (octets[0] & 0x80) == 0),
            "REQ-5.6: an error is one, whatever its payload");
    if (code == CALC_OK) {
        require(reply.success && reply.format == format,
                "a result has the form that was asked for");
        require_result(octets, length, &reply);
    } else {
        require(memcmp(&reply, &before, sizeof reply) == 0, "no result leaves none");
    }
}

/* What the client says where there is no result. */
static void require_words(const struct calc_request *request, const uint8_t *octets, size_t length)
{
    struct calc_reply reply;
    struct failure failure = {.kind = NO_FAILURE};
    if (reply_read(request, octets, length, &reply, &failure))
        require(failure.kind == NO_FAILURE && reply.format == request->format,
                "a result is no failure");
    else
        require((failure.kind == FAILURE_REPLIED || failure.kind == FAILURE_NO_REPLY) &&
                    is_one_line(failure.text),
                "no result is told in one line");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wire_reader r = {.p = data, .end = data + size};
    size_t asked = wire_read_u8(&r);
    size_t left = (size_t)(r.end - r.p);
    asked = asked < left ? asked : left;
    const uint8_t *octets = r.p + asked;
    struct calc_request request;
    if (calc_request_decode(r.p, asked, &request) == CALC_OK)
        require_words(&request, octets, left - asked);
    require_decoded(octets, left - asked, CALC_AS_INTEGER);
    require_decoded(octets, left - asked, CALC_AS_STRING);
    return 0;
}
