/* Times as texts. */
#ifndef CONFORMANCE_MOMENT_H
#define CONFORMANCE_MOMENT_H

#include <stdint.h>

enum { MOMENT_ROOM = 40 };

/* Microseconds since 1970 as "2026-01-31T23:59:59Z" (ISO 8601, RFC 3339). */
void moment_text(uint64_t since_1970_us, char text[static MOMENT_ROOM]);

#endif
