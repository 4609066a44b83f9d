/* The open loop: blocks of requests leave when the schedule says so, whatever has come back. Those that are late are made
 * up for. Within the last moment before a block is due the loop does not sleep but looks for replies: waking up would
 * take longer. */
#define _GNU_SOURCE /* struct mmsghdr */

#include "worker_parts.h"

enum {
    SENDS_AT_ONCE = 16,  /* system calls before replies are looked for again */
    AWAKE_NS = 60000,    /* so long before a block is due the loop stays awake */
    IDLE_NS = NS_PER_MS, /* between looks when all is sent */
};

struct schedule {
    int64_t base;
    double block_ns;  /* between two blocks */
    uint64_t settled; /* blocks since base that were sent or refused */
    unsigned turn;    /* the flow that sends next */
};

static int64_t due_at(const struct schedule *s, uint64_t block)
{
    return s->base + (int64_t)((double)block * s->block_ns);
}

/* Blocks that are due by a time, since base. */
static uint64_t due_until(const struct schedule *s, int64_t time)
{
    if (time <= s->base)
        return 0;
    uint64_t blocks = (uint64_t)((double)(time - s->base) / s->block_ns);
    while (due_at(s, blocks) < time)
        blocks++;
    return blocks;
}

/* Sends blocks that are due on one flow. False: it takes no more now. */
static bool send_some(struct worker *w, struct schedule *s, struct flow *flow, int count,
                      int64_t now)
{
    unsigned block = flow->slots.block;
    uint32_t numbers[POST_MESSAGES];
    int taken = 0;
    for (; taken < count; taken++) {
        numbers[taken] = slots_take(&flow->slots, now, due_at(s, s->settled + (uint64_t)taken));
        if (numbers[taken] == SLOT_NONE)
            break;
    }
    int sent = flow_send(flow, &w->post, numbers, taken);
    for (int i = sent < 0 ? 0 : sent; i < taken; i++)
        slots_return(&flow->slots, numbers[i]);
    if (sent < 0) {
        worker_fail(w, "send");
        return false;
    }
    worker_count_sent(w, (uint64_t)sent * block, s->base);
    s->settled += (uint64_t)sent;
    if (sent < taken)
        return false;
    /* All slots in flight: these requests can not be sent. */
    s->settled += (uint64_t)(count - taken);
    if (s->base >= w->interval->begin)
        w->tally.refused += (uint64_t)(count - taken) * block;
    return true;
}

/* Sends what is due. When that is more than one block for each flow, a flow gets several at once. */
static void send_due(struct worker *w, struct schedule *s, int64_t now)
{
    int64_t end = worker_end(w);
    uint64_t due = due_until(s, now < end ? now : end);
    uint64_t owed = due > s->settled ? due - s->settled : 0;
    unsigned block = w->flows[0].slots.block;
    if (w->begun && owed > (w->quota + block - 1) / block)
        owed = (w->quota + block - 1) / block;
    uint64_t each = (owed + w->flow_count - 1) / w->flow_count;
    each = each > POST_MESSAGES ? POST_MESSAGES : each;
    for (int i = 0; i < SENDS_AT_ONCE && owed > 0; i++) {
        int count = (int)(owed < each ? owed : each);
        struct flow *flow = &w->flows[s->turn];
        s->turn = s->turn + 1 == w->flow_count ? 0 : s->turn + 1;
        if (!send_some(w, s, flow, count, now))
            return;
        owed -= (uint64_t)count;
    }
}

/* How long there is nothing to do; 0: not long enough to sleep. */
static int64_t idle_ns(const struct worker *w, const struct schedule *s)
{
    if (!w->sending)
        return IDLE_NS;
    int64_t wait = due_at(s, s->settled) - monotonic_ns() - AWAKE_NS;
    if (wait < AWAKE_NS)
        return 0;
    return wait < IDLE_NS ? wait : IDLE_NS;
}

/* What was due but not sent by the end. */
static void refuse_rest(struct worker *w, const struct schedule *s)
{
    uint64_t due = due_until(s, worker_end(w));
    if (due > s->settled)
        w->tally.refused += (due - s->settled) * w->flows[0].slots.block;
}

void worker_run_open(struct worker *w)
{
    struct schedule s = {.base = monotonic_ns(),
                         .block_ns = NS_PER_S / w->rate * w->flows[0].slots.block};
    while (w->sending || w->in_flight > 0) {
        int64_t now = monotonic_ns();
        bool begun = w->begun;
        /* The end may be noticed late: what was due before it is still sent, once. */
        bool sends = w->sending;
        worker_pass(w, now);
        /* What the warm-up still owes is not measured. */
        if (!begun && w->begun)
            s = (struct schedule){
                .base = w->interval->begin, .block_ns = s.block_ns, .turn = s.turn};
        if (sends)
            send_due(w, &s, now);
        worker_wait(w, idle_ns(w, &s));
    }
    if (w->options->requests == 0 && s.base >= w->interval->begin)
        refuse_rest(w, &s);
}
