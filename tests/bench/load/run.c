/* Threads are given their flows; the thread that started them keeps the time. */
#define _GNU_SOURCE /* struct mmsghdr */

#include "run.h"
#include "proto/term/program.h"
#include "worker.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum {
    NS_PER_S = 1000000000,
    REQUESTS_LEAST = 256,    /* in the mix */
    REQUESTS_ALONE = 4096,   /* for all flows together at least that many */
    MEMORY_MOST = 256 << 20, /* for requests, replies and slots */
    DIFFERENT_STARTS = 37,   /* numbers between the first requests of two flows */
};

struct run {
    const struct options *options;
    struct mix mix;
    struct flow *flows;
    struct worker *workers;
    pthread_t *threads;
    unsigned started;
    struct interval interval;
    struct cpu_sample server[2]; /* at both ends */
    bool server_known;
    char *why;
};

/* How many requests the mix has. Closed loop: some windows. Open loop: what is in flight and then at rest where all
 * replies fail to come, and some more. Within the memory that there is for it; beyond, requests are refused. */
static size_t mix_size(const struct options *o)
{
    double wanted = 8.0 * o->window;
    if (o->rate > 0)
        wanted = 2.5 * o->rate / o->sockets * (double)o->timeout_ns / NS_PER_S;
    if (wanted < REQUESTS_LEAST)
        wanted = REQUESTS_LEAST;
    if (wanted * o->sockets < REQUESTS_ALONE)
        wanted = (double)REQUESTS_ALONE / o->sockets;
    size_t octets = mix_octets(&o->mix) + o->sockets * sizeof(struct slot);
    double room = (double)MEMORY_MOST / (double)octets;
    if (wanted > room)
        wanted = room;
    size_t least =
        2 * (size_t)o->window > 4 * o->mix.block ? 2 * (size_t)o->window : 4 * o->mix.block;
    size_t size = (size_t)wanted < least ? least : (size_t)wanted;
    return (size + o->mix.block - 1) / o->mix.block * o->mix.block;
}

static bool complain(struct run *run, const char *what)
{
    snprintf(run->why, RUN_WHY_ROOM, "can not %s: %s", what, strerror(errno));
    return false;
}

static bool open_flows(struct run *run, const struct sockaddr_in6 *server)
{
    const struct options *o = run->options;
    /* As many files as there are sockets: what cannot be had shows when they are opened. */
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    run->flows = calloc(o->sockets, sizeof *run->flows);
    if (run->flows == NULL)
        return complain(run, "get memory");
    for (unsigned i = 0; i < o->sockets; i++)
        run->flows[i].fd = -1;
    for (unsigned i = 0; i < o->sockets; i++) {
        const char *failed = flow_open(&run->flows[i], server, o->mix.block > 1);
        if (failed != NULL)
            return complain(run, failed);
        uint32_t first = (uint32_t)((size_t)i * DIFFERENT_STARTS * o->mix.block % run->mix.count);
        if (!slots_open(&run->flows[i].slots, &run->mix, (uint32_t)o->mix.block, first,
                        o->timeout_ns))
            return complain(run, "get memory");
    }
    return true;
}

static void *run_worker(void *worker)
{
    worker_run(worker);
    return NULL;
}

/* Each thread has its share of the flows, the rate and the number of requests. */
static bool start_workers(struct run *run)
{
    const struct options *o = run->options;
    unsigned count = o->threads;
    run->workers = calloc(count, sizeof *run->workers);
    run->threads = calloc(count, sizeof *run->threads);
    if (run->workers == NULL || run->threads == NULL)
        return complain(run, "get memory");
    run->interval.controller = pthread_self();
    atomic_init(&run->interval.sending, (int)count);
    int64_t now = monotonic_ns();
    run->interval.begin = now + o->warmup_ns;
    atomic_init(&run->interval.end,
                o->requests > 0 ? INT64_MAX : run->interval.begin + o->duration_ns);
    unsigned first = 0;
    for (unsigned i = 0; i < count; i++) {
        unsigned beyond = (unsigned)((uint64_t)o->sockets * (i + 1) / count);
        run->workers[i] = (struct worker){
            .options = o,
            .mix = &run->mix,
            .interval = &run->interval,
            .flows = run->flows + first,
            .flow_count = beyond - first,
            .rate = o->rate * (beyond - first) / o->sockets,
            .quota = o->requests == 0 ? UINT64_MAX / 2
                                      : o->requests * (i + 1) / count - o->requests * i / count,
            .epoll = -1,
        };
        first = beyond;
        errno = pthread_create(&run->threads[i], NULL, run_worker, &run->workers[i]);
        if (errno != 0) {
            atomic_store(&run->interval.end, 0);
            return complain(run, "start a thread");
        }
        run->started++;
    }
    return true;
}

