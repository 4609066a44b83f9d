/* gmp SEED CASES: calc_evaluate() against GMP, which shares no line with proto/, on requests that are drawn so that their results
 * lie on the borders of REQ-6.5 to REQ-6.8 far more often than chance would have it. The first difference ends it. What the
 * octets look like is for others. */
#include "proto/calc.h"

#include <stdio.h> /* before gmp.h, which has gmp_fprintf() only then */

#include <gmp.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { NEAR = 3, UNTOUCHED = 0xA5 };

/* What has to be met at least once, or the cases were not those that are promised above. */
enum outcome {
    SUM_NUMBER,
    SUM_ABOVE,
    SUM_DIGITS,
    PRODUCT_NUMBER,
    PRODUCT_ABOVE,
    PRODUCT_DIGITS,
    PRODUCT_TOO_MANY,
    ZERO,
    LARGEST_NUMBER,
    FIRST_ABOVE,
    DIGITS_256,
    LARGEST_DIGITS,
    DIGITS_257,
    FIRST_TOO_MANY,
    INTEGERS_64,
    OUTCOMES,
};

static const char *const outcome_names[OUTCOMES] = {
    [SUM_NUMBER] = "sums within 32 bits",
    [SUM_ABOVE] = "sums above",
    [SUM_DIGITS] = "sums as a string",
    [PRODUCT_NUMBER] = "products within 32 bits",
    [PRODUCT_ABOVE] = "products above",
    [PRODUCT_DIGITS] = "products as a string",
    [PRODUCT_TOO_MANY] = "products above 256 digits",
    [ZERO] = "0",
    [LARGEST_NUMBER] = "4294967295",
    [FIRST_ABOVE] = "4294967296",
    [DIGITS_256] = "256 digits",
    [LARGEST_DIGITS] = "256 digits, the first eight of them 9",
    [DIGITS_257] = "257 digits",
    [FIRST_TOO_MANY] = "10^256",
    [INTEGERS_64] = "64 integers",
};

struct check {
    uint64_t random;
    mpz_t exact, work;
    mpz_t too_many; /* 10^256 */
    mpz_t nearly;   /* 10^256 - 10^248 */
    uint64_t of[OUTCOMES];
};

