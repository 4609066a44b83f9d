/* The client's output in its three forms: for people, bare, and JSON (RFC 8259). */
#include "report.h"
#include "proto/draw.h"
#include "proto/term/colour.h"
#include "proto/term/program.h"
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

static void print_json_string(FILE *out, const char *text)
{
    putc('"', out);
    const uint8_t *end = (const uint8_t *)text + strlen(text);
    for (const uint8_t *p = (const uint8_t *)text; p < end;) {
        size_t length = utf8_length(p, end);
        if (length == 0)
            fputs("\\ufffd", out);
        else if (*p == '"' || *p == '\\')
            fprintf(out, "\\%c", *p);
        else if (*p < 0x20 || *p == 0x7F)
            fprintf(out, "\\u%04x", *p);
        else
            fwrite(p, 1, length, out);
        p += length > 0 ? length : 1;
    }
    putc('"', out);
}

static void print_json_line(FILE *out, uint64_t line)
{
    if (line > 0)
        fprintf(out, "\"line\": %" PRIu64 ", ", line);
}

size_t report_digits(const struct calc_reply *reply, char digits[static REPORT_DIGITS_ROOM])
{
    int length =
        reply->format == CALC_AS_STRING
            ? snprintf(digits, REPORT_DIGITS_ROOM, "%.*s", (int)reply->digit_count, reply->digits)
            : snprintf(digits, REPORT_DIGITS_ROOM, "%" PRIu32, reply->number);
    return (size_t)length;
}

void report_json_result(FILE *out, const struct result *result)
{
    char server[CALC_ENDPOINT_ROOM];
    char digits[REPORT_DIGITS_ROOM];
    const struct calc_request *request = result->request;
    calc_endpoint_text(result->server, server);
    report_digits(result->reply, digits);
    const char *quote = request->format == CALC_AS_STRING ? "\"" : "";
    putc('{', out);
    print_json_line(out, result->line);
    fprintf(out, "\"result\": %s%s%s, \"operation\": \"%s\", \"format\": \"%s\", \"integers\": [",
            quote, digits, quote, request->opcode == CALC_SUM ? "sum" : "product",
            request->format == CALC_AS_STRING ? "string" : "integer");
    for (size_t i = 0; i < request->count; i++)
        fprintf(out, "%s%" PRIu32, i > 0 ? ", " : "", request->integers[i]);
    fprintf(out, "], \"server\": ");
    print_json_string(out, server);
    fprintf(out, ", \"round_trip_ms\": %.3f, \"sent\": %u}\n", (double)result->round_trip_us / 1000,
            result->sent);
}

bool report_result(const struct command *command, const struct exchange *exchange,
                   const struct calc_reply *reply, struct failure *failure)
{
    char digits[REPORT_DIGITS_ROOM];
    report_digits(reply, digits);
    if (command->json)
        report_json_result(stdout, &(struct result){.request = &command->request,
                                                    .reply = reply,
                                                    .server = &exchange->peer,
                                                    .round_trip_us = exchange->round_trip_us,
                                                    .sent = exchange->tries});
    else
        printf(command->quiet ? "%s\n" : "Result: %s\n", digits);
    if (!calc_printed())
        return fail(failure, FAILURE_OUTPUT, "can not print the result: %s", strerror(errno));
    return true;
}

void report_json_failure(FILE *out, uint64_t line, const struct failure *failure)
{
    putc('{', out);
    print_json_line(out, line);
    fprintf(out, "\"error\": \"%s\", \"message\": ", failure_name(failure->kind));
    print_json_string(out, failure->text);
    fprintf(out, ", \"status\": %d}\n", failure_status(failure->kind));
}

void report_failure(const struct command *command, const struct failure *failure)
{
    if (!command->json || failure->kind == FAILURE_OUTPUT) {
        fprintf(stderr, "%s: %s\n", calc_program(), failure->text);
        return;
    }
    report_json_failure(stdout, 0, failure);
    if (!calc_printed())
        fprintf(stderr, "%s: %s\n", calc_program(), failure->text);
}
