/* What calc_answer() makes of a reply that is taken for a request, by the shapes of PROTOCOL.md's section 7: nothing of E,
 * E of L, and E, L or V of D. What it makes of V is in every_v.c. So a chain has at most the four replies D, V, L, E. */
#include "tests/proofs/eva/harness.h"

static void of_e(void)
{
    uint8_t e[1] = {0x00}, reply[CALC_REPLY_MAX];
    size_t length;
    calc_answer(e, sizeof e, reply, &length);
    //@ assert nothing: length == 0;
}

static void of_l(void)
{
    uint8_t l[5], reply[CALC_REPLY_MAX];
    size_t length;
    any_octets(l, sizeof l, 4);
    l[0] = 0x8E;
    calc_answer(l, sizeof l, reply, &length);
    //@ assert e: length == 1 && reply[0] == 0x00;
}

/* D is the header and the digits behind it. */
static void of_d(const uint8_t *d, size_t digits)
{
    uint8_t reply[CALC_REPLY_MAX];
    size_t length;
    calc_answer(d, 1 + digits, reply, &length);
    if (length == 1) {
        //@ assert e: reply[0] == 0x00;
        //@ assert where_e: digits % 4 != 0 || digits >= 20;
    } else {
        //@ assert l_or_v: length == 5 && (reply[0] == 0x80 || reply[0] == 0x8E);
        //@ assert where_l_or_v: digits % 4 == 0 && digits <= 20;
        //@ assert where_l: reply[0] == 0x8E ==> digits == 4;
    }
}

void main(void)
{
    of_e();
    of_l();
    uint8_t d[CALC_REPLY_MAX];
    for (size_t i = 0; i < sizeof d; i++)
        d[i] = Frama_C_unsigned_char_interval('0', '9');
    for (size_t digits = CALC_DIGITS_MAX; digits > 0; digits--) {
        uint8_t *header = d + CALC_DIGITS_MAX - digits;
        *header = 0x80;
        of_d(header, digits);
    }
}
