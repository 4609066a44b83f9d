/* A case as a disclosure (<details>): no script is needed to fold it. Nothing is told by colour alone. */
#define _POSIX_C_SOURCE 200809L
#include "html_case.h"
#include "difference.h"
#include "escape.h"
#include "tally.h"

#include "proto/net/endpoint.h"
#include "proto/show.h"

#include <string.h>

enum { PACKET_OCTETS_SHOWN = 48 };

void html_element(FILE *out, const char *tag, const char *text, const char *end_tag)
{
    fputs(tag, out);
    escape_text(out, ESCAPE_MARKUP, text);
    fputs(end_tag, out);
}

const char *html_verdict(const struct result *result)
{
    if (result->known == UNEXPECTED_PASS)
        return "unexpected";
    if (result->known == KNOWN_FAILURE)
        return "known";
    enum verdict verdict = result->outcome->verdict;
    bool observed = verdict == PASSED && result->outcome->observed[0] != '\0';
    return observed ? "observed" : verdict_name(verdict);
}

static const char *sign_of(const struct result *result)
{
    static const char *const signs[VERDICTS] = {
        [PASSED] = "\xE2\x9C\x93",     /* a check mark */
        [FAILED] = "\xE2\x9C\x97",     /* a ballot X */
        [NON_STRICT] = "\xE2\x96\xB3", /* a triangle */
        [SKIPPED] = "\xE2\x80\x93",    /* a dash */
        [ERROR] = "!",
    };
    return result->known == UNEXPECTED_PASS ? "!" : signs[result->outcome->verdict];
}

/* The header alone, then the payload in groups of four octets, as PROTOCOL.md writes them. */
static void put_hex(FILE *out, const struct datagram *d, size_t most)
{
    for (size_t i = 0; i < d->length && i < most; i++) {
        bool group_begins = i > 0 && (i - CALC_HEADER_OCTETS) % CALC_INTEGER_OCTETS == 0;
        fprintf(out, "%s%02x", group_begins ? " " : "", d->octets[i]);
    }
    if (d->length > most)
        fprintf(out, " \xE2\x80\xA6 of %zu octets", d->length);
    if (d->length == 0)
        fputs("no octets", out);
}

static void put_request(FILE *out, const struct outcome *outcome)
{
    char text[CALC_SHOW_ROOM];
    if (!outcome->has_request)
        return;
    calc_show_request(outcome->request.octets, outcome->request.length, text, sizeof text);
    html_element(out, "<h3>Request</h3>\n<p>", text, "</p>\n<pre>");
    put_hex(out, &outcome->request, DATAGRAM_ROOM);
    fputs("</pre>\n", out);
}

static void put_cell(FILE *out, const struct comparison *comparison, const struct row *row,
                     enum side side, size_t first)
{
    const struct cell *cell = &row->cells[side];
    fputs(side == EXPECTED ? "<td class=\"due\">" : "<td class=\"came\">", out);
    if (cell->count > 0)
        fputs("<span class=\"hex\">", out);
    for (size_t i = 0; i < cell->count; i++) {
        size_t at = row->offset + i;
        const char *tag = at == first                     ? "<mark class=\"first\">"
                          : difference_at(comparison, at) ? "<mark>"
                                                          : "";
        fprintf(out, "%s%s%02x%s", i > 0 ? " " : "", tag, cell->octets[i],
                tag[0] != '\0' ? "</mark>" : "");
    }
    if (cell->count > 0)
        fputs("</span> ", out);
    if (cell->words[0] != '\0')
        html_element(out, "<span class=\"words\">", cell->words, "</span>");
    fputs("</td>", out);
}

static void put_row(FILE *out, const struct comparison *comparison, const struct row *row,
                    size_t first)
{
    if (row->kind == ROW_FOLDED) {
        fprintf(out,
                "<tr class=\"folded\"><th></th><td colspan=\"3\">\xE2\x80\xA6 %zu octets more</td>"
                "</tr>\n",
                row->folded);
        return;
    }
    fprintf(out, "<tr class=\"%s%s\">", row->kind == ROW_FIELD ? "field" : "octet",
            row->differs ? " differs" : "");
    if (row->kind == ROW_FIELD)
        fputs("<th></th>", out);
    else
        fprintf(out, "<th scope=\"row\">%zu</th>", row->offset);
    put_cell(out, comparison, row, EXPECTED, first);
    fputs(row->differs ? "<td class=\"sign\" aria-label=\"differs\">\xE2\x89\xA0</td>"
                       : "<td class=\"sign\"></td>",
          out);
    put_cell(out, comparison, row, ACTUAL, first);
    fputs("</tr>\n", out);
}

static void put_side(FILE *out, const struct comparison *comparison, enum side side)
{
    char text[CALC_SHOW_ROOM];
    size_t length = difference_length(comparison, side);
    difference_meaning(comparison, side, text);
    fprintf(out, "<div class=\"%s\"><dt>%s", side == EXPECTED ? "expected" : "actual",
            side == EXPECTED ? "Expected" : "Actual");
    if (length > 0)
        fprintf(out, ", %zu octet%s", length, length == 1 ? "" : "s");
    html_element(out, "</dt><dd>", text, "</dd></div>\n");
}

