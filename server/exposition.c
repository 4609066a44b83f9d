/* One family of metrics after another, as OpenMetrics asks for: of each, what it is, and then the samples of each
 * worker. Those that are 0 are there, too, so that the first of a kind shows as a change. */
#define _GNU_SOURCE /* struct mmsghdr */

#include "exposition.h"

#include <inttypes.h>
#include <string.h>

struct page {
    const struct exposition *exposition;
    enum exposition_format format;
    FILE *out;
};

static uint64_t value_of(const _Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

/* The older format knows no unit and no type "info", and calls a counter by the name of its samples. */
static void begin_family(const struct page *page, const char *name, const char *type,
                         const char *unit, const char *help)
{
    const char *suffix = "";
    if (page->format == EXPOSITION_TEXT && strcmp(type, "counter") == 0)
        suffix = "_total";
    if (page->format == EXPOSITION_TEXT && strcmp(type, "info") == 0) {
        suffix = "_info";
        type = "gauge";
    }
    fprintf(page->out, "# TYPE %s%s %s\n", name, suffix, type);
    if (page->format == EXPOSITION_OPENMETRICS && unit != NULL)
        fprintf(page->out, "# UNIT %s %s\n", name, unit);
    fprintf(page->out, "# HELP %s%s %s\n", name, suffix, help);
}

static void write_process(const struct page *page)
{
    uint64_t started_ms = page->exposition->started_ms;
    begin_family(page, "calc6_build", "info", NULL, "Which calc6 this is.");
    fputs("calc6_build_info{version=\"" CALC_VERSION "\"} 1\n", page->out);
    begin_family(page, "process_start_time_seconds", "gauge", "seconds",
                 "When the server started, in seconds since 1970.");
    fprintf(page->out, "process_start_time_seconds %" PRIu64 ".%03u\n", started_ms / 1000,
            (unsigned)(started_ms % 1000));
}

/* Which of a worker's counters is meant. */
typedef const _Atomic uint64_t *which_counter(const struct tally *tally);

static const _Atomic uint64_t *received(const struct tally *tally)
{
    return &tally->counters.received;
}

static const _Atomic uint64_t *octets_in(const struct tally *tally)
{
    return &tally->measures.octets_in;
}

static const _Atomic uint64_t *octets_out(const struct tally *tally)
{
    return &tally->measures.octets_out;
}

static void write_counter(const struct page *page, which_counter *which, const char *name,
                          const char *unit, const char *help)
{
    begin_family(page, name, "counter", unit, help);
    for (unsigned w = 0; w < page->exposition->workers; w++)
        fprintf(page->out, "%s_total{worker=\"%u\"} %" PRIu64 "\n", name, w,
                value_of(which(&page->exposition->tallies[w])));
}

static void write_replies_of(const struct page *page, unsigned worker, enum operation operation,
                             enum calc_format form)
{
    static const char *const operations[] = {"sum", "product", "unknown"};
    const struct measures *measures = &page->exposition->tallies[worker].measures;
    for (unsigned i = 0; i < RESULT_COUNT; i++) {
        enum outcome result = (enum outcome)i;
        if (measures_can_be(operation, form, result))
            fprintf(page->out,
                    "calc6_replies_total{worker=\"%u\",operation=\"%s\",form=\"%s\",result=\"%s\"} "
                    "%" PRIu64 "\n",
                    worker, operations[operation], form == CALC_AS_STRING ? "string" : "integer",
                    outcome_label(result), value_of(&measures->replies[operation][form][result]));
    }
}

static void write_replies(const struct page *page)
{
    begin_family(page, "calc6_replies", "counter", NULL,
                 "Replies sent, by what was asked for and what came of it.");
    for (unsigned w = 0; w < page->exposition->workers; w++) {
        for (int operation = 0; operation < OPERATION_COUNT; operation++) {
            write_replies_of(page, w, (enum operation)operation, CALC_AS_INTEGER);
            write_replies_of(page, w, (enum operation)operation, CALC_AS_STRING);
        }
    }
}

/* The outcomes of a group, each a sample. */
static void write_group(const struct page *page, const char *group, const char *name,
                        const char *help)
{
    begin_family(page, name, "counter", NULL, help);
    for (unsigned w = 0; w < page->exposition->workers; w++) {
        const struct counters *counters = &page->exposition->tallies[w].counters;
        for (unsigned i = 0; i < OUTCOME_COUNT; i++) {
            if (strcmp(outcome_group((enum outcome)i), group) == 0)
                fprintf(page->out, "%s_total{worker=\"%u\",reason=\"%s\"} %" PRIu64 "\n", name, w,
                        outcome_label((enum outcome)i), value_of(&counters->of[i]));
        }
    }
}

/* What "1", "2" or "1e-06" is as a number of OpenMetrics: with a point, or an exponent. */
static void write_bound(FILE *out, double bound)
{
    char text[32];
    snprintf(text, sizeof text, "%.7g", bound);
    fprintf(out, "le=\"%s%s\"", text, strpbrk(text, ".e") == NULL ? ".0" : "");
}

/* Buckets up to 1, 2, 4 and so on of a unit. Only these are read, so that their sum is the number of all, whoever
 * counts on. */
static void write_buckets(const struct page *page, const char *name, unsigned worker,
                          const _Atomic uint64_t *buckets, unsigned bounded, unsigned count,
                          double unit)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < count; i++) {
        sum += value_of(&buckets[i]);
        if (i < bounded) {
            fprintf(page->out, "%s_bucket{worker=\"%u\",", name, worker);
            write_bound(page->out, unit * (double)(UINT64_C(1) << i));
            fprintf(page->out, "} %" PRIu64 "\n", sum);
        }
    }
    fprintf(page->out, "%s_bucket{worker=\"%u\",le=\"+Inf\"} %" PRIu64 "\n", name, worker, sum);
    fprintf(page->out, "%s_count{worker=\"%u\"} %" PRIu64 "\n", name, worker, sum);
}

