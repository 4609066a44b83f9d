/* A datagram as what is sent and received: octets, and how many; written as hex, as a request, as the answer to one, what
 * is left of one behind another, and random numbers to fill it that are the same on every run. */
#ifndef TESTS_DATAGRAM_H
#define TESTS_DATAGRAM_H

#include "proto/calc.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* What an Ethernet frame has room for, behind the headers of IPv6 and UDP. */
enum { DATAGRAM_ROOM = 1500 - 40 - 8 };

struct datagram {
    size_t length;
    uint8_t octets[DATAGRAM_ROOM];
};

/* The datagram that a text of hex digits stands for; spaces are for the reader only. */
static inline struct datagram hex(const char *text)
{
    struct datagram d = {0};
    size_t digits = 0;
    for (; *text != '\0'; text++) {
        if (*text == ' ')
            continue;
        const char *all = "0123456789abcdef0123456789ABCDEF";
        const char *at = strchr(all, *text);
        assert(at != NULL);
        assert(digits / 2 < DATAGRAM_ROOM);
        d.octets[digits / 2] = (uint8_t)(d.octets[digits / 2] << 4 | ((at - all) & 0xF));
        digits++;
    }
    assert(digits % 2 == 0);
    d.length = digits / 2;
    return d;
}

/* A request made by hand, so that the codec is not tested against itself. */
static inline struct datagram request_with(unsigned header, const uint32_t *integers, size_t count)
{
    struct datagram d = {.length = 1 + 4 * count, .octets = {(uint8_t)header}};
    assert(d.length <= DATAGRAM_ROOM);
    for (size_t i = 0; i < 4 * count; i++)
        d.octets[1 + i] = (uint8_t)(integers[i / 4] >> (24 - 8 * (i % 4)));
    return d;
}

/* As a program that receives into one buffer: of what was longer before, the rest stays behind this datagram. */
static inline void datagram_over(struct datagram *buffer, const struct datagram *datagram)
{
    memcpy(buffer->octets, datagram->octets, datagram->length);
    if (datagram->length > buffer->length)
        buffer->length = datagram->length;
}

static inline struct datagram answer_to(struct datagram d)
{
    struct datagram reply = {0};
    calc_answer(d.octets, d.length, reply.octets, &reply.length);
    return reply;
}

/* xorshift64: state is any number but zero, and the same state gives the same numbers. */
static inline uint32_t random_u32(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (uint32_t)(*state >> 32);
}

#endif
