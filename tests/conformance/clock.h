/* The clock of all deadlines. */
#ifndef CONFORMANCE_CLOCK_H
#define CONFORMANCE_CLOCK_H

#include <stdint.h>

/* Microseconds that never go back: clock_gettime(2), CLOCK_MONOTONIC. */
int64_t kit_now_us(void);

/* Microseconds since 1970. */
uint64_t kit_wall_us(void);

/* Returns after so many microseconds: only ever to let somebody else go on, never to wait for something. */
void kit_pause_us(int64_t us);

#endif
