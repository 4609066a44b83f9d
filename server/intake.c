/* Receiving: recvmmsg(2) for many senders, UDP_GRO (udp(7)) for many datagrams of one. */
#define _GNU_SOURCE /* recvmmsg, in6_pktinfo */

#include "intake.h"

#include <assert.h>
#include <errno.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_STRIDE = INTAKE_MESSAGE_OCTETS + INTAKE_APART_OCTETS };
_Static_assert(INTAKE_CONTROL_OCTETS >=
                   CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(int)),
               "there is room for all that is asked for");

/* The kernel writes to these lengths, so they are set for each call. */
static void reset(struct intake *intake, unsigned at)
{
    struct msghdr *header = &intake->messages[at].msg_hdr;
    header->msg_namelen = sizeof intake->origins[at].peer;
    header->msg_controllen = sizeof intake->controls[at];
    header->msg_flags = 0;
}

bool intake_begin(struct intake *intake)
{
    *intake = (struct intake){.limit = INTAKE_MESSAGES};
    /* Of these, only pages that datagrams come to are ever in memory. */
    intake->octets = malloc((size_t)INTAKE_MESSAGES * MESSAGE_STRIDE);
    for (unsigned i = 0; i < INTAKE_MESSAGES && intake->octets != NULL; i++) {
        intake->payloads[i] = (struct iovec){
            .iov_base = intake->octets + (size_t)i * MESSAGE_STRIDE,
            .iov_len = INTAKE_MESSAGE_OCTETS,
        };
        intake->messages[i].msg_hdr = (struct msghdr){
            .msg_name = &intake->origins[i].peer,
            .msg_iov = &intake->payloads[i],
            .msg_iovlen = 1,
            .msg_control = intake->controls[i],
        };
        reset(intake, i);
    }
    return intake->octets != NULL;
}

void intake_free(struct intake *intake)
{
    free(intake->octets);
}

static enum receive_code not_received(const struct listener *listener, int error,
                                      struct counters *counters)
{
    assert(error != EBADF && error != EFAULT && error != ENOTSOCK);
    if (error == EAGAIN)
        return RECEIVE_QUEUE_EMPTY;
    if (error == EINTR)
        return RECEIVE_INTERRUPTED;
    uint64_t before = counters->of[NOTED_ICMP_ERROR];
    listener_take_errors(listener, counters);
    if (counters->of[NOTED_ICMP_ERROR] == before)
        count(&counters->of[NOTED_RECEIVE_FAILED], 1);
    return RECEIVE_AGAIN;
}

enum receive_code intake_receive(struct intake *intake, const struct listener *listener, bool wait,
                                 struct counters *counters)
{
    for (unsigned i = 0; i < intake->count; i++)
        reset(intake, i);
    intake->count = intake->at = 0;
    intake->offset = intake->segment = 0;
    int received = recvmmsg(listener->fd, intake->messages, intake->limit,
                            wait ? MSG_WAITFORONE : MSG_DONTWAIT, NULL);
    if (received < 0)
        return not_received(listener, errno, counters);
    intake->count = (unsigned)received;
    return RECEIVED;
}

static void read_pktinfo(const struct cmsghdr *c, struct origin *origin)
{
    struct in6_pktinfo info;
    memcpy(&info, CMSG_DATA(c), sizeof info);
    origin->destination_known = true;
    origin->destination = info.ipi6_addr;
    origin->interface = info.ipi6_ifindex;
}

/* What the kernel tells beside the octets. */
static void open_message(struct intake *intake)
{
    struct mmsghdr *message = &intake->messages[intake->at];
    struct origin *origin = &intake->origins[intake->at];
    intake->segment = message->msg_len;
    origin->destination_known = false;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message->msg_hdr); c != NULL;
         c = CMSG_NXTHDR(&message->msg_hdr, c)) {
        if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO)
            read_pktinfo(c, origin);
        int segment = 0;
        if (c->cmsg_level == IPPROTO_UDP && c->cmsg_type == UDP_GRO)
            memcpy(&segment, CMSG_DATA(c), sizeof segment);
        if (segment > 0)
            intake->segment = (size_t)segment;
    }
}

bool intake_next(struct intake *intake, struct arrival *datagram)
{
    if (intake->at == intake->count)
        return false;
    /* A message of no octets is a datagram, too. */
    if (intake->offset == 0)
        open_message(intake);
    size_t left = intake->messages[intake->at].msg_len - intake->offset;
    *datagram = (struct arrival){
        .origin = &intake->origins[intake->at],
        .octets = intake->payloads[intake->at].iov_base,
        .length = left < intake->segment ? left : intake->segment,
    };
    datagram->octets += intake->offset;
    intake->offset += datagram->length;
    if (intake->offset == intake->messages[intake->at].msg_len) {
        intake->at++;
        intake->offset = 0;
    }
    return true;
}
