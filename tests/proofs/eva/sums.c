/* sum_u32(), product_u32() and natural_sum(): 0 to 64 integers of any value. natural_set(): any number of 64 bits. Proves
 * what product.c and answer.c take for granted. */
#include "tests/proofs/eva/harness.h"

#include "proto/arithmetic.c"

static void check(const struct natural *n, size_t most)
{
    //@ assert count: 1 <= n->count <= most;
    //@ assert in_use: \initialized(&n->limbs[0 .. n->count - 1]);
    //@ assert limbs: \subset(n->limbs[0 .. n->count - 1], (0 .. 999999999));
}

void main(void)
{
    for (size_t count = 0; count <= CALC_INTEGERS_MAX; count++) {
        uint32_t integers[CALC_INTEGERS_MAX], value;
        const uint32_t *first = any_integers(integers, count);
        sum_u32(first, count, &value);
        product_u32(first, count, &value);
        struct natural n;
        natural_sum(&n, first, count);
        check(&n, 2);
    }
    struct natural n;
    natural_set(&n, Frama_C_unsigned_long_interval(0, UINT64_MAX));
    check(&n, 3);
}
