/* Headers in the order of the wire, and the checksum over them. */
#include "frame.h"

#include "proto/wire.h"

#include <arpa/inet.h>
#include <assert.h>
#include <string.h>

enum {
    ETHERTYPE_IPV6 = 0x86DD,
    LINK_OCTETS = 14,
    IPV6_OCTETS = 40,
    UDP_OCTETS = 8,
    UDP_CHECKSUM_AT = 6, /* in the UDP header */
    ADDRESSES_OCTETS = 32,
    ETHERTYPE_IPV4 = 0x0800,
    IPV4_OCTETS = 20,
    IPV4_CHECKSUM_AT = LINK_OCTETS + 10,
    IPV4_ADDRESS_OCTETS = 4,
    IPV4_DONT_FRAGMENT = 0x4000,
    HOP_LIMIT = 64,
    ICMPV6_OCTETS = 8,
    ICMPV6_CHECKSUM_AT = LINK_OCTETS + IPV6_OCTETS + 2,
    ERROR_OCTETS_MAX = 1280, /* with the IPv6 header (RFC 4443, section 2.4, c) */
};

struct in6_addr address_of(const char *text)
{
    struct in6_addr address;
    int is_address = inet_pton(AF_INET6, text, &address);
    assert(is_address == 1);
    (void)is_address;
    return address;
}

struct frame frame_back(const struct frame *frame, struct datagram payload)
{
    return (struct frame){
        .link_source = frame->link_destination,
        .link_destination = frame->link_source,
        .source = frame->destination,
        .destination = frame->source,
        .source_port = frame->destination_port,
        .destination_port = frame->source_port,
        .checksum_left_out = frame->checksum_left_out,
        .payload = payload,
    };
}

static void write_u16(struct wire_writer *w, uint16_t value)
{
    wire_write_u8(w, (uint8_t)(value >> 8));
    wire_write_u8(w, (uint8_t)value);
}

static uint16_t read_u16(struct wire_reader *r)
{
    unsigned high = wire_read_u8(r);
    return (uint16_t)(high << 8 | wire_read_u8(r));
}

/* The ones' complement sum of 16-bit words (RFC 1071), an odd octet filled up with zero. */
static uint32_t add_words(uint32_t sum, const uint8_t *octets, size_t length)
{
    for (size_t i = 0; i < length; i++)
        sum += (uint32_t)octets[i] << (i % 2 == 0 ? 8 : 0);
    while (sum > 0xFFFF)
        sum = (sum & 0xFFFF) + (sum >> 16);
    return sum;
}

/* RFC 8200, section 8.1, and RFC 768: over the pseudo header and, unless that is left out, all behind the IP
 * header, whose checksum field is zero. The addresses stand at the end of the IP header. */
static uint16_t checksum(const uint8_t *behind_ip, size_t length, size_t addresses_octets,
                         uint8_t next_header, bool left_out)
{
    uint32_t sum =
        add_words((uint32_t)length + next_header, behind_ip - addresses_octets, addresses_octets);
    if (left_out)
        return (uint16_t)sum;
    return ~add_words(sum, behind_ip, length) & 0xFFFF;
}

static void put_checksum(uint8_t *field, uint16_t sum)
{
    field[0] = (uint8_t)(sum >> 8);
    field[1] = (uint8_t)sum;
}

static void write_link_header(struct wire_writer *w, const struct frame *frame, uint16_t ethertype)
{
    wire_write_octets(w, &frame->link_destination, sizeof frame->link_destination);
    wire_write_octets(w, &frame->link_source, sizeof frame->link_source);
    write_u16(w, ethertype);
}

/* RFC 791, section 3.1; a V4-mapped address ends with the address of IPv4 (RFC 4291, section 2.5.5.2). */
static void write_ipv4_headers(struct wire_writer *w, const struct frame *frame, size_t length,
                               uint8_t protocol)
{
    enum { VERSION_AND_WORDS = 0x45, MAPPED_AT = sizeof(struct in6_addr) - IPV4_ADDRESS_OCTETS };
    uint8_t *octets = w->p;
    write_link_header(w, frame, ETHERTYPE_IPV4);
    write_u16(w, VERSION_AND_WORDS << 8);
    write_u16(w, (uint16_t)(IPV4_OCTETS + length));
    write_u16(w, 0);
    write_u16(w, IPV4_DONT_FRAGMENT);
    wire_write_u8(w, HOP_LIMIT);
    wire_write_u8(w, protocol);
    write_u16(w, 0);
    wire_write_octets(w, frame->source.s6_addr + MAPPED_AT, IPV4_ADDRESS_OCTETS);
    wire_write_octets(w, frame->destination.s6_addr + MAPPED_AT, IPV4_ADDRESS_OCTETS);
    assert(!w->failed);
    put_checksum(octets + IPV4_CHECKSUM_AT,
                 ~add_words(0, octets + LINK_OCTETS, IPV4_OCTETS) & 0xFFFF);
}

