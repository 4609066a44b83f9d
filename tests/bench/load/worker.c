/* What the loops have in common: the clock, the counts, and replies as they come. */
#define _GNU_SOURCE /* syscall */

#include "worker_parts.h"

#include <errno.h>
#include <linux/time_types.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int64_t monotonic_ns(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

void worker_fail(struct worker *w, const char *what)
{
    if (w->failure[0] == '\0')
        snprintf(w->failure, sizeof w->failure, "can not %s: %s", what, strerror(errno));
    atomic_store(&w->interval->end, 0);
}

void worker_count_sent(struct worker *w, uint64_t requests, int64_t due)
{
    w->in_flight += requests;
    if (due < w->interval->begin)
        return;
    w->tally.sent += requests;
    w->quota -= requests < w->quota ? requests : w->quota;
}

static void count_reply(struct worker *w, struct flow *flow, const uint8_t *reply, size_t length,
                        int64_t now)
{
    int64_t begin = w->interval->begin;
    int64_t sent = 0;
    int64_t due = 0;
    enum slot_verdict verdict = slots_reply(&flow->slots, reply, length, &sent, &due);
    if (verdict == SLOT_UNEXPECTED) {
        w->tally.unexpected += now >= begin;
        return;
    }
    w->in_flight--;
    if (verdict == SLOT_WRONG) {
        w->tally.wrong += due >= begin;
        w->tally.early_wrong += due < begin;
        return;
    }
    w->tally.last = now;
    w->tally.in_time += now >= begin && now < worker_end(w);
    if (due >= begin) {
        w->tally.received++;
        histogram_add(&w->tally.latency, (uint64_t)(now - due));
    }
}

void worker_count_replies(struct worker *w, struct flow *flow, int messages, int64_t now)
{
    for (int i = 0; i < messages; i++) {
        size_t length = 0;
        size_t segment = 0;
        const uint8_t *octets = post_message(&w->post, i, &length, &segment);
        do {
            size_t part = length < segment ? length : segment;
            count_reply(w, flow, octets, part, now);
            octets += part;
            length -= part;
        } while (length > 0);
    }
}

static void give_up(struct worker *w, struct flow *flow, int64_t now)
{
    int64_t due = 0;
    while (slots_give_up(&flow->slots, now - w->options->timeout_ns, now, &due)) {
        w->in_flight--;
        w->tally.lost += due >= w->interval->begin;
    }
}

enum { SWEEP_MOST_NS = 10000000 };

/* How often requests without a reply are looked for. */
static int64_t sweep_ns(const struct worker *w)
{
    int64_t ns = w->options->timeout_ns / 20;
    if (ns < NS_PER_MS)
        return NS_PER_MS;
    return ns > SWEEP_MOST_NS ? SWEEP_MOST_NS : ns;
}

static void measure_cpu(struct worker *w, int64_t elapsed)
{
    struct cpu_time cpu;
    cpu_of_this_thread(&cpu);
    w->cpu = (double)(cpu.ns - w->began_cpu.ns) / (double)elapsed;
    w->busy = cpu_busy(w->began_cpu, cpu, elapsed);
}

void worker_pass(struct worker *w, int64_t now)
{
    if (!w->begun && now >= w->interval->begin) {
        w->begun = true;
        w->began_at = now;
        cpu_of_this_thread(&w->began_cpu);
    }
    if (w->sending && (now >= worker_end(w) || w->quota == 0)) {
        w->sending = false;
        if (w->begun && now > w->began_at)
            measure_cpu(w, now - w->began_at);
        if (atomic_fetch_sub(&w->interval->sending, 1) == 1)
            pthread_kill(w->interval->controller, SIGUSR1);
    }
    if (now < w->next_sweep)
        return;
    w->next_sweep = now + sweep_ns(w);
    for (unsigned i = 0; i < w->flow_count; i++) {
        give_up(w, &w->flows[i], now);
        if (w->rate <= 0)
            worker_fill(w, &w->flows[i], now);
    }
}

