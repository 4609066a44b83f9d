/* The calculator protocol of PROTOCOL.md as pure functions over octets: encode, decode, compute,
 * answer. No I/O, no allocation, no state; what touches a socket is in net/. */
#ifndef CALC_H
#define CALC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CALC_VERSION "0.1.0"

enum {
    CALC_HEADER_OCTETS = 1,
    CALC_INTEGER_OCTETS = 4,
    CALC_INTEGERS_MAX = 64,
    CALC_DIGITS_MAX = 256,
    CALC_PAYLOAD_MAX = 256,
    CALC_REQUEST_MAX = CALC_HEADER_OCTETS + CALC_PAYLOAD_MAX,
    CALC_REPLY_MAX = CALC_HEADER_OCTETS + CALC_PAYLOAD_MAX,
    /* Room for the longest datagram and one octet more, so that a longer one shows. */
    CALC_BUFFER_OCTETS = CALC_HEADER_OCTETS + CALC_PAYLOAD_MAX + 1,
};

enum calc_opcode { CALC_SUM = 0, CALC_PRODUCT = 1 };

enum calc_format { CALC_AS_INTEGER = 0, CALC_AS_STRING = 1 };

/* What a function of this library found. calc_code_text() has the words, and the clause. */
enum calc_code {
    CALC_OK = 0,
    CALC_NO_INTEGERS,
    CALC_TOO_LONG,
    CALC_NOT_WHOLE,
    CALC_UNKNOWN_OPCODE,
    CALC_ABOVE_32_BITS,
    CALC_ABOVE_256_DIGITS,
    CALC_REPLY_EMPTY,
    CALC_REPLY_ERROR,
    CALC_REPLY_LENGTH,
    CALC_REPLY_NOT_DIGITS,
    CALC_NO_ROOM,
    CALC_CODE_COUNT,
};

struct calc_request {
    enum calc_opcode opcode;
    enum calc_format format;
    size_t count; /* 1 to CALC_INTEGERS_MAX */
    uint32_t integers[CALC_INTEGERS_MAX];
};

struct calc_reply {
    bool success;            /* the rest means something only when this is true */
    enum calc_format format; /* the request's: no bit of the reply tells it */
    uint32_t number;         /* CALC_AS_INTEGER */
    size_t digit_count;      /* CALC_AS_STRING: 1 to CALC_DIGITS_MAX */
    char digits[CALC_DIGITS_MAX];
};

/* The words for a code: one static string without a final full stop, also for a code that does
 * not exist. */
const char *calc_code_text(enum calc_code code);

/* Writes the request to datagram[0..room) and its length in octets to *length; unused bits are
 * zero (REQ-4.1 to REQ-4.5). CALC_NO_INTEGERS, CALC_TOO_LONG or CALC_UNKNOWN_OPCODE where the
 * request is none, CALC_NO_ROOM where it does not fit; *length is then unchanged. */
enum calc_code calc_request_encode(const struct calc_request *request, uint8_t *datagram,
                                   size_t room, size_t *length);

/* Reads a request of length octets (the length as sent, of which only the first
 * CALC_REQUEST_MAX need be readable) into *request. CALC_NO_INTEGERS, CALC_TOO_LONG,
 * CALC_NOT_WHOLE or CALC_UNKNOWN_OPCODE, found in this order, leave *request unchanged
 * (REQ-6.1 to REQ-6.4). Unused bits are not looked at. */
enum calc_code calc_request_decode(const uint8_t *datagram, size_t length,
                                   struct calc_request *request);

/* Computes the exact result into *result. CALC_ABOVE_32_BITS or CALC_ABOVE_256_DIGITS, or the codes of
 * calc_request_encode() where the request is none, leave *result unchanged (REQ-6.5 to REQ-6.8). At most 64 times 29
 * steps, whatever the integers. */
enum calc_code calc_evaluate(const struct calc_request *request, struct calc_reply *result);

/* Writes the reply to datagram[0..room) and its length in octets to *length; unused bits are
 * zero, an error is one octet 00 (REQ-5.1 to REQ-5.5). CALC_REPLY_LENGTH, CALC_REPLY_NOT_DIGITS or
 * CALC_NO_ROOM leave *length unchanged. */
enum calc_code calc_reply_encode(const struct calc_reply *reply, uint8_t *datagram, size_t room,
                                 size_t *length);

/* Reads a reply of length octets (the length as sent, of which only the first CALC_REPLY_MAX need
 * be readable) to a request of the given format into *reply; leading zeros are dropped (REQ-8.7).
 * CALC_REPLY_EMPTY, CALC_REPLY_ERROR (the server said so), CALC_REPLY_LENGTH or
 * CALC_REPLY_NOT_DIGITS leave *reply unchanged (REQ-8.6). */
enum calc_code calc_reply_decode(const uint8_t *datagram, size_t length, enum calc_format format,
                                 struct calc_reply *reply);

/* The whole server: takes a datagram of length octets (as for calc_request_decode) and writes the
 * reply to it and the reply's length; length 0 means that no reply is sent (REQ-6.1). The buffers
 * must not overlap. Returns CALC_OK where the reply is a success, else why it is an error or none.
 * No reply equals its datagram, and every chain of replies to replies ends (REQ-7.1, REQ-7.2). */
enum calc_code calc_answer(const uint8_t *datagram, size_t length, uint8_t reply[CALC_REPLY_MAX],
                           size_t *reply_length);

#ifdef __cplusplus
}
#endif

#endif
