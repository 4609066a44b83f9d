/* Sum, product and decimal digits, exactly. The dearest product is what an attacker sends, so the
 * product is cheap: factors are gathered up to 32 bits first, and it stops as soon as it is lost. */
#include "arithmetic.h"

enum {
    LIMB_BASE = 1000000000,
    PARTS_MAX = NATURAL_FACTORS_MAX / 2 + 1,
    TOP_LIMB_DIGITS = NATURAL_DIGITS_MAX - (NATURAL_LIMBS - 1) * NATURAL_LIMB_DIGITS,
    TOP_LIMB_BASE = 10000, /* the highest limb has room for TOP_LIMB_DIGITS digits */
};
_Static_assert(TOP_LIMB_DIGITS == 4, "TOP_LIMB_BASE is ten to the power of TOP_LIMB_DIGITS");

static uint64_t sum_u64(const uint32_t *integers, size_t count)
{
    /* Four sums, so that no addition waits for the one before it. */
    uint64_t a = 0, b = 0, c = 0, d = 0;
    for (; count >= 4; count -= 4, integers += 4) {
        a += integers[0];
        b += integers[1];
        c += integers[2];
        d += integers[3];
    }
    for (; count > 0; count--)
        a += *integers++;
    return a + b + c + d;
}

static bool fits_u32(uint64_t number, uint32_t *value)
{
    if (number > UINT32_MAX)
        return false;
    *value = (uint32_t)number;
    return true;
}

bool sum_u32(const uint32_t *integers, size_t count, uint32_t *value)
{
    return fits_u32(sum_u64(integers, count), value);
}

bool product_u32(const uint32_t *integers, size_t count, uint32_t *value)
{
    /* What is too large stays so, whatever it grows to, unless a zero comes. */
    const uint64_t too_large = UINT64_C(1) << 32;
    uint64_t product = 1;
    for (size_t i = 0; i < count; i++) {
        product *= integers[i];
        product = product < too_large ? product : too_large;
    }
    return fits_u32(product, value);
}

static void natural_set(struct natural *n, uint64_t value)
{
    n->count = 0;
    do {
        n->limbs[n->count++] = (uint32_t)(value % LIMB_BASE);
        value /= LIMB_BASE;
    } while (value > 0);
}

void natural_sum(struct natural *n, const uint32_t *integers, size_t count)
{
    natural_set(n, sum_u64(integers, count));
}

/* product = a * b, none of them zero; product may be a or b. False: more than 256 digits. */
static bool natural_multiply(struct natural *product, const struct natural *a,
                             const struct natural *b)
{
    size_t columns = a->count + b->count - 1; /* the product has as many limbs, or one more */
    if (columns > NATURAL_LIMBS)
        return false;
    /* A column adds up at most (NATURAL_LIMBS + 1) / 2 products: that leaves room in 64 bits. */
    uint64_t sums[NATURAL_LIMBS] = {0};
    for (size_t i = 0; i < a->count; i++) {
        for (size_t k = 0; k < b->count; k++)
            sums[i + k] += (uint64_t)a->limbs[i] * b->limbs[k];
    }
    uint64_t carry = 0;
    for (size_t i = 0; i < columns; i++) {
        carry += sums[i];
        product->limbs[i] = (uint32_t)(carry % LIMB_BASE);
        carry /= LIMB_BASE;
    }
    product->count = columns;
    if (carry > 0) {
        if (columns == NATURAL_LIMBS)
            return false;
        product->limbs[product->count++] = (uint32_t)carry;
    }
    return product->count < NATURAL_LIMBS || product->limbs[NATURAL_LIMBS - 1] < TOP_LIMB_BASE;
}

static bool any_zero(const uint32_t *integers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (integers[i] == 0)
            return true;
    }
    return false;
}

/* Multiplies neighbours for as long as the product stays within 64 bits for certain. Every part
 * but the last takes two integers or more. Returns the number of parts. */
static size_t gather(struct natural parts[static PARTS_MAX], const uint32_t *integers, size_t count)
{
    size_t filled = 0;
    uint64_t part = 1;
    for (size_t i = 0; i < count; i++) {
        part *= integers[i];
        if (part > UINT32_MAX) {
            natural_set(&parts[filled++], part);
            part = 1;
        }
    }
    natural_set(&parts[filled++], part);
    return filled;
}

bool natural_product(struct natural *n, const uint32_t *integers, size_t count)
{
    /* A zero anywhere is the result, however large the others are. */
    if (any_zero(integers, count)) {
        natural_set(n, 0);
        return true;
    }
    struct natural parts[PARTS_MAX];
    size_t left = gather(parts, integers, count);
    for (; left > 1; left = (left + 1) / 2) {
        for (size_t i = 0; i < left / 2; i++) {
            if (!natural_multiply(&parts[i], &parts[2 * i], &parts[2 * i + 1]))
                return false;
        }
        if (left % 2 == 1)
            parts[left / 2] = parts[left - 1];
    }
    *n = parts[0];
    return true;
}

size_t natural_to_digits(const struct natural *n, char digits[static NATURAL_DIGITS_MAX])
{
    char *p = digits;
    uint32_t top = n->limbs[n->count - 1];
    for (uint32_t power = LIMB_BASE / 10; power > 0; power /= 10) {
        if (top >= power || power == 1)
            *p++ = (char)('0' + top / power % 10);
    }
    for (size_t i = n->count - 1; i > 0; i--, p += NATURAL_LIMB_DIGITS) {
        uint32_t limb = n->limbs[i - 1];
        for (int at = NATURAL_LIMB_DIGITS; at-- > 0; limb /= 10)
            p[at] = (char)('0' + limb % 10);
    }
    return (size_t)(p - digits);
}
