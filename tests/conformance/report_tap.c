/* Test Anything Protocol, version 14 (testanything.org). What counts as failed is "not ok"; a known failure
 * and a SHOULD that was missed are "not ok" too, but to do. The details are YAML, whose strings can be
 * written as JSON's. */
#include "escape.h"
#include "report.h"
#include "tally.h"

#include <inttypes.h>

static void put_string(FILE *out, const char *name, const char *text)
{
    if (text[0] == '\0')
        return;
    fprintf(out, "  %s: \"", name);
    escape_text(out, ESCAPE_JSON, text);
    fputs("\"\n", out);
}

static void put_datagram(FILE *out, const char *name, const struct datagram *d)
{
    fprintf(out, "  %s: \"", name);
    for (size_t i = 0; i < d->length; i++)
        fprintf(out, "%02x", d->octets[i]);
    fputs("\"\n", out);
}

static void put_details(FILE *out, const struct run *run, const struct result *result)
{
    const struct outcome *outcome = result->outcome;
    const struct comparison *comparison = &outcome->comparison;
    char line[REPEAT_ROOM];
    run_repeat_line(run, result, line);
    fputs("  ---\n", out);
    put_string(out, "message", outcome->why);
    put_string(out, "level", level_name(result->about->level));
    put_string(out, "verdict", verdict_name(outcome->verdict));
    put_string(out, "trouble", trouble_name(outcome->trouble));
    put_string(out, "observed", outcome->observed);
    if (outcome->has_request)
        put_datagram(out, "request", &outcome->request);
    if (comparison->present)
        put_datagram(out, "expected", &comparison->expected);
    if (comparison->present && comparison->received)
        put_datagram(out, "actual", &comparison->actual);
    if (outcome->diagnosis_count > 0)
        fputs("  diagnoses:\n", out);
    for (size_t i = 0; i < outcome->diagnosis_count; i++) {
        fputs("    - \"", out);
        escape_text(out, ESCAPE_JSON, outcome->diagnoses[i]);
        fputs("\"\n", out);
    }
    fprintf(out, "  duration_ms: %" PRId64 ".%03" PRId64 "\n", outcome->took_us / 1000,
            outcome->took_us % 1000);
    put_string(out, "repeat", line);
    fputs("  ...\n", out);
}

static void put_directive(FILE *out, const struct result *result)
{
    enum verdict verdict = result->outcome->verdict;
    if (verdict == SKIPPED) {
        fputs(" # SKIP ", out);
        escape_text(out, ESCAPE_TAP, result->outcome->why);
    } else if (result->known == KNOWN_FAILURE) {
        fputs(" # TODO known failure", out);
    } else if (verdict == NON_STRICT) {
        fputs(" # TODO a SHOULD is missed, which --strict makes a failure", out);
    }
}

void report_tap(FILE *out, const struct run *run)
{
    fprintf(out, "TAP version 14\n1..%zu\n", run->count);
    for (size_t i = 0; i < run->count; i++) {
        const struct result *result = &run->results[i];
        fprintf(out, "%s %zu - %s ", tally_tells(result) ? "not ok" : "ok", i + 1,
                result->about->id);
        escape_text(out, ESCAPE_TAP, result->about->sentence);
        if (result->turn > 1)
            fprintf(out, ", turn %u", result->turn);
        put_directive(out, result);
        fputc('\n', out);
        if (tally_tells(result) || result->outcome->observed[0] != '\0')
            put_details(out, run, result);
    }
    if (run->unreachable)
        fputs("# the subject can not be reached\n", out);
}
