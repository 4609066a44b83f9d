/* Workers: each takes the next case that nobody has taken, with a subject of its own, and writes what it finds
 * into memory that all of them share. A worker that dies takes nothing with it but the case it was at. */
#define _GNU_SOURCE /* MAP_ANONYMOUS, FNM_CASEFOLD */
#include "run.h"

#include "client_run.h"
#include "diagnose.h"
#include "functions.h"
#include "server_run.h"
#include "signals.h"

#include "proto/show.h"
#include "proto/term/program.h"

#include <errno.h>
#include <fnmatch.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the workers share. */
struct shared {
    atomic_size_t next;
    atomic_bool begun; /* a subject was there */
    atomic_flag told;
    char why[OUTCOME_TEXT_ROOM]; /* why it was not */
    pid_t workers[JOBS_MAX];
    bool alone; /* once more, one at a time, what failed for others of its kind */
    struct outcome outcomes[];
};

/* A subject of any suite. */
union subject_run {
    struct server_run server;
    struct client_run client;
    struct functions_run functions;
};

/* Each worker has a server of its own, or asks the same one. Clients and functions are started anew by each
 * case, so they are prepared once, before there are workers. */
static bool is_each_worker_s(const struct run *run)
{
    return run->suite == &server_suite;
}

static bool begin(union subject_run *any, const struct run *run, char why[static OUTCOME_TEXT_ROOM])
{
    if (run->suite == &server_suite)
        return server_run_begin(&any->server, run->settings, why);
    if (run->suite == &client_suite)
        return client_run_begin(&any->client, run->settings, why);
    return functions_run_begin(&any->functions, run->settings, why);
}

static void end(union subject_run *any, const struct run *run)
{
    if (run->suite == &server_suite)
        server_run_end(&any->server);
    else if (run->suite == &client_suite)
        client_run_end(&any->client);
    else
        functions_run_end(&any->functions);
}

static bool suite_is_parallel(const struct run *run)
{
    return run->suite == &client_suite && run->settings->jobs > 1;
}

/* FNV-1a: each case has numbers of its own, whatever else runs. */
static uint64_t seed_of(const struct run *run, const struct result *result)
{
    uint64_t hash = UINT64_C(14695981039346656037) ^ run->settings->seed ^ result->turn;
    for (const char *p = result->about->id; *p != '\0'; p++)
        hash = (hash ^ (uint8_t)*p) * UINT64_C(1099511628211);
    return hash | 1;
}

static void try_case(union subject_run *any, const struct run *run, const struct result *result,
                     struct outcome *outcome)
{
    int64_t began_us = kit_now_us();
    if (run->suite == &server_suite) {
        any->server.random = seed_of(run, result);
        if (server_run_ready(&any->server, outcome))
            result->about->run.server(&any->server, outcome);
    } else if (run->suite == &client_suite) {
        result->about->run.client(&any->client, outcome);
    } else {
        result->about->run.functions(&any->functions, outcome);
    }
    outcome->took_us = kit_now_us() - began_us;
}

/* A SHOULD that is missed is no failure, unless everything is asked for; a subject that is gone always is one. */
static void apply_level(const struct settings *settings, enum level level, struct outcome *outcome)
{
    bool mild = outcome->trouble == WRONG || outcome->trouble == SILENCE;
    if (outcome->verdict == FAILED && level == SHOULD && mild && !settings->strict)
        outcome->verdict = NON_STRICT;
    if (outcome->verdict == PASSED && outcome->observed[0] != '\0' && outcome->otherwise &&
        settings->settled)
        outcome_fail(outcome, WRONG, "not as PROTOCOL.md settles it: %s", outcome->observed);
}

/* Some clients have a port of their own, which they can not share with others at the same time. */
static bool lacked_its_port(const struct outcome *outcome)
{
    return outcome->verdict == FAILED && strstr(outcome->output, strerror(EADDRINUSE)) != NULL;
}

static void begin_outcome(struct outcome *outcome)
{
    memset(outcome, 0, sizeof *outcome);
    outcome->verdict = PASSED;
}

static void take_cases(union subject_run *any, const struct run *run, struct shared *shared)
{
    for (;;) {
        size_t i = atomic_fetch_add(&shared->next, 1);
        if (i >= run->count || signals_caught() != 0)
            break;
        struct outcome *outcome = &shared->outcomes[i];
        if (shared->alone && !lacked_its_port(outcome))
            continue;
        begin_outcome(outcome);
        try_case(any, run, &run->results[i], outcome);
        apply_level(run->settings, run->results[i].about->level, outcome);
    }
}

static void tell(struct shared *shared, const char *why)
{
    if (atomic_flag_test_and_set(&shared->told))
        return;
    snprintf(shared->why, sizeof shared->why, "%s", why);
    calc_one_line(shared->why);
}

static void work(union subject_run *any, const struct run *run, struct shared *shared)
{
    char why[OUTCOME_TEXT_ROOM] = "";
    if (!is_each_worker_s(run) || begin(any, run, why)) {
        atomic_store(&shared->begun, true);
        take_cases(any, run, shared);
    } else {
        tell(shared, why);
    }
    if (is_each_worker_s(run))
        end(any, run);
}

static bool chosen(const struct conformance_case *about, const struct run *run,
                   const union subject_run *any, bool prepared)
{
    const char *filter = run->settings->filter;
    if (prepared && run->suite == &functions_suite && !functions_applies(&any->functions, about))
        return false;
    return filter == NULL || fnmatch(filter, about->id, FNM_CASEFOLD) == 0;
}

