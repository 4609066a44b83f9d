/* The codec: both messages, both directions. What a request computes to is not its business. */
#include "message.h"
#include "calc.h"
#include "wire.h"

#include <string.h>

enum calc_code request_check(const struct calc_request *request)
{
    if (request->count == 0)
        return CALC_NO_INTEGERS;
    if (request->count > CALC_INTEGERS_MAX)
        return CALC_TOO_LONG;
    if (request->opcode != CALC_SUM && request->opcode != CALC_PRODUCT)
        return CALC_UNKNOWN_OPCODE;
    return CALC_OK;
}

enum calc_code calc_request_encode(const struct calc_request *request, uint8_t *datagram,
                                   size_t room, size_t *length)
{
    enum calc_code code = request_check(request);
    if (code != CALC_OK)
        return code;

    struct wire_writer w = {.p = datagram, .end = datagram + room};
    wire_write_u8(&w, (uint8_t)(request->opcode << REQUEST_OPCODE_SHIFT |
                                (request->format == CALC_AS_STRING ? REQUEST_FORMAT_MASK : 0)));
    for (size_t i = 0; i < request->count; i++)
        wire_write_u32(&w, request->integers[i]);
    if (w.failed)
        return CALC_NO_ROOM;
    *length = (size_t)(w.p - datagram);
    return CALC_OK;
}

/*   0 1 2 3 4 5 6 7 8
 *  +-+-+-+-+-+-+-+-+-+-
 *  |Unused |Opcod|F|  Integers, 32 bits each ...
 *  +-+-+-+-+-+-+-+-+-+-   */
enum calc_code calc_request_decode(const uint8_t *datagram, size_t length,
                                   struct calc_request *request)
{
    if (length <= CALC_HEADER_OCTETS)
        return CALC_NO_INTEGERS;
    if (length > CALC_REQUEST_MAX)
        return CALC_TOO_LONG;
    if ((length - CALC_HEADER_OCTETS) % CALC_INTEGER_OCTETS != 0)
        return CALC_NOT_WHOLE;

    struct wire_reader r = {.p = datagram, .end = datagram + length};
    uint8_t header = wire_read_u8(&r);
    unsigned opcode = header >> REQUEST_OPCODE_SHIFT & REQUEST_OPCODE_MASK;
    if (opcode != CALC_SUM && opcode != CALC_PRODUCT)
        return CALC_UNKNOWN_OPCODE;

    request->opcode = (enum calc_opcode)opcode;
    request->format = header & REQUEST_FORMAT_MASK ? CALC_AS_STRING : CALC_AS_INTEGER;
    request->count = (length - CALC_HEADER_OCTETS) / CALC_INTEGER_OCTETS;
    wire_read_u32s(&r, request->integers, request->count);
    return CALC_OK;
}

static bool all_digits(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
    }
    return true;
}

static enum calc_code check_digits(const char *digits, size_t count)
{
    if (count == 0 || count > CALC_DIGITS_MAX)
        return CALC_REPLY_LENGTH;
    return all_digits(digits, count) ? CALC_OK : CALC_REPLY_NOT_DIGITS;
}

enum calc_code calc_reply_encode(const struct calc_reply *reply, uint8_t *datagram, size_t room,
                                 size_t *length)
{
    struct wire_writer w = {.p = datagram, .end = datagram + room};
    wire_write_u8(&w, reply->success ? REPLY_SUCCESS : 0);
    if (reply->success && reply->format == CALC_AS_INTEGER)
        wire_write_u32(&w, reply->number);
    if (reply->success && reply->format == CALC_AS_STRING) {
        enum calc_code code = check_digits(reply->digits, reply->digit_count);
        if (code != CALC_OK)
            return code;
        wire_write_octets(&w, reply->digits, reply->digit_count);
    }
    if (w.failed)
        return CALC_NO_ROOM;
    *length = (size_t)(w.p - datagram);
    return CALC_OK;
}

/*   0 1 2 3 4 5 6 7 8
 *  +-+-+-+-+-+-+-+-+-+-
 *  |S|   Unused    |  32 bits, or 1 to 256 ASCII digits, or an error's octets
 *  +-+-+-+-+-+-+-+-+-+-   */
enum calc_code calc_reply_decode(const uint8_t *datagram, size_t length, enum calc_format format,
                                 struct calc_reply *reply)
{
    if (length == 0)
        return CALC_REPLY_EMPTY;
    size_t readable = length < CALC_REPLY_MAX ? length : CALC_REPLY_MAX;
    struct wire_reader r = {.p = datagram, .end = datagram + readable};
    if ((wire_read_u8(&r) & REPLY_SUCCESS) == 0)
        return CALC_REPLY_ERROR;

    size_t payload = length - CALC_HEADER_OCTETS;
    if (format == CALC_AS_INTEGER) {
        if (payload != CALC_INTEGER_OCTETS)
            return CALC_REPLY_LENGTH;
        reply->success = true;
        reply->format = CALC_AS_INTEGER;
        reply->number = wire_read_u32(&r);
        return CALC_OK;
    }

    const char *digits = (const char *)r.p;
    enum calc_code code = check_digits(digits, payload);
    if (code != CALC_OK)
        return code;
    for (; payload > 1 && *digits == '0'; payload--)
        digits++;
    reply->success = true;
    reply->format = CALC_AS_STRING;
    reply->digit_count = payload;
    memcpy(reply->digits, digits, payload);
    return CALC_OK;
}
