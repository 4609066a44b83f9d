/* The time that only goes forward: clock_gettime(2), CLOCK_MONOTONIC. */
#ifndef SERVER_CLOCK_H
#define SERVER_CLOCK_H

#include <stdint.h>

/* Nanoseconds since some moment before the server began. */
uint64_t clock_ns(void);

#endif
