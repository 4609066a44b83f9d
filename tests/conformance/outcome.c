/* Outcomes, put together: the first finding of each kind is the one that stays. */
#include "outcome.h"

#include "clock.h"

#include "proto/show.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const verdicts[VERDICTS] = {
    [PASSED] = "pass",  [FAILED] = "fail", [NON_STRICT] = "non-strict",
    [SKIPPED] = "skip", [ERROR] = "error",
};

static const char *const troubles[TROUBLES] = {
    [NO_TROUBLE] = "", [WRONG] = "wrong", [SILENCE] = "silence",
    [HANG] = "hang",   [CRASH] = "crash", [UNREACHABLE] = "unreachable",
};

const char *verdict_name(enum verdict verdict)
{
    return verdicts[verdict];
}

const char *trouble_name(enum trouble trouble)
{
    return troubles[trouble];
}

__attribute__((format(printf, 2, 0))) static void write_text(char text[static OUTCOME_TEXT_ROOM],
                                                             const char *format, va_list arguments)
{
    if (text[0] != '\0')
        return;
    vsnprintf(text, OUTCOME_TEXT_ROOM, format, arguments);
    calc_one_line(text);
}

void outcome_fail(struct outcome *outcome, enum trouble trouble, const char *format, ...)
{
    if (outcome->verdict != PASSED)
        return;
    outcome->verdict = FAILED;
    outcome->trouble = trouble;
    va_list arguments;
    va_start(arguments, format);
    write_text(outcome->why, format, arguments);
    va_end(arguments);
}

void outcome_skip(struct outcome *outcome, const char *format, ...)
{
    if (outcome->verdict != PASSED)
        return;
    outcome->verdict = SKIPPED;
    va_list arguments;
    va_start(arguments, format);
    write_text(outcome->why, format, arguments);
    va_end(arguments);
}

void outcome_error(struct outcome *outcome, const char *format, ...)
{
    if (outcome->verdict == ERROR)
        return;
    outcome->verdict = ERROR;
    outcome->why[0] = '\0';
    va_list arguments;
    va_start(arguments, format);
    write_text(outcome->why, format, arguments);
    va_end(arguments);
}

void outcome_observe(struct outcome *outcome, bool as_settled, const char *format, ...)
{
    if (outcome->observed[0] != '\0')
        return;
    outcome->otherwise = !as_settled;
    va_list arguments;
    va_start(arguments, format);
    write_text(outcome->observed, format, arguments);
    va_end(arguments);
}

void outcome_diagnose(struct outcome *outcome, const char *text)
{
    for (size_t i = 0; i < outcome->diagnosis_count; i++) {
        if (strcmp(outcome->diagnoses[i], text) == 0)
            return;
    }
    if (outcome->diagnosis_count < OUTCOME_DIAGNOSES_MAX)
        snprintf(outcome->diagnoses[outcome->diagnosis_count++], OUTCOME_TEXT_ROOM, "%s", text);
}

void outcome_packet(struct outcome *outcome, const struct sockaddr_in6 *source,
                    const struct sockaddr_in6 *destination, const uint8_t *octets, size_t length)
{
    if (outcome->packet_count == OUTCOME_PACKETS_MAX)
        return;
    struct outcome_packet *packet = &outcome->packets[outcome->packet_count++];
    packet->time_us = kit_wall_us();
    packet->source = *source;
    packet->destination = *destination;
    packet->payload.length = length < DATAGRAM_ROOM ? length : DATAGRAM_ROOM;
    memcpy(packet->payload.octets, octets, packet->payload.length);
}
