/* Sum and product as they are taught at school, one decimal digit after the other: slow, obvious, and
 * without a line in common with proto/arithmetic.c, which is compared against it. */
#ifndef TESTS_REFERENCE_H
#define TESTS_REFERENCE_H

#include "tests/support/test.h"

enum { REFERENCE_DIGITS = 64 * 10 + 1 };

/* The least significant digit first, each 0 to 9; no zero at the far end but that of zero. */
struct reference {
    size_t count;
    char digits[REFERENCE_DIGITS];
};

static inline struct reference reference_from(uint64_t value)
{
    struct reference r = {0};
    do
        r.digits[r.count++] = (char)(value % 10);
    while ((value /= 10) > 0);
    return r;
}

static inline void reference_add(struct reference *r, uint32_t value)
{
    struct reference other = reference_from(value);
    int carry = 0;
    for (size_t i = 0; i < r->count || i < other.count || carry > 0; i++) {
        carry += (i < r->count ? r->digits[i] : 0) + (i < other.count ? other.digits[i] : 0);
        if (i == r->count)
            r->count++;
        r->digits[i] = (char)(carry % 10);
        carry /= 10;
    }
}

static inline void reference_multiply(struct reference *r, uint32_t value)
{
    uint64_t carry = 0;
    for (size_t i = 0; i < r->count || carry > 0; i++) {
        if (i == r->count)
            r->digits[r->count++] = 0;
        carry += (uint64_t)r->digits[i] * value;
        r->digits[i] = (char)(carry % 10);
        carry /= 10;
    }
    while (r->count > 1 && r->digits[r->count - 1] == 0)
        r->count--;
}

static inline struct reference reference_product(const uint32_t *integers, size_t count)
{
    struct reference r = reference_from(1);
    for (size_t i = 0; i < count; i++)
        reference_multiply(&r, integers[i]);
    return r;
}

static inline struct reference reference_sum(const uint32_t *integers, size_t count)
{
    struct reference r = reference_from(0);
    for (size_t i = 0; i < count; i++)
        reference_add(&r, integers[i]);
    return r;
}

/* The reply to a request that is none of its own reply (see loops_test.c for those). */
static inline struct datagram reference_reply(unsigned header, const uint32_t *integers,
                                              size_t count)
{
    bool product = (header & 0x0E) == PRODUCT_AS_INTEGER;
    struct reference r =
        product ? reference_product(integers, count) : reference_sum(integers, count);
    struct datagram error = {.length = 1, .octets = {0x00}};
    if (header & 1) {
        struct datagram reply = {.length = 1 + r.count, .octets = {0x80}};
        if (r.count > 256)
            return error;
        for (size_t i = 0; i < r.count; i++)
            reply.octets[1 + i] = (uint8_t)('0' + r.digits[r.count - 1 - i]);
        return reply;
    }
    if (r.count > 10)
        return error;
    uint64_t number = 0;
    for (size_t i = r.count; i-- > 0;)
        number = number * 10 + (uint64_t)r.digits[i];
    return number > UINT32_MAX ? error : request_with(0x80, (uint32_t[]){(uint32_t)number}, 1);
}

#endif