/* Waits until a time, or until all is sent, or somebody wants an end. True: the time has come. */
static bool wait_until(struct run *run, const sigset_t *signals, int64_t time)
{
    for (;;) {
        int64_t left = time - monotonic_ns();
        if (left <= 0)
            return true;
        struct timespec wait = {.tv_sec = (time_t)(left / NS_PER_S),
                                .tv_nsec = (long)(left % NS_PER_S)};
        int signal = sigtimedwait(signals, NULL, &wait);
        if (signal == SIGINT || signal == SIGTERM) {
            atomic_store(&run->interval.end, monotonic_ns());
            return false;
        }
        if (atomic_load(&run->interval.sending) == 0)
            return false;
    }
}

static bool sample_server(struct run *run, struct cpu_sample *sample)
{
    pid_t pid = run->options->server_pid;
    if (pid == 0)
        return false;
    if (cpu_sample(pid, sample))
        return true;
    fprintf(stderr, "%s: can not read the CPU time of process %d: %s\n", calc_program(), (int)pid,
            strerror(errno));
    return false;
}

/* From the start of the threads until the last of them has ended. */
static void keep_time(struct run *run, const sigset_t *signals)
{
    bool known = false;
    if (wait_until(run, signals, run->interval.begin)) {
        known = sample_server(run, &run->server[0]);
        wait_until(run, signals, atomic_load(&run->interval.end));
        run->server_known = known && sample_server(run, &run->server[1]);
    }
    /* One more signal does not wait for the outstanding ones. */
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_UNBLOCK, &ends, NULL);
    for (unsigned i = 0; i < run->started; i++)
        pthread_join(run->threads[i], NULL);
}

static void add_tally(struct tally *into, const struct tally *from)
{
    into->sent += from->sent;
    into->received += from->received;
    into->lost += from->lost;
    into->wrong += from->wrong;
    into->refused += from->refused;
    into->unexpected += from->unexpected;
    into->in_time += from->in_time;
    into->early_wrong += from->early_wrong;
    if (from->last > into->last)
        into->last = from->last;
    histogram_merge(&into->latency, &from->latency);
}

/* A load that keeps to a schedule stays awake for it, so what
 * tells there is whether it kept it. */
static enum load_limit find_limit(const struct run *run, const struct result *result,
                                  double least_busy)
{
    const double busy = 0.95;
    const double kept = 0.98; /* of its schedule */
    if (!run->server_known)
        return LIMIT_NEITHER;
    if (cpu_busiest(&run->server[0], &run->server[1]) >= busy)
        return LIMIT_SERVER;
    const struct tally *t = &result->tally;
    bool load = least_busy >= busy;
    if (run->options->rate > 0)
        load = (double)t->sent < kept * (double)(t->sent + t->refused);
    return load ? LIMIT_LOAD : LIMIT_NEITHER;
}

static bool sum_up(const struct run *run, struct result *result)
{
    double least_busy = 1;
    bool failed = false;
    for (unsigned i = 0; i < run->started; i++) {
        const struct worker *w = &run->workers[i];
        add_tally(&result->tally, &w->tally);
        result->load_cpu += w->cpu / run->started;
        least_busy = w->busy < least_busy ? w->busy : least_busy;
        if (w->failure[0] != '\0' && !failed)
            snprintf(run->why, RUN_WHY_ROOM, "%s", w->failure);
        failed = failed || w->failure[0] != '\0';
    }
    int64_t end = atomic_load(&run->interval.end);
    if (end == INT64_MAX) {
        end = result->tally.last;
        result->tally.in_time = result->tally.received; /* and none to the warm-up's requests */
    }
    if (end > run->interval.begin)
        result->seconds = (double)(end - run->interval.begin) / NS_PER_S;
    for (unsigned i = 0; i < run->options->sockets; i++)
        result->dropped_here += flow_dropped(&run->flows[i]);
    result->server_known = run->server_known;
    if (run->server_known) {
        result->server_cpu = cpu_share(&run->server[0], &run->server[1]);
        if (result->tally.in_time > 0)
            result->server_us_per_reply =
                result->server_cpu * result->seconds * 1e6 / (double)result->tally.in_time;
    }
    result->limit = find_limit(run, result, least_busy);
    return !failed;
}

static void close_all(struct run *run)
{
    for (unsigned i = 0; run->flows != NULL && i < run->options->sockets; i++) {
        flow_close(&run->flows[i]);
        slots_close(&run->flows[i].slots);
    }
    free(run->flows);
    free(run->workers);
    free(run->threads);
    mix_free(&run->mix);
}

bool run_load(const struct options *options, const struct sockaddr_in6 *server,
              struct result *result, char why[static RUN_WHY_ROOM])
{
    struct run run = {.options = options, .why = why};
    *result = (struct result){0};
    if (!mix_make(&run.mix, &options->mix, mix_size(options), why))
        return false;
    /* The threads get no signals: they inherit this. */
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    bool done = open_flows(&run, server) && start_workers(&run);
    if (run.started > 0)
        keep_time(&run, &signals);
    if (done)
        done = sum_up(&run, result);
    close_all(&run);
    return done;
}
