/* Turns that were missed are not made up for: they are about what is the case now. */
#include "turns.h"

void turn_begin(struct turn *turn, uint64_t every_ns, uint64_t now_ns)
{
    *turn = (struct turn){.every_ns = every_ns, .due_ns = now_ns + every_ns};
}

bool turn_take(struct turn *turn, uint64_t now_ns)
{
    if (turn->every_ns == 0 || now_ns < turn->due_ns)
        return false;
    turn->due_ns = now_ns + turn->every_ns;
    return true;
}

uint64_t turns_next(const struct turn *turns, unsigned count)
{
    uint64_t next = UINT64_MAX;
    for (unsigned i = 0; i < count; i++) {
        if (turns[i].every_ns != 0 && turns[i].due_ns < next)
            next = turns[i].due_ns;
    }
    return next;
}
