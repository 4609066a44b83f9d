/* What a server does with a datagram, without the server: compute, and answer. */
#include "arithmetic.h"
#include "calc.h"
#include "message.h"

#include <string.h>

_Static_assert((int)NATURAL_DIGITS_MAX == (int)CALC_DIGITS_MAX,
               "the digits of a number fit a reply");
_Static_assert((int)NATURAL_FACTORS_MAX == (int)CALC_INTEGERS_MAX, "a request fits a product");

enum calc_code calc_evaluate(const struct calc_request *request, struct calc_reply *result)
{
    enum calc_code code = request_check(request);
    if (code != CALC_OK)
        return code;
    struct natural n;
    bool exact = true;
    if (request->opcode == CALC_PRODUCT)
        exact = natural_product(&n, request->integers, request->count);
    else
        natural_sum(&n, request->integers, request->count);

    if (request->format == CALC_AS_INTEGER) {
        uint32_t number;
        if (!exact || !natural_to_u32(&n, &number))
            return CALC_ABOVE_32_BITS;
        *result = (struct calc_reply){.success = true, .number = number};
        return CALC_OK;
    }
    if (!exact)
        return CALC_ABOVE_256_DIGITS;
    result->success = true;
    result->format = CALC_AS_STRING;
    result->digit_count = natural_to_digits(&n, result->digits);
    return CALC_OK;
}

enum calc_code calc_answer(const uint8_t *datagram, size_t length,
                           uint8_t reply[static CALC_REPLY_MAX], size_t *reply_length)
{
    struct calc_request request;
    enum calc_code code = calc_request_decode(datagram, length, &request);
    if (code == CALC_NO_INTEGERS) {
        *reply_length = 0;
        return code;
    }

    struct calc_reply result = {.success = false};
    if (code == CALC_OK)
        code = calc_evaluate(&request, &result);
    /* Can not fail: the result is our own, and the room is enough for the longest reply. */
    (void)calc_reply_encode(&result, reply, CALC_REPLY_MAX, reply_length);

    if (*reply_length == length && memcmp(reply, datagram, length) == 0)
        reply[0] |= REPLY_UNUSED_LOOP;
    return code;
}
