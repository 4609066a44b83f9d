/* The report as one page of HTML for a person: it loads nothing and runs nothing, and says so to the browser.
 * What it looks like is in report.css. */
#include "escape.h"
#include "html_case.h"
#include "moment.h"
#include "report.h"
#include "tally.h"

#include <ctype.h>
#include <string.h>

/* The style sheet, ended by NUL. The path is seen from the root of the tree, where make runs. */
extern const char report_css[];
__asm__(".pushsection .rodata\n"
        "report_css:\n"
        ".incbin \"tests/conformance/report.css\"\n"
        ".byte 0\n"
        ".popsection\n");

static bool is_failed(const struct result *result)
{
    return tally_counts_as_failed(result);
}

static bool is_non_strict(const struct result *result)
{
    return result->outcome->verdict == NON_STRICT && result->known != KNOWN_FAILURE;
}

static bool is_known(const struct result *result)
{
    return result->known == KNOWN_FAILURE;
}

static bool is_skipped(const struct result *result)
{
    return result->outcome->verdict == SKIPPED;
}

static bool is_plain_pass(const struct result *result)
{
    return result->outcome->verdict == PASSED && result->known != UNEXPECTED_PASS;
}

static bool is_otherwise(const struct result *result)
{
    return is_plain_pass(result) && result->outcome->observed[0] != '\0' &&
           result->outcome->otherwise;
}

static bool is_observed(const struct result *result)
{
    return is_plain_pass(result) && result->outcome->observed[0] != '\0' &&
           !result->outcome->otherwise;
}

static bool is_passed(const struct result *result)
{
    return is_plain_pass(result) && result->outcome->observed[0] == '\0';
}

/* Each result stands in one of these. */
struct part {
    const char *id;
    const char *heading;
    const char *style; /* that of its verdict */
    bool open;
    bool (*has)(const struct result *result);
    const char *remark;
};

/* clang-format off */
static const struct part parts[] = {
    {"failed", "Failed", "fail", true, is_failed, ""},
    {"non-strict", "Not strict", "non-strict", true, is_non_strict,
     "A SHOULD is missed. The published text allows it; others may rely on it."},
    {"known", "Known", "known", false, is_known, "Failures that the baseline lists."},
    {"otherwise", "Observed", "observed", false, is_otherwise,
     "The published text leaves this open, so it is not wrong. PROTOCOL.md settles it otherwise."},
    {"observed", "As settled", "observed", false, is_observed,
     "The published text leaves this open. It is as PROTOCOL.md settles it."},
    {"skipped", "Skipped", "skip", false, is_skipped,
     "This could not be tried here, which says nothing about the subject."},
    {"passed", "Passed", "pass", false, is_passed, ""},
};
/* clang-format on */

enum { PARTS = sizeof parts / sizeof parts[0] };

static size_t count_of(const struct run *run, const struct part *part)
{
    size_t count = 0;
    for (size_t i = 0; i < run->count; i++)
        count += part->has(&run->results[i]);
    return count;
}

static void put_head(FILE *out, const struct run *run)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
          "style-src 'unsafe-inline'; img-src data:\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n"
          "<link rel=\"icon\" href=\"data:,\">\n",
          out);
    fprintf(out, "<title>%zu failed: %s ", count_of(run, &parts[0]), run->suite->name);
    html_element(out, "", run->subject, "</title>\n<style>\n");
    fputs(report_css, out);
    fputs("</style>\n</head>\n<body>\n", out);
}

static void put_judgement(FILE *out, const struct run *run)
{
    size_t failed = count_of(run, &parts[0]);
    if (run->unreachable)
        fputs("<p class=\"judgement fail\">It can not be reached.</p>\n", out);
    else if (failed > 0)
        fprintf(out, "<p class=\"judgement fail\">%zu of %zu failed</p>\n", failed, run->count);
    else
        fprintf(out, "<p class=\"judgement pass\">None of %zu failed</p>\n", run->count);
    if (!run->has_grade)
        return;
    html_element(out, "<p class=\"grade\">Grade <strong>", run->grade, "</strong>");
    fprintf(out, ", %g of %g points</p>\n", run->points, run->points_max);
}

