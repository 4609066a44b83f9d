/* Each worker has a thread. They meet at a gate, so that none makes the system calls of a thread that begins when
 * those are forbidden already. */
#define _GNU_SOURCE /* pthread_setaffinity_np, ppoll, gettid */

#include "crew.h"
#include "events.h"
#include "metrics.h"
#include "refuse.h"
#include "signals.h"
#include "watchdog.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { CACHE_LINE = 64, STOP_AGAIN_NS = 10000000 };

struct member {
    _Alignas(CACHE_LINE) struct worker worker;
    struct crew *crew;
    _Atomic pid_t thread; /* 0 before it runs, and when it has ended */
    uint32_t lost;        /* as the kernel counted when it was last asked */
    struct watched watched;
};

struct crew {
    const struct serve_options *options;
    pid_t process;
    unsigned count;         /* members that have begun, */
    unsigned started;       /* and those that have a thread */
    pthread_barrier_t gate; /* where all meet twice: when they are there, and when they may go */
    struct tally *tallies;  /* of the members */
    int metrics_end_fd;     /* tells the end of the process for metrics; -1: there is none */
    int ended_fd;           /* counts the workers that have ended: eventfd(2) */
    atomic_int told;        /* to the workers */
    struct limits limits;
    struct member members[];
};

static void *run(void *argument)
{
    struct member *member = argument;
    struct crew *crew = member->crew;
    atomic_store(&member->thread, gettid());
    pthread_barrier_wait(&crew->gate);
    pthread_barrier_wait(&crew->gate);
    worker_run(&member->worker);
    atomic_store(&member->thread, 0);
    (void)eventfd_write(crew->ended_fd, 1); /* can not fail: it is far from full */
    for (;;)
        (void)ppoll(NULL, 0, NULL, NULL);
    return NULL;
}

static bool explain(char why[static CALC_WHY_ROOM], const char *what, int error)
{
    return refuse(why, "can not %s: %s", what, strerror(error));
}

void crew_disband(struct crew *crew)
{
    if (crew->started > 0)
        return;
    for (unsigned i = 0; i < crew->count; i++)
        worker_end(&crew->members[i].worker);
    if (crew->ended_fd >= 0)
        close(crew->ended_fd);
    if (crew->metrics_end_fd >= 0)
        close(crew->metrics_end_fd);
    tallies_end(crew->tallies, crew->options->workers);
    limits_end(&crew->limits);
    pthread_barrier_destroy(&crew->gate);
    free(crew);
}

/* Who tells what is counted is forked before there is anything that it is not to know. */
static bool begin_tallies(struct crew *crew, const struct listeners *listeners,
                          char why[static CALC_WHY_ROOM])
{
    const struct serve_options *options = crew->options;
    struct timespec now;
    crew->tallies = tallies_begin(options->workers);
    if (crew->tallies == NULL)
        return explain(why, "get memory for what is counted", errno);
    if (listeners->metrics_fd < 0)
        return true;
    clock_gettime(CLOCK_REALTIME, &now); /* can not fail: clock_gettime(2) */
    const struct exposition exposition = {
        .tallies = crew->tallies,
        .workers = options->workers,
        .started_ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000,
    };
    crew->metrics_end_fd =
        metrics_begin(listeners->metrics_fd, &exposition, &options->sandbox, &options->log, why);
    /* Who connects is to be refused once nobody accepts, and whoever takes over a worker is to have no socket of TCP. */
    close(listeners->metrics_fd);
    return crew->metrics_end_fd >= 0;
}

/* The sockets and the buffers of all workers. */
static bool gather(struct crew *crew, const struct listeners *listeners,
                   char why[static CALC_WHY_ROOM])
{
    const struct serve_options *options = crew->options;
    struct worker_options own = options->worker;
    own.measured = crew->metrics_end_fd >= 0;
    crew->ended_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (crew->ended_fd < 0)
        return explain(why, "open an eventfd", errno);
    if (!limits_begin(&crew->limits, &options->rate))
        return explain(why, "set up the limits on replies", errno);
    for (unsigned i = 0; i < options->workers; i++) {
        struct member *member = &crew->members[i];
        struct listener listener = {.fd = -1};
        if (i < listeners->count)
            listener = listeners->list[i];
        else if (!listener_share(&listeners->list[0], &options->listener, &listener, why))
            return false;
        member->crew = crew;
        member->thread = 0;
        member->watched = (struct watched){0};
        member->lost = listener_lost(&listener); /* before it was ours */
        crew->count++;
        if (!worker_begin(&member->worker, &listener, &own, &crew->limits, &crew->tallies[i],
                          &crew->told))
            return explain(why, "get memory for a worker", ENOMEM);
    }
    return true;
}

