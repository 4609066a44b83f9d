/* Expecting, and observing. */
#include "server_ask.h"

#include "proto/show.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void note_request(struct outcome *outcome, const struct datagram *request)
{
    if (outcome->verdict != PASSED)
        return;
    outcome->has_request = true;
    outcome->request = *request;
}

bool ask(struct server_run *run, struct outcome *outcome, const struct datagram *request,
         struct answer *answer)
{
    note_request(outcome, request);
    server_ask(run, request, true, outcome, answer);
    if (answer->came || outcome->verdict == ERROR)
        return answer->came;
    if (outcome->verdict == PASSED)
        outcome->comparison = (struct comparison){
            .present = true,
            .format = calc_format_asked(request->octets, request->length),
            .expected = answer_to(*request),
        };
    server_no_answer(run, answer, outcome);
    return false;
}

bool expect_due(struct server_run *run, struct outcome *outcome, const struct datagram *request)
{
    struct answer answer;
    return ask(run, outcome, request, &answer) &&
           judge_reply(outcome, request, &answer.first.datagram, answer.first.length);
}

/* The low bits of a sum or product, as a server computes it that looks at no overflow. */
static uint64_t wrapped(const struct calc_request *request)
{
    uint64_t n = request->opcode == CALC_PRODUCT;
    for (size_t i = 0; i < request->count; i++)
        n = request->opcode == CALC_PRODUCT ? n * request->integers[i] : n + request->integers[i];
    return n;
}

/* How a server takes a result that is too large, where that can be told; NULL where not. */
static const char *overflow_words(const struct calc_request *request, const struct arrived *arrived)
{
    struct calc_reply reply;
    char as_32[24], as_64[24], as_signed[24];
    uint64_t low = wrapped(request);
    if (calc_reply_decode(arrived->datagram.octets, arrived->length, request->format, &reply) !=
        CALC_OK)
        return NULL;
    if (request->format == CALC_AS_INTEGER)
        return reply.number == (uint32_t)low ? "wraps at 32 bits"
               : reply.number == UINT32_MAX  ? "stays at the largest integer"
                                             : NULL;
    snprintf(as_32, sizeof as_32, "%" PRIu32, (uint32_t)low);
    snprintf(as_64, sizeof as_64, "%" PRIu64, low);
    snprintf(as_signed, sizeof as_signed, "%" PRIu32, UINT32_MAX);
    const struct {
        const char *digits, *words;
    } known[] = {
        {as_32,     "wraps at 32 bits"            },
        {as_64,     "wraps at 64 bits"            },
        {as_signed, "stays at the largest integer"}
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strlen(known[i].digits) == reply.digit_count &&
            memcmp(known[i].digits, reply.digits, reply.digit_count) == 0)
            return known[i].words;
    }
    return NULL;
}

static bool as_settled(const struct datagram *request, const struct answer *answer)
{
    struct datagram due = answer_to(*request);
    if (!answer->came || due.length == 0)
        return !answer->came && due.length == 0;
    return answer->first.length == due.length &&
           memcmp(answer->first.datagram.octets, due.octets, due.length) == 0;
}

void observe(struct server_run *run, struct outcome *outcome, const struct datagram *request)
{
    struct answer answer;
    char words[REPLY_WORDS_ROOM];
    note_request(outcome, request);
    server_ask(run, request, false, outcome, &answer);
    if (outcome->verdict != PASSED)
        return;
    bool settled = as_settled(request, &answer);
    if (!answer.came && answer.trouble == SILENCE) {
        outcome_observe(outcome, settled, "no reply");
        return;
    }
    if (!answer.came) {
        server_no_answer(run, &answer, outcome);
        return;
    }
    struct calc_request asked;
    const char *overflow = NULL;
    if (!settled && calc_request_decode(request->octets, request->length, &asked) == CALC_OK)
        overflow = overflow_words(&asked, &answer.first);
    reply_words(request, &answer.first.datagram, answer.first.length, words);
    outcome_observe(outcome, settled, "%s%s%s", overflow != NULL ? overflow : "",
                    overflow != NULL ? ": " : "", words);
}
