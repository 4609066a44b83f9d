/* What the harnesses share: octets and numbers of any value, in room of exactly the size that is promised. */
#ifndef PROOFS_HARNESS_H
#define PROOFS_HARNESS_H

#include "__fc_builtin.h"
#include "proto/calc.h"

/* UDP's length field has 16 bits. */
enum { DATAGRAM_MAX = 65535 };

/* The last count octets of a buffer hold anything. One step further is the end of the buffer, one step back is an octet
 * that was never written. */
static inline uint8_t *any_octets(uint8_t *buffer, size_t size, size_t count)
{
    uint8_t *first = buffer + size - count;
    if (count > 0)
        Frama_C_make_unknown((char *)first, count);
    return first;
}

static inline uint32_t *any_integers(uint32_t integers[static CALC_INTEGERS_MAX], size_t count)
{
    uint32_t *first = integers + CALC_INTEGERS_MAX - count;
    if (count > 0)
        Frama_C_make_unknown((char *)first, count * sizeof *first);
    return first;
}

#endif
