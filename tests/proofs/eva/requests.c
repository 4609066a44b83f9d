/* calc_request_encode() and calc_request_decode(): requests of every length and kind, into room of exactly the octets that
 * are needed and of four less. */
#include "tests/proofs/eva/contracts.h"
#include "tests/proofs/eva/harness.h"

static void request_encode(size_t count, size_t room)
{
    struct calc_request request;
    request.opcode = (enum calc_opcode)Frama_C_unsigned_int_interval(0, 7);
    request.format = (enum calc_format)Frama_C_unsigned_int_interval(0, 1);
    request.count = count;
    if (0 < count && count <= CALC_INTEGERS_MAX)
        Frama_C_make_unknown((char *)request.integers, count * sizeof request.integers[0]);
    uint8_t buffer[CALC_REQUEST_MAX];
    size_t length = SIZE_MAX;
    if (calc_request_encode(&request, buffer + sizeof buffer - room, room, &length) != CALC_OK) {
        //@ assert unchanged: length == SIZE_MAX;
    }
}

static void request_decode(size_t length, size_t readable)
{
    uint8_t buffer[CALC_REQUEST_MAX];
    struct calc_request request;
    request.opcode = (enum calc_opcode)7;
    request.count = SIZE_MAX;
    if (calc_request_decode(any_octets(buffer, sizeof buffer, readable), length, &request) !=
        CALC_OK) {
        //@ assert unchanged: request.opcode == 7 && request.count == SIZE_MAX;
        //@ assert untouched: !\initialized(&request.format) && !\initialized(&request.integers[0]);
    }
}

void main(void)
{
    for (size_t count = 0; count <= CALC_INTEGERS_MAX; count++) {
        request_encode(count, CALC_HEADER_OCTETS + count * CALC_INTEGER_OCTETS);
        request_encode(count, count * CALC_INTEGER_OCTETS);
    }
    request_encode(CALC_INTEGERS_MAX, 0);
    request_encode(Frama_C_size_t_interval(CALC_INTEGERS_MAX + 1, SIZE_MAX), CALC_REQUEST_MAX);
    for (size_t length = 0; length <= CALC_REQUEST_MAX; length++)
        request_decode(length, length);
    request_decode(Frama_C_size_t_interval(CALC_REQUEST_MAX + 1, DATAGRAM_MAX), CALC_REQUEST_MAX);
}
