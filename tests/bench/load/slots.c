/* The slots of one socket: free, in flight (a list by age), or given up and at rest. */
#include "slots.h"

#include <stdlib.h>

/* A send looks at so many blocks before it finds that all are taken. */
enum { BLOCKS_LOOKED_AT = 256 };

bool slots_open(struct slots *s, const struct mix *mix, uint32_t block, uint32_t first,
                int64_t rest)
{
    *s = (struct slots){
        .mix = mix,
        .block = block,
        .next = first / block * block,
        .guess = first / block * block,
        .oldest = SLOT_NONE,
        .newest = SLOT_NONE,
        .rest = rest,
        .slots = calloc(mix->count, sizeof *s->slots),
    };
    return s->slots != NULL;
}

void slots_close(struct slots *s)
{
    free(s->slots);
    *s = (struct slots){0};
}

static bool is_free(const struct slots *s, uint32_t number, int64_t now)
{
    for (uint32_t i = number; i < number + s->block; i++) {
        int64_t sent = s->slots[i].sent;
        if (sent > 0 || (sent < 0 && now + sent < s->rest))
            return false;
    }
    return true;
}

static void append(struct slots *s, uint32_t number, int64_t now, int64_t due)
{
    s->slots[number] =
        (struct slot){.sent = now, .due = due, .older = s->newest, .newer = SLOT_NONE};
    if (s->newest == SLOT_NONE)
        s->oldest = number;
    else
        s->slots[s->newest].newer = number;
    s->newest = number;
}

static void take_out(struct slots *s, uint32_t number)
{
    struct slot *slot = &s->slots[number];
    if (slot->older == SLOT_NONE)
        s->oldest = slot->newer;
    else
        s->slots[slot->older].newer = slot->newer;
    if (slot->newer == SLOT_NONE)
        s->newest = slot->older;
    else
        s->slots[slot->newer].older = slot->older;
    slot->sent = 0;
    s->in_flight--;
}

static uint32_t after(const struct slots *s, uint32_t number, uint32_t step)
{
    number += step;
    return number >= s->mix->count ? 0 : number;
}

uint32_t slots_take(struct slots *s, int64_t now, int64_t due)
{
    uint32_t number = s->next;
    for (int i = 0; !is_free(s, number, now); i++) {
        number = after(s, number, s->block);
        if (i == BLOCKS_LOOKED_AT) {
            s->next = number; /* where the next look goes on */
            return SLOT_NONE;
        }
    }
    for (uint32_t i = number; i < number + s->block; i++)
        append(s, i, now, due);
    s->in_flight += s->block;
    s->next = after(s, number, s->block);
    return number;
}

void slots_return(struct slots *s, uint32_t number)
{
    for (uint32_t i = number; i < number + s->block; i++)
        take_out(s, i);
}

enum slot_verdict slots_reply(struct slots *s, const uint8_t *reply, size_t length, int64_t *sent,
                              int64_t *due)
{
    if (s->in_flight == 0)
        return SLOT_UNEXPECTED;
    uint32_t number = s->guess;
    enum slot_verdict verdict = SLOT_RIGHT;
    if (!mix_matches(s->mix, number, reply, length)) {
        size_t found = mix_find(s->mix, reply, length);
        verdict = found == MIX_NONE ? SLOT_WRONG : SLOT_RIGHT;
        number = found == MIX_NONE ? s->oldest : (uint32_t)found;
    }
    struct slot *slot = &s->slots[number];
    if (slot->sent <= 0) {
        slot->sent = 0; /* the late one has come: no need to rest any longer */
        return SLOT_UNEXPECTED;
    }
    *sent = slot->sent;
    *due = slot->due;
    take_out(s, number);
    if (verdict == SLOT_RIGHT)
        s->guess = after(s, number, 1);
    return verdict;
}

bool slots_give_up(struct slots *s, int64_t before, int64_t now, int64_t *due)
{
    uint32_t number = s->oldest;
    if (number == SLOT_NONE || s->slots[number].sent >= before)
        return false;
    *due = s->slots[number].due;
    take_out(s, number);
    s->slots[number].sent = -now;
    return true;
}
