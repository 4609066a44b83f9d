/* Two looks, as one alone can not tell a worker that hangs from one that is about to receive. */
#include "watchdog.h"

enum { HALVES_NS = 500, LEAST_NS = 1000000 };
static const uint64_t most_ns = UINT64_C(86400000000000);

enum watchdog_finding watchdog_look(struct watched *worker, bool waiting, uint64_t received)
{
    const bool was_stuck = worker->stuck;
    const bool stuck = waiting && worker->waiting && received == worker->received;
    *worker = (struct watched){.waiting = waiting, .received = received, .stuck = stuck};
    if (!stuck)
        return WATCHDOG_ALIVE;
    return was_stuck ? WATCHDOG_STUCK : WATCHDOG_BECAME_STUCK;
}

uint64_t watchdog_interval_ns(uint64_t us)
{
    if (us == 0)
        return 0;
    if (us > most_ns / HALVES_NS)
        return most_ns;
    return us * HALVES_NS > LEAST_NS ? us * HALVES_NS : LEAST_NS;
}
