/* SipHash-2-4 (Aumasson and Bernstein, 2012) of one word: who does not know the key can neither tell nor choose what
 * comes out. What it is good for is up to others. */
#ifndef SERVER_SIPHASH_H
#define SERVER_SIPHASH_H

#include <stdint.h>

/* The 16 octets of the key, as two little-endian words. */
struct siphash_key {
    uint64_t words[2];
};

/* Of the 8 octets that the word is in little-endian order. */
uint64_t siphash(const struct siphash_key *key, uint64_t word);

#endif