static void write_headers(struct wire_writer *w, const struct frame *frame, size_t length,
                          uint8_t next_header)
{
    write_link_header(w, frame, ETHERTYPE_IPV6);

    wire_write_u32(w, UINT32_C(6) << 28); /* version, traffic class, flow label */
    write_u16(w, (uint16_t)length);
    wire_write_u8(w, next_header);
    wire_write_u8(w, HOP_LIMIT);
    wire_write_octets(w, &frame->source, sizeof frame->source);
    wire_write_octets(w, &frame->destination, sizeof frame->destination);
}

size_t frame_write(const struct frame *frame, uint8_t octets[static FRAME_ROOM])
{
    uint16_t udp_length = (uint16_t)(UDP_OCTETS + frame->payload.length);
    struct wire_writer w = {.p = octets, .end = octets + FRAME_ROOM};
    bool over_ipv4 =
        IN6_IS_ADDR_V4MAPPED(&frame->source) && IN6_IS_ADDR_V4MAPPED(&frame->destination);
    if (over_ipv4)
        write_ipv4_headers(&w, frame, udp_length, IPPROTO_UDP);
    else
        write_headers(&w, frame, udp_length, IPPROTO_UDP);
    uint8_t *udp = w.p;
    write_u16(&w, frame->source_port);
    write_u16(&w, frame->destination_port);
    write_u16(&w, udp_length);
    write_u16(&w, 0);
    wire_write_octets(&w, frame->payload.octets, frame->payload.length);
    assert(!w.failed);

    uint16_t sum = checksum(udp, udp_length, over_ipv4 ? 2 * IPV4_ADDRESS_OCTETS : ADDRESSES_OCTETS,
                            IPPROTO_UDP, frame->checksum_left_out);
    /* In UDP, zero says that there is no checksum. */
    put_checksum(udp + UDP_CHECKSUM_AT, sum == 0 && !frame->checksum_left_out ? 0xFFFF : sum);
    return (size_t)(w.p - octets);
}

size_t frame_write_error(const struct frame *error, uint8_t type, uint8_t code,
                         const struct frame *about, uint8_t octets[static FRAME_ROOM])
{
    uint8_t quoted[FRAME_ROOM];
    size_t quoted_length = frame_write(about, quoted) - LINK_OCTETS;
    if (quoted_length > ERROR_OCTETS_MAX - IPV6_OCTETS - ICMPV6_OCTETS)
        quoted_length = ERROR_OCTETS_MAX - IPV6_OCTETS - ICMPV6_OCTETS;

    size_t length = ICMPV6_OCTETS + quoted_length;
    struct wire_writer w = {.p = octets, .end = octets + FRAME_ROOM};
    write_headers(&w, error, length, IPPROTO_ICMPV6);
    wire_write_u8(&w, type);
    wire_write_u8(&w, code);
    write_u16(&w, 0);
    wire_write_u32(&w, 0); /* not used by these types */
    wire_write_octets(&w, quoted + LINK_OCTETS, quoted_length);
    assert(!w.failed);
    put_checksum(octets + ICMPV6_CHECKSUM_AT, checksum(octets + LINK_OCTETS + IPV6_OCTETS, length,
                                                       ADDRESSES_OCTETS, IPPROTO_ICMPV6, false));
    return (size_t)(w.p - octets);
}

static void read_octets(struct wire_reader *r, void *octets, size_t count)
{
    if (!wire_can_read(r, count))
        return;
    memcpy(octets, r->p, count);
    r->p += count;
}

bool frame_read(const uint8_t *octets, size_t length, struct frame *frame)
{
    *frame = (struct frame){0};
    struct wire_reader r = {.p = octets, .end = octets + length};
    read_octets(&r, &frame->link_destination, sizeof frame->link_destination);
    read_octets(&r, &frame->link_source, sizeof frame->link_source);
    bool is_ipv6 = read_u16(&r) == ETHERTYPE_IPV6;

    is_ipv6 = wire_read_u32(&r) >> 28 == 6 && is_ipv6;
    size_t ipv6_payload = read_u16(&r);
    bool is_udp = wire_read_u8(&r) == IPPROTO_UDP && is_ipv6;
    wire_read_u8(&r);
    read_octets(&r, &frame->source, sizeof frame->source);
    read_octets(&r, &frame->destination, sizeof frame->destination);

    frame->source_port = read_u16(&r);
    frame->destination_port = read_u16(&r);
    size_t udp_length = read_u16(&r);
    read_u16(&r);
    if (r.failed || !is_udp || udp_length != ipv6_payload)
        return false;
    frame->payload.length = (size_t)(r.end - r.p);
    if (frame->payload.length + UDP_OCTETS != udp_length || frame->payload.length > DATAGRAM_ROOM)
        return false;
    read_octets(&r, frame->payload.octets, frame->payload.length);
    return true;
}