/* splitmix64: the same numbers for the same seed, on any machine. */
static uint64_t draw(struct check *c)
{
    uint64_t z = c->random += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static uint32_t draw_below(struct check *c, uint64_t end)
{
    return (uint32_t)(draw(c) % end);
}

static size_t draw_count(struct check *c)
{
    return draw_below(c, 4) == 0 ? CALC_INTEGERS_MAX : 1 + draw_below(c, CALC_INTEGERS_MAX);
}

/* Each length in bits as often as the others. */
static uint32_t draw_of_any_length(struct check *c)
{
    return (uint32_t)((draw(c) & UINT32_MAX) >> draw_below(c, 32));
}

/* -NEAR to NEAR. */
static int64_t draw_step(struct check *c)
{
    return (int64_t)draw_below(c, 2 * NEAR + 1) - NEAR;
}

static void add(struct calc_request *r, uint32_t integer)
{
    r->integers[r->count++] = integer;
}

static void draw_any(struct check *c, struct calc_request *r)
{
    for (size_t n = draw_count(c); r->count < n;)
        add(r, (uint32_t)draw(c));
}

static void draw_lengths(struct check *c, struct calc_request *r)
{
    for (size_t n = draw_count(c); r->count < n;)
        add(r, draw_of_any_length(c));
}

/* A few that are small enough for results within 32 bits. */
static void draw_few(struct check *c, struct calc_request *r)
{
    for (size_t n = 1 + draw_below(c, 5); r->count < n;)
        add(r, draw_below(c, UINT64_C(2) << draw_below(c, 32)));
}

/* Zeros and ones between the others. */
static void draw_zeros_and_ones(struct check *c, struct calc_request *r)
{
    const uint32_t zeros = draw_below(c, 2);
    for (size_t n = draw_count(c); r->count < n;) {
        uint32_t integer =
            draw_below(c, 3) > 0 ? 1 - draw_below(c, 1 + zeros) : draw_of_any_length(c);
        add(r, integer);
    }
}

/* A sum of 2^32, or a step beside it. */
static void draw_sum_at_border(struct check *c, struct calc_request *r)
{
    int64_t rest = (INT64_C(1) << 32) + draw_step(c);
    for (size_t n = draw_count(c); r->count + 1 < n || rest > UINT32_MAX;) {
        uint32_t part = draw_below(c, (uint64_t)(rest > UINT32_MAX ? UINT32_MAX : rest));
        add(r, r->count + 2 < CALC_INTEGERS_MAX ? part : UINT32_MAX / 2);
        rest -= r->integers[r->count - 1];
        if (rest < 0 || r->count + 1 == CALC_INTEGERS_MAX)
            break;
    }
    add(r, rest < 0 ? 0 : (uint32_t)rest);
}

/* A product of two or three near 2^32, exactly that where it divides. */
static void draw_product_at_border(struct check *c, struct calc_request *r)
{
    static const uint32_t of_2_32_minus_1[] = {3, 5, 17, 257, 65537};
    uint64_t rest = UINT64_C(1) << 32;
    if (draw_below(c, 2) == 0) {
        rest -= 1;
        for (size_t n = 1 + draw_below(c, 4); r->count < n && rest > 1;) {
            uint32_t factor = of_2_32_minus_1[draw_below(c, 5)];
            if (rest % factor == 0) {
                add(r, factor);
                rest /= factor;
            }
        }
    } else {
        for (size_t n = 1 + draw_below(c, 2); r->count < n;) {
            add(r, draw_below(c, 2) == 0 ? UINT32_C(1) << (1 + draw_below(c, 15))
                                         : 2 + draw_below(c, 40000));
            rest = rest / r->integers[r->count - 1] + (draw_below(c, 4) == 0);
        }
    }
    add(r, (uint32_t)rest + (draw_below(c, 4) == 0) - (draw_below(c, 4) == 0));
}

/* Factors until one more gets to 10^256, and the one that does so, or a step beside it. */
static void draw_product_at_256_digits(struct check *c, struct calc_request *r)
{
    const uint32_t shortest = draw_below(c, 20); /* the longer the integers, the fewer there are */
    mpz_set_ui(c->exact, 1);
    for (;;) {
        mpz_tdiv_q(c->work, c->too_many, c->exact);
        if (mpz_cmp_ui(c->work, UINT32_MAX - NEAR) < 0 || r->count == CALC_INTEGERS_MAX - 1)
            break;
        uint32_t integer = draw_below(c, 2) == 0
                               ? (UINT32_C(0x80000000) >> shortest) | draw_of_any_length(c)
                               : (uint32_t)draw(c) | 1;
        add(r, integer);
        mpz_mul_ui(c->exact, c->exact, integer);
    }
    unsigned long last = mpz_fits_ulong_p(c->work) ? mpz_get_ui(c->work) : UINT32_MAX - NEAR;
    add(r, (uint32_t)((int64_t)(last < NEAR                ? NEAR
                                : last > UINT32_MAX - NEAR ? UINT32_MAX - NEAR
                                                           : last) +
                      draw_step(c)));
}

/* Powers of ten, two and five: 10^256 itself, and numbers with many zeros. */
static void draw_powers(struct check *c, struct calc_request *r)
{
    static const uint32_t powers[] = {1,      10,      100,      1000,      10000,
                                      100000, 1000000, 10000000, 100000000, 1000000000};
    const uint32_t kind = draw_below(c, 3);
    uint32_t zeros = kind == 0 ? CALC_DIGITS_MAX : draw_below(c, CALC_DIGITS_MAX + 2);
    while (zeros > 0 && r->count < CALC_INTEGERS_MAX) {
        uint32_t left = CALC_INTEGERS_MAX - (uint32_t)r->count;
        uint32_t least = (zeros + left - 1) / left, step = 1 + draw_below(c, 9);
        step = step < least ? least : step;
        step = step > zeros ? zeros : step;
        add(r, powers[step]);
        zeros -= step;
    }
    if (r->count == 0 || (kind == 2 && r->count < CALC_INTEGERS_MAX))
        add(r, draw_below(c, 10));
    if (kind > 0) /* ten itself becomes nine or eleven, and so on */
        r->integers[draw_below(c, r->count)] += (uint32_t)draw_step(c) % 2;
}

static void draw_request(struct check *c, struct calc_request *r)
{
    static void (*const kinds[])(struct check *, struct calc_request *) = {
        draw_any,
        draw_lengths,
        draw_few,
        draw_zeros_and_ones,
        draw_sum_at_border,
        draw_product_at_border,
        draw_product_at_256_digits,
        draw_powers,
    };
    r->count = 0;
    kinds[draw_below(c, sizeof kinds / sizeof kinds[0])](c, r);
    /* The order must not matter. */
    uint32_t *one = &r->integers[draw_below(c, r->count)],
             *other = &r->integers[draw_below(c, r->count)];
    uint32_t held = *one;
    *one = *other;
    *other = held;
}

static void evaluate_with_gmp(struct check *c, const struct calc_request *r)
{
    mpz_set_ui(c->exact, r->opcode == CALC_SUM ? 0 : 1);
    for (size_t i = 0; i < r->count; i++) {
        if (r->opcode == CALC_SUM)
            mpz_add_ui(c->exact, c->exact, r->integers[i]);
        else
            mpz_mul_ui(c->exact, c->exact, r->integers[i]);
    }
}

static void count_outcome(struct check *c, const struct calc_request *r, bool fits, size_t digits)
{
    bool sum = r->opcode == CALC_SUM, string = r->format == CALC_AS_STRING;
    if (string)
        c->of[sum ? SUM_DIGITS : fits ? PRODUCT_DIGITS : PRODUCT_TOO_MANY]++;
    else if (sum)
        c->of[fits ? SUM_NUMBER : SUM_ABOVE]++;
    else
        c->of[fits ? PRODUCT_NUMBER : PRODUCT_ABOVE]++;
    c->of[ZERO] += mpz_sgn(c->exact) == 0;
    c->of[INTEGERS_64] += r->count == CALC_INTEGERS_MAX;
    c->of[LARGEST_NUMBER] += !string && mpz_cmp_ui(c->exact, UINT32_MAX) == 0;
    mpz_sub_ui(c->work, c->exact, UINT32_MAX);
    c->of[FIRST_ABOVE] += !string && mpz_cmp_ui(c->work, 1) == 0;
    c->of[DIGITS_256] += string && digits == CALC_DIGITS_MAX;
    c->of[DIGITS_257] += string && digits == CALC_DIGITS_MAX + 1;
    c->of[FIRST_TOO_MANY] += string && mpz_cmp(c->exact, c->too_many) == 0;
    c->of[LARGEST_DIGITS] += string && fits && mpz_cmp(c->exact, c->nearly) >= 0;
}

static bool is_untouched(const struct calc_reply *reply)
{
    const unsigned char *octets = (const unsigned char *)reply;
    for (size_t i = 0; i < sizeof *reply; i++) {
        if (octets[i] != UNTOUCHED)
            return false;
    }
    return true;
}

/* Whether calc_evaluate() found the exact result, or that there is none; the reply is unchanged then. */
static bool agrees(struct check *c, const struct calc_request *r)
{
    char digits[CALC_INTEGERS_MAX * 10 + 2];
    struct calc_reply reply;
    memset(&reply, UNTOUCHED, sizeof reply);
    enum calc_code code = calc_evaluate(r, &reply);
    evaluate_with_gmp(c, r);
    if (r->format == CALC_AS_INTEGER) {
        bool fits = mpz_cmp_ui(c->exact, UINT32_MAX) <= 0;
        count_outcome(c, r, fits, 0);
        if (!fits)
            return code == CALC_ABOVE_32_BITS && is_untouched(&reply);
        return code == CALC_OK && reply.success && reply.format == r->format &&
               reply.number == mpz_get_ui(c->exact);
    }
    mpz_get_str(digits, 10, c->exact);
    size_t count = strlen(digits);
    count_outcome(c, r, count <= CALC_DIGITS_MAX, count);
    if (count > CALC_DIGITS_MAX)
        return code == CALC_ABOVE_256_DIGITS && is_untouched(&reply);
    return code == CALC_OK && reply.success && reply.format == r->format &&
           reply.digit_count == count && memcmp(reply.digits, digits, count) == 0;
}

static void tell_difference(struct check *c, const struct calc_request *r, uint64_t number)
{
    struct calc_reply reply = {0};
    enum calc_code code = calc_evaluate(r, &reply);
    fprintf(stderr, "gmp: case %" PRIu64 ": the %s as %s of", number,
            r->opcode == CALC_SUM ? "sum" : "product",
            r->format == CALC_AS_STRING ? "a string" : "an integer");
    for (size_t i = 0; i < r->count; i++)
        fprintf(stderr, " %" PRIu32, r->integers[i]);
    gmp_fprintf(stderr, " is %Zd; calc_evaluate() has ", c->exact);
    if (code != CALC_OK)
        fprintf(stderr, "none: %s\n", calc_code_text(code));
    else if (r->format == CALC_AS_STRING)
        fprintf(stderr, "%.*s\n", (int)reply.digit_count, reply.digits);
    else
        fprintf(stderr, "%" PRIu32 "\n", reply.number);
}

/* False: something that was to be met was not. */
static bool tell_outcomes(const struct check *c, uint64_t seed, uint64_t cases)
{
    bool all = true;
    printf("seed %" PRIu64 ", %" PRIu64 " cases, no difference\n", seed, cases);
    for (size_t i = 0; i < OUTCOMES; i++) {
        printf("%12" PRIu64 "  %s\n", c->of[i], outcome_names[i]);
        all = all && c->of[i] > 0;
    }
    if (!all)
        fprintf(stderr, "gmp: some outcome was never met\n");
    return all;
}

static bool read_number(const char *word, uint64_t *number)
{
    char *end;
    *number = strtoull(word, &end, 10);
    return word[0] >= '0' && word[0] <= '9' && *end == '\0';
}

int main(int argc, char **argv)
{
    uint64_t seed, cases;
    if (argc != 3 || !read_number(argv[1], &seed) || !read_number(argv[2], &cases)) {
        fprintf(stderr, "usage: gmp SEED CASES\n");
        return 2;
    }
    struct check check = {.random = seed};
    mpz_inits(check.exact, check.work, check.too_many, check.nearly, NULL);
    mpz_ui_pow_ui(check.too_many, 10, CALC_DIGITS_MAX);
    mpz_ui_pow_ui(check.nearly, 10, CALC_DIGITS_MAX - 8);
    mpz_sub(check.nearly, check.too_many, check.nearly);
    bool same = true;
    for (uint64_t number = 0; same && number < cases; number++) {
        struct calc_request request = {0};
        draw_request(&check, &request);
        request.opcode = draw_below(&check, 3) == 0 ? CALC_SUM : CALC_PRODUCT;
        request.format = draw_below(&check, 2) == 0 ? CALC_AS_INTEGER : CALC_AS_STRING;
        same = agrees(&check, &request);
        if (!same)
            tell_difference(&check, &request, number);
    }
    same = same && tell_outcomes(&check, seed, cases);
    mpz_clears(check.exact, check.work, check.too_many, check.nearly, NULL);
    return same ? 0 : 1;
}
