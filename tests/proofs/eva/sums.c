/* sum_u32(), product_u32() and natural_sum(): 0 to 64 integers of any value. */
#include "tests/proofs/eva/harness.h"

#include "proto/arithmetic.h"

void main(void)
{
    for (size_t count = 0; count <= CALC_INTEGERS_MAX; count++) {
        uint32_t integers[CALC_INTEGERS_MAX], value;
        const uint32_t *first = any_integers(integers, count);
        sum_u32(first, count, &value);
        product_u32(first, count, &value);
        struct natural n;
        natural_sum(&n, first, count);
        //@ assert 1 <= n.count <= 2;
    }
}
