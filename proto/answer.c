/* What a server does with a datagram, without the server: compute, and answer. */
#include "arithmetic.h"
#include "calc.h"
#include "message.h"

_Static_assert((int)NATURAL_DIGITS_MAX == (int)CALC_DIGITS_MAX,
               "the digits of a number fit a reply");
_Static_assert((int)NATURAL_FACTORS_MAX == (int)CALC_INTEGERS_MAX, "a request fits a product");

static enum calc_code evaluate_as_integer(const struct calc_request *request,
                                          struct calc_reply *result)
{
    uint32_t number;
    bool fits = request->opcode == CALC_SUM
                    ? sum_u32(request->integers, request->count, &number)
                    : product_u32(request->integers, request->count, &number);
    if (!fits)
        return CALC_ABOVE_32_BITS;
    result->success = true;
    result->format = CALC_AS_INTEGER;
    result->number = number;
    return CALC_OK;
}

static enum calc_code evaluate_as_string(const struct calc_request *request,
                                         struct calc_reply *result)
{
    struct natural n;
    if (request->opcode == CALC_SUM)
        natural_sum(&n, request->integers, request->count);
    else if (!natural_product(&n, request->integers, request->count))
        return CALC_ABOVE_256_DIGITS;
    result->success = true;
    result->format = CALC_AS_STRING;
    result->digit_count = natural_to_digits(&n, result->digits);
    return CALC_OK;
}

/* Of a request that has been found to be one. */
static enum calc_code evaluate(const struct calc_request *request, struct calc_reply *result)
{
    return request->format == CALC_AS_INTEGER ? evaluate_as_integer(request, result)
                                              : evaluate_as_string(request, result);
}

enum calc_code calc_evaluate(const struct calc_request *request, struct calc_reply *result)
{
    enum calc_code code = request_check(request);
    return code == CALC_OK ? evaluate(request, result) : code;
}

enum calc_code calc_answer(const uint8_t *datagram, size_t length, uint8_t reply[CALC_REPLY_MAX],
                           size_t *reply_length)
{
    struct calc_request request;
    enum calc_code code = calc_request_decode(datagram, length, &request);
    if (code == CALC_NO_INTEGERS) {
        *reply_length = 0;
        return code;
    }

    /* Not all of it: what an error and an integer do not use would cost more to clear than they cost. */
    struct calc_reply result;
    result.success = false;
    if (code == CALC_OK)
        code = evaluate(&request, &result);
    /* Can not fail: the result is our own, and the room is enough for the longest reply. */
    (void)calc_reply_encode(&result, reply, CALC_REPLY_MAX, reply_length);

    /* REQ-7.1: the reply equals its request. Behind the header nothing is left to compare: a request with the header
     * 80 is for a sum as an integer, and a reply as long as it for the sum of one integer, which is that integer. An
     * error is shorter. */
    if (reply[0] == datagram[0] && *reply_length == length)
        reply[0] |= REPLY_UNUSED_LOOP;
    return code;
}
