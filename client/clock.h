/* The time that goes on evenly, in microseconds, from some moment on. */
#ifndef CLIENT_CLOCK_H
#define CLIENT_CLOCK_H

#include <stdint.h>
#include <time.h>

/* For who includes it: _GNU_SOURCE has clock_gettime. */
static inline int64_t clock_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t); /* can not fail: clock_gettime(2) */
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

#endif
