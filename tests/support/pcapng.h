/* Writes a capture in the format pcapng (draft-ietf-opsawg-pcapng), with comments: one section, one
 * interface, times in microseconds. What is in the packets is the caller's. */
#ifndef TESTS_PCAPNG_H
#define TESTS_PCAPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { PCAPNG_ETHERNET = 1, PCAPNG_COMMENT_MAX = 65535 };

struct pcapng_packet {
    uint64_t time_us; /* since 1970 */
    const uint8_t *octets;
    size_t captured;     /* how many octets there are */
    size_t length;       /* how many there were on the wire */
    const char *comment; /* UTF-8, at most PCAPNG_COMMENT_MAX octets; NULL or empty: none */
};

/* First, once: the section and its interface. Each of these two returns false where it could not write
 * all, and errno says why. */
bool pcapng_begin(FILE *out, uint16_t link_type, uint32_t snapshot_octets);

/* EMSGSIZE: the comment or the packet is too long for the format. */
bool pcapng_write(FILE *out, const struct pcapng_packet *packet);

#endif
