/* The workers from their start to their end. Requests are the workers' business alone; this thread waits for signals. */
#define _GNU_SOURCE /* pthread_attr_setaffinity_np, pthread_timedjoin_np */

#include "serve.h"
#include "output.h"
#include "signals.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum {
    CACHE_LINE = 64,
    LOST_EVERY_MS = 600000, /* the kernel counts up to 2^32 */
    JOIN_NS = 10000000,
};

struct member {
    _Alignas(CACHE_LINE) struct worker worker;
    pthread_t thread;
    bool started;
    uint32_t lost; /* as the kernel counted when it was last asked */
    int ended_fd;
};

struct crew {
    const struct serve_options *options;
    struct member *members;
    unsigned count; /* those that have begun */
    int ended_fd;   /* readable when a worker has ended by itself: eventfd(2) */
    atomic_bool stop;
};

static void *run(void *argument)
{
    struct member *member = argument;
    worker_run(&member->worker);
    (void)eventfd_write(member->ended_fd, 1); /* can not fail: it is far from full */
    return NULL;
}

static bool explain(char why[static CALC_WHY_ROOM], const char *what, int error)
{
    snprintf(why, CALC_WHY_ROOM, "can not %s: %s", what, strerror(error));
    return false;
}

/* The sockets and the buffers of all workers. */
static bool gather(struct crew *crew, const struct listener *first, char why[static CALC_WHY_ROOM])
{
    const struct serve_options *options = crew->options;
    crew->ended_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (crew->ended_fd < 0)
        return explain(why, "open an eventfd", errno);
    crew->members = aligned_alloc(CACHE_LINE, options->workers * sizeof *crew->members);
    if (crew->members == NULL)
        return explain(why, "get memory for the workers", errno);
    for (unsigned i = 0; i < options->workers; i++) {
        struct member *member = &crew->members[i];
        struct listener listener = *first;
        if (i > 0 && !listener_share(first, &options->listener, &listener, why))
            return false;
        member->started = false;
        member->lost = 0;
        member->ended_fd = crew->ended_fd;
        crew->count++;
        if (!worker_begin(&member->worker, &listener, &options->worker, &crew->stop))
            return explain(why, "get memory for a worker", ENOMEM);
    }
    return true;
}

/* The processor for a worker, in turn. */
static size_t processor(const struct serve_options *options, unsigned worker)
{
    unsigned turn = worker % (unsigned)CPU_COUNT(&options->cpus);
    for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET(cpu, &options->cpus) && turn-- == 0)
            return cpu;
    }
    return 0;
}

static bool not_started(const struct serve_options *options, unsigned worker, int error,
                        char why[static CALC_WHY_ROOM])
{
    char what[64] = "start a worker";
    if (options->pinned)
        snprintf(what, sizeof what, "start a worker on processor %zu (--cpu)",
                 processor(options, worker));
    return explain(why, what, error);
}

static bool start(struct crew *crew, char why[static CALC_WHY_ROOM])
{
    for (unsigned i = 0; i < crew->count; i++) {
        struct member *member = &crew->members[i];
        pthread_attr_t attributes;
        int error = pthread_attr_init(&attributes);
        if (error != 0)
            return explain(why, "start a worker", error);
        if (crew->options->pinned) {
            cpu_set_t one;
            CPU_ZERO(&one);
            CPU_SET(processor(crew->options, i), &one);
            error = pthread_attr_setaffinity_np(&attributes, sizeof one, &one);
        }
        if (error == 0)
            error = pthread_create(&member->thread, &attributes, run, member);
        pthread_attr_destroy(&attributes);
        if (error != 0)
            return not_started(crew->options, i, error, why);
        member->started = true;
    }
    return true;
}

static void stop(struct crew *crew)
{
    atomic_store(&crew->stop, true);
    for (unsigned i = 0; i < crew->count; i++) {
        struct member *member = &crew->members[i];
        if (!member->started)
            continue;
        /* The signal may come just before the call that it is to interrupt: so again and again. */
        struct timespec until;
        do {
            signals_interrupt(member->thread);
            clock_gettime(CLOCK_REALTIME, &until);
            until.tv_nsec += JOIN_NS;
            until.tv_sec += until.tv_nsec / 1000000000;
            until.tv_nsec %= 1000000000;
        } while (pthread_timedjoin_np(member->thread, NULL, &until) == ETIMEDOUT);
    }
}

static void disband(struct crew *crew)
{
    for (unsigned i = 0; i < crew->count; i++)
        worker_end(&crew->members[i].worker);
    free(crew->members);
    if (crew->ended_fd >= 0)
        close(crew->ended_fd);
}

static void count_lost(struct crew *crew)
{
    for (unsigned i = 0; i < crew->count; i++) {
        struct member *member = &crew->members[i];
        uint32_t lost = listener_lost(&member->worker.listener);
        count(&member->worker.counters.of[LOST_QUEUE_FULL], lost - member->lost);
        member->lost = lost;
    }
}

/* While the workers go on, some datagrams may have been received and not have their outcome yet: they come next time. */
static void print_counters(struct crew *crew)
{
    if (!output_ready())
        return;
    struct counters sum = {0};
    count_lost(crew);
    for (unsigned i = 0; i < crew->count; i++)
        counters_add(&crew->members[i].worker.counters, &sum);
    if (!atomic_load(&crew->stop))
        sum.received = counters_settled(&sum);
    flockfile(stdout);
    counters_print(&sum, stdout);
    funlockfile(stdout);
}

/* True: told to stop. */
static bool handle_signals(struct crew *crew, int signals_fd)
{
    for (int number; (number = signals_next(signals_fd)) != 0;) {
        if (number != SIGUSR1)
            return true;
        print_counters(crew);
    }
    return false;
}

static bool supervise(struct crew *crew, int signals_fd, char why[static CALC_WHY_ROOM])
{
    for (;;) {
        struct pollfd waits[] = {
            {.fd = signals_fd,     .events = POLLIN},
            {.fd = crew->ended_fd, .events = POLLIN},
        };
        int ready = poll(waits, 2, LOST_EVERY_MS);
        if (ready < 0 && errno != EINTR)
            return explain(why, "wait for signals", errno);
        if (ready == 0)
            count_lost(crew);
        if (ready > 0 && (waits[1].revents != 0 || handle_signals(crew, signals_fd)))
            return true;
    }
}

static bool say_where(const struct listener *listener, char why[static CALC_WHY_ROOM])
{
    char text[CALC_ENDPOINT_ROOM];
    calc_endpoint_text(&listener->endpoint, text);
    if (printf("listening on %s\n", text) < 0 || fflush(stdout) == EOF)
        return explain(why, "print what it listens on", errno);
    return true;
}

bool serve(const struct listener *listener, int signals_fd, const struct serve_options *options,
           char why[static CALC_WHY_ROOM])
{
    struct crew crew = {.options = options, .ended_fd = -1};
    /* What the workers print comes behind the line that says where they listen. */
    flockfile(stdout);
    bool begun = gather(&crew, listener, why) && start(&crew, why) && say_where(listener, why);
    funlockfile(stdout);
    bool done = begun && supervise(&crew, signals_fd, why);
    stop(&crew);
    if (begun)
        print_counters(&crew);
    if (crew.count == 0)
        close(listener->fd);
    disband(&crew);
    return done;
}
