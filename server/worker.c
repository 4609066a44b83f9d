/* The way of a request through the server. There is no lock and no allocation on it, and nothing that a datagram brings
 * can end or stall it; neither can a reader of the output. */
#define _GNU_SOURCE /* struct mmsghdr */

#include "worker.h"
#include "clock.h"
#include "policy.h"
#include "proto/term/colour.h"
#include "trace.h"

#include <arpa/inet.h>
#include <unistd.h>

enum {
    DRAIN_MAX_US = 1000000, /* only a flood that can not be turned away takes longer */
    DRAIN_SILENCE_MS = 10,  /* on the kernel's way to the queue, when it was turned away */
};

bool worker_begin(struct worker *worker, const struct listener *listener,
                  const struct worker_options *options, const struct limits *limits,
                  struct tally *tally, const atomic_int *told)
{
    worker->listener = *listener;
    worker->options = *options;
    worker->limits = limits;
    worker->told = told;
    /* Who sees what leaks at one worker must not know when the next one will leak. */
    worker->refused = siphash(&limits->key, (uintptr_t)worker);
    worker->counters = &tally->counters;
    worker->measures = options->measured ? &tally->measures : NULL;
    worker->coloured = options->verbose && calc_colour_wanted(STDOUT_FILENO);
    outbox_begin(&worker->outbox, options->merges);
    bool begun = intake_begin(&worker->intake);
    /* More than one at once could make more than one reply. */
    if (options->once)
        worker->intake.limit = 1;
    return begun;
}

void worker_end(struct worker *worker)
{
    intake_free(&worker->intake);
    listener_close(&worker->listener);
}

static bool told_to_stop(const struct worker *worker)
{
    return atomic_load_explicit(worker->told, memory_order_relaxed) != WORKER_SERVE;
}

/* Waits for a batch; first awake, where that was asked for. */
static bool receive(struct worker *worker)
{
    enum receive_code code = RECEIVE_QUEUE_EMPTY;
    if (worker->options.busy_poll_us > 0) {
        uint64_t until = clock_ns() + UINT64_C(1000) * worker->options.busy_poll_us;
        do
            code = intake_receive(&worker->intake, &worker->listener, false, worker->counters);
        while (code == RECEIVE_QUEUE_EMPTY && !told_to_stop(worker) && clock_ns() < until);
    }
    if (code == RECEIVE_QUEUE_EMPTY && !told_to_stop(worker))
        code = intake_receive(&worker->intake, &worker->listener, true, worker->counters);
    if (code == RECEIVE_INTERRUPTED && !told_to_stop(worker))
        count(&worker->counters->of[NOTED_INTERRUPTED], 1);
    return code == RECEIVED;
}

/* Why nobody there gets a reply, or OUTCOME_COUNT. What was merged comes from one origin, and is judged once. */
static enum outcome judge(struct worker *worker, const struct origin *origin)
{
    if (origin != worker->judged) {
        worker->judged = origin;
        worker->verdict = OUTCOME_COUNT;
        worker->limited = worker->limits->all != NULL || policy_suspects(origin);
        (void)policy_drops(origin, ntohs(worker->listener.endpoint.sin6_port), &worker->verdict);
    }
    return worker->verdict;
}

/* What becomes of a reply that is to have this outcome: the same, unless there were too many of the kind. Apart, so
 * that the way of ordinary requests is short. */
__attribute__((noinline)) static enum outcome
limit(struct worker *worker, const struct arrival *request, enum outcome outcome)
{
    const struct limits *limits = worker->limits;
    const struct in6_addr *source = &request->origin->peer.sin6_addr;
    bool suspect = policy_suspects(request->origin) ||
                   policy_suspects_datagram(request, outcome == REPLIED_RESULT);
    if (worker->now_ns == 0)
        worker->now_ns = clock_ns();
    if (suspect && !rate_allows(limits->loops, source, worker->now_ns))
        return DROPPED_LOOP_RATE;
    if (limits->all == NULL || rate_allows(limits->all, source, worker->now_ns))
        return outcome;
    if (!limits_leak(limits, worker->refused++))
        return DROPPED_RATE;
    count(&worker->counters->of[NOTED_LEAKED], 1);
    return outcome;
}

static void answer(struct worker *worker, const struct arrival *request)
{
    size_t length = 0;
    enum outcome outcome = judge(worker, request->origin);
    if (outcome == OUTCOME_COUNT) {
        enum calc_code code =
            calc_answer(request->octets, request->length, outbox_room(&worker->outbox), &length);
        if (length == 0)
            outcome = DROPPED_NO_INTEGERS;
        else if (!worker->limited && !policy_suspects_datagram(request, code == CALC_OK))
            outcome = REPLIED_RESULT; /* an error is suspect */
        else {
            outcome = limit(worker, request, outcome_of_reply(code));
            length = outcome_is_reply(outcome) ? length : 0;
        }
    }
    outbox_add(&worker->outbox, request, length, outcome);
}

/* True: a reply was sent. */
static bool deliver(struct worker *worker)
{
    struct outbox *outbox = &worker->outbox;
    struct counters *counters = worker->counters;
    bool replied = false;
    outbox_send(outbox, &worker->listener, counters);
    if (worker->measures != NULL)
        measures_add(worker->measures, outbox, clock_ns() - worker->now_ns);
    count(&counters->received, outbox->count);
    for (unsigned i = 0; i < outbox->count; i++) {
        const struct exchange *exchange = &outbox->exchanges[i];
        count(&counters->of[exchange->outcome], 1);
        replied = replied || outcome_is_reply(exchange->outcome);
        if (worker->options.verbose &&
            !trace_exchange(&worker->listener, exchange, worker->coloured))
            count(&counters->of[NOTED_NOT_SHOWN], 1);
    }
    outbox_clear(outbox);
    return replied;
}

/* The batch that was received. True: a reply was sent. */
static bool answer_all(struct worker *worker)
{
    bool replied = false;
    worker->judged = NULL;
    worker->now_ns = worker->measures != NULL ? clock_ns() : 0;
    for (struct arrival request; intake_next(&worker->intake, &request);) {
        answer(worker, &request);
        if (outbox_is_full(&worker->outbox))
            replied = deliver(worker);
    }
    return deliver(worker) || replied;
}

/* Whoever sends from now on is told at once that nobody is here, or meets the next server on the port. */
static void drain(struct worker *worker)
{
    uint64_t until = clock_ns() + UINT64_C(1000) * DRAIN_MAX_US;
    enum receive_code code;
    /* Without it, they are answered until it is quiet. */
    (void)listener_turn_away(&worker->listener);
    do {
        code = intake_receive(&worker->intake, &worker->listener, false, worker->counters);
        if (code == RECEIVED)
            (void)answer_all(worker);
    } while ((code != RECEIVE_QUEUE_EMPTY || listener_wait(&worker->listener, DRAIN_SILENCE_MS)) &&
             clock_ns() < until);
}

void worker_run(struct worker *worker)
{
    bool done = false;
    while (!done && !told_to_stop(worker)) {
        if (receive(worker))
            done = answer_all(worker) && worker->options.once;
    }
    /* All that is queued may be more than once. */
    if (atomic_load(worker->told) == WORKER_END && !worker->options.once && !worker->listener.kept)
        drain(worker);
}