void worker_fill(struct worker *w, struct flow *flow, int64_t now)
{
    unsigned block = flow->slots.block;
    uint64_t blocks = (w->options->window - flow->slots.in_flight) / block;
    if (!w->sending || now >= worker_end(w))
        return;
    if (w->begun && blocks > (w->quota + block - 1) / block)
        blocks = (w->quota + block - 1) / block;
    while (blocks > 0) {
        uint32_t numbers[POST_MESSAGES];
        int count = 0;
        for (; count < POST_MESSAGES && (uint64_t)count < blocks; count++) {
            numbers[count] = slots_take(&flow->slots, now, now);
            if (numbers[count] == SLOT_NONE)
                break;
        }
        int sent = flow_send(flow, &w->post, numbers, count);
        for (int i = sent < 0 ? 0 : sent; i < count; i++)
            slots_return(&flow->slots, numbers[i]);
        if (sent < 0)
            worker_fail(w, "send");
        else
            worker_count_sent(w, (uint64_t)sent * block, now);
        if (sent < POST_MESSAGES)
            return;
        blocks -= (uint64_t)sent;
    }
}

/* The edge of epoll(7) comes with each datagram, so one that stays behind would be looked at only with the next. It is
 * left to that where all that was awaited has come, as is most often so: to look again would cost a system call. */
int64_t worker_drain(struct worker *w, struct flow *flow)
{
    for (int64_t now = 0;;) {
        uint32_t awaited = flow->slots.in_flight;
        int most = awaited > POST_MESSAGES ? POST_MESSAGES : awaited == 0 ? 1 : (int)awaited;
        int taken = flow_receive(flow, &w->post, most);
        if (taken < 0) {
            worker_fail(w, "receive");
            return now;
        }
        if (taken == 0)
            return now;
        now = monotonic_ns();
        worker_count_replies(w, flow, taken, now);
        if (taken < most || flow->slots.in_flight == 0)
            return now;
    }
}

void worker_wait(struct worker *w, int64_t wait_ns)
{
    struct epoll_event events[EVENTS];
    struct __kernel_timespec wait = {.tv_sec = wait_ns / NS_PER_S, .tv_nsec = wait_ns % NS_PER_S};
    /* epoll_pwait2(2), which not each libc has. */
    long count = syscall(SYS_epoll_pwait2, w->epoll, events, EVENTS, &wait, NULL, (size_t)0);
    if (count < 0 && errno != EINTR)
        worker_fail(w, "wait");
    for (long i = 0; i < count; i++) {
        struct flow *flow = events[i].data.ptr;
        int64_t now = worker_drain(w, flow);
        if (w->rate <= 0 && now > 0)
            worker_fill(w, flow, now);
    }
}

void worker_run_closed(struct worker *w)
{
    while (w->sending || w->in_flight > 0) {
        worker_wait(w, sweep_ns(w));
        worker_pass(w, monotonic_ns());
    }
}

/* False: worker_fail() has been called. */
static bool open_epoll(struct worker *w)
{
    w->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (w->epoll < 0) {
        worker_fail(w, "open an epoll");
        return false;
    }
    for (unsigned i = 0; i < w->flow_count; i++) {
        struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.ptr = &w->flows[i]};
        if (epoll_ctl(w->epoll, EPOLL_CTL_ADD, w->flows[i].fd, &event) < 0) {
            worker_fail(w, "watch a socket");
            return false;
        }
    }
    return true;
}

void worker_run(struct worker *w)
{
    w->sending = true;
    /* Sleeps of the open loop end when they should, not up to 50 us later. */
    prctl(PR_SET_TIMERSLACK, 1UL);
    bool lone = w->rate <= 0 && w->options->sockets == 1 && w->options->window == 1;
    if (!post_open(&w->post, w->options->mix.block > 1, w->mix->reply_most))
        worker_fail(w, "get memory");
    else if (lone)
        worker_run_lone(w);
    else if (open_epoll(w) && w->rate > 0)
        worker_run_open(w);
    else if (w->failure[0] == '\0')
        worker_run_closed(w);
    worker_pass(w, monotonic_ns()); /* where it has failed, it has not stopped to send yet */
    if (w->epoll >= 0)
        close(w->epoll);
    post_close(&w->post);
}
