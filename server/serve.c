/* From the start of the workers to their end. Requests are the workers' business alone; this thread waits for
 * signals, and does what is due at its time. Nothing is torn down in the end, as the process ends with it: so it gets
 * by with few system calls. */
#define _GNU_SOURCE /* ppoll, struct mmsghdr */

#include "serve.h"
#include "clock.h"
#include "crew.h"
#include "events.h"
#include "notify.h"
#include "output.h"
#include "proto/term/program.h"
#include "refuse.h"
#include "signals.h"
#include "turns.h"
#include "watchdog.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    NS_IN_S = 1000000000,
    LOST_EVERY_S = 600,       /* the kernel counts up to 2^32 */
    LOST_WATCHED_EVERY_S = 1, /* where somebody looks */
    LIMITS_EVERY_S = 60,
};

/* What this thread does without being asked. */
enum { TURN_LOST, TURN_WATCHDOG, TURN_LIMITS, TURN_COUNT };

struct service {
    const struct serve_options *options;
    struct handover *handover;
    struct crew *crew;
    pid_t process;
    bool replaced;                  /* by another server, on these sockets */
    char where[CALC_ENDPOINT_ROOM]; /* it listens */
    const char *metrics;            /* are to be had here; "": nowhere */
    int metrics_end_fd;             /* of crew.h, until that process has ended */
    struct turn turns[TURN_COUNT];
    struct notify notify;
    struct events_limits limited; /* as it was told */
};

static void print_counters(const struct counters *sum)
{
    if (!output_ready(STDOUT_FILENO))
        return;
    flockfile(stdout); /* a worker may print, too */
    counters_print(sum, stdout);
    funlockfile(stdout);
}

/* The name of a signal that tells it to stop, or NULL. */
static const char *handle_signals(struct service *service, int signals_fd)
{
    for (int number; (number = signals_next(signals_fd)) != 0;) {
        struct counters sum;
        if (number != SIGUSR1)
            return number == SIGINT ? "SIGINT" : "SIGTERM";
        crew_sum_up(service->crew, &sum);
        print_counters(&sum);
    }
    return NULL;
}

static void hand_over(struct service *service)
{
    int fds[SERVE_WORKERS_MAX];
    unsigned count = crew_sockets(service->crew, fds);
    service->replaced = handover_go_on(service->handover, fds, count);
}

static void begin_turns(struct service *service)
{
    const uint64_t now_ns = clock_ns();
    const bool tells = service->options->log.format == LOG_PAIRS;
    const uint64_t watchdog_us = notify_watchdog_us(&service->notify, service->process);
    const uint64_t lost_every_s =
        service->metrics_end_fd >= 0 ? LOST_WATCHED_EVERY_S : LOST_EVERY_S;
    turn_begin(&service->turns[TURN_LOST], lost_every_s * NS_IN_S, now_ns);
    turn_begin(&service->turns[TURN_WATCHDOG], watchdog_interval_ns(watchdog_us), now_ns);
    turn_begin(&service->turns[TURN_LIMITS], tells ? (uint64_t)LIMITS_EVERY_S * NS_IN_S : 0,
               now_ns);
}

static void do_what_is_due(struct service *service, uint64_t now_ns)
{
    if (turn_take(&service->turns[TURN_LOST], now_ns))
        crew_count_lost(service->crew);
    if (turn_take(&service->turns[TURN_WATCHDOG], now_ns) && crew_is_alive(service->crew))
        notify_say(&service->notify, "WATCHDOG=1");
    if (turn_take(&service->turns[TURN_LIMITS], now_ns)) {
        struct counters sum;
        crew_sum_up(service->crew, &sum);
        events_limited(&service->options->log, &service->limited, &sum);
    }
}

static struct timespec time_until(uint64_t then_ns)
{
    const uint64_t now_ns = clock_ns();
    const uint64_t left = then_ns > now_ns ? then_ns - now_ns : 0;
    return (struct timespec){.tv_sec = (time_t)(left / NS_IN_S), .tv_nsec = (long)(left % NS_IN_S)};
}

/* Requests are answered all the same. */
static void do_without_metrics(struct service *service)
{
    log_say(&service->options->log, LOG_ERR, "metrics",
            "the process for --metrics has ended; the server goes on without it");
    service->metrics_end_fd = -1; /* it stays open, as close(2) is not allowed any longer */
}

