/* What is due is the library's word; what came may be anything. */
#include "judge.h"

#include "proto/show.h"

#include <stdio.h>
#include <string.h>

/* Decoded, so that unused bits and leading zeros do not matter. */
static bool same_meaning(const struct datagram *expected, const struct datagram *actual,
                         size_t actual_length, enum calc_format format)
{
    struct calc_reply due = {0}, came = {0};
    enum calc_code due_code = calc_reply_decode(expected->octets, expected->length, format, &due);
    enum calc_code came_code = calc_reply_decode(actual->octets, actual_length, format, &came);
    if (due_code != came_code)
        return false;
    return due_code != CALC_OK ||
           (due.number == came.number && due.digit_count == came.digit_count &&
            memcmp(due.digits, came.digits, due.digit_count) == 0);
}

bool answers(const struct datagram *request, const struct datagram *actual, size_t actual_length)
{
    struct datagram due = answer_to(*request);
    return due.length > 1 && actual_length == due.length &&
           memcmp(actual->octets + 1, due.octets + 1, due.length - 1) == 0;
}

bool judge_reply(struct outcome *outcome, const struct datagram *request,
                 const struct datagram *actual, size_t actual_length)
{
    struct datagram expected = answer_to(*request);
    enum calc_format format = calc_format_asked(request->octets, request->length);
    if (outcome->verdict != PASSED)
        return same_meaning(&expected, actual, actual_length, format);
    outcome->has_request = true;
    outcome->request = *request;
    outcome->comparison = (struct comparison){
        .format = format,
        .expected = expected,
        .received = true,
        .actual = *actual,
        .actual_length = actual_length,
    };
    outcome->comparison.present = !same_meaning(&expected, actual, actual_length, format);
    if (!outcome->comparison.present)
        return true;
    char due[REPLY_WORDS_ROOM], came[REPLY_WORDS_ROOM];
    reply_words(request, &expected, expected.length, due);
    reply_words(request, actual, actual_length, came);
    outcome_fail(outcome, WRONG, "%.200s is due, the reply is %.250s", due, came);
    return false;
}

void reply_words(const struct datagram *request, const struct datagram *actual,
                 size_t actual_length, char words[static REPLY_WORDS_ROOM])
{
    enum calc_format format = calc_format_asked(request->octets, request->length);
    struct calc_reply reply;
    enum calc_code code = calc_reply_decode(actual->octets, actual_length, format, &reply);
    if (code == CALC_REPLY_ERROR && actual_length == 1)
        snprintf(words, REPLY_WORDS_ROOM, "an error");
    else if (code == CALC_REPLY_ERROR)
        snprintf(words, REPLY_WORDS_ROOM, "an error with %zu octet%s behind it", actual_length - 1,
                 actual_length == 2 ? "" : "s");
    else if (code != CALC_OK)
        snprintf(words, REPLY_WORDS_ROOM, "not valid: %s", calc_code_text(code));
    else if (format == CALC_AS_INTEGER)
        snprintf(words, REPLY_WORDS_ROOM, "the result %u", reply.number);
    else if (reply.digit_count <= 40)
        snprintf(words, REPLY_WORDS_ROOM, "the result \"%.*s\"", (int)reply.digit_count,
                 reply.digits);
    else
        snprintf(words, REPLY_WORDS_ROOM, "the result \"%.12s...%.*s\" of %zu digits", reply.digits,
                 4, reply.digits + reply.digit_count - 4, reply.digit_count);
}
