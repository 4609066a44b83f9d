/* The fields of a message, one after the other: a reader and a writer that never leave their
 * buffer. The first step beyond the end sticks: from then on reads yield zero, writes do nothing. */
#ifndef CALC_WIRE_H
#define CALC_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct wire_reader {
    const uint8_t *p;
    const uint8_t *end;
    bool failed;
};

struct wire_writer {
    uint8_t *p;
    uint8_t *end;
    bool failed;
};

static inline bool wire_can_read(struct wire_reader *r, size_t need)
{
    if (r->failed || need > (size_t)(r->end - r->p))
        r->failed = true;
    return !r->failed;
}

static inline uint8_t wire_read_u8(struct wire_reader *r)
{
    return wire_can_read(r, 1) ? *r->p++ : 0;
}

/* Network byte order: the first octet is the most significant (REQ-3.3). */
static inline uint32_t wire_load_u32(const uint8_t octets[static 4])
{
    return (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 | (uint32_t)octets[2] << 8 |
           octets[3];
}

static inline uint32_t wire_read_u32(struct wire_reader *r)
{
    if (!wire_can_read(r, 4))
        return 0;
    r->p += 4;
    return wire_load_u32(r->p - 4);
}

/* All or none: one check for all of them, and four at a time, take half as long as one by one. */
static inline void wire_read_u32s(struct wire_reader *r, uint32_t *values, size_t count)
{
    if (!wire_can_read(r, 4 * count))
        return;
    const uint8_t *p = r->p;
    r->p += 4 * count;
    for (; count >= 4; count -= 4, values += 4, p += 16) {
        values[0] = wire_load_u32(p);
        values[1] = wire_load_u32(p + 4);
        values[2] = wire_load_u32(p + 8);
        values[3] = wire_load_u32(p + 12);
    }
    for (; count > 0; count--, p += 4)
        *values++ = wire_load_u32(p);
}

static inline bool wire_can_write(struct wire_writer *w, size_t need)
{
    if (w->failed || need > (size_t)(w->end - w->p))
        w->failed = true;
    return !w->failed;
}

static inline void wire_write_u8(struct wire_writer *w, uint8_t value)
{
    if (wire_can_write(w, 1))
        *w->p++ = value;
}

static inline void wire_write_u32(struct wire_writer *w, uint32_t value)
{
    if (!wire_can_write(w, 4))
        return;
    w->p[0] = (uint8_t)(value >> 24);
    w->p[1] = (uint8_t)(value >> 16);
    w->p[2] = (uint8_t)(value >> 8);
    w->p[3] = (uint8_t)value;
    w->p += 4;
}

static inline void wire_write_octets(struct wire_writer *w, const void *octets, size_t count)
{
    if (!wire_can_write(w, count))
        return;
    memcpy(w->p, octets, count);
    w->p += count;
}

#endif
