/* Their tables and their key, which is drawn anew each time the server starts. */
#define _GNU_SOURCE /* getentropy */

#include "limits.h"

#include <stddef.h>
#include <unistd.h>

/* PROTOCOL.md, REQ-7.5 */
static const struct rate_options loops_default = {.per_second = 1000, .prefix = 64};

bool limits_begin(struct limits *limits, const struct rate_options *all)
{
    *limits = (struct limits){0};
    if (getentropy(&limits->key, sizeof limits->key) < 0)
        return false;
    limits->loops = rate_new(&loops_default, &limits->key);
    if (all->per_second > 0)
        limits->all = rate_new(all, &limits->key);
    return limits->loops != NULL && (limits->all != NULL || all->per_second == 0);
}

void limits_end(struct limits *limits)
{
    rate_free(limits->loops);
    rate_free(limits->all);
}

bool limits_leak(const struct limits *limits, uint64_t number)
{
    return siphash(&limits->key, number) % LIMITS_LEAK == 0;
}