/* Returns when it is time to stop: what for, as events.h has it, or NULL where why tells what has failed. */
static const char *supervise(struct service *service, int signals_fd,
                             char why[static CALC_WHY_ROOM])
{
    begin_turns(service);
    for (;;) {
        struct pollfd waits[] = {
            {.fd = signals_fd,                            .events = POLLIN},
            {.fd = crew_ended_fd(service->crew),          .events = POLLIN},
            {.fd = handover_waits_for(service->handover), .events = POLLIN},
            {.fd = service->metrics_end_fd,               .events = POLLIN},
        };
        const uint64_t next_ns = turns_next(service->turns, TURN_COUNT);
        const struct timespec timeout = time_until(next_ns);
        int ready = ppoll(waits, 4, &timeout, NULL);
        if (ready < 0 && errno != EINTR) {
            refuse(why, "can not wait for signals: %s", strerror(errno));
            return NULL;
        }
        /* Where the timeout is over it is time, even by a clock that is behind; and what was missed is due once. */
        const uint64_t now_ns = clock_ns();
        do_what_is_due(service, ready == 0 && now_ns < next_ns ? next_ns : now_ns);
        if (ready <= 0)
            continue;
        if (waits[1].revents != 0)
            return "once";
        const char *signal = handle_signals(service, signals_fd);
        if (signal != NULL)
            return signal;
        if (waits[2].revents != 0)
            hand_over(service);
        if (service->replaced)
            return "replaced";
        if (waits[3].revents != 0)
            do_without_metrics(service);
    }
}

static bool say_where(const struct service *service, char why[static CALC_WHY_ROOM])
{
    printf("listening on %s\n", service->where);
    if (service->metrics[0] != '\0')
        printf("metrics on %s\n", service->metrics);
    if (!calc_printed())
        return refuse(why, "can not print what it listens on: %s", strerror(errno));
    return true;
}

static const char *sockets_word(const struct service *service, const struct listener *first)
{
    if (service->handover->running_fd >= 0)
        return "handed_over";
    return first->kept ? "activated" : "bound";
}

/* All workers wait when this returns, and it has been said where they will listen. False: why tells; crew_disband(). */
static bool set_up(struct service *service, struct sandbox *sandbox, const struct listener *first,
                   char why[static CALC_WHY_ROOM])
{
    const struct serve_options *options = service->options;
    if (!sandbox_enter(sandbox, why) || !crew_start(service->crew, why) ||
        !sandbox_close(sandbox, service->process, &options->log, why) ||
        !say_where(service, why)) /* what the workers print comes behind it */
        return false;
    events_started(options, service->where, sockets_word(service, first),
                   service->metrics[0] != '\0' ? service->metrics : "none", sandbox);
    return true;
}

/* To the server that it replaces, if there is one, and to the service manager. */
static void say_ready(struct service *service)
{
    char process[32] = "";
    handover_ready(service->handover);
    /* The manager has started another one; sd_notify(3), MAINPID. */
    if (service->handover->running_fd >= 0)
        snprintf(process, sizeof process, "\nMAINPID=%d", (int)service->process);
    notify_say(&service->notify, "READY=1\nSTATUS=Serving on %s, workers: %u%s", service->where,
               service->options->workers, process);
}

static void say_stopping(struct service *service)
{
    /* A service that goes on in the next server does not stop. */
    if (!service->replaced)
        notify_say(&service->notify, "STOPPING=1\nSTATUS=Answering what is queued");
}

static void say_stopped(struct service *service, const char *why)
{
    struct counters sum;
    crew_sum_up(service->crew, &sum);
    print_counters(&sum);
    events_stopped(&service->options->log, why, &sum);
}

bool serve(const struct listeners *listeners, struct handover *handover, int signals_fd,
           const struct serve_options *options, char why[static CALC_WHY_ROOM])
{
    struct service service = {.options = options,
                              .handover = handover,
                              .process = getpid(),
                              .metrics = listeners->metrics};
    const struct listener *first = &listeners->list[0];
    struct sandbox sandbox;
    calc_endpoint_text(&first->endpoint, service.where); /* asks for the name of its interface */
    notify_begin(&service.notify, &options->log);
    sandbox_begin(&sandbox, &options->sandbox, FILTER_SERVE);
    service.crew = crew_gather(listeners, options, why);
    if (service.crew == NULL)
        return false;
    service.metrics_end_fd = crew_metrics_end_fd(service.crew);
    if (!set_up(&service, &sandbox, first, why)) {
        crew_disband(service.crew);
        return false;
    }
    crew_go(service.crew);
    say_ready(&service);
    const char *stops = supervise(&service, signals_fd, why);
    say_stopping(&service);
    crew_stop(service.crew, service.replaced || handover_has_begun(handover));
    say_stopped(&service, stops != NULL ? stops : "failed");
    return stops != NULL;
}
