/* Octets as hex digits, for the programs that tests run. */
#ifndef TESTS_HEX_H
#define TESTS_HEX_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reads a word of hex digits into at most room octets; ends the program where it is none. */
static inline size_t hex_read(const char *word, uint8_t *octets, size_t room)
{
    size_t length = strlen(word) / 2;
    if (strlen(word) % 2 != 0 || length > room || word[strspn(word, "0123456789abcdef")] != '\0') {
        fprintf(stderr, "'%s' is not an even number of small hex digits, or too many\n", word);
        exit(1);
    }
    for (size_t i = 0; i < length; i++) {
        char pair[] = {word[2 * i], word[2 * i + 1], '\0'};
        octets[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return length;
}

static inline void hex_print(const uint8_t *octets, size_t length)
{
    for (size_t i = 0; i < length; i++)
        printf("%02x", octets[i]);
    putchar('\n');
}

#endif
