/* The four functions of the codec: replies and requests of every length and kind, into room of every size that makes
 * a difference. */
#include "tests/proofs/eva/harness.h"

static void request_encode(size_t count, size_t room)
{
    struct calc_request request;
    request.opcode = (enum calc_opcode)Frama_C_unsigned_int_interval(0, 7);
    request.format = (enum calc_format)Frama_C_unsigned_int_interval(0, 1);
    request.count = count;
    Frama_C_make_unknown((char *)request.integers, count * sizeof request.integers[0]);
    uint8_t buffer[CALC_REQUEST_MAX];
    size_t length;
    if (calc_request_encode(&request, buffer + sizeof buffer - room, room, &length) == CALC_OK) {
        //@ assert fits: length == 1 + 4 * count && length <= room;
    }
}

static void request_decode(size_t length, size_t readable)
{
    uint8_t buffer[CALC_REQUEST_MAX];
    struct calc_request request;
    if (calc_request_decode(any_octets(buffer, sizeof buffer, readable), length, &request) ==
        CALC_OK) {
        //@ assert count: 1 <= request.count <= CALC_INTEGERS_MAX && length == 1 + 4 * request.count;
        //@ assert integers: \initialized(&request.integers[0 .. request.count - 1]);
    }
}

static void reply_encode(size_t digit_count, size_t room)
{
    struct calc_reply reply;
    reply.success = Frama_C_unsigned_int_interval(0, 1);
    reply.format = (enum calc_format)Frama_C_unsigned_int_interval(0, 1);
    reply.number = Frama_C_unsigned_int_interval(0, UINT32_MAX);
    reply.digit_count = digit_count;
    if (0 < digit_count && digit_count <= CALC_DIGITS_MAX)
        Frama_C_make_unknown(reply.digits, digit_count);
    uint8_t buffer[CALC_REPLY_MAX];
    uint8_t *datagram = buffer + sizeof buffer - room;
    size_t length;
    if (calc_reply_encode(&reply, datagram, room, &length) == CALC_OK) {
        //@ assert fits: 1 <= length <= room;
        //@ assert written: \initialized(&datagram[0 .. length - 1]);
        //@ assert header: datagram[0] == 0x00 || datagram[0] == 0x80;
        //@ assert shape: length == 1 || length == 5 || length == 1 + digit_count;
        if (length != 1 && length != 5) {
            //@ assert d: \subset(datagram[1 .. length - 1], ('0' .. '9'));
        }
    }
}

static void reply_decode(size_t length, size_t readable, enum calc_format format)
{
    uint8_t buffer[CALC_REPLY_MAX];
    struct calc_reply reply;
    if (calc_reply_decode(any_octets(buffer, sizeof buffer, readable), length, format, &reply) !=
        CALC_OK)
        return;
    if (format == CALC_AS_STRING) {
        //@ assert digits: 1 <= reply.digit_count <= CALC_DIGITS_MAX;
    }
}

void main(void)
{
    for (size_t count = 1; count <= CALC_INTEGERS_MAX; count++) {
        request_encode(count, CALC_HEADER_OCTETS + count * CALC_INTEGER_OCTETS);
        request_encode(count, count * CALC_INTEGER_OCTETS);
    }
    request_encode(CALC_INTEGERS_MAX, 0);
    for (size_t length = 0; length <= CALC_REQUEST_MAX; length++)
        request_decode(length, length);
    request_decode(Frama_C_size_t_interval(CALC_REQUEST_MAX + 1, DATAGRAM_MAX), CALC_REQUEST_MAX);

    for (size_t room = 0; room <= 6; room++)
        reply_encode(1, room);
    reply_encode(CALC_DIGITS_MAX, CALC_DIGITS_MAX);
    for (size_t digits = 0; digits <= CALC_DIGITS_MAX; digits++)
        reply_encode(digits, CALC_HEADER_OCTETS + digits);
    reply_encode(Frama_C_size_t_interval(CALC_DIGITS_MAX + 1, SIZE_MAX), CALC_REPLY_MAX);
    for (size_t length = 0; length <= CALC_REPLY_MAX; length++) {
        reply_decode(length, length, CALC_AS_INTEGER);
        reply_decode(length, length, CALC_AS_STRING);
    }
    size_t longer = Frama_C_size_t_interval(CALC_REPLY_MAX + 1, DATAGRAM_MAX);
    reply_decode(longer, CALC_REPLY_MAX, CALC_AS_INTEGER);
    reply_decode(longer, CALC_REPLY_MAX, CALC_AS_STRING);
}
