/* natural_multiply(): for each pair of lengths, any limbs. The product is another number, or the first of the two, as
 * in natural_product(). Proves what product.c takes for granted. */
#include "tests/proofs/eva/harness.h"

#include "proto/arithmetic.c"

static void any_natural(struct natural *n, size_t count)
{
    n->count = count;
    for (size_t i = 0; i < count; i++)
        n->limbs[i] = Frama_C_unsigned_int_interval(0, LIMB_BASE - 1);
}

static void check(bool fits, const struct natural *n)
{
    if (!fits)
        return;
    //@ assert count: 1 <= n->count <= NATURAL_LIMBS;
    //@ assert in_use: \initialized(&n->limbs[0 .. n->count - 1]);
    //@ assert limbs: \subset(n->limbs[0 .. n->count - 1], (0 .. 999999999));
    //@ assert top: n->count < NATURAL_LIMBS || n->limbs[NATURAL_LIMBS - 1] <= 9999;
}

static void pair(size_t i, size_t k)
{
    struct natural a, b, product;
    any_natural(&a, i);
    any_natural(&b, k);
    check(natural_multiply(&product, &a, &b), &product);
    check(natural_multiply(&a, &a, &b), &a);
}

void main(void)
{
    for (size_t i = 1; i <= NATURAL_LIMBS; i++) {
        for (size_t k = 1; k <= NATURAL_LIMBS; k++)
            pair(i, k);
    }
}
