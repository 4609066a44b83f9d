/* The fewest mistakes that, together, make the very octets that came, in as many cases as possible. Where octets are not
 * determined, as behind a pointer or in a buffer that nobody filled, a pattern has to do. */
#include "diagnose.h"
#include "server_mistakes.h"

#include "proto/calc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { S = 0x80, THEORIES_MAX = 6000 };

/* All servers with one mistake or two. */
struct theories {
    size_t count;
    struct theory list[THEORIES_MAX];
};

static void add_theory(struct theories *theories, struct theory theory)
{
    const char *mistakes[STEPS];
    assert(theories->count + 2 <= THEORIES_MAX);
    if (theory_mistakes(&theory, mistakes) > 0)
        theories->list[theories->count++] = theory;
    if (theory.steps[COMPUTING] == 0) {
        theory.steps[COMPUTING] = COMPUTING_IN_32_BITS;
        if (theory_mistakes(&theory, mistakes) > 0)
            theories->list[theories->count++] = theory;
    }
}

static void add_pairs(struct theories *theories, struct theory theory, enum step first)
{
    for (enum step second = first + 1; second < STEPS; second++) {
        for (size_t choice = 1; choice < theory_choices(second); choice++) {
            struct theory both = theory;
            both.steps[second] = (unsigned char)choice;
            add_theory(theories, both);
        }
    }
}

/* Those with one come first: of two that explain as much, the first is taken. */
static void make_theories(struct theories *theories)
{
    theories->count = 0;
    for (int mistakes = 1; mistakes <= 2; mistakes++) {
        for (enum step step = 0; step < STEPS; step++) {
            for (size_t choice = 1; choice < theory_choices(step); choice++) {
                struct theory theory = {0};
                theory.steps[step] = (unsigned char)choice;
                if (mistakes == 1)
                    add_theory(theories, theory);
                else
                    add_pairs(theories, theory, step);
            }
        }
    }
}

/* Unused bits may have any value (REQ-5.2), and what is behind an error means nothing (REQ-5.6). */
static bool is_same(const struct datagram *reply, const struct comparison *comparison)
{
    const uint8_t *actual = comparison->actual.octets;
    if (comparison->actual_length == 0 || reply->length == 0)
        return false;
    if (reply->length == 1 && reply->octets[0] == 0)
        return (actual[0] & S) == 0;
    if (reply->length != comparison->actual_length)
        return false;
    bool same_header = reply->octets[0] == S ? (actual[0] & S) != 0 : actual[0] == reply->octets[0];
    return same_header && memcmp(reply->octets + 1, actual + 1, reply->length - 1) == 0;
}

static bool explains(const struct theory *theory, const struct outcome *outcome)
{
    struct datagram reply;
    struct exchange exchange = {.request = &outcome->request, .earlier = &outcome->earlier};
    return theory_reply(theory, &exchange, &reply) && is_same(&reply, &outcome->comparison);
}

/* Eight octets, in little-endian order, as an address of a process looks like on 64-bit systems. */
static bool is_pointer(const uint8_t *octets, size_t length)
{
    return length >= 8 && octets[6] == 0 && octets[7] == 0 && octets[5] >= 0x55 &&
           octets[5] <= 0x7F;
}

/* By itself, behind a header, or in a structure, which has padding in front of it. */
static bool has_pointer(const struct datagram *reply)
{
    static const size_t places[] = {0, 1, 8};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (reply->length > places[i] &&
            is_pointer(reply->octets + places[i], reply->length - places[i]))
            return true;
    }
    return false;
}

/* Behind the right digits, a NUL and the digits of something longer. */
static bool is_left_over(const struct comparison *c)
{
    const uint8_t *actual = c->actual.octets;
    size_t due_length = c->expected.length;
    if (due_length == 0 || c->actual.length < due_length + 2 ||
        memcmp(actual + 1, c->expected.octets + 1, due_length - 1) != 0)
        return false;
    for (size_t i = due_length; i < c->actual.length; i++) {
        if (actual[i] != 0 && (actual[i] < '0' || actual[i] > '9'))
            return false;
    }
    return true;
}

/* A success that could be one: its length is that of its form. */
static bool is_result(const struct comparison *c)
{
    struct calc_reply reply;
    return calc_reply_decode(c->actual.octets, c->actual_length, c->format, &reply) == CALC_OK;
}

/* Cut, or filled up, to the size of a pointer. Of 7 octets, a NUL would make 8, and a result of zeros would look so in other ways, too. */
static bool is_size_of_pointer(const struct comparison *c)
{
    size_t due_length = c->expected.length;
    size_t same = due_length < 8 ? due_length : 8;
    return c->actual_length == 8 && due_length > 1 && due_length != 7 && due_length != 8 &&
           c->expected.octets[same - 1] != 0 &&
           memcmp(c->actual.octets, c->expected.octets, same) == 0;
}

