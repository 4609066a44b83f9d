/* The words for the result codes, each with the clause of PROTOCOL.md that it is about. */
#include "calc.h"

static const char *const texts[CALC_CODE_COUNT] = {
    [CALC_OK] = "success",
    [CALC_NO_INTEGERS] = "no integers, so no request (REQ-6.1)",
    [CALC_TOO_LONG] = "more than 256 octets of payload, or 64 integers (REQ-6.2)",
    [CALC_NOT_WHOLE] = "the payload is not a whole number of 32-bit integers (REQ-6.3)",
    [CALC_UNKNOWN_OPCODE] = "the opcode is neither 0 (sum) nor 1 (product) (REQ-6.4)",
    [CALC_ABOVE_32_BITS] = "the result is above 4294967295, the largest integer (REQ-6.7)",
    [CALC_ABOVE_256_DIGITS] = "the result has more than 256 digits (REQ-6.8)",
    [CALC_REPLY_EMPTY] = "the reply has 0 octets (REQ-5.1)",
    [CALC_REPLY_ERROR] = "the server answered with an error (REQ-5.1)",
    [CALC_REPLY_LENGTH] = "the reply's length is not that of the form asked for (REQ-5.3, REQ-5.4)",
    [CALC_REPLY_NOT_DIGITS] = "the reply holds other octets than ASCII digits (REQ-5.4)",
    [CALC_NO_ROOM] = "the buffer is too small",
};

const char *calc_code_text(enum calc_code code)
{
    return (unsigned)code < CALC_CODE_COUNT ? texts[code] : "a code that does not exist";
}
