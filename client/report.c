/* The client's output in its three forms: for people, bare, and JSON (RFC 8259). */
#include "report.h"
#include "proto/draw.h"
#include "proto/term/colour.h"
#include "proto/utf8.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void report_exchange(const struct command *command, const struct exchange *exchange)
{
    char local[CALC_ENDPOINT_ROOM];
    char peer[CALC_ENDPOINT_ROOM];
    char text[CALC_DRAW_ROOM];
    bool coloured = calc_colour_wanted(STDERR_FILENO);
    calc_endpoint_text(&exchange->local, local);
    calc_endpoint_text(&exchange->peer, peer);
    calc_draw_request(exchange->request, exchange->request_length, coloured, text, sizeof text);
    fprintf(stderr, "request from %s to %s, %zu octets\n%s", local, peer, exchange->request_length,
            text);
    calc_draw_reply(exchange->reply, exchange->reply_length, command->request.format, coloured,
                    text, sizeof text);
    fprintf(stderr, "reply from %s to %s, %zu octet%s\n%s", peer, local, exchange->reply_length,
            exchange->reply_length == 1 ? "" : "s", text);
    fprintf(stderr, "round trip %.3f ms, %u sent\n", (double)exchange->round_trip_us / 1000,
            exchange->tries);
}

void report_unanswered(const struct exchange *exchange)
{
    char text[CALC_DRAW_ROOM];
    bool coloured = calc_colour_wanted(STDERR_FILENO);
    calc_draw_request(exchange->request, exchange->request_length, coloured, text, sizeof text);
    fprintf(stderr, "request, %zu octets, %u sent\n%s", exchange->request_length, exchange->tries,
            text);
}

static void print_json_string(const char *text)
{
    putchar('"');
    const uint8_t *end = (const uint8_t *)text + strlen(text);
    for (const uint8_t *p = (const uint8_t *)text; p < end;) {
        size_t length = utf8_length(p, end);
        if (length == 0)
            fputs("\\ufffd", stdout);
        else if (*p == '"' || *p == '\\')
            printf("\\%c", *p);
        else if (*p < 0x20 || *p == 0x7F)
            printf("\\u%04x", *p);
        else
            fwrite(p, 1, length, stdout);
        p += length > 0 ? length : 1;
    }
    putchar('"');
}

static void print_json_result(const struct command *command, const struct exchange *exchange,
                              const char *digits)
{
    char server[CALC_ENDPOINT_ROOM];
    calc_endpoint_text(&exchange->peer, server);
    const char *quote = command->request.format == CALC_AS_STRING ? "\"" : "";
    printf("{\"result\": %s%s%s, \"operation\": \"%s\", \"format\": \"%s\", \"integers\": [", quote,
           digits, quote, command->request.opcode == CALC_SUM ? "sum" : "product",
           command->request.format == CALC_AS_STRING ? "string" : "integer");
    for (size_t i = 0; i < command->request.count; i++)
        printf("%s%" PRIu32, i > 0 ? ", " : "", command->request.integers[i]);
    printf("], \"server\": ");
    print_json_string(server);
    printf(", \"round_trip_ms\": %.3f, \"sent\": %u}\n", (double)exchange->round_trip_us / 1000,
           exchange->tries);
}

bool report_result(const struct command *command, const struct exchange *exchange,
                   const struct calc_reply *reply, struct failure *failure)
{
    char digits[CALC_DIGITS_MAX + 1];
    if (reply->format == CALC_AS_STRING)
        snprintf(digits, sizeof digits, "%.*s", (int)reply->digit_count, reply->digits);
    else
        snprintf(digits, sizeof digits, "%" PRIu32, reply->number);

    if (command->json)
        print_json_result(command, exchange, digits);
    else
        printf(command->quiet ? "%s\n" : "Result: %s\n", digits);
    if (fflush(stdout) == EOF || ferror(stdout))
        return fail(failure, FAILURE_OUTPUT, "can not print the result: %s", strerror(errno));
    return true;
}

void report_failure(const struct command *command, const struct failure *failure)
{
    if (!command->json || failure->kind == FAILURE_OUTPUT) {
        fprintf(stderr, "client: %s\n", failure->text);
        return;
    }
    printf("{\"error\": \"%s\", \"message\": ", failure_name(failure->kind));
    print_json_string(failure->text);
    printf(", \"status\": %d}\n", failure_status(failure->kind));
    if (fflush(stdout) == EOF || ferror(stdout))
        fprintf(stderr, "client: %s\n", failure->text);
}