static const char *pattern(const struct outcome *outcome)
{
    const struct comparison *c = &outcome->comparison;
    const uint8_t *actual = c->actual.octets, *due = c->expected.octets;
    size_t length = c->actual.length, due_length = c->expected.length;
    if (c->actual_length == 0)
        return "an empty datagram: a reply has at least one octet, with S in it";
    if (has_pointer(&c->actual))
        return "a pointer was sent: send what it points to, and its length, not sizeof a pointer";
    if (due_length == 1 && length > 0 && (actual[0] & S) != 0)
        return is_result(c) ? mistake_unknown_opcode
                            : "S is 1 in an error: it has to be 0, the highest bit (mask 80)";
    if (c->actual_length == 1 && due_length == 2 && due[1] == '0' && (actual[0] & S) != 0)
        return "the result 0 has one digit, 0: do not strip all zeros";
    if (c->actual_length == 1 && (actual[0] & S) != 0)
        return "the header alone: header and payload are one datagram, so one sendto(2)";
    if (is_size_of_pointer(c))
        return "8 octets whatever the result: that is sizeof a pointer, not the length of what it "
               "points to";
    if (due_length > 1 && outcome->request.octets[0] > 3 && length > 0 && (actual[0] & S) == 0)
        return mistake_unused_bits;
    if (c->format == CALC_AS_STRING && due_length > 0 && length == due_length + 1 &&
        actual[length - 1] == 0 && memcmp(actual + 1, due + 1, due_length - 1) == 0)
        return mistake_nul;
    if (c->format == CALC_AS_STRING && (c->actual_length == 32 || c->actual_length == 33))
        return "32-octet padded string: a whole buffer was sent (sizeof), and not what is in use "
               "of it";
    if (c->format == CALC_AS_STRING && is_left_over(c))
        return "the length is that of an earlier result: send as many digits as this one has, "
               "strlen(3) of them";
    if (length > due_length && due_length > 1 && memcmp(actual + 1, due + 1, due_length - 1) == 0)
        return "a whole buffer or structure was sent (sizeof): the right reply is at its "
               "beginning, and more behind it";
    if (length >= due_length + 3 && due_length > 1 &&
        memcmp(actual + 4, due + 1, due_length - 1) == 0)
        return "a whole structure was sent: a C structure has padding behind the header (sizeof), "
               "the datagram has none";
    if (length < due_length && memcmp(actual, due, length) == 0)
        return "only the beginning of the reply was sent: the length is 1 + that of the payload";
    return NULL;
}

static bool can_be_explained(const struct outcome *outcome)
{
    return outcome->comparison.present && !outcome->comparison.of_requests &&
           outcome->comparison.received && outcome->has_request && outcome->request.length > 0 &&
           outcome->diagnosis_count == 0 &&
           (outcome->verdict == FAILED || outcome->verdict == NON_STRICT);
}

/* What looks like an address, or has the size of one, or is empty, is nothing else by chance. */
static bool is_plain(const struct comparison *c)
{
    return c->actual_length == 0 || is_size_of_pointer(c) || has_pointer(&c->actual);
}

static bool was_right(const struct outcome *outcome)
{
    return !outcome->comparison.present && outcome->comparison.received &&
           outcome->verdict == PASSED && outcome->has_request && outcome->request.length > 0;
}

/* How many replies a theory explains, less those that were right and would not have been. */
static int score(const struct theory *theory, struct outcome *const *outcomes, size_t count)
{
    int explained = 0, contradicted = 0;
    for (size_t i = 0; i < count; i++)
        explained += can_be_explained(outcomes[i]) && explains(theory, outcomes[i]);
    for (size_t i = 0; i < count && explained > contradicted; i++)
        contradicted += was_right(outcomes[i]) && !explains(theory, outcomes[i]);
    return explained - contradicted;
}

/* The theory with the best score; NULL: none has one above 0. */
static const struct theory *best_theory(const struct theories *theories,
                                        struct outcome *const *outcomes, size_t count)
{
    const struct theory *best = NULL;
    int most = 0;
    for (size_t i = 0; i < theories->count; i++) {
        int explained = score(&theories->list[i], outcomes, count);
        if (explained > most) {
            most = explained;
            best = &theories->list[i];
        }
    }
    return best;
}

static void apply(const struct theory *theory, struct outcome *const *outcomes, size_t count)
{
    const char *mistakes[STEPS];
    size_t mistake_count = theory_mistakes(theory, mistakes);
    for (size_t i = 0; i < count; i++) {
        if (!can_be_explained(outcomes[i]) || !explains(theory, outcomes[i]))
            continue;
        for (size_t k = 0; k < mistake_count; k++)
            outcome_diagnose(outcomes[i], mistakes[k]);
    }
}

static void apply_patterns(struct outcome *const *outcomes, size_t count, bool plain_only)
{
    for (size_t i = 0; i < count; i++) {
        if (!can_be_explained(outcomes[i]) || (plain_only && !is_plain(&outcomes[i]->comparison)))
            continue;
        const char *known = pattern(outcomes[i]);
        if (known != NULL)
            outcome_diagnose(outcomes[i], known);
    }
}

void diagnose_replies(struct outcome *const *outcomes, size_t count)
{
    struct theories *theories = calloc(1, sizeof *theories);
    const struct theory *theory;
    apply_patterns(outcomes, count, true);
    if (theories != NULL) {
        make_theories(theories);
        while ((theory = best_theory(theories, outcomes, count)) != NULL)
            apply(theory, outcomes, count);
    }
    free(theories);
    apply_patterns(outcomes, count, false);
}

void diagnose_reply(struct outcome *outcome)
{
    diagnose_replies(&outcome, 1);
}
