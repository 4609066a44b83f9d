/* echo_gso [--reply OCTETS] ADDRESS PORT: datagrams of one flow that the kernel has merged (UDP_GRO) are answered by one
 * send that it takes apart (UDP_SEGMENT), and up to 64 of either by one call. The limit of every server that goes
 * through the kernel: the stack is walked once for many datagrams. */
#define _GNU_SOURCE /* recvmmsg(), sendmmsg() */

#include "batch.h"
#include "common.h"

#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    SEGMENTS_MAX = 64, /* of one send: Linux before 6.9 refuses more */
    SEND_MAX = 65507,  /* octets of one send, to an IPv4 address too */
    /* A merged receive, and a cache line: buffers in a row then begin in different sets of the cache. */
    RECEIVE_ROOM = 65536 + 64,
    SEND_ROOM = 4 * 65536,
};

struct incoming {
    struct mmsghdr messages[LIMIT_BATCH];
    struct iovec payloads[LIMIT_BATCH];
    struct sockaddr_in6 peers[LIMIT_BATCH];
    _Alignas(struct cmsghdr) uint8_t controls[LIMIT_BATCH][CMSG_SPACE(sizeof(int))];
    _Alignas(64) uint8_t octets[LIMIT_BATCH][RECEIVE_ROOM];
};

struct outgoing {
    unsigned count;
    size_t used; /* of the octets; some replies are sent from where their requests are */
    struct mmsghdr messages[LIMIT_BATCH];
    struct iovec payloads[LIMIT_BATCH];
    _Alignas(struct cmsghdr) uint8_t controls[LIMIT_BATCH][CMSG_SPACE(sizeof(uint16_t))];
    _Alignas(64) uint8_t octets[SEND_ROOM];
};

struct exchange {
    struct incoming in;
    struct outgoing out;
};

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* recvmmsg() has written what is in it. */
static void reset(struct incoming *in, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        in->messages[i].msg_hdr.msg_namelen = sizeof in->peers[i];
        in->messages[i].msg_hdr.msg_controllen = sizeof in->controls[i];
    }
}

static void prepare(struct incoming *in, struct outgoing *out)
{
    for (unsigned i = 0; i < LIMIT_BATCH; i++) {
        in->payloads[i] = (struct iovec){.iov_base = in->octets[i], .iov_len = RECEIVE_ROOM};
        in->messages[i].msg_hdr = (struct msghdr){
            .msg_name = &in->peers[i],
            .msg_iov = &in->payloads[i],
            .msg_iovlen = 1,
            .msg_control = in->controls[i],
        };
        struct msghdr *reply = &out->messages[i].msg_hdr;
        *reply = (struct msghdr){
            .msg_iov = &out->payloads[i],
            .msg_iovlen = 1,
            .msg_control = out->controls[i],
            .msg_controllen = sizeof out->controls[i],
        };
        struct cmsghdr *c = CMSG_FIRSTHDR(reply);
        c->cmsg_level = IPPROTO_UDP;
        c->cmsg_type = UDP_SEGMENT;
        c->cmsg_len = CMSG_LEN(sizeof(uint16_t));
    }
    reset(in, LIMIT_BATCH);
}

static void flush(int fd, struct outgoing *out)
{
    batch_send(fd, out->messages, out->count);
    out->count = 0;
    out->used = 0;
}

/* To the sender of the request; datagrams of so many octets each, the last one of what is left. */
static void put(struct outgoing *out, const struct msghdr *request, uint8_t *octets, size_t length,
                size_t each)
{
    struct msghdr *reply = &out->messages[out->count].msg_hdr;
    uint8_t *control = out->controls[out->count];
    out->payloads[out->count] = (struct iovec){.iov_base = octets, .iov_len = length};
    out->count++;
    reply->msg_name = request->msg_name;
    reply->msg_namelen = request->msg_namelen;
    reply->msg_controllen = 0;
    if (length > each) {
        uint16_t segment = (uint16_t)each;
        reply->msg_controllen = CMSG_SPACE(sizeof segment);
        memcpy(control + CMSG_LEN(0), &segment, sizeof segment);
    }
}

/* Each segment becomes a reply of so many octets. Returns how many those are in all. */
static size_t fit(uint8_t *replies, size_t each, const uint8_t *octets, size_t length,
                  size_t segment)
{
    uint8_t *to = replies;
    do {
        size_t have = least(segment, length);
        size_t kept = least(have, each);
        memcpy(to, octets, kept);
        if (kept < each)
            memset(to + kept, 0, each - kept);
        to += each;
        octets += have;
        length -= have;
    } while (length > 0);
    return (size_t)(to - replies);
}

/* The size that all merged datagrams have but for the last, which may be shorter. */
static size_t segment_size(struct msghdr *request, size_t length)
{
    const struct cmsghdr *c = CMSG_FIRSTHDR(request);
    int size;
    if (c == NULL || c->cmsg_level != IPPROTO_UDP || c->cmsg_type != UDP_GRO)
        return length;
    memcpy(&size, CMSG_DATA(c), sizeof size);
    return (size_t)size;
}

static void answer(const struct limit *limit, struct outgoing *out, struct mmsghdr *message)
{
    struct msghdr *request = &message->msg_hdr;
    uint8_t *octets = request->msg_iov->iov_base;
    size_t length = message->msg_len;
    size_t segment = segment_size(request, length);
    size_t at_once = SEGMENTS_MAX;
    if (limit->reply > 0)
        at_once = least(at_once, SEND_MAX / limit->reply);
    do {
        size_t part = least(length, at_once * segment);
        if (out->count == LIMIT_BATCH || SEND_ROOM - out->used < SEND_MAX)
            flush(limit->fd, out);
        if (limit->reply > 0) {
            uint8_t *replies = out->octets + out->used;
            size_t total = fit(replies, limit->reply, octets, part, segment);
            put(out, request, replies, total, limit->reply);
            out->used += total;
        } else {
            put(out, request, octets, part, segment);
        }
        octets += part;
        length -= part;
    } while (length > 0);
}

int main(int argc, char **argv)
{
    struct limit limit;
    int on = 1;
    if (!limit_open(argc, argv, true, &limit))
        return 1;
    if (setsockopt(limit.fd, IPPROTO_UDP, UDP_GRO, &on, sizeof on) < 0)
        return limit_failed(&limit, "set UDP_GRO for");
    struct exchange *x = calloc(1, sizeof *x);
    if (x == NULL)
        return limit_failed(&limit, "get memory for");
    prepare(&x->in, &x->out);
    for (;;) {
        int received = recvmmsg(limit.fd, x->in.messages, LIMIT_BATCH, MSG_WAITFORONE, NULL);
        if (received < 0)
            break;
        for (int i = 0; i < received; i++)
            answer(&limit, &x->out, &x->in.messages[i]);
        flush(limit.fd, &x->out);
        reset(&x->in, (unsigned)received);
    }
    int status = limit_failed(&limit, "receive on");
    free(x);
    return status;
}