static bool choose(struct run *run, const union subject_run *any, bool prepared)
{
    const struct suite *suite = run->suite;
    size_t turns = run->settings->repeat;
    run->results = calloc(suite->count * turns, sizeof *run->results);
    if (run->results == NULL) {
        fprintf(stderr, "%s: no memory for %zu results\n", calc_program(), suite->count * turns);
        return false;
    }
    for (unsigned turn = 1; turn <= turns; turn++) {
        for (size_t i = 0; i < suite->count; i++) {
            if (chosen(&suite->cases[i], run, any, prepared))
                run->results[run->count++] =
                    (struct result){.about = &suite->cases[i], .turn = turn};
        }
    }
    if (run->count == 0)
        fprintf(stderr, "%s: --filter '%s' matches no case: see %s list %s\n", calc_program(),
                run->settings->filter, calc_program(), suite->name);
    return run->count > 0;
}

static size_t shared_size(size_t count)
{
    return sizeof(struct shared) + count * sizeof(struct outcome);
}

static struct shared *share(size_t count)
{
    size_t size = shared_size(count);
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        fprintf(stderr, "%s: no memory for %zu outcomes: %s\n", calc_program(), count,
                strerror(errno));
        return NULL;
    }
    struct shared *shared = memory;
    atomic_flag_clear(&shared->told);
    for (size_t i = 0; i < count; i++) {
        shared->outcomes[i].verdict = ERROR;
        snprintf(shared->outcomes[i].why, OUTCOME_TEXT_ROOM,
                 "not tried: the kit's own process ended before");
    }
    return shared;
}

/* Each worker is a process: what a subject does to it stays there. */
static void fork_workers(union subject_run *any, const struct run *run, struct shared *shared,
                         unsigned jobs)
{
    if (jobs > run->count)
        jobs = (unsigned)run->count;
    atomic_store(&shared->next, 0);
    fflush(NULL);
    for (unsigned i = 0; i < jobs; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            prctl(PR_SET_PDEATHSIG, SIGTERM);
            work(any, run, shared);
            _exit(0);
        }
        if (pid < 0)
            tell(shared, "no worker could be started: fork failed");
        else
            shared->workers[i] = pid;
    }
    while (wait(NULL) > 0 || errno == EINTR) {
        for (unsigned i = 0; i < jobs && signals_caught() != 0; i++) {
            if (shared->workers[i] > 0)
                kill(shared->workers[i], SIGTERM);
        }
    }
}

/* All together, so that one mistake is told as one. */
static void diagnose(const struct run *run, struct shared *shared)
{
    struct outcome **outcomes = calloc(run->count, sizeof *outcomes);
    for (size_t i = 0; i < run->count && outcomes != NULL; i++)
        outcomes[i] = &shared->outcomes[i];
    if (outcomes != NULL)
        diagnose_replies(outcomes, run->count);
    free(outcomes);
}

static void count(struct run *run, struct shared *shared)
{
    for (size_t i = 0; i < run->count; i++) {
        struct outcome *outcome = &shared->outcomes[i];
        run->results[i].outcome = outcome;
        run->counts[outcome->verdict]++;
    }
}

/* Chooses the cases, lets them be tried, and explains what failed. */
static bool try_all(struct run *run, union subject_run *any, bool prepared, const char *why)
{
    if (!choose(run, any, prepared))
        return false;
    struct shared *shared = share(run->count);
    run->shared = shared;
    if (shared == NULL)
        return false;
    if (prepared)
        fork_workers(any, run, shared, run->settings->jobs);
    else
        tell(shared, why);
    shared->alone = prepared && suite_is_parallel(run);
    if (shared->alone)
        fork_workers(any, run, shared, 1);
    run->unreachable = !atomic_load(&shared->begun);
    for (size_t i = 0; run->unreachable && i < run->count; i++)
        snprintf(shared->outcomes[i].why, OUTCOME_TEXT_ROOM, "%s", shared->why);
    diagnose(run, shared);
    count(run, shared);
    return true;
}

bool run_suite(struct run *run, const struct suite *suite, const struct settings *settings)
{
    *run = (struct run){.suite = suite, .settings = settings, .began_us = kit_wall_us()};
    int64_t began_us = kit_now_us();
    char why[OUTCOME_TEXT_ROOM] = "";
    union subject_run *any = calloc(1, sizeof *any);
    if (any == NULL) {
        fprintf(stderr, "%s: no memory for a subject\n", calc_program());
        return false;
    }
    run_subject(run);
    signals_catch();
    bool prepared = is_each_worker_s(run) || begin(any, run, why);
    bool tried = try_all(run, any, prepared, why);
    if (!is_each_worker_s(run))
        end(any, run);
    free(any);
    signals_obey();
    run->took_us = kit_now_us() - began_us;
    return tried;
}

void run_free(struct run *run)
{
    free(run->results);
    if (run->shared != NULL)
        munmap(run->shared, shared_size(run->count));
}

int run_status(const struct run *run)
{
    bool failed = run->unexpected_count > 0, gone = run->unreachable;
    for (size_t i = 0; i < run->count; i++) {
        const struct result *result = &run->results[i];
        if (result->known == KNOWN_FAILURE)
            continue;
        enum verdict verdict = result->outcome->verdict;
        enum trouble trouble = result->outcome->trouble;
        failed |= verdict == FAILED || verdict == ERROR;
        gone |= verdict == FAILED && (trouble == CRASH || trouble == UNREACHABLE);
    }
    return gone ? 3 : failed ? 1 : 0;
}
