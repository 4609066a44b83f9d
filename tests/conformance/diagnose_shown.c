/* What a wrong result on the screen comes from: the reply is read as a program with the mistake would read it,
 * and the texts are compared. */
#include "diagnose_shown.h"

#include <stdio.h>
#include <string.h>

enum { NUMBER_ROOM = sizeof "-9223372036854775808" };

static uint32_t network(const uint8_t *octets)
{
    return (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 | (uint32_t)octets[2] << 8 |
           octets[3];
}

static uint32_t little(const uint8_t *octets)
{
    return (uint32_t)octets[3] << 24 | (uint32_t)octets[2] << 16 | (uint32_t)octets[1] << 8 |
           octets[0];
}

static bool is_number(const char *text, uint32_t number)
{
    char digits[NUMBER_ROOM];
    snprintf(digits, sizeof digits, "%u", (unsigned)number);
    if (strcmp(text, digits) == 0)
        return true;
    snprintf(digits, sizeof digits, "%d", (int)number);
    return strcmp(text, digits) == 0;
}

static bool begins_with(const char *text, const char *begin)
{
    return strncmp(text, begin, strlen(begin)) == 0;
}

static const char *integer_mistake(const char *text, const struct datagram *reply)
{
    if (reply->length < CALC_HEADER_OCTETS + CALC_INTEGER_OCTETS)
        return NULL;
    uint32_t result = network(reply->octets + 1);
    if (text[0] == '-' && is_number(text, result))
        return "the result was taken for a signed integer: it is unsigned, uint32_t and %u "
               "(REQ-3.3)";
    if (is_number(text, little(reply->octets + 1)))
        return "the result was read in little-endian order: the most significant octet comes "
               "first, see ntohl(3) "
               "(REQ-3.3)";
    if (is_number(text, network(reply->octets)) || is_number(text, little(reply->octets)))
        return "the result was read from the header on: it begins with octet 1 (REQ-5.3)";
    if (is_number(text, result & UINT16_MAX) || is_number(text, result >> 16))
        return "16 bits of the result were read: it has 32 (REQ-3.3)";
    if (is_number(text, reply->octets[CALC_HEADER_OCTETS + CALC_INTEGER_OCTETS - 1]))
        return "8 bits of the result were read: it has 32 (REQ-3.3)";
    return NULL;
}

static const char *string_mistake(const char *text, const struct datagram *reply,
                                  const char *digits)
{
    static const char *const largest[] = {"2147483647", "4294967295", "9223372036854775807",
                                          "18446744073709551615"};
    size_t payload = reply->length > 0 ? reply->length - 1 : 0;
    if (payload >= CALC_INTEGER_OCTETS &&
        (is_number(text, network(reply->octets + 1)) || is_number(text, little(reply->octets + 1))))
        return "the digits were read as an integer of 32 bits: with F=1 the payload is characters "
               "(REQ-5.4)";
    if (begins_with(text, digits))
        return "it reads on behind the datagram: the digits are not ended by a NUL, the length "
               "that recv(2) "
               "returns ends them (REQ-5.4)";
    if (begins_with(digits, text))
        return "the digits were cut: a string has up to 256 of them (REQ-5.4)";
    for (size_t i = 0; i < sizeof largest / sizeof largest[0]; i++) {
        if (strcmp(text, largest[i]) == 0)
            return "the digits were put into an integer that has no room for them: a string has up "
                   "to 256 of "
                   "them (REQ-5.4)";
    }
    return NULL;
}

static void diagnose_wrong(struct outcome *outcome, const char *text, const struct datagram *reply,
                           enum calc_format format, const char *digits)
{
    const char *mistake = format == CALC_AS_INTEGER ? integer_mistake(text, reply)
                                                    : string_mistake(text, reply, digits);
    if (mistake != NULL)
        outcome_diagnose(outcome, mistake);
}

void diagnose_shown(struct outcome *outcome, const struct shown *shown,
                    const struct datagram *reply, enum calc_format format, const char *digits)
{
    if (digits == NULL) {
        if (reply->length > 0 && (reply->octets[0] & 0x80) == 0)
            outcome_diagnose(
                outcome, (reply->octets[0] & 0x7F) == 0
                             ? "S is not looked at: the first bit of a reply, mask 80, is 0 "
                               "for an error (REQ-5.1)"
                             : "S is not looked at alone: an error has 0 in the first bit, mask "
                               "80, whatever the others are (REQ-5.1, REQ-5.2)");
        return;
    }
    if (shown->differ)
        outcome_diagnose(outcome, "more than one result is shown");
    else if (shown->count > 0)
        diagnose_wrong(outcome, shown->text, reply, format, digits);
    else if (strstr(outcome->output, digits) != NULL)
        outcome_diagnose(
            outcome,
            "the number is in its output, but not where the pattern expects it: say how the "
            "client prints a result with --expect");
}
