/* The figures are put into words here, and only here. */
#include "report.h"
#include "proto/term/program.h"

#include <stdio.h>

static const char *const limits[] = {
    [LIMIT_NEITHER] = "neither", [LIMIT_SERVER] = "server", [LIMIT_LOAD] = "load"};

static double a_second(const struct result *r, uint64_t count)
{
    return r->seconds > 0 ? (double)count / r->seconds : 0;
}

static double percentile_us(const struct result *r, double share)
{
    return (double)histogram_percentile(&r->tally.latency, share) / 1000;
}

static unsigned long long number(uint64_t count)
{
    return count;
}

bool report_json(const struct result *r)
{
    const struct tally *t = &r->tally;
    printf("{\"sent\":%llu,\"received\":%llu,\"lost\":%llu,\"wrong\":%llu,\"unexpected\":%llu,",
           number(t->sent), number(t->received), number(t->lost), number(t->wrong),
           number(t->unexpected));
    printf("\"seconds\":%.6f,\"rate\":%.1f,\"offered\":%.1f,", r->seconds, a_second(r, t->in_time),
           a_second(r, t->sent));
    printf("\"latency_us\":{\"mean\":%.3f,\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,\"p99_9\":%.3f,"
           "\"max\":%.3f,\"error\":%.6f},",
           histogram_mean(&t->latency) / 1000, percentile_us(r, 0.5), percentile_us(r, 0.9),
           percentile_us(r, 0.99), percentile_us(r, 0.999), (double)t->latency.most / 1000,
           HISTOGRAM_ERROR);
    printf("\"cpu\":{\"load\":%.4f,", r->load_cpu);
    if (r->server_known)
        printf("\"server\":%.4f,", r->server_cpu);
    else
        printf("\"server\":null,");
    if (r->server_known && t->in_time > 0)
        printf("\"server_us_per_reply\":%.4f},", r->server_us_per_reply);
    else
        printf("\"server_us_per_reply\":null},");
    printf("\"limit\":\"%s\",\"refused\":%llu,\"dropped_here\":%llu}\n", limits[r->limit],
           number(t->refused), number(r->dropped_here));
    return calc_printed();
}

static void print_counts(const struct result *r)
{
    const struct tally *t = &r->tally;
    printf("requests    %12llu sent = %llu received + %llu lost + %llu wrong\n", number(t->sent),
           number(t->received), number(t->lost), number(t->wrong));
    if (t->refused > 0)
        printf("            %12llu more were due, and not sent\n", number(t->refused));
    if (t->unexpected > 0)
        printf("            %12llu replies that nobody waited for\n", number(t->unexpected));
    if (r->dropped_here > 0)
        printf("            %12llu replies dropped by this host's full buffers\n",
               number(r->dropped_here));
}

bool report_table(const struct options *o, const struct result *r)
{
    printf("%s, %u sockets, %.3f s\n", o->rate > 0 ? "open loop" : "closed loop", o->sockets,
           r->seconds);
    printf("rate        %12.0f replies a second, of %.0f requests\n", a_second(r, r->tally.in_time),
           a_second(r, r->tally.sent));
    print_counts(r);
    if (r->tally.latency.count > 0) {
        printf("latency     %12s %10s %10s %10s %10s %10s us\n", "mean", "p50", "p90", "p99",
               "p99.9", "max");
        printf("            %12.1f %10.1f %10.1f %10.1f %10.1f %10.1f +- %.1f%%\n",
               histogram_mean(&r->tally.latency) / 1000, percentile_us(r, 0.5),
               percentile_us(r, 0.9), percentile_us(r, 0.99), percentile_us(r, 0.999),
               (double)r->tally.latency.most / 1000, 100 * HISTOGRAM_ERROR);
    }
    printf("CPU         %11.1f%% of a core for each thread of the load\n", 100 * r->load_cpu);
    if (r->server_known) {
        printf("            %11.1f%% for the server, %.2f us for each reply\n", 100 * r->server_cpu,
               r->server_us_per_reply);
        printf("limit       %12s\n", limits[r->limit]);
    }
    return calc_printed();
}

void report_warnings(const struct result *r)
{
    const struct tally *t = &r->tally;
    if (r->limit == LIMIT_LOAD)
        fprintf(stderr, "%s: this program was the limit, not the server, which had time left\n",
                calc_program());
    if (t->sent > 0 && t->received + t->wrong == 0)
        fprintf(stderr, "%s: no reply has come: is there a server?\n", calc_program());
    if (t->early_wrong > 0)
        fprintf(stderr, "%s: %llu wrong replies in the warm-up\n", calc_program(),
                number(t->early_wrong));
}

int report_status(const struct result *r)
{
    if (r->tally.wrong > 0 || r->tally.early_wrong > 0)
        return 10;
    return r->tally.lost > 0 || r->tally.refused > 0 ? 2 : 0;
}
