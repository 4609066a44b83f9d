/* What the functions of calc.h promise, as ACSL contracts. Where Eva follows a function's body each of them is shown of
 * it, and where a harness stands a contract for a body, it is this one. What calc.h says of values that a contract can not
 * compare is asserted in the harnesses. */
#ifndef PROOFS_CONTRACTS_H
#define PROOFS_CONTRACTS_H

#include "proto/calc.h"

/*@ requires \valid(length);
    ensures \result == CALC_OK || \result == CALC_NO_INTEGERS || \result == CALC_TOO_LONG ||
            \result == CALC_UNKNOWN_OPCODE || \result == CALC_NO_ROOM;
    ensures \result == CALC_OK ==> 5 <= *length <= CALC_REQUEST_MAX && *length <= room;
    ensures \result == CALC_OK ==> *length == 1 + 4 * request->count;
    ensures \result == CALC_OK ==> \initialized(&datagram[0 .. *length - 1]);
*/
enum calc_code calc_request_encode(const struct calc_request *request, uint8_t *datagram,
                                   size_t room, size_t *length);

/*@ requires \valid(request);
    assigns \result, *request \from length, datagram[0 .. CALC_REQUEST_MAX - 1];
    ensures \result == CALC_OK || \result == CALC_NO_INTEGERS || \result == CALC_TOO_LONG ||
            \result == CALC_NOT_WHOLE || \result == CALC_UNKNOWN_OPCODE;
    ensures length < 2 <==> \result == CALC_NO_INTEGERS;
    ensures length > CALC_REQUEST_MAX <==> \result == CALC_TOO_LONG;
    ensures \result == CALC_OK ==> \initialized(&request->opcode) && 0 <= request->opcode <= 1;
    ensures \result == CALC_OK ==> \initialized(&request->format) && 0 <= request->format <= 1;
    ensures \result == CALC_OK ==>
            \initialized(&request->count) && 1 <= request->count <= CALC_INTEGERS_MAX;
    ensures \result == CALC_OK ==> length == 1 + 4 * request->count;
    ensures \result == CALC_OK ==> \initialized(&request->integers[0 .. request->count - 1]);
*/
enum calc_code calc_request_decode(const uint8_t *datagram, size_t length,
                                   struct calc_request *request);

/*@ requires \valid(result);
    ensures \result == CALC_OK || \result == CALC_NO_INTEGERS || \result == CALC_TOO_LONG ||
            \result == CALC_UNKNOWN_OPCODE || \result == CALC_ABOVE_32_BITS || \result == CALC_ABOVE_256_DIGITS;
    ensures \result == CALC_OK ==> result->success == 1 && result->format == request->format;
    ensures \result == CALC_OK && result->format == CALC_AS_INTEGER ==> \initialized(&result->number);
    ensures \result == CALC_OK && result->format == CALC_AS_STRING ==>
            1 <= result->digit_count <= CALC_DIGITS_MAX;
*/
enum calc_code calc_evaluate(const struct calc_request *request, struct calc_reply *result);

/*@ requires \valid(length);
    ensures \result == CALC_OK || \result == CALC_REPLY_LENGTH || \result == CALC_REPLY_NOT_DIGITS ||
            \result == CALC_NO_ROOM;
    ensures \result == CALC_OK ==> 1 <= *length <= CALC_REPLY_MAX && *length <= room;
    ensures \result == CALC_OK ==> \initialized(&datagram[0 .. *length - 1]);
    ensures \result == CALC_OK ==> datagram[0] == 0x00 || datagram[0] == 0x80;
    ensures \result == CALC_OK && reply->success == 0 ==> *length == 1 && datagram[0] == 0x00;
*/
enum calc_code calc_reply_encode(const struct calc_reply *reply, uint8_t *datagram, size_t room,
                                 size_t *length);

/*@ requires \valid(reply);
    assigns \result, *reply \from length, format, datagram[0 .. CALC_REPLY_MAX - 1];
    ensures \result == CALC_OK || \result == CALC_REPLY_EMPTY || \result == CALC_REPLY_ERROR ||
            \result == CALC_REPLY_LENGTH || \result == CALC_REPLY_NOT_DIGITS;
    ensures length == 0 <==> \result == CALC_REPLY_EMPTY;
    ensures \result == CALC_OK ==> reply->success == 1 && reply->format == format;
    ensures \result == CALC_OK && format == CALC_AS_INTEGER ==>
            length == 5 && \initialized(&reply->number);
    ensures \result == CALC_OK && format == CALC_AS_STRING ==>
            \initialized(&reply->digit_count) && 1 <= reply->digit_count < length;
    ensures \result == CALC_OK && format == CALC_AS_STRING ==>
            \initialized(&reply->digits[0 .. reply->digit_count - 1]);
*/
enum calc_code calc_reply_decode(const uint8_t *datagram, size_t length, enum calc_format format,
                                 struct calc_reply *reply);

/*@ requires \valid(&reply[0 .. CALC_REPLY_MAX - 1]) && \valid(reply_length);
    ensures *reply_length == 0 <==> length < 2;
    ensures *reply_length <= CALC_REPLY_MAX;
    ensures *reply_length == 0 <==> \result == CALC_NO_INTEGERS;
    ensures *reply_length > 0 && *reply_length == length ==> reply[0] != datagram[0];
    ensures *reply_length > 0 ==> \initialized(&reply[0 .. *reply_length - 1]);
    ensures *reply_length > 0 ==> (\result == CALC_OK <==> reply[0] != 0x00);
*/
enum calc_code calc_answer(const uint8_t *datagram, size_t length,
                           uint8_t reply[static CALC_REPLY_MAX], size_t *reply_length);

#endif
