/* Blocks and options as the format lays them out, in little-endian order, which the section header
 * announces. */
#include "pcapng.h"

#include <errno.h>
#include <string.h>

enum {
    SECTION_HEADER = 0x0A0D0D0A,
    INTERFACE_DESCRIPTION = 1,
    ENHANCED_PACKET = 6,
    BYTE_ORDER_MAGIC = 0x1A2B3C4D,
    OPTION_END = 0,
    OPTION_COMMENT = 1,
    OPTION_HEADER_OCTETS = 4,
    FRAME_OCTETS = 12, /* of a block: its type, and its length at both ends */
    SECTION_OCTETS = FRAME_OCTETS + 16,
    INTERFACE_OCTETS = FRAME_OCTETS + 8,
    PACKET_OCTETS = FRAME_OCTETS + 20,
    PACKET_OCTETS_MAX = 1 << 24,
};

static void put_u16(FILE *out, unsigned value)
{
    putc((int)(value & 0xFF), out);
    putc((int)(value >> 8 & 0xFF), out);
}

static void put_u32(FILE *out, uint32_t value)
{
    put_u16(out, value & 0xFFFF);
    put_u16(out, value >> 16);
}

static size_t padding(size_t length)
{
    return (4 - length % 4) % 4;
}

static void put_padded(FILE *out, const void *octets, size_t length)
{
    fwrite(octets, 1, length, out);
    for (size_t i = padding(length); i > 0; i--)
        putc(0, out);
}

static void put_block_begin(FILE *out, uint32_t type, size_t length)
{
    put_u32(out, type);
    put_u32(out, (uint32_t)length);
}

static bool put_block_end(FILE *out, size_t length)
{
    put_u32(out, (uint32_t)length);
    return !ferror(out);
}

bool pcapng_begin(FILE *out, uint16_t link_type, uint32_t snapshot_octets)
{
    put_block_begin(out, SECTION_HEADER, SECTION_OCTETS);
    put_u32(out, BYTE_ORDER_MAGIC);
    put_u16(out, 1); /* version 1.0 */
    put_u16(out, 0);
    put_u32(out, UINT32_MAX); /* 64 bits of ones: the length of the section is not given */
    put_u32(out, UINT32_MAX);
    put_block_end(out, SECTION_OCTETS);

    put_block_begin(out, INTERFACE_DESCRIPTION, INTERFACE_OCTETS);
    put_u16(out, link_type);
    put_u16(out, 0);
    put_u32(out, snapshot_octets);
    return put_block_end(out, INTERFACE_OCTETS);
}

static size_t comment_octets(size_t comment)
{
    if (comment == 0)
        return 0;
    return OPTION_HEADER_OCTETS + comment + padding(comment) + OPTION_HEADER_OCTETS;
}

bool pcapng_write(FILE *out, const struct pcapng_packet *packet)
{
    size_t comment = packet->comment == NULL ? 0 : strlen(packet->comment);
    if (comment > PCAPNG_COMMENT_MAX || packet->captured > PACKET_OCTETS_MAX ||
        packet->length > UINT32_MAX) {
        errno = EMSGSIZE;
        return false;
    }
    size_t length =
        PACKET_OCTETS + packet->captured + padding(packet->captured) + comment_octets(comment);
    put_block_begin(out, ENHANCED_PACKET, length);
    put_u32(out, 0); /* the only interface */
    put_u32(out, (uint32_t)(packet->time_us >> 32));
    put_u32(out, (uint32_t)packet->time_us);
    put_u32(out, (uint32_t)packet->captured);
    put_u32(out, (uint32_t)packet->length);
    put_padded(out, packet->octets, packet->captured);
    if (comment > 0) {
        put_u16(out, OPTION_COMMENT);
        put_u16(out, (unsigned)comment);
        put_padded(out, packet->comment, comment);
        put_u16(out, OPTION_END);
        put_u16(out, 0);
    }
    return put_block_end(out, length);
}
