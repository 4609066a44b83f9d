/* Any datagram, from request to reply: sections 3 to 7 of PROTOCOL.md as properties of what is decoded, answered and
 * encoded, with the reply worked out a second time, as at school (tests/unit/reference.h). */
#include "tests/unit/reference.h"

#include "tests/fuzz/fuzz.h"

enum { UNTOUCHED = 0xA5, CHAIN_MAX = 4 };

static bool same(struct datagram a, struct datagram b)
{
    return a.length == b.length && memcmp(a.octets, b.octets, a.length) == 0;
}

static bool untouched(const void *memory, size_t size)
{
    const uint8_t *octets = memory;
    for (size_t i = 0; i < size; i++) {
        if (octets[i] != UNTOUCHED)
            return false;
    }
    return true;
}

/* Rungs 6 to 12 of the ladder, word for word. */
static struct datagram expected_reply(const uint8_t *octets, size_t length)
{
    struct datagram none = {0}, error = {.length = 1, .octets = {0x00}};
    if (length <= 1)
        return none;
    if (length > 257 || (length - 1) % 4 != 0 || (octets[0] >> 1 & 7) > 1)
        return error;
    uint32_t integers[CALC_INTEGERS_MAX];
    size_t count = (length - 1) / 4;
    for (size_t i = 0; i < count; i++) {
        const uint8_t *p = octets + 1 + 4 * i;
        integers[i] = p[3] + 0x100u * p[2] + 0x10000u * p[1] + 0x1000000u * p[0];
    }
    struct datagram reply = reference_reply(octets[0], integers, count);
    if (reply.length == length && memcmp(reply.octets, octets, length) == 0)
        reply.octets[0] = 0x8E;
    return reply;
}

/* The datagram comes as sent, and only what may be read of it is there (REQ-3.5). */
static struct datagram answer(const uint8_t *octets, size_t length)
{
    struct datagram reply = {0};
    struct exact request =
        exact_copy(octets, length < CALC_REQUEST_MAX ? length : CALC_REQUEST_MAX);
    struct exact room = exact_copy(reply.octets, CALC_REPLY_MAX);
    enum calc_code code = calc_answer(request.octets, length, room.octets, &reply.length);
    require(reply.length <= CALC_REPLY_MAX, "REQ-6.11: a reply has at most 257 octets");
    memcpy(reply.octets, room.octets, reply.length);
    bool success = reply.length > 0 && (reply.octets[0] & 0x80) != 0;
    require((code == CALC_OK) == success, "REQ-5.1: S says whether there is a result");
    exact_free(&request);
    exact_free(&room);
    return reply;
}

static void require_bounds(const uint8_t *octets, size_t length, struct datagram reply)
{
    size_t integers = length > 0 ? (length - 1) / 4 : 0;
    require(integers == 0 || reply.length <= 1 + (964 * integers + 99) / 100,
            "REQ-6.11: a reply has at most 1 + 9.64 n octets");
    require(reply.length == 0 || reply.length != length ||
                memcmp(reply.octets, octets, length) != 0,
            "REQ-7.1: no reply equals its request");
}

static void require_chain_to_end(struct datagram reply)
{
    unsigned replies = 0;
    while (reply.length > 0) {
        replies++;
        require(replies <= CHAIN_MAX, "REQ-7.2: a chain ends after at most four replies");
        struct datagram next = answer(reply.octets, reply.length);
        require(!same(next, reply), "REQ-7.1: no reply in a chain equals what it replies to");
        reply = next;
    }
}

/* What was decoded is encoded as it was, but for the unused bits (REQ-4.1, REQ-4.2), in just as much room. */
static void require_request_again(const uint8_t *octets, size_t length,
                                  const struct calc_request *request)
{
    struct exact room = exact_copy(octets, length);
    size_t encoded = 0;
    room.octets[0] = (uint8_t)~octets[0];
    require(calc_request_encode(request, room.octets, length, &encoded) == CALC_OK &&
                encoded == length && room.octets[0] == (octets[0] & 0x0F) &&
                memcmp(room.octets + 1, octets + 1, length - 1) == 0,
            "REQ-4.1 to REQ-4.5: a request is encoded as it was decoded");
    exact_free(&room);

    room = exact_copy(octets, length - 1);
    require(calc_request_encode(request, room.octets, length - 1, &encoded) == CALC_NO_ROOM &&
                encoded == length,
            "without room for all of a request there is none");
    exact_free(&room);
}

/* The result of a request is what its reply is read as, whatever the reply's unused bits (REQ-5.2 to REQ-5.4). */
static void require_result_again(const struct calc_request *request, struct datagram reply)
{
    struct calc_reply result, read;
    memset(&result, UNTOUCHED, sizeof result);
    memset(&read, UNTOUCHED, sizeof read);
    enum calc_code code = calc_evaluate(request, &result);
    struct exact octets = exact_copy(reply.octets, reply.length);
    enum calc_code answered =
        calc_reply_decode(octets.octets, reply.length, request->format, &read);
    exact_free(&octets);
    if (code != CALC_OK) {
        require(answered == CALC_REPLY_ERROR && untouched(&read, sizeof read) &&
                    untouched(&result, sizeof result),
                "REQ-6.7, REQ-6.8: what does not fit is an error, and no result");
        return;
    }
    struct datagram encoded = {0};
    require(calc_reply_encode(&result, encoded.octets, reply.length, &encoded.length) == CALC_OK,
            "a result is encoded in the room that its reply has");
    encoded.octets[0] = reply.octets[0];
    require(same(encoded, reply), "REQ-5.3, REQ-5.4: the reply holds the result");
    require(answered == CALC_OK && read.success && read.format == request->format,
            "the reply to a good request is read as a success");
    if (read.format == CALC_AS_INTEGER)
        require(read.number == result.number, "REQ-5.3: an integer is read as it was sent");
    else
        require(read.digit_count == result.digit_count &&
                    memcmp(read.digits, result.digits, read.digit_count) == 0,
                "REQ-5.4: digits are read as they were sent");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct datagram reply = answer(data, size);
    require(same(reply, expected_reply(data, size)),
            "REQ-5.1 to REQ-7.1: the reply is the one that the specification gives");
    require_bounds(data, size, reply);
    require_chain_to_end(reply);

    struct calc_request request;
    memset(&request, UNTOUCHED, sizeof request);
    struct exact datagram = exact_copy(data, size < CALC_REQUEST_MAX ? size : CALC_REQUEST_MAX);
    if (calc_request_decode(datagram.octets, size, &request) == CALC_OK) {
        require_request_again(data, size, &request);
        require_result_again(&request, reply);
    } else {
        require(untouched(&request, sizeof request), "what is no request leaves none");
    }
    exact_free(&datagram);
    return 0;
}
