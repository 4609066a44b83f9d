/* A description of packets drawn as ladders, one a scenario: two hosts as lines, and each datagram as an
 * arrow between them, with its octets and what they say. Plain ASCII, at most 76 columns. */
#ifndef TESTS_LADDER_H
#define TESTS_LADDER_H

#include "tests/support/script.h"

/* False where the packets of a scenario have no host in common: script->line and script->why say which
 * is the first of them. Whether all could be written is seen by ferror(). */
bool ladder_write(FILE *out, struct script *script);

#endif
