/* The fewest mistakes that, together, make the very octets that came. Where octets are not determined, as behind a
 * pointer or in a buffer that nobody filled, a pattern has to do. */
#include "diagnose.h"
#include "server_mistakes.h"

#include "proto/calc.h"

#include <string.h>

enum { STATUS = 0x80, MISTAKES_MAX = 2 };

/* Unused bits may have any value (REQ-5.2), and what is behind an error means nothing (REQ-5.6). */
static bool explains(const struct datagram *reply, const struct comparison *comparison)
{
    const uint8_t *actual = comparison->actual.octets;
    if (reply->length == 1 && reply->octets[0] == 0)
        return comparison->actual_length > 0 && (actual[0] & STATUS) == 0;
    if (reply->length != comparison->actual_length)
        return false;
    bool same_header =
        reply->octets[0] == STATUS ? (actual[0] & STATUS) != 0 : actual[0] == reply->octets[0];
    return same_header && memcmp(reply->octets + 1, actual + 1, reply->length - 1) == 0;
}

/* False: no theory of so few mistakes does. */
static bool find_theory(const struct outcome *outcome, struct theory *best)
{
    const char *mistakes[THEORY_STEPS];
    size_t fewest = MISTAKES_MAX + 1;
    struct theory theory = {0};
    do {
        struct datagram reply;
        size_t count = theory_mistakes(&theory, mistakes);
        if (count > 0 && count < fewest && theory_reply(&theory, &outcome->request, &reply) &&
            explains(&reply, &outcome->comparison)) {
            fewest = count;
            *best = theory;
        }
    } while (fewest > 1 && theory_next(&theory));
    return fewest <= MISTAKES_MAX;
}

/* Eight octets, in little-endian order, as an address of a process looks like on 64-bit systems. */
static bool is_pointer(const uint8_t *octets, size_t length)
{
    return length >= 8 && octets[6] == 0 && octets[7] == 0 && octets[5] >= 0x55 &&
           octets[5] <= 0x7F && octets[4] != 0;
}

static const char *pattern(const struct comparison *c)
{
    const uint8_t *actual = c->actual.octets, *due = c->expected.octets;
    size_t length = c->actual.length, due_length = c->expected.length;
    if (c->actual_length == 0)
        return "an empty datagram: a reply has at least one octet, with S in it";
    if (is_pointer(actual, length) || (length > 1 && is_pointer(actual + 1, length - 1)))
        return "a pointer was sent: send what it points to, and its length, not sizeof a pointer";
    if (c->format == CALC_AS_STRING && (c->actual_length == 32 || c->actual_length == 33))
        return "32-octet padded string: a whole buffer was sent (sizeof), and not what is in use "
               "of it";
    if (length > due_length && memcmp(actual + 1, due + 1, due_length - 1) == 0)
        return "a whole buffer or structure was sent (sizeof): the right reply is at its "
               "beginning, and more behind it";
    if (length > due_length && due_length > 1 && length >= due_length + 3 &&
        memcmp(actual + 4, due + 1, due_length - 1) == 0)
        return "a whole structure was sent: a C structure has padding behind the header (sizeof), "
               "the datagram has none";
    if (length < due_length && memcmp(actual, due, length) == 0)
        return "only the beginning of the reply was sent: the length is 1 + that of the payload";
    return NULL;
}

void diagnose_reply(struct outcome *outcome)
{
    struct theory theory;
    const struct comparison *comparison = &outcome->comparison;
    if (!comparison->present || !comparison->received || !outcome->has_request ||
        outcome->request.length == 0)
        return;
    if (comparison->actual_length > 0 && find_theory(outcome, &theory)) {
        const char *mistakes[THEORY_STEPS];
        size_t count = theory_mistakes(&theory, mistakes);
        for (size_t i = 0; i < count; i++)
            outcome_diagnose(outcome, mistakes[i]);
        return;
    }
    const char *known = pattern(comparison);
    if (known != NULL)
        outcome_diagnose(outcome, known);
}
