/* natural_product(): 1 to 64 integers of any value. natural_multiply() is what multiply.c proves of it, and natural_set()
 * what sums.c does. Limbs that are not in use count as any limb here: that they are not read is proved in multiply.c and
 * digits.c. */
#include "tests/proofs/eva/harness.h"

#include "proto/arithmetic.h"

/*@ assigns n->count, n->limbs[0 .. NATURAL_LIMBS - 1] \from value;
    ensures \initialized(&n->count) && \initialized(&n->limbs[0 .. NATURAL_LIMBS - 1]);
    ensures 1 <= n->count <= 3;
    ensures \subset(n->limbs[0 .. NATURAL_LIMBS - 1], (0 .. 999999999));
*/
static void natural_set(struct natural *n, uint64_t value);

/*@ requires 1 <= a->count <= NATURAL_LIMBS && 1 <= b->count <= NATURAL_LIMBS;
    requires \subset(a->limbs[0 .. NATURAL_LIMBS - 1], (0 .. 999999999));
    requires \subset(b->limbs[0 .. NATURAL_LIMBS - 1], (0 .. 999999999));
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
    //@ assert count: 1 <= n->count <= NATURAL_LIMBS;
    //@ assert limbs: \subset(n->limbs[0 .. n->count - 1], (0 .. 999999999));
    //@ assert top: n->count < NATURAL_LIMBS || n->limbs[NATURAL_LIMBS - 1] <= 9999;
}

/* Integers that have nothing behind them: none is read beyond the last. */
static void gather_exactly(size_t count)
{
    uint32_t integers[CALC_INTEGERS_MAX];
    const uint32_t *first = any_integers(integers, count);
    struct natural parts[PARTS_MAX];
    size_t filled = gather(parts, first, count);
    //@ assert parts: 1 <= filled <= PARTS_MAX;
}

static void any_product(void)
{
    uint32_t integers[CALC_INTEGERS_MAX];
    any_integers(integers, CALC_INTEGERS_MAX);
    struct natural n;
    if (natural_product(&n, integers, Frama_C_size_t_interval(1, NATURAL_FACTORS_MAX)))
        check(&n);
}

void main(void)
{
    for (size_t count = 1; count <= 9; count++)
        gather_exactly(count);
    gather_exactly(NATURAL_FACTORS_MAX);
    any_product();
}
