/* natural_product(): 1 to 64 integers of any value. natural_multiply() is what multiply.c proves of it. Limbs that are
 * not in use count as any limb here: that they are not read is proved there, too, and in digits.c. */
#include "tests/proofs/eva/harness.h"

#include "proto/arithmetic.h"

/*@ requires 1 <= a->count <= NATURAL_LIMBS && 1 <= b->count <= NATURAL_LIMBS;
    assigns \result, product->count, product->limbs[0 .. NATURAL_LIMBS - 1]
      \from a->count, b->count, a->limbs[0 .. NATURAL_LIMBS - 1], b->limbs[0 .. NATURAL_LIMBS - 1];
    ensures \initialized(&product->count);
    ensures \initialized(&product->limbs[0 .. NATURAL_LIMBS - 1]);
    ensures 1 <= product->count <= NATURAL_LIMBS;
    ensures \subset(product->limbs[0 .. NATURAL_LIMBS - 1], (0 .. 999999999));
    ensures \result == 0 || (\result == 1 && product->limbs[NATURAL_LIMBS - 1] <= 9999);
*/
static bool natural_multiply(struct natural *product, const struct natural *a,
                             const struct natural *b);

#include "proto/arithmetic.c"

static void check(const struct natural *n)
{
    //@ assert 1 <= n->count <= NATURAL_LIMBS;
}

static void gather_exactly(size_t count)
{
    uint32_t integers[CALC_INTEGERS_MAX];
    const uint32_t *first = any_integers(integers, count);
    struct natural parts[PARTS_MAX];
    if (any_zero(first, count))
        return;
    size_t filled = gather(parts, first, count);
    //@ assert 1 <= filled <= PARTS_MAX;
}

void main(void)
{
    for (size_t count = 1; count <= NATURAL_FACTORS_MAX; count++)
        gather_exactly(count);

    uint32_t integers[CALC_INTEGERS_MAX];
    any_integers(integers, CALC_INTEGERS_MAX);
    struct natural n;
    if (natural_product(&n, integers, Frama_C_size_t_interval(1, NATURAL_FACTORS_MAX)))
        check(&n);
}
