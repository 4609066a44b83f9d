/* Any batch of messages from the kernel, merged or not: for each an octet that says what the kernel tells beside it, two
 * with its length and two with that of its segments, then its octets. */
#define _GNU_SOURCE /* in6_pktinfo, mmsghdr */
#include "tests/fuzz/fuzz.h"

#include "proto/wire.h"
#include "server/intake.h"

#include <netinet/udp.h>
#include <stdlib.h>

enum { TELLS_DESTINATION = 1, TELLS_SEGMENT = 2, TELLS_MORE = 4 };

struct message {
    unsigned tells;
    int segment;
    const uint8_t *octets;
    size_t length;
};

/* What the kernel is going to give. */
static struct {
    unsigned count;
    struct message messages[INTAKE_MESSAGES];
} batch;

static size_t add_control(struct msghdr *header, size_t used, int level, int type, const void *data,
                          size_t size)
{
    struct cmsghdr *c = (struct cmsghdr *)((uint8_t *)header->msg_control + used);
    memset(c, 0, CMSG_SPACE(size));
    c->cmsg_level = level;
    c->cmsg_type = type;
    c->cmsg_len = CMSG_LEN(size);
    memcpy(CMSG_DATA(c), data, size);
    return used + CMSG_SPACE(size);
}

static void give(struct mmsghdr *to, const struct message *message)
{
    struct msghdr *header = &to->msg_hdr;
    const struct in6_pktinfo info = {.ipi6_addr = {{{0xFD, 1}}}, .ipi6_ifindex = 7};
    const int hops = 64;
    size_t used = 0;
    require(message->length <= header->msg_iov->iov_len, "there is room for any datagram");
    if (message->length > 0)
        memcpy(header->msg_iov->iov_base, message->octets, message->length);
    to->msg_len = (unsigned)message->length;
    if (message->tells & TELLS_DESTINATION)
        used = add_control(header, used, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);
    if (message->tells & TELLS_SEGMENT)
        used = add_control(header, used, IPPROTO_UDP, UDP_GRO, &message->segment,
                           sizeof message->segment);
    /* Two is what there is room for. */
    if ((message->tells & TELLS_MORE) && used <= CMSG_SPACE(sizeof info))
        used = add_control(header, used, IPPROTO_IPV6, IPV6_HOPLIMIT, &hops, sizeof hops);
    header->msg_controllen = used;
}

int __wrap_recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags,
                    struct timespec *timeout);

int __wrap_recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags,
                    struct timespec *timeout)
{
    (void)fd;
    (void)flags;
    (void)timeout;
    unsigned given = count < batch.count ? count : batch.count;
    for (unsigned i = 0; i < given; i++)
        give(&messages[i], &batch.messages[i]);
    return (int)given;
}

static unsigned read_u16(struct wire_reader *r)
{
    unsigned high = wire_read_u8(r);
    return high << 8 | wire_read_u8(r);
}

static void read_batch(const uint8_t *data, size_t size)
{
    struct wire_reader r = {.p = data, .end = data + size};
    for (batch.count = 0; r.p < r.end && batch.count < INTAKE_MESSAGES; batch.count++) {
        struct message *message = &batch.messages[batch.count];
        message->tells = wire_read_u8(&r);
        size_t length = read_u16(&r);
        message->segment = (int)read_u16(&r);
        size_t left = (size_t)(r.end - r.p);
        message->length = length < left ? length : left;
        message->octets = r.p;
        r.p += message->length;
    }
}

/* Its datagrams, one behind the other, are its octets, and all but the last have the segments' length. */
static void require_taken_apart(struct intake *intake, const struct message *message)
{
    bool merged = (message->tells & TELLS_SEGMENT) != 0 && message->segment > 0;
    size_t at = 0;
    do {
        struct arrival d;
        require(intake_next(intake, &d), "each message has its datagrams");
        size_t left = message->length - at;
        size_t expected =
            merged && (size_t)message->segment < left ? (size_t)message->segment : left;
        require(d.length == expected, "REQ-3.5: the length is that of the datagram as sent");
        struct exact copy = exact_copy(d.octets, d.length);
        require(d.length == 0 || memcmp(copy.octets, message->octets + at, d.length) == 0,
                "the octets are the datagram's");
        exact_free(&copy);
        bool told = (message->tells & TELLS_DESTINATION) != 0;
        require(d.origin->destination_known == told && (!told || d.origin->interface == 7),
                "REQ-3.4: the destination is known where the kernel tells it");
        at += d.length;
    } while (at < message->length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct intake intake; /* of two megabytes */
    const struct listener listener = {.fd = -1};
    struct counters counters = {0};
    struct arrival none;
    if (intake.octets == NULL)
        require(intake_begin(&intake), "there is memory for messages");
    read_batch(data, size);
    require(intake_receive(&intake, &listener, false, &counters) == RECEIVED, "messages come in");
    for (unsigned i = 0; i < batch.count; i++)
        require_taken_apart(&intake, &batch.messages[i]);
    require(!intake_next(&intake, &none), "there are no more datagrams than were sent");
    return 0;
}
