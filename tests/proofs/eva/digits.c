/* natural_to_digits(): numbers of each length, any limbs. all_digits(): texts of each length. Proves what answer.c and
 * replies.c take for granted. */
#include "tests/proofs/eva/harness.h"

#include "proto/arithmetic.c"
#include "proto/message.c"

static void any_natural_to_digits(size_t count)
{
    struct natural n;
    n.count = count;
    for (size_t i = 0; i < count; i++)
        n.limbs[i] = Frama_C_unsigned_int_interval(0, LIMB_BASE - 1);
    if (count == NATURAL_LIMBS)
        n.limbs[NATURAL_LIMBS - 1] = Frama_C_unsigned_int_interval(0, TOP_LIMB_BASE - 1);
    char digits[NATURAL_DIGITS_MAX];
    size_t length = natural_to_digits(&n, digits);
    //@ assert bound: 1 <= length <= NATURAL_DIGITS_MAX;
    //@ assert all: \initialized(&digits[0 .. length - 1]);
    //@ assert digits: \subset(digits[0 .. length - 1], ('0' .. '9'));
}

static void any_text(size_t length, size_t readable)
{
    char room[CALC_DIGITS_MAX];
    const char *text = (const char *)any_octets((uint8_t *)room, sizeof room, readable);
    if (all_digits(text, length)) {
        //@ assert all_digits: \subset(text[0 .. length - 1], ('0' .. '9'));
    }
}

void main(void)
{
    for (size_t count = 1; count <= NATURAL_LIMBS; count++)
        any_natural_to_digits(count);
    for (size_t length = 1; length <= 32; length++)
        any_text(length, length);
    any_text(CALC_DIGITS_MAX, CALC_DIGITS_MAX);
}