struct crew *crew_gather(const struct listeners *listeners, const struct serve_options *options,
                         char why[static CALC_WHY_ROOM])
{
    struct crew *crew =
        aligned_alloc(CACHE_LINE, sizeof *crew + options->workers * sizeof *crew->members);
    if (crew == NULL) {
        explain(why, "get memory for the workers", errno);
        return NULL;
    }
    *crew = (struct crew){
        .options = options, .process = getpid(), .metrics_end_fd = -1, .ended_fd = -1};
    pthread_barrier_init(&crew->gate, NULL, options->workers + 1);
    if (begin_tallies(crew, listeners, why) && gather(crew, listeners, why))
        return crew;
    crew_disband(crew);
    return NULL;
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

/* The thread, which waits at the gate, goes to its processor. To say so before there is a thread, musl has no
 * function. */
static int pin(const struct serve_options *options, unsigned worker, pthread_t thread)
{
    cpu_set_t one;
    if (!options->pinned)
        return 0;
    CPU_ZERO(&one);
    CPU_SET(processor(options, worker), &one);
    return pthread_setaffinity_np(thread, sizeof one, &one);
}

bool crew_start(struct crew *crew, char why[static CALC_WHY_ROOM])
{
    for (unsigned i = 0; i < crew->count; i++) {
        pthread_t thread;
        pthread_attr_t attributes;
        int error = pthread_attr_init(&attributes);
        if (error != 0)
            return explain(why, "start a worker", error);
        pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
        error = pthread_create(&thread, &attributes, run, &crew->members[i]);
        pthread_attr_destroy(&attributes);
        if (error == 0) {
            crew->started++;
            error = pin(crew->options, i, thread);
        }
        if (error != 0)
            return not_started(crew->options, i, error, why);
    }
    /* Until it is there, a thread makes system calls of its own. */
    pthread_barrier_wait(&crew->gate);
    return true;
}

void crew_go(struct crew *crew)
{
    pthread_barrier_wait(&crew->gate);
}

void crew_stop(struct crew *crew, bool leave)
{
    atomic_store(&crew->told, leave ? WORKER_LEAVE : WORKER_END);
    for (eventfd_t ended = 0, more; ended < crew->started;) {
        /* The signal may come just before the call that it is to interrupt: so again and again. */
        for (unsigned i = 0; i < crew->started; i++)
            signals_interrupt(crew->process, atomic_load(&crew->members[i].thread));
        struct pollfd wait = {.fd = crew->ended_fd, .events = POLLIN};
        const struct timespec again = {.tv_nsec = STOP_AGAIN_NS};
        (void)ppoll(&wait, 1, &again, NULL);
        if (eventfd_read(crew->ended_fd, &more) == 0)
            ended += more;
    }
}

int crew_ended_fd(const struct crew *crew)
{
    return crew->ended_fd;
}

int crew_metrics_end_fd(const struct crew *crew)
{
    return crew->metrics_end_fd;
}

unsigned crew_sockets(const struct crew *crew, int fds[static SERVE_WORKERS_MAX])
{
    for (unsigned i = 0; i < crew->count; i++)
        fds[i] = crew->members[i].worker.listener.fd;
    return crew->count;
}

void crew_count_lost(struct crew *crew)
{
    for (unsigned i = 0; i < crew->count; i++) {
        struct member *member = &crew->members[i];
        uint32_t lost = listener_lost(&member->worker.listener);
        count(&member->worker.counters->of[LOST_QUEUE_FULL], lost - member->lost);
        member->lost = lost;
    }
}

/* While the workers go on, some datagrams may have been received and not have their outcome yet: they come next time. */
void crew_sum_up(struct crew *crew, struct counters *sum)
{
    *sum = (struct counters){0};
    crew_count_lost(crew);
    for (unsigned i = 0; i < crew->count; i++)
        counters_add(&crew->tallies[i].counters, sum);
    if (atomic_load(&crew->told) == WORKER_SERVE)
        sum->received = counters_settled(sum);
}

bool crew_is_alive(struct crew *crew)
{
    bool alive = true;
    for (unsigned i = 0; i < crew->count; i++) {
        struct member *member = &crew->members[i];
        const struct worker *worker = &member->worker;
        const uint64_t received = worker->counters->received;
        enum watchdog_finding finding =
            watchdog_look(&member->watched, listener_has_queued(&worker->listener), received);
        if (finding == WATCHDOG_BECAME_STUCK)
            events_stuck(&crew->options->log, i, received);
        alive = alive && finding == WATCHDOG_ALIVE;
    }
    return alive;
}
