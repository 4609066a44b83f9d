/* Many times at which something is due, each with an owner: a binary heap, so that the earliest is at
 * hand and each change takes a number of steps that grows with the logarithm of their count. What the
 * time means is the caller's. */
#ifndef CLIENT_TIMERS_H
#define CLIENT_TIMERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct timer {
    int64_t due;
    uint32_t owner;
};

struct timers {
    struct timer *heap;
    uint32_t *places; /* of an owner in the heap, from 1 on; 0 where it is not there */
    size_t count;
    size_t room;
};

/* Owners are 0 to room - 1. False: there is no memory. All of it is touched here, so that a long run
 * takes no more than a short one. */
bool timers_open(struct timers *timers, size_t room);
void timers_close(struct timers *timers);

/* From now on, the owner's time is due; an earlier one of it is forgotten. */
void timers_set(struct timers *timers, uint32_t owner, int64_t due);

/* The owner has no time any longer, if it had one. */
void timers_remove(struct timers *timers, uint32_t owner);

/* The earliest, or NULL where there is none. Until the next change. */
const struct timer *timers_first(const struct timers *timers);

#endif
