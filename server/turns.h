/* What is to be done again and again, each thing at an interval of its own, and when the next one is due. What is done
 * then, and what time it is, is for others to say. */
#ifndef SERVER_TURNS_H
#define SERVER_TURNS_H

#include <stdbool.h>
#include <stdint.h>

struct turn {
    uint64_t every_ns; /* 0: never */
    uint64_t due_ns;   /* on the clock of clock.h */
};

/* Due for the first time one interval from now. */
void turn_begin(struct turn *turn, uint64_t every_ns, uint64_t now_ns);

/* True: it is due, and from now on for the next time one interval later. */
bool turn_take(struct turn *turn, uint64_t now_ns);

/* When the first of them is due; UINT64_MAX: none ever is. */
uint64_t turns_next(const struct turn *turns, unsigned count);

#endif
