/* Anything that a subject sends and prints, diagnosed and reported in every form: an octet that says what it was to be,
 * then, where it says so, what came before the request, then the request, what was due and what came, each behind two octets
 * with its length, and what was printed. */
#define _POSIX_C_SOURCE 200809L /* open_memstream */
#include "tests/fuzz/fuzz.h"

#include "proto/utf8.h"
#include "proto/wire.h"
#include "tests/conformance/diagnose.h"
#include "tests/conformance/diagnose_shown.h"
#include "tests/conformance/packets_file.h"
#include "tests/conformance/report.h"

#include <stdlib.h>
#include <string.h>

enum { OF_REQUESTS = 1, AS_STRING = 2, NOTHING_CAME = 4, HAS_EARLIER = 8 };

static const struct conformance_case about = {.id = "REQ-5.3/1", .sentence = "it is right"};
static const struct suite suite = {.name = "server", .cases = &about, .count = 1};

static struct datagram read_datagram(struct wire_reader *r)
{
    struct datagram d = {.length = 0x100 * (size_t)wire_read_u8(r)};
    d.length += wire_read_u8(r);
    size_t left = (size_t)(r->end - r->p);
    d.length = d.length < left ? d.length : left;
    d.length = d.length < sizeof d.octets ? d.length : sizeof d.octets;
    memcpy(d.octets, r->p, d.length);
    r->p += d.length;
    return d;
}

static void read_outcome(struct wire_reader *r, struct outcome *outcome)
{
    unsigned kind = wire_read_u8(r);
    *outcome = (struct outcome){.has_request = true};
    if ((kind & HAS_EARLIER) != 0)
        outcome->earlier = read_datagram(r);
    outcome->request = read_datagram(r);
    struct comparison *c = &outcome->comparison;
    c->present = true;
    c->of_requests = (kind & OF_REQUESTS) != 0;
    c->format = (kind & AS_STRING) != 0 ? CALC_AS_STRING : CALC_AS_INTEGER;
    c->expected = read_datagram(r);
    c->received = (kind & NOTHING_CAME) == 0;
    if (c->received)
        c->actual = read_datagram(r);
    c->actual_length = c->actual.length;
    size_t printed = (size_t)(r->end - r->p);
    if (printed > sizeof outcome->output - 1)
        printed = sizeof outcome->output - 1;
    memcpy(outcome->output, r->p, printed);
    outcome_fail(outcome, WRONG, "%s", outcome->output);
}

static void diagnose(struct outcome *outcome)
{
    const struct comparison *c = &outcome->comparison;
    struct shown shown;
    expect_find("{result}", outcome->output, strlen(outcome->output), &shown);
    if (c->of_requests)
        diagnose_request(outcome);
    else if (outcome->request.length > 0)
        diagnose_reply(outcome);
    if (shown.count > 0 && !c->of_requests)
        diagnose_shown(outcome, &shown, &c->actual, c->format, "9");
}

static bool is_text(const char *text, size_t length, const char *allowed)
{
    const uint8_t *p = (const uint8_t *)text, *end = p + length;
    while (p < end) {
        size_t octets = utf8_length(p, end);
        if (octets == 0 || (*p < ' ' && strchr(allowed, *p) == NULL) || *p == 0x7F)
            return false;
        p += octets;
    }
    return true;
}

static void report_plain(FILE *out, const struct run *run)
{
    report_text(out, run, false);
}

static void report_coloured(FILE *out, const struct run *run)
{
    report_text(out, run, true);
}

static const struct {
    void (*write)(FILE *out, const struct run *run);
    const char *allowed; /* control characters */
} forms[] = {
    {report_plain,    "\n"    },
    {report_coloured, "\n\033"},
    {report_tap,      "\n"    },
    {report_junit,    "\n\t\r"},
    {report_json,     "\n"    },
    {report_html,     "\n\t\r"},
};

static void require_reports(const struct run *run)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        char *text = NULL;
        size_t length;
        FILE *out = open_memstream(&text, &length);
        require(out != NULL, "there is memory for a report");
        forms[i].write(out, run);
        require(fclose(out) == 0, "there is memory for a report");
        require(is_text(text, length, forms[i].allowed),
                "a report is UTF-8, and has no control characters but its own");
        free(text);
    }
}

static void require_packets(struct outcome *outcome, const struct run *run)
{
    struct sockaddr_in6 from = {.sin6_family = AF_INET6};
    char why[PACKETS_WHY_ROOM];
    const struct comparison *c = &outcome->comparison;
    outcome_packet(outcome, &from, &from, c->actual.octets, c->actual.length);
    struct memory_file file = memory_file_open("", 0);
    require(packets_write(file.path, run, why), "any packets can be written to a file");
    memory_file_close(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct outcome outcome;
    struct exact copy = exact_copy(data, size);
    struct wire_reader r = {.p = copy.octets, .end = copy.octets + size};
    read_outcome(&r, &outcome);
    exact_free(&copy);
    diagnose(&outcome);
    for (size_t i = 0; i < outcome.diagnosis_count; i++)
        require(is_one_line(outcome.diagnoses[i]), "a diagnosis is one line");

    const struct settings settings = {.address = "::1", .port = "10000", .repeat = 1, .jobs = 1};
    struct result result = {.about = &about, .turn = 1, .outcome = &outcome};
    struct run run = {.suite = &suite, .settings = &settings, .count = 1, .results = &result};
    run.counts[outcome.verdict] = 1;
    require_packets(&outcome, &run);
    require_reports(&run);
    return 0;
}
