/* A heap: none leaves before the one above it. */
#include "held.h"

#include <stdlib.h>

static bool leaves_before(const struct held *a, const struct held *b)
{
    return a->due != b->due ? a->due < b->due : a->place < b->place;
}

void held_back_close(struct held_back *held_back)
{
    for (size_t i = 0; i < held_back->count; i++)
        free(held_back->heap[i]);
    free(held_back->heap);
    *held_back = (struct held_back){0};
}

static bool make_room(struct held_back *held_back)
{
    if (held_back->count < held_back->room)
        return true;
    size_t room = held_back->room == 0 ? 1024 : 2 * held_back->room;
    struct held **heap = realloc(held_back->heap, room * sizeof(struct held *));
    if (heap == NULL)
        return false;
    held_back->heap = heap;
    held_back->room = room;
    return true;
}

bool held_back_add(struct held_back *held_back, struct held *held)
{
    if (!make_room(held_back))
        return false;
    struct held **heap = held_back->heap;
    size_t at = held_back->count++;
    for (; at > 0 && leaves_before(held, heap[(at - 1) / 2]); at = (at - 1) / 2)
        heap[at] = heap[(at - 1) / 2];
    heap[at] = held;
    return true;
}

const struct held *held_back_first(const struct held_back *held_back)
{
    return held_back->count > 0 ? held_back->heap[0] : NULL;
}

struct held *held_back_take(struct held_back *held_back)
{
    struct held **heap = held_back->heap;
    struct held *first = heap[0];
    struct held *last = heap[--held_back->count];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < held_back->count && leaves_before(heap[child + 1], heap[child]))
            child++;
        if (child >= held_back->count || !leaves_before(heap[child], last))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = last;
    return first;
}
