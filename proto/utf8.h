/* UTF-8 (RFC 3629), one character at a time, for text that comes from elsewhere. What is made of it is
 * the caller's. */
#ifndef CALC_UTF8_H
#define CALC_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many of the octets from p to end are one well-formed character; 0: none is, or p is the end. */
static inline size_t utf8_length(const uint8_t *p, const uint8_t *end)
{
    size_t room = (size_t)(end - p);
    if (room == 0 || (p[0] >= 0x80 && p[0] < 0xC2) || p[0] > 0xF4)
        return 0;
    size_t length = p[0] < 0x80 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    if (length > room)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    }
    bool overlong = (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xF0 && p[1] < 0x90);
    bool surrogate = p[0] == 0xED && p[1] >= 0xA0;
    bool beyond = p[0] == 0xF4 && p[1] >= 0x90;
    return overlong || surrogate || beyond ? 0 : length;
}

/* The number of the well-formed character of this length (from 1) at p. */
static inline uint32_t utf8_code(const uint8_t *p, size_t length)
{
    static const uint8_t first_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t code = p[0] & first_bits[length];
    for (size_t i = 1; i < length; i++)
        code = code << 6 | (p[i] & 0x3F);
    return code;
}

#endif
