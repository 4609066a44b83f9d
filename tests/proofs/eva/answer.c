/* calc_answer() and calc_evaluate(): all datagrams of 0 to 65535 octets. What arithmetic.c does with large numbers is what
 * product.c, sums.c and digits.c prove of it; limbs and digits that are not in use count as any here. */
#include "tests/proofs/eva/contracts.h"
#include "tests/proofs/eva/harness.h"

#include "proto/arithmetic.h"

/*@ assigns \result, n->count, n->limbs[0 .. NATURAL_LIMBS - 1] \from integers[0 .. count - 1];
    ensures \initialized(&n->count) && \initialized(&n->limbs[0 .. NATURAL_LIMBS - 1]);
    ensures 1 <= n->count <= NATURAL_LIMBS;
    ensures \subset(n->limbs[0 .. NATURAL_LIMBS - 1], (0 .. 999999999));
    ensures \result == 0 || (\result == 1 && n->limbs[NATURAL_LIMBS - 1] <= 9999);
*/
bool natural_product(struct natural *n, const uint32_t *integers, size_t count);

/*@ assigns n->count, n->limbs[0 .. NATURAL_LIMBS - 1] \from integers[0 .. count - 1];
    ensures \initialized(&n->count) && \initialized(&n->limbs[0 .. NATURAL_LIMBS - 1]);
    ensures 1 <= n->count <= 2;
    ensures \subset(n->limbs[0 .. NATURAL_LIMBS - 1], (0 .. 999999999));
    ensures n->limbs[NATURAL_LIMBS - 1] <= 9999;
*/
void natural_sum(struct natural *n, const uint32_t *integers, size_t count);

/*@ requires 1 <= n->count <= NATURAL_LIMBS;
    requires \subset(n->limbs[0 .. NATURAL_LIMBS - 1], (0 .. 999999999));
    requires n->limbs[NATURAL_LIMBS - 1] <= 9999;
    requires \valid(&digits[0 .. NATURAL_DIGITS_MAX - 1]);
    assigns \result, digits[0 .. NATURAL_DIGITS_MAX - 1]
      \from n->count, n->limbs[0 .. NATURAL_LIMBS - 1];
    ensures \initialized(&digits[0 .. NATURAL_DIGITS_MAX - 1]);
    ensures \subset(digits[0 .. NATURAL_DIGITS_MAX - 1], ('0' .. '9'));
    ensures 1 <= \result <= NATURAL_DIGITS_MAX;
*/
size_t natural_to_digits(const struct natural *n, char digits[static NATURAL_DIGITS_MAX]);

/* The shapes E, L, V and D of PROTOCOL.md's section 7. That the octets of D are digits is proved in replies.c. */
static void check(size_t datagram_length, const uint8_t *reply, size_t length)
{
    if (length == 0)
        return;
    if (reply[0] == 0x00) {
        //@ assert e: length == 1;
    } else if (reply[0] == 0x8E) {
        //@ assert l: length == 5 && datagram_length == 5;
    } else {
        //@ assert v_or_d: reply[0] == 0x80 && length >= 2;
    }
}

/* The datagrams that ask for an integer apart from those that ask for a string: so a reply in digits is never compared
 * with a request that has the header of a reply. */
static void answer(size_t length, size_t readable, uint8_t form)
{
    uint8_t buffer[CALC_REQUEST_MAX];
    uint8_t *datagram = any_octets(buffer, sizeof buffer, readable);
    if (readable > 0)
        datagram[0] = (uint8_t)(2 * Frama_C_unsigned_char_interval(0, 127) + form);
    uint8_t reply[CALC_REPLY_MAX];
    size_t reply_length;
    calc_answer(datagram, length, reply, &reply_length);
    check(length, reply, reply_length);
}

static void evaluate(size_t count)
{
    struct calc_request request;
    request.opcode = (enum calc_opcode)Frama_C_unsigned_int_interval(0, 7);
    request.format = (enum calc_format)Frama_C_unsigned_int_interval(0, 1);
    request.count = count;
    if (count <= CALC_INTEGERS_MAX && count > 0)
        Frama_C_make_unknown((char *)request.integers, count * sizeof request.integers[0]);
    struct calc_reply result;
    if (calc_evaluate(&request, &result) != CALC_OK) {
        //@ assert unchanged: !\initialized(&result.success) && !\initialized(&result.format);
        //@ assert no_number: !\initialized(&result.number) && !\initialized(&result.digit_count);
        //@ assert no_digits: !\initialized(&result.digits[0]);
    }
}

void main(void)
{
    for (uint8_t form = 0; form <= 1; form++) {
        for (size_t length = 0; length <= CALC_REQUEST_MAX; length++)
            answer(length, length, form);
        answer(Frama_C_size_t_interval(CALC_REQUEST_MAX + 1, DATAGRAM_MAX), CALC_REQUEST_MAX, form);
    }

    for (size_t count = 0; count <= CALC_INTEGERS_MAX; count++)
        evaluate(count);
    evaluate(Frama_C_size_t_interval(CALC_INTEGERS_MAX + 1, SIZE_MAX));
}
