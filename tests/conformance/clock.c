/* clock_gettime(2) and nanosleep(2). */
#define _POSIX_C_SOURCE 200809L
#include "clock.h"

#include <time.h>

static int64_t now_us(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t kit_now_us(void)
{
    return now_us(CLOCK_MONOTONIC);
}

uint64_t kit_wall_us(void)
{
    return (uint64_t)now_us(CLOCK_REALTIME);
}

void kit_pause_us(int64_t us)
{
    nanosleep(&(struct timespec){.tv_sec = (time_t)(us / 1000000),
                                 .tv_nsec = (long)(us % 1000000 * 1000)},
              NULL);
}
