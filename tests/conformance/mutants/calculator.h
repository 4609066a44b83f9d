/* The server's half of functions.c that touches no socket: the reply to a request, right or wrong in one way. */
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mutant.h"

enum { INTEGERS_MAX = 64, DIGITS_MAX = 256, NUMBER_ROOM = 1024 };

/* A number as its decimal digits, the least first. */
struct number {
    size_t count;
    unsigned char digits[NUMBER_ROOM];
};

static void add(struct number *number, uint64_t addend)
{
    for (size_t i = 0; addend > 0; i++) {
        if (i == number->count)
            number->digits[number->count++] = 0;
        addend += number->digits[i];
        number->digits[i] = (unsigned char)(addend % 10);
        addend /= 10;
    }
}

static void multiply(struct number *number, uint64_t factor)
{
    uint64_t carry = 0;
    for (size_t i = 0; i < number->count || carry > 0; i++) {
        if (i == number->count)
            number->digits[number->count++] = 0;
        carry += number->digits[i] * factor;
        number->digits[i] = (unsigned char)(carry % 10);
        carry /= 10;
    }
    while (number->count > 1 && number->digits[number->count - 1] == 0)
        number->count--;
}

/* The number's lowest 32 bits. */
static uint32_t low_bits(const struct number *number)
{
    uint32_t low = 0;
    for (size_t i = number->count; i > 0; i--)
        low = low * 10 + number->digits[i - 1];
    return low;
}

static int fits(const struct number *number)
{
    uint64_t value = 0;
    for (size_t i = number->count; i > 0 && value <= UINT32_MAX; i--)
        value = value * 10 + number->digits[i - 1];
    return value <= UINT32_MAX;
}

static uint32_t integer_at(const unsigned char *p)
{
    uint32_t integer;
    memcpy(&integer, p, 4);
    return IS(server_without_ntohl) ? integer : ntohl(integer);
}

static int wraps(unsigned opcode, unsigned form)
{
    return form == 0 ? IS(integer_wraps) : opcode == 0 ? IS(sum_wraps) : IS(product_wraps);
}

static struct number compute(const unsigned char *request, size_t count, unsigned opcode,
                             unsigned form)
{
    int multiplies = opcode == 1 && !(IS(product_is_sum) && form == 0);
    struct number number = {.count = 1, .digits = {multiplies}};
    if (IS(length_ignored) && !multiplies)
        count = INTEGERS_MAX;
    if (IS(sixteen_at_most) && count > 16)
        count = 16;
    for (size_t i = 0; i < count; i++) {
        if (multiplies)
            multiply(&number, integer_at(request + 1 + 4 * i));
        else
            add(&number, integer_at(request + 1 + 4 * i));
    }
    if (wraps(opcode, form) && number.count <= DIGITS_MAX) {
        uint32_t low = low_bits(&number);
        number = (struct number){.count = 1};
        add(&number, low);
    }
    return number;
}

static size_t put_error(unsigned char *reply, unsigned opcode)
{
    reply[0] = 0;
    if (IS(error_with_text) && opcode > 1)
        return 1 + (size_t)sprintf((char *)reply + 1, "no such operation");
    return 1;
}

static size_t put_digits(unsigned char *reply, const struct number *number)
{
    size_t length = 1;
    if (IS(leading_zeros_sent) && number->count == 1 && number->digits[0] == 0)
        reply[length++] = '0';
    for (size_t i = number->count; i > 0; i--)
        reply[length++] = (unsigned char)(number->digits[i - 1] + '0');
    if (IS(nul_sent) || (IS(nul_sent_behind_few) && number->count < 8))
        reply[length++] = '\0';
    if (IS(padded_string) && length < 33) {
        memset(reply + length, 0, 33 - length);
        length = 33;
    }
    return length;
}

static size_t put_integer(unsigned char *reply, uint32_t result, size_t count)
{
    if (IS(ascii_for_integer) || (IS(ascii_for_three) && count == 3))
        return 1 + (size_t)sprintf((char *)reply + 1, "%u", result);
    result = IS(server_without_htonl) ? result : htonl(result);
    memcpy(reply + 1, &result, 4);
    if (!IS(eight_octets) || count < 2)
        return 5;
    memset(reply + 5, 0, 4);
    return 9;
}

static unsigned char success(unsigned opcode, unsigned form, size_t count)
{
    if (IS(status_missing) || (IS(status_missing_in_product) && opcode == 1 && form == 0))
        return 0;
    if (IS(status_at_the_wrong_end))
        return 1;
    return IS(unused_bits_in_reply) && opcode == 1 && form == 1 && count == 1 ? 0x81 : 0x80;
}

static int is_wrong(const unsigned char *request, size_t length, unsigned opcode)
{
    if (length > 1 + 4 * INTEGERS_MAX)
        return !IS(too_long_is_cut);
    return ((length - 1) % 4 != 0 && !IS(rest_dropped)) ||
           (opcode > 1 && !(IS(opcode_7_is_sum) && opcode == 7)) ||
           (IS(server_looks_at_unused) && (request[0] & 0x70) != 0);
}

/* Returns the length of the reply; 0: none. */
static size_t answer(const unsigned char *request, size_t length, unsigned char *reply)
{
    if (length < 2)
        return IS(error_for_one_octet) && length == 1 ? put_error(reply, 0) : 0;
    unsigned form = IS(form_read_from_bit_4) ? request[0] >> 3 & 1 : request[0] & 1;
    unsigned opcode = IS(opcode_read_unshifted) ? request[0] & 7 : request[0] >> 1 & 7;
    size_t count = (length - 1) / 4;
    if (is_wrong(request, length, opcode))
        return put_error(reply, opcode);
    struct number number =
        compute(request, count > INTEGERS_MAX ? INTEGERS_MAX : count, opcode, form);
    if ((form == 0 && !fits(&number)) ||
        (form == 1 && number.count > DIGITS_MAX && !IS(many_digits_sent)))
        return put_error(reply, opcode);
    if (IS(reply_not_set_first))
        reply[0] |= success(opcode, form, count);
    else
        reply[0] = success(opcode, form, count);
    size_t replied =
        form == 1 ? put_digits(reply, &number) : put_integer(reply, low_bits(&number), count);
    if (replied == length && memcmp(reply, request, length) == 0 && !IS(same_octets_sent))
        reply[0] = 0x8E;
    return replied;
}
