/* The report as one object of JSON; report.h lists its members. */
#define _POSIX_C_SOURCE 200809L
#include "difference.h"
#include "escape.h"
#include "moment.h"
#include "report.h"
#include "tally.h"

#include "proto/net/endpoint.h"
#include "proto/show.h"

#include <inttypes.h>
#include <string.h>

struct json {
    FILE *out;
    bool comma; /* before what comes next */
};

static void begin(struct json *j, char bracket)
{
    fputc(bracket, j->out);
    j->comma = false;
}

static void end(struct json *j, char bracket)
{
    fputc(bracket, j->out);
    j->comma = true;
}

static void next(struct json *j)
{
    if (j->comma)
        fputs(", ", j->out);
    j->comma = true;
}

static void name(struct json *j, const char *text)
{
    next(j);
    fprintf(j->out, "\"%s\": ", text);
}

static void string(struct json *j, const char *octets, size_t length)
{
    fputc('"', j->out);
    escape_octets(j->out, ESCAPE_JSON, octets, length);
    fputc('"', j->out);
}

static void member_text(struct json *j, const char *member, const char *text)
{
    name(j, member);
    string(j, text, strlen(text));
}

/* An empty text is none. */
static void member_text_or_null(struct json *j, const char *member, const char *text)
{
    name(j, member);
    if (text[0] == '\0')
        fputs("null", j->out);
    else
        string(j, text, strlen(text));
}

static void member_number(struct json *j, const char *member, size_t number)
{
    name(j, member);
    fprintf(j->out, "%zu", number);
}

static void member_bool(struct json *j, const char *member, bool value)
{
    name(j, member);
    fputs(value ? "true" : "false", j->out);
}

static void member_null(struct json *j, const char *member)
{
    name(j, member);
    fputs("null", j->out);
}

static void member_ms(struct json *j, const char *member, int64_t us)
{
    name(j, member);
    fprintf(j->out, "%.3f", (double)us / 1000);
}

static void member_datagram(struct json *j, const char *member, const struct datagram *d)
{
    name(j, member);
    fputc('"', j->out);
    for (size_t i = 0; i < d->length; i++)
        fprintf(j->out, "%02x", d->octets[i]);
    fputc('"', j->out);
}

static void put_counts(struct json *j, const struct run *run)
{
    name(j, "counts");
    begin(j, '{');
    for (enum verdict verdict = PASSED; verdict < VERDICTS; verdict++)
        member_number(j, verdict_name(verdict), run->counts[verdict]);
    member_number(j, "known", run->known_count);
    member_number(j, "unexpected", run->unexpected_count);
    end(j, '}');
}

static void put_grade(struct json *j, const struct run *run)
{
    if (!run->has_grade) {
        member_null(j, "grade");
        return;
    }
    name(j, "grade");
    begin(j, '{');
    member_text(j, "grade", run->grade);
    name(j, "points");
    fprintf(j->out, "%g", run->points);
    name(j, "points_max");
    fprintf(j->out, "%g", run->points_max);
    end(j, '}');
}

static void put_mistakes(struct json *j, const struct run *run)
{
    struct mistake mistakes[MISTAKES_MAX];
    size_t count = tally_mistakes(run, mistakes);
    name(j, "mistakes");
    begin(j, '[');
    for (size_t i = 0; i < count; i++) {
        next(j);
        begin(j, '{');
        member_text(j, "text", mistakes[i].text);
        member_number(j, "cases", mistakes[i].cases);
        end(j, '}');
    }
    end(j, ']');
}

static void put_comparison(struct json *j, const struct comparison *comparison)
{
    if (!comparison->present) {
        member_null(j, "comparison");
        return;
    }
    char text[CALC_SHOW_ROOM];
    size_t first = difference_first(comparison);
    name(j, "comparison");
    begin(j, '{');
    member_text(j, "of", comparison->of_requests ? "requests" : "replies");
    member_text(j, "format", comparison->format == CALC_AS_STRING ? "string" : "integer");
    if (comparison->expected.length > 0)
        member_datagram(j, "expected", &comparison->expected);
    else
        member_null(j, "expected");
    if (comparison->received)
        member_datagram(j, "actual", &comparison->actual);
    else
        member_null(j, "actual");
    difference_meaning(comparison, EXPECTED, text);
    member_text(j, "expected_means", text);
    difference_meaning(comparison, ACTUAL, text);
    member_text(j, "actual_means", text);
    member_number(j, "actual_length", difference_length(comparison, ACTUAL));
    if (first == NO_DIFFERENCE)
        member_null(j, "first_difference");
    else
        member_number(j, "first_difference", first);
    end(j, '}');
}

