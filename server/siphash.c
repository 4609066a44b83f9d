/* As in the paper, for a message of exactly 8 octets: one word, and one that ends with the length. */
#include "siphash.h"

static uint64_t rotated(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

static void sip_rounds(uint64_t v[static 4], int count)
{
    for (; count > 0; count--) {
        v[0] += v[1];
        v[2] += v[3];
        v[1] = rotated(v[1], 13) ^ v[0];
        v[3] = rotated(v[3], 16) ^ v[2];
        v[0] = rotated(v[0], 32);
        v[2] += v[1];
        v[0] += v[3];
        v[1] = rotated(v[1], 17) ^ v[2];
        v[3] = rotated(v[3], 21) ^ v[0];
        v[2] = rotated(v[2], 32);
    }
}

uint64_t siphash(const struct siphash_key *key, uint64_t word)
{
    uint64_t v[4] = {
        key->words[0] ^ 0x736F6D6570736575,
        key->words[1] ^ 0x646F72616E646F6D,
        key->words[0] ^ 0x6C7967656E657261,
        key->words[1] ^ 0x7465646279746573,
    };
    const uint64_t blocks[] = {word, UINT64_C(8) << 56};
    for (int i = 0; i < 2; i++) {
        v[3] ^= blocks[i];
        sip_rounds(v, 2);
        v[0] ^= blocks[i];
    }
    v[2] ^= 0xFF;
    sip_rounds(v, 4);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}