static void write_batches(const struct page *page)
{
    const char *name = "calc6_batch_datagrams";
    begin_family(page, name, "histogram", NULL, "Datagrams that were answered together.");
    for (unsigned w = 0; w < page->exposition->workers; w++) {
        const struct tally *tally = &page->exposition->tallies[w];
        write_buckets(page, name, w, tally->measures.batches, BATCH_BUCKETS, BATCH_BUCKETS, 1);
        fprintf(page->out, "%s_sum{worker=\"%u\"} %" PRIu64 "\n", name, w,
                value_of(&tally->counters.received));
    }
}

static void write_latencies(const struct page *page)
{
    const char *name = "calc6_latency_seconds";
    begin_family(
        page, name, "histogram", "seconds",
        "How long datagrams were in the server: from the end of the system call that received "
        "their batch to the end of the one that sent the replies.");
    for (unsigned w = 0; w < page->exposition->workers; w++) {
        const struct measures *measures = &page->exposition->tallies[w].measures;
        uint64_t ns = value_of(&measures->latency_ns);
        write_buckets(page, name, w, measures->latencies, LATENCY_BUCKETS - 1, LATENCY_BUCKETS,
                      1e-6);
        fprintf(page->out, "%s_sum{worker=\"%u\"} %" PRIu64 ".%09u\n", name, w, ns / 1000000000,
                (unsigned)(ns % 1000000000));
    }
}

void exposition_write(const struct exposition *exposition, enum exposition_format format, FILE *out)
{
    const struct page page = {.exposition = exposition, .format = format, .out = out};
    write_process(&page);
    write_counter(&page, received, "calc6_received_datagrams", NULL,
                  "Datagrams received: replied to, dropped or failed.");
    write_replies(&page);
    write_group(&page, "dropped", "calc6_dropped_datagrams", "Datagrams that get no reply.");
    write_group(&page, "failed", "calc6_failed_replies", "Replies that could not be sent.");
    write_group(&page, "lost", "calc6_lost_datagrams",
                "Datagrams that the kernel lost before the server could receive them.");
    write_group(&page, "noted", "calc6_noted_events",
                "What happened beside the datagrams received.");
    write_counter(&page, octets_in, "calc6_received_bytes", "bytes",
                  "Octets of the datagrams received, without the headers below them.");
    write_counter(&page, octets_out, "calc6_sent_bytes", "bytes",
                  "Octets of the replies sent, without the headers below them.");
    write_batches(&page);
    write_latencies(&page);
    fputs("# EOF\n", out);
}