static void put_packets(struct json *j, const struct outcome *outcome)
{
    char endpoint[CALC_ENDPOINT_ROOM];
    name(j, "packets");
    begin(j, '[');
    for (size_t i = 0; i < outcome->packet_count; i++) {
        const struct outcome_packet *packet = &outcome->packets[i];
        next(j);
        begin(j, '{');
        name(j, "time_us");
        fprintf(j->out, "%" PRIu64, packet->time_us);
        calc_endpoint_text(&packet->source, endpoint);
        member_text(j, "source", endpoint);
        calc_endpoint_text(&packet->destination, endpoint);
        member_text(j, "destination", endpoint);
        member_datagram(j, "octets", &packet->payload);
        end(j, '}');
    }
    end(j, ']');
}

static void put_diagnoses(struct json *j, const struct outcome *outcome)
{
    name(j, "diagnoses");
    begin(j, '[');
    for (size_t i = 0; i < outcome->diagnosis_count; i++) {
        next(j);
        string(j, outcome->diagnoses[i], strlen(outcome->diagnoses[i]));
    }
    end(j, ']');
}

static void put_identity(struct json *j, const struct result *result)
{
    static const char *const known[] = {
        [NOT_KNOWN] = "no",
        [KNOWN_FAILURE] = "failure",
        [UNEXPECTED_PASS] = "unexpected-pass",
        [OTHER_FAILURE] = "other-failure",
    };
    char clause[CLAUSE_ROOM];
    case_clause(result->about, clause);
    member_text(j, "id", result->about->id);
    member_text(j, "clause", clause);
    member_text(j, "level", level_name(result->about->level));
    member_text(j, "sentence", result->about->sentence);
    member_number(j, "turn", result->turn);
    member_text(j, "verdict", verdict_name(result->outcome->verdict));
    member_text_or_null(j, "trouble", trouble_name(result->outcome->trouble));
    member_text(j, "known", known[result->known]);
}

static void put_result(struct json *j, const struct run *run, const struct result *result)
{
    const struct outcome *outcome = result->outcome;
    char line[REPEAT_ROOM];
    run_repeat_line(run, result, line);
    begin(j, '{');
    put_identity(j, result);
    member_text_or_null(j, "why", outcome->why);
    member_text_or_null(j, "observed", outcome->observed);
    if (outcome->observed[0] == '\0')
        member_null(j, "as_settled");
    else
        member_bool(j, "as_settled", !outcome->otherwise);
    put_diagnoses(j, outcome);
    if (outcome->has_request)
        member_datagram(j, "request", &outcome->request);
    else
        member_null(j, "request");
    put_comparison(j, &outcome->comparison);
    name(j, "output");
    string(j, outcome->output, strnlen(outcome->output, sizeof outcome->output));
    put_packets(j, outcome);
    member_ms(j, "took_ms", outcome->took_us);
    member_text(j, "repeat", line);
    end(j, '}');
}

void report_json(FILE *out, const struct run *run)
{
    struct json j = {.out = out};
    char began[MOMENT_ROOM];
    moment_text(run->began_us, began);
    begin(&j, '{');
    member_text(&j, "version", CALC_VERSION);
    member_text(&j, "suite", run->suite->name);
    member_text(&j, "subject", run->subject);
    member_text(&j, "began", began);
    member_ms(&j, "took_ms", run->took_us);
    member_bool(&j, "strict", run->settings->strict);
    member_bool(&j, "settled", run->settings->settled);
    member_bool(&j, "unreachable", run->unreachable);
    put_counts(&j, run);
    put_grade(&j, run);
    put_mistakes(&j, run);
    name(&j, "results");
    begin(&j, '[');
    for (size_t i = 0; i < run->count; i++) {
        next(&j);
        fputc('\n', out);
        put_result(&j, run, &run->results[i]);
    }
    end(&j, ']');
    end(&j, '}');
    fputc('\n', out);
}
