/* JUnit XML, in the shape that CI servers have in common (tests/conformance/junit.xsd). A known failure is
 * there a skipped test; a SHOULD that was missed is a test that passed and has something to say. */
#define _POSIX_C_SOURCE 200809L
#include "detail.h"
#include "escape.h"
#include "moment.h"
#include "report.h"
#include "tally.h"

#include <stdlib.h>
#include <string.h>

enum element { NOTHING, FAILURE, TROUBLE_OF_THE_KIT, SKIP, ELEMENTS };

static const char *const elements[ELEMENTS] = {"", "failure", "error", "skipped"};

static enum element element_of(const struct result *result)
{
    enum verdict verdict = result->outcome->verdict;
    if (verdict == SKIPPED || result->known == KNOWN_FAILURE)
        return SKIP;
    if (verdict == ERROR)
        return TROUBLE_OF_THE_KIT;
    return tally_counts_as_failed(result) ? FAILURE : NOTHING;
}

static size_t count_of(const struct run *run, enum element element)
{
    size_t count = 0;
    for (size_t i = 0; i < run->count; i++)
        count += element_of(&run->results[i]) == element;
    return count;
}

static void put_attribute(FILE *out, const char *name, const char *text)
{
    fprintf(out, " %s=\"", name);
    escape_text(out, ESCAPE_MARKUP, text);
    fputc('"', out);
}

static void put_counts(FILE *out, const struct run *run)
{
    fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" time=\"%.6f\"",
            run->count, count_of(run, FAILURE), count_of(run, TROUBLE_OF_THE_KIT),
            count_of(run, SKIP), (double)run->took_us / 1e6);
}

/* The lines for a person, as they would stand on a terminal. */
static void put_detail(FILE *out, const struct run *run, const struct result *result)
{
    char *text = NULL;
    size_t length = 0;
    FILE *lines = open_memstream(&text, &length);
    if (lines == NULL)
        return;
    detail_write(lines, run, result, false);
    bool complete = fclose(lines) == 0;
    if (complete)
        escape_octets(out, ESCAPE_MARKUP, text, length);
    free(text);
}

static const char *message_of(const struct result *result)
{
    return result->known == UNEXPECTED_PASS ? "passes, and the baseline says that it fails"
                                            : result->outcome->why;
}

static const char *type_of(const struct result *result)
{
    const char *trouble = trouble_name(result->outcome->trouble);
    if (result->known == UNEXPECTED_PASS)
        return "unexpected-pass";
    return trouble[0] != '\0' ? trouble : verdict_name(result->outcome->verdict);
}

static void put_finding(FILE *out, const struct run *run, const struct result *result)
{
    enum element element = element_of(result);
    if (element == NOTHING)
        return;
    fprintf(out, "      <%s", elements[element]);
    if (element != SKIP)
        put_attribute(out, "type", type_of(result));
    put_attribute(out, "message", message_of(result));
    if (element == SKIP) {
        fputs("/>\n", out);
        return;
    }
    fputs(">\n", out);
    put_detail(out, run, result);
    fprintf(out, "</%s>\n", elements[element]);
}

/* What there is to say about a test that is not told as a failure, or what the subject printed. */
static void put_system_out(FILE *out, const struct run *run, const struct result *result)
{
    const struct outcome *outcome = result->outcome;
    bool told_here = element_of(result) == NOTHING && tally_tells(result);
    if (!told_here && outcome->observed[0] == '\0' && outcome->output[0] == '\0')
        return;
    fputs("      <system-out>", out);
    if (told_here) {
        fprintf(out, "%s\n", verdict_name(outcome->verdict));
        put_detail(out, run, result);
    } else if (outcome->observed[0] != '\0') {
        fputs("observed: ", out);
        escape_text(out, ESCAPE_MARKUP, outcome->observed);
        fputc('\n', out);
    }
    escape_octets(out, ESCAPE_MARKUP, outcome->output,
                  strnlen(outcome->output, sizeof outcome->output));
    fputs("</system-out>\n", out);
}

static void put_case(FILE *out, const struct run *run, const struct result *result)
{
    fprintf(out, "    <testcase classname=\"conformance.%s\" name=\"%s ", run->suite->name,
            result->about->id);
    escape_text(out, ESCAPE_MARKUP, result->about->sentence);
    if (result->turn > 1)
        fprintf(out, ", turn %u", result->turn);
    fprintf(out, "\" time=\"%.6f\">\n", (double)result->outcome->took_us / 1e6);
    put_finding(out, run, result);
    put_system_out(out, run, result);
    fputs("    </testcase>\n", out);
}

static void put_property(FILE *out, const char *name, const char *value)
{
    fputs("      <property", out);
    put_attribute(out, "name", name);
    put_attribute(out, "value", value);
    fputs("/>\n", out);
}

static void put_properties(FILE *out, const struct run *run)
{
    fputs("    <properties>\n", out);
    put_property(out, "subject", run->subject);
    put_property(out, "version", CALC_VERSION);
    put_property(out, "strict", run->settings->strict ? "true" : "false");
    put_property(out, "unreachable", run->unreachable ? "true" : "false");
    if (run->has_grade)
        put_property(out, "grade", run->grade);
    fputs("    </properties>\n", out);
}

void report_junit(FILE *out, const struct run *run)
{
    char began[MOMENT_ROOM];
    moment_text(run->began_us, began);
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"conformance\"", out);
    put_counts(out, run);
    fprintf(out, ">\n  <testsuite name=\"conformance.%s\"", run->suite->name);
    put_counts(out, run);
    /* The schemas that there are want a local time without a zone. */
    began[strlen(began) - 1] = '\0';
    put_attribute(out, "timestamp", began);
    put_attribute(out, "hostname", "localhost");
    fputs(">\n", out);
    put_properties(out, run);
    for (size_t i = 0; i < run->count; i++)
        put_case(out, run, &run->results[i]);
    fputs("  </testsuite>\n</testsuites>\n", out);
}
