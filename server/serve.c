/* The workers from their start to their end. Requests are the workers' business alone; this thread waits for signals.
 * Nothing is torn down in the end, as the process ends with it: so it gets by with few system calls. */
#define _GNU_SOURCE /* pthread_attr_setaffinity_np, ppoll, gettid */

#include "serve.h"
#include "output.h"
#include "refuse.h"
#include "signals.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum {
    CACHE_LINE = 64,
    LOST_EVERY_S = 600, /* the kernel counts up to 2^32 */
    STOP_AGAIN_NS = 10000000,
};

struct member {
    _Alignas(CACHE_LINE) struct worker worker;
    struct crew *crew;
    _Atomic pid_t thread; /* 0 before it runs, and when it has ended */
    uint32_t lost;        /* as the kernel counted when it was last asked */
};

struct crew {
    const struct serve_options *options;
    struct handover *handover;
    pid_t process;
    unsigned count;         /* members that have begun, */
    unsigned started;       /* and those that have a thread */
    pthread_barrier_t gate; /* where all meet twice: when they are there, and when they may go */
    int ended_fd;           /* counts the workers that have ended: eventfd(2) */
    atomic_int told;        /* to the workers */
    bool replaced;          /* by another server, on these sockets */
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

static void disband(struct crew *crew)
{
    for (unsigned i = 0; i < crew->count; i++)
        worker_end(&crew->members[i].worker);
    if (crew->ended_fd >= 0)
        close(crew->ended_fd);
    limits_end(&crew->limits);
    pthread_barrier_destroy(&crew->gate);
    free(crew);
}

/* The sockets and the buffers of all workers. */
static bool gather(struct crew *crew, const struct listeners *listeners,
                   char why[static CALC_WHY_ROOM])
{
    const struct serve_options *options = crew->options;
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
        member->lost = listener_lost(&listener); /* before it was ours */
        crew->count++;
        if (!worker_begin(&member->worker, &listener, &options->worker, &crew->limits, &crew->told))
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

/* The threads of all workers, which wait at the gate when this returns. */
static bool start(struct crew *crew, char why[static CALC_WHY_ROOM])
{
    for (unsigned i = 0; i < crew->count; i++) {
        pthread_t thread;
        pthread_attr_t attributes;
        int error = pthread_attr_init(&attributes);
        if (error != 0)
            return explain(why, "start a worker", error);
        pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
        if (crew->options->pinned) {
            cpu_set_t one;
            CPU_ZERO(&one);
            CPU_SET(processor(crew->options, i), &one);
            error = pthread_attr_setaffinity_np(&attributes, sizeof one, &one);
        }
        if (error == 0)
            error = pthread_create(&thread, &attributes, run, &crew->members[i]);
        pthread_attr_destroy(&attributes);
        if (error != 0)
            return not_started(crew->options, i, error, why);
        crew->started++;
    }
    /* Until it is there, a thread makes system calls of its own. */
    pthread_barrier_wait(&crew->gate);
    return true;
}

/* Returns when all workers have ended. */
static void stop(struct crew *crew)
{
    bool left = handover_has_begun(crew->handover) || crew->replaced;
    atomic_store(&crew->told, left ? WORKER_LEAVE : WORKER_END);
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
    if (atomic_load(&crew->told) == WORKER_SERVE)
        sum.received = counters_settled(&sum);
    flockfile(stdout); /* a worker may print, too */
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

static void hand_over(struct crew *crew)
{
    int fds[SERVE_WORKERS_MAX];
    for (unsigned i = 0; i < crew->count; i++)
        fds[i] = crew->members[i].worker.listener.fd;
    crew->replaced = handover_go_on(crew->handover, fds, crew->count);
}

/* True: it is time to stop. */
static bool supervise(struct crew *crew, int signals_fd, char why[static CALC_WHY_ROOM])
{
    for (;;) {
        struct pollfd waits[] = {
            {.fd = signals_fd,                         .events = POLLIN},
            {.fd = crew->ended_fd,                     .events = POLLIN},
            {.fd = handover_waits_for(crew->handover), .events = POLLIN},
        };
        const struct timespec timeout = {.tv_sec = LOST_EVERY_S};
        int ready = ppoll(waits, 3, &timeout, NULL);
        if (ready < 0 && errno != EINTR)
            return explain(why, "wait for signals", errno);
        if (ready == 0)
            count_lost(crew);
        if (ready > 0 && (waits[1].revents != 0 || handle_signals(crew, signals_fd)))
            return true;
        if (ready > 0 && waits[2].revents != 0)
            hand_over(crew);
        if (crew->replaced)
            return true;
    }
}

static bool say_where(const char *where, char why[static CALC_WHY_ROOM])
{
    if (printf("listening on %s\n", where) < 0 || fflush(stdout) == EOF)
        return explain(why, "print what it listens on", errno);
    return true;
}

bool serve(const struct listeners *listeners, struct handover *handover, int signals_fd,
           const struct serve_options *options, char why[static CALC_WHY_ROOM])
{
    struct crew *crew =
        aligned_alloc(CACHE_LINE, sizeof *crew + options->workers * sizeof *crew->members);
    if (crew == NULL)
        return explain(why, "get memory for the workers", errno);
    *crew = (struct crew){
        .options = options, .handover = handover, .process = getpid(), .ended_fd = -1};
    pthread_barrier_init(&crew->gate, NULL, options->workers + 1);
    struct sandbox sandbox;
    char where[CALC_ENDPOINT_ROOM];
    /* Which asks for the name of its interface. */
    calc_endpoint_text(&listeners->list[0].endpoint, where);
    /* What the workers print comes behind the line that says where they listen. */
    bool begun = gather(crew, listeners, why) && sandbox_enter(&sandbox, &options->sandbox, why) &&
                 start(crew, why) && sandbox_close(&sandbox, crew->process, why) &&
                 say_where(where, why);
    if (!begun) {
        if (crew->started == 0)
            disband(crew);
        return false;
    }
    pthread_barrier_wait(&crew->gate);
    handover_ready(handover);
    bool done = supervise(crew, signals_fd, why);
    stop(crew);
    print_counters(crew);
    return done;
}