/* The counts as links to their sections, and the same as a bar. */
static void put_counts(FILE *out, const struct run *run)
{
    fputs("<ul class=\"counts\">\n", out);
    for (size_t i = 0; i < PARTS; i++) {
        size_t count = count_of(run, &parts[i]);
        if (count > 0)
            fprintf(out, "<li class=\"%s\"><a href=\"#%s\"><b>%zu</b> %s</a></li>\n",
                    parts[i].style, parts[i].id, count, parts[i].heading);
    }
    fputs("</ul>\n<div class=\"bar\" aria-hidden=\"true\">", out);
    for (size_t i = 0; i < PARTS; i++) {
        size_t count = count_of(run, &parts[i]);
        if (count > 0)
            fprintf(out, "<span class=\"%s\" style=\"flex-grow:%zu\"></span>", parts[i].style,
                    count);
    }
    fputs("</div>\n", out);
}

static void put_header(FILE *out, const struct run *run)
{
    char began[MOMENT_ROOM];
    moment_text(run->began_us, began);
    fprintf(out, "<header>\n<p class=\"kind\">Conformance of a %s</p>\n", run->suite->name);
    html_element(out, "<h1>", run->subject, "</h1>\n");
    put_judgement(out, run);
    put_counts(out, run);
    fprintf(out, "<p class=\"when\"><time datetime=\"%s\">%.10s %.8s UTC</time>, %.2f s%s%s</p>\n",
            began, began, began + 11, (double)run->took_us / 1e6,
            run->settings->strict ? ", with --strict" : "",
            run->settings->settled ? ", with --settled" : "");
    fputs("</header>\n<main>\n", out);
}

/* Links to the cases that a mistake explains, each once. */
static void put_explained(FILE *out, const struct run *run, const char *mistake)
{
    const struct conformance_case *previous = NULL;
    fputs("<p class=\"ids\">explains", out);
    for (size_t i = 0; i < run->count; i++) {
        const struct result *result = &run->results[i];
        if (!tally_explains(result, mistake) || result->about == previous ||
            tally_is_again(run, result))
            continue;
        html_element(out, " <a href=\"#", result->about->id, "\">");
        html_element(out, "", result->about->id, "</a>");
        previous = result->about;
    }
    fputs("</p>", out);
}

static void put_mistakes(FILE *out, const struct run *run)
{
    struct mistake mistakes[MISTAKES_MAX];
    size_t count = tally_mistakes(run, mistakes);
    if (count == 0)
        return;
    /* As tally_heading() has it, with a capital. */
    const char *heading = tally_heading(mistakes, count);
    fprintf(out, "<section class=\"mistakes\">\n<h2>%c%s</h2>\n<ol>\n",
            toupper((unsigned char)heading[0]), heading + 1);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "<li><span class=\"times\"><b>%zu</b> case%s</span><div>", mistakes[i].cases,
                mistakes[i].cases == 1 ? "" : "s");
        html_element(out, "<p>", mistakes[i].text, "</p>\n");
        put_explained(out, run, mistakes[i].text);
        fputs("</div></li>\n", out);
    }
    fputs("</ol>\n</section>\n", out);
}

static void put_part(FILE *out, const struct run *run, const struct part *part)
{
    size_t count = count_of(run, part);
    if (count == 0)
        return;
    fprintf(out, "<section id=\"%s\">\n<h2>%s <span class=\"of\">%zu</span></h2>\n", part->id,
            part->heading, count);
    if (part->remark[0] != '\0')
        html_element(out, "<p class=\"remark\">", part->remark, "</p>\n");
    for (size_t i = 0; i < run->count; i++) {
        const struct result *result = &run->results[i];
        if (part->has(result) && !tally_is_again(run, result))
            html_case(out, run, result, part->open);
    }
    fputs("</section>\n", out);
}

void report_html(FILE *out, const struct run *run)
{
    put_head(out, run);
    put_header(out, run);
    put_mistakes(out, run);
    for (size_t i = 0; i < PARTS; i++)
        put_part(out, run, &parts[i]);
    fprintf(out, "</main>\n<footer>calc6 %s, conformance kit</footer>\n</body>\n</html>\n",
            CALC_VERSION);
}
