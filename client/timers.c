/* The heap: no entry is due before the one above it. */
#include "timers.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool timers_open(struct timers *timers, size_t room)
{
    *timers = (struct timers){.room = room};
    timers->heap = malloc(room * sizeof *timers->heap);
    timers->places = malloc(room * sizeof *timers->places);
    if (timers->heap == NULL || timers->places == NULL) {
        timers_close(timers);
        return false;
    }
    memset(timers->heap, 0xFF, room * sizeof *timers->heap);
    memset(timers->places, 0, room * sizeof *timers->places);
    return true;
}

void timers_close(struct timers *timers)
{
    free(timers->heap);
    free(timers->places);
    *timers = (struct timers){0};
}

static void put(struct timers *timers, size_t at, struct timer timer)
{
    timers->heap[at] = timer;
    timers->places[timer.owner] = (uint32_t)at + 1;
}

static void rise(struct timers *timers, size_t at, struct timer timer)
{
    while (at > 0 && timer.due < timers->heap[(at - 1) / 2].due) {
        put(timers, at, timers->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    put(timers, at, timer);
}

static void sink(struct timers *timers, size_t at, struct timer timer)
{
    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < timers->count && timers->heap[child + 1].due < timers->heap[child].due)
            child++;
        if (child >= timers->count || timer.due <= timers->heap[child].due)
            break;
        put(timers, at, timers->heap[child]);
        at = child;
    }
    put(timers, at, timer);
}

/* The entry at this place is to be this timer, which may be due earlier or later. */
static void replace(struct timers *timers, size_t at, struct timer timer)
{
    if (at > 0 && timer.due < timers->heap[(at - 1) / 2].due)
        rise(timers, at, timer);
    else
        sink(timers, at, timer);
}

void timers_set(struct timers *timers, uint32_t owner, int64_t due)
{
    assert(owner < timers->room);
    struct timer timer = {.due = due, .owner = owner};
    if (timers->places[owner] != 0)
        replace(timers, timers->places[owner] - 1, timer);
    else
        rise(timers, timers->count++, timer);
}

void timers_remove(struct timers *timers, uint32_t owner)
{
    assert(owner < timers->room);
    if (timers->places[owner] == 0)
        return;
    size_t at = timers->places[owner] - 1;
    timers->places[owner] = 0;
    struct timer last = timers->heap[--timers->count];
    if (at < timers->count)
        replace(timers, at, last);
}

const struct timer *timers_first(const struct timers *timers)
{
    return timers->count > 0 ? &timers->heap[0] : NULL;
}
