/* The events by name, each with its keys in their order. */
#define _GNU_SOURCE /* struct mmsghdr */

#include "events.h"

#include <inttypes.h>
#include <string.h>

static const char *sandbox_word(const struct sandbox *sandbox)
{
    if (sandbox->options.mode == SANDBOX_OFF)
        return "off";
    return sandbox->lacks[0] == '\0' ? "complete" : "partial";
}

void events_started(const struct serve_options *options, const char *where, const char *sockets,
                    const char *metrics, const struct sandbox *sandbox)
{
    struct log_line line;
    char address[CALC_ENDPOINT_ROOM], rate[32] = "none";
    const char *colon = strrchr(where, ':');
    if (options->log.format != LOG_PAIRS)
        return;
    /* Without its brackets. */
    snprintf(address, sizeof address, "%.*s", (int)(colon - where) - 2, where + 1);
    if (options->rate.per_second > 0)
        snprintf(rate, sizeof rate, "%u/%u", options->rate.per_second, options->rate.prefix);
    log_line_begin(&line, &options->log, LOG_INFO, "start");
    log_word(&line, "address", address);
    log_word(&line, "port", colon + 1);
    log_number(&line, "workers", options->workers);
    log_word(&line, "version", CALC_VERSION);
    log_word(&line, "sockets", sockets);
    log_number(&line, "user", sandbox->user);
    log_word(&line, "rate", rate);
    log_word(&line, "metrics", metrics);
    log_word(&line, "sandbox", sandbox_word(sandbox));
    if (sandbox->lacks[0] != '\0')
        log_word(&line, "lacks", sandbox->lacks);
    log_line_end(&line);
}

void events_stopped(const struct log *log, const char *why, const struct counters *counters)
{
    static const char *const groups[] = {"replied", "dropped", "failed", "lost"};
    struct log_line line;
    if (log->format != LOG_PAIRS)
        return;
    log_line_begin(&line, log, LOG_INFO, "stop");
    log_word(&line, "why", why);
    log_number(&line, "received", counters->received);
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++)
        log_number(&line, groups[i], counters_total(counters, groups[i]));
    log_line_end(&line);
}

void events_limited(const struct log *log, struct events_limits *limits,
                    const struct counters *counters)
{
    static const struct {
        const char *reason;
        enum outcome outcome;
    } reasons[] = {
        {"loop_rate",  DROPPED_LOOP_RATE},
        {"rate",       DROPPED_RATE     },
        {"queue_full", LOST_QUEUE_FULL  },
    };
    _Static_assert(sizeof reasons / sizeof reasons[0] ==
                       sizeof limits->told / sizeof limits->told[0],
                   "each has its number");
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        struct log_line line;
        const uint64_t total = counters->of[reasons[i].outcome];
        const uint64_t more = total - limits->told[i];
        limits->told[i] = total;
        if (more == 0)
            continue;
        log_line_begin(&line, log, LOG_WARNING, "limit");
        log_word(&line, "reason", reasons[i].reason);
        log_number(&line, "datagrams", more);
        log_number(&line, "total", total);
        log_line_end(&line);
    }
}

void events_stuck(const struct log *log, unsigned worker, uint64_t received)
{
    struct log_line line;
    char message[128];
    if (log->format != LOG_PAIRS) {
        snprintf(message, sizeof message,
                 "worker %u hangs: datagrams wait, and it has received none since the last look",
                 worker);
        log_say(log, LOG_ERR, "stuck", message);
        return;
    }
    log_line_begin(&line, log, LOG_ERR, "stuck");
    log_number(&line, "worker", worker);
    log_number(&line, "received", received);
    log_line_end(&line);
}
