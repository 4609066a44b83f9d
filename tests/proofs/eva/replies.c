/* calc_reply_encode() and calc_reply_decode(): replies of every length and kind, into room of exactly the octets that are
 * needed and of less. all_digits() is what digits.c proves of it. */
#include "tests/proofs/eva/contracts.h"
#include "tests/proofs/eva/harness.h"

/*@ requires \initialized(&text[0 .. length - 1]);
    assigns \result \from text[0 .. length - 1];
    ensures \result == 0 || (\result == 1 && \subset(text[0 .. length - 1], ('0' .. '9')));
*/
static bool all_digits(const char *text, size_t length);

#include "proto/message.c"

static uint8_t no_zeros[CALC_REPLY_MAX];

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
    size_t length = SIZE_MAX;
    if (calc_reply_encode(&reply, datagram, room, &length) != CALC_OK) {
        //@ assert unchanged: length == SIZE_MAX;
    } else if (reply.success && reply.format == CALC_AS_STRING) {
        //@ assert d: length == 1 + digit_count;
        //@ assert digits: \subset(datagram[1 .. length - 1], ('0' .. '9'));
    }
}

/* The first octets are any, at most so many of them; those after them are digits that are not zero. */
static void reply_decode(size_t length, size_t readable, size_t any, enum calc_format format)
{
    uint8_t buffer[CALC_REPLY_MAX];
    uint8_t *datagram = any_octets(buffer, sizeof buffer, readable);
    if (readable > any)
        memcpy(datagram + any, no_zeros, readable - any);
    struct calc_reply reply;
    reply.digit_count = SIZE_MAX;
    if (calc_reply_decode(datagram, length, format, &reply) != CALC_OK) {
        //@ assert unchanged: reply.digit_count == SIZE_MAX;
        //@ assert untouched: !\initialized(&reply.success) && !\initialized(&reply.format);
        //@ assert no_number: !\initialized(&reply.number) && !\initialized(&reply.digits[0]);
    }
}

static void encode(void)
{
    for (size_t room = 0; room <= 6; room++)
        reply_encode(1, room);
    reply_encode(CALC_DIGITS_MAX, CALC_DIGITS_MAX);
    for (size_t digits = 0; digits <= CALC_DIGITS_MAX; digits++)
        reply_encode(digits, CALC_HEADER_OCTETS + digits);
    reply_encode(Frama_C_size_t_interval(CALC_DIGITS_MAX + 1, SIZE_MAX), CALC_REPLY_MAX);
}

/* The way through the leading zeros is the dear one: it is followed to its end for the shortest replies and the longest,
 * for those between as far as the eighth digit. */
static void decode(void)
{
    for (size_t i = 0; i < sizeof no_zeros; i++)
        no_zeros[i] = Frama_C_unsigned_char_interval('1', '9');
    for (size_t length = 0; length <= CALC_REPLY_MAX; length++) {
        reply_decode(length, length, length, CALC_AS_INTEGER);
        bool between = length > 16 && length < CALC_REPLY_MAX - 1;
        reply_decode(length, length, between ? 9 : length, CALC_AS_STRING);
    }
    size_t longer = Frama_C_size_t_interval(CALC_REPLY_MAX + 1, DATAGRAM_MAX);
    reply_decode(longer, CALC_REPLY_MAX, CALC_REPLY_MAX, CALC_AS_INTEGER);
    reply_decode(longer, CALC_REPLY_MAX, CALC_REPLY_MAX, CALC_AS_STRING);
}

void main(void)
{
    encode();
    decode();
}
