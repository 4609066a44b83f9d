/* Exact sums and products: within 32 bits, or as natural numbers of up to 256 decimal digits, in fixed room. Of
 * messages it knows nothing. */
#ifndef CALC_ARITHMETIC_H
#define CALC_ARITHMETIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    NATURAL_FACTORS_MAX = 64,
    NATURAL_DIGITS_MAX = 256,
    NATURAL_LIMB_DIGITS = 9,
    NATURAL_LIMBS = (NATURAL_DIGITS_MAX + NATURAL_LIMB_DIGITS - 1) / NATURAL_LIMB_DIGITS,
};

/* The sum of count integers, at most 2^32 of them, and their product, any number of them. False: it is above 32 bits,
 * and *value is unchanged. */
bool sum_u32(const uint32_t *integers, size_t count, uint32_t *value);
bool product_u32(const uint32_t *integers, size_t count, uint32_t *value);

/* Limbs of nine decimal digits, the least significant first, count of them in use: decimal from
 * the start, because turning binary digits into decimal ones costs more than the product itself.
 * The highest limb in use is not zero, except for the number zero, which has one limb. */
struct natural {
    size_t count;
    uint32_t limbs[NATURAL_LIMBS];
};

/* The sum of count integers, at most 2^32 of them. Always fits. */
void natural_sum(struct natural *n, const uint32_t *integers, size_t count);

/* The product of count integers, at most NATURAL_FACTORS_MAX. False: it has more than 256 digits, and *n means nothing.
 * At most count times NATURAL_LIMBS steps. */
bool natural_product(struct natural *n, const uint32_t *integers, size_t count);

/* Writes the digits, the most significant first, without leading zeros and without a final NUL.
 * Returns how many: 1 to 256. */
size_t natural_to_digits(const struct natural *n, char digits[static NATURAL_DIGITS_MAX]);

#endif