static void put_comparison(FILE *out, const struct comparison *comparison)
{
    struct row rows[ROWS_MAX];
    if (!comparison->present)
        return;
    size_t count = difference_rows(comparison, rows);
    size_t first = difference_first(comparison);
    fputs("<dl class=\"sides\">\n", out);
    put_side(out, comparison, EXPECTED);
    put_side(out, comparison, ACTUAL);
    fputs("</dl>\n", out);
    if (count == 0)
        return;
    fputs("<table class=\"octets\">\n", out);
    if (first != NO_DIFFERENCE)
        fprintf(out, "<caption>Octet %zu is the first that differs.</caption>\n", first);
    fputs("<thead><tr><th scope=\"col\">octet</th><th scope=\"col\">expected</th><td></td>"
          "<th scope=\"col\">actual</th></tr></thead>\n<tbody>\n",
          out);
    for (size_t i = 0; i < count; i++)
        put_row(out, comparison, &rows[i], first);
    fputs("</tbody>\n</table>\n", out);
}

static void put_diagnoses(FILE *out, const struct outcome *outcome)
{
    if (outcome->diagnosis_count == 0)
        return;
    fputs("<h3>What is likely wrong</h3>\n<ul class=\"likely\">\n", out);
    for (size_t i = 0; i < outcome->diagnosis_count; i++)
        html_element(out, "<li>", outcome->diagnoses[i], "</li>\n");
    fputs("</ul>\n", out);
}

static void put_output(FILE *out, const struct outcome *outcome)
{
    size_t length = strnlen(outcome->output, sizeof outcome->output);
    if (length == 0)
        return;
    /* A newline right behind <pre> does not count. */
    fputs("<h3>What it printed</h3>\n<pre>\n", out);
    escape_octets(out, ESCAPE_MARKUP, outcome->output, length);
    fputs("</pre>\n", out);
}

static void put_packets(FILE *out, const struct outcome *outcome)
{
    if (outcome->packet_count == 0)
        return;
    fprintf(out, "<details class=\"packets\"><summary>%zu packet%s</summary>\n<ol>\n",
            outcome->packet_count, outcome->packet_count == 1 ? "" : "s");
    for (size_t i = 0; i < outcome->packet_count; i++) {
        const struct outcome_packet *packet = &outcome->packets[i];
        char text[CALC_ENDPOINT_ROOM];
        uint64_t after_us = packet->time_us - outcome->packets[0].time_us;
        fprintf(out, "<li>%.3f ms: ", (double)after_us / 1000);
        calc_endpoint_text(&packet->source, text);
        html_element(out, "", text, " \xE2\x86\x92 ");
        calc_endpoint_text(&packet->destination, text);
        html_element(out, "", text, "<br><code>");
        put_hex(out, &packet->payload, PACKET_OCTETS_SHOWN);
        fputs("</code></li>\n", out);
    }
    fputs("</ol></details>\n", out);
}

static void put_known(FILE *out, const struct result *result)
{
    static const char *const texts[] = {
        [NOT_KNOWN] = "",
        [KNOWN_FAILURE] = "A known failure: it fails as the baseline says.",
        [UNEXPECTED_PASS] = "It passes, and the baseline says that it fails.",
        [OTHER_FAILURE] = "It fails otherwise than the baseline says.",
    };
    if (result->known != NOT_KNOWN)
        html_element(out, "<p>", texts[result->known], "</p>\n");
}

static void put_turns(FILE *out, const struct run *run, const struct result *result)
{
    size_t same, all;
    tally_turns(run, result, &same, &all);
    if (all > 1)
        fprintf(out, "<p>So in %zu of %zu turns.</p>\n", same, all);
}

static void put_summary(FILE *out, const struct result *result)
{
    const struct outcome *outcome = result->outcome;
    fprintf(out, "<summary><span class=\"verdict\"><span aria-hidden=\"true\">%s</span> %s",
            sign_of(result), html_verdict(result));
    if (outcome->trouble > WRONG)
        fprintf(out, ", %s", trouble_name(outcome->trouble));
    html_element(out, "</span> <span class=\"id\">", result->about->id, "</span> ");
    html_element(out, "<span class=\"level\">", level_name(result->about->level), "</span> ");
    html_element(out, "<span class=\"sentence\">", result->about->sentence, "");
    if (outcome->observed[0] != '\0')
        html_element(out, ": <span class=\"found\">", outcome->observed, "</span>");
    else if (outcome->verdict == SKIPPED)
        html_element(out, ": <span class=\"found\">", outcome->why, "</span>");
    fputs("</span></summary>\n", out);
}

void html_case(FILE *out, const struct run *run, const struct result *result, bool open)
{
    const struct outcome *outcome = result->outcome;
    char clause[CLAUSE_ROOM];
    char line[REPEAT_ROOM];
    case_clause(result->about, clause);
    run_repeat_line(run, result, line);

    fprintf(out, "<details class=\"case %s\"%s", html_verdict(result), open ? " open=\"\"" : "");
    html_element(out, " id=\"", result->about->id, "\">\n");
    put_summary(out, result);
    fputs("<div class=\"about\">\n", out);
    if (outcome->why[0] != '\0')
        html_element(out, "<p class=\"why\">", outcome->why, "</p>\n");
    put_known(out, result);
    put_turns(out, run, result);
    put_diagnoses(out, outcome);
    put_request(out, outcome);
    put_comparison(out, &outcome->comparison);
    put_output(out, outcome);
    put_packets(out, outcome);
    html_element(out, "<h3>To repeat just this case</h3>\n<pre>", line, "</pre>\n");
    html_element(out, "<p class=\"clause\">Clause ", clause, " of proto/PROTOCOL.md");
    fprintf(out, "; took %.1f ms.</p>\n</div>\n</details>\n", (double)outcome->took_us / 1000);
}
