/* What was counted, as the text that Prometheus and its kin read: OpenMetrics 1.0, and what was there before it. Who
 * asks for it and how is for scrape.h; docs/metrics.md lists the metrics. */
#ifndef SERVER_EXPOSITION_H
#define SERVER_EXPOSITION_H

#include "measures.h"

enum exposition_format {
    EXPOSITION_OPENMETRICS, /* "application/openmetrics-text", version 1.0.0 */
    EXPOSITION_TEXT,        /* "text/plain", version 0.0.4, of older Prometheus */
};

struct exposition {
    const struct tally *tallies; /* others go on counting */
    unsigned workers;
    uint64_t started_ms; /* since 1970 */
};

/* Writes all metrics. Whether that has worked is for the caller to ask: ferror(3). */
void exposition_write(const struct exposition *exposition, enum exposition_format format,
                      FILE *out);

#endif
