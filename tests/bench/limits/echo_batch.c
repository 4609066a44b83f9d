/* echo_batch [--reply OCTETS] ADDRESS PORT: what is there, up to 64 datagrams, in one recvmmsg(), and all replies in one
 * sendmmsg(). The limit of every server that sends and receives its datagrams one by one within a call. */
#define _GNU_SOURCE /* recvmmsg(), sendmmsg() */

#include "batch.h"
#include "common.h"

struct batch {
    struct mmsghdr messages[LIMIT_BATCH];
    struct iovec payloads[LIMIT_BATCH];
    struct sockaddr_in6 peers[LIMIT_BATCH];
    _Alignas(64) uint8_t octets[LIMIT_BATCH][LIMIT_OCTETS];
};

/* A message is made to receive, as recvmmsg() and the reply have changed its lengths. */
static void reset(struct batch *b, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        b->messages[i].msg_hdr.msg_namelen = sizeof b->peers[i];
        b->payloads[i].iov_len = LIMIT_OCTETS;
    }
}

static void prepare(struct batch *b)
{
    for (unsigned i = 0; i < LIMIT_BATCH; i++) {
        b->payloads[i].iov_base = b->octets[i];
        b->messages[i].msg_hdr = (struct msghdr){
            .msg_name = &b->peers[i],
            .msg_iov = &b->payloads[i],
            .msg_iovlen = 1,
        };
    }
    reset(b, LIMIT_BATCH);
}

int main(int argc, char **argv)
{
    struct limit limit;
    struct batch b;
    if (!limit_open(argc, argv, true, &limit))
        return 1;
    prepare(&b);
    for (;;) {
        int received = recvmmsg(limit.fd, b.messages, LIMIT_BATCH, MSG_WAITFORONE, NULL);
        if (received < 0)
            return limit_failed(&limit, "receive on");
        unsigned count = (unsigned)received;
        for (unsigned i = 0; i < count; i++)
            b.payloads[i].iov_len = limit_reply(&limit, b.octets[i], b.messages[i].msg_len);
        batch_send(limit.fd, b.messages, count);
        reset(&b, count);
    }
}
