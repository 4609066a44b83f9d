/* The system calls of the load, and what their failures mean. */
#define _GNU_SOURCE /* sendmmsg, recvmmsg */

#include "flow.h"
#include "proto/net/endpoint.h"

#include <assert.h>
#include <errno.h>
#include <linux/sock_diag.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    RECEIVE_BUFFER = 4 << 20, /* so that the load does not lose what the server has answered */
    REFUSALS = 4,             /* port unreachable is told once, and the next try sends */
};

bool post_open(struct post *post, bool merged, size_t reply_most)
{
    *post = (struct post){.merged = merged, .room = merged ? POST_MERGED_OCTETS : reply_most + 1};
    post->octets = malloc(post->room * POST_MESSAGES);
    if (post->octets == NULL)
        return false;
    for (int i = 0; i < POST_MESSAGES; i++) {
        post->in_part[i] = (struct iovec){post->octets + (size_t)i * post->room, post->room};
        post->in[i].msg_hdr = (struct msghdr){.msg_iov = &post->in_part[i], .msg_iovlen = 1};
        post->out[i].msg_hdr = (struct msghdr){.msg_iov = &post->out_part[i], .msg_iovlen = 1};
        if (!merged)
            continue;
        post->in[i].msg_hdr.msg_control = post->in_control[i];
        struct msghdr *out = &post->out[i].msg_hdr;
        out->msg_control = post->out_control[i];
        out->msg_controllen = CMSG_SPACE(sizeof(uint16_t));
        *CMSG_FIRSTHDR(out) = (struct cmsghdr){.cmsg_level = IPPROTO_UDP,
                                               .cmsg_type = UDP_SEGMENT,
                                               .cmsg_len = CMSG_LEN(sizeof(uint16_t))};
    }
    return true;
}

void post_close(struct post *post)
{
    free(post->octets);
    post->octets = NULL;
}

const char *flow_open(struct flow *flow, const struct sockaddr_in6 *server, bool merged)
{
    flow->fd = calc_socket();
    if (flow->fd < 0)
        return "open a socket";
    int octets = RECEIVE_BUFFER;
    int on = 1;
    /* More than rmem_max needs a privilege; what cannot be had shows in what was dropped. */
    if (setsockopt(flow->fd, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof octets) < 0)
        (void)setsockopt(flow->fd, SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets);
    if (merged && setsockopt(flow->fd, IPPROTO_UDP, UDP_GRO, &on, sizeof on) < 0)
        return "take merged replies (UDP_GRO)";
    if (connect(flow->fd, (const struct sockaddr *)server, sizeof *server) < 0)
        return "connect a socket";
    return NULL;
}

void flow_close(struct flow *flow)
{
    if (flow->fd >= 0)
        close(flow->fd);
    flow->fd = -1;
}

static bool means_later(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS || error == ENOMEM;
}

static void address_block(const struct slots *slots, struct post *post, int i, uint32_t number)
{
    const struct mix *mix = slots->mix;
    size_t length = mix_length(mix, number, slots->block);
    /* sendmmsg() does not write to it, but its type is the same for recvmmsg(). */
    post->out_part[i] = (struct iovec){mix->requests + mix->request_at[number], length};
    if (post->merged) {
        uint16_t segment = (uint16_t)(length / slots->block);
        struct cmsghdr *control = CMSG_FIRSTHDR(&post->out[i].msg_hdr);
        assert(control != NULL);
        memcpy(CMSG_DATA(control), &segment, sizeof segment);
    }
}

int flow_send(const struct flow *flow, struct post *post, const uint32_t *numbers, int count)
{
    for (int i = 0; i < count; i++)
        address_block(&flow->slots, post, i, numbers[i]);
    int sent = 0;
    for (int refusals = 0; sent < count;) {
        int now = 0;
        if (count == 1 && !post->merged)
            now = send(flow->fd, post->out_part[0].iov_base, post->out_part[0].iov_len, 0) < 0 ? -1
                                                                                               : 1;
        else
            now = sendmmsg(flow->fd, post->out + sent, (unsigned)(count - sent), 0);
        if (now > 0)
            sent += now;
        else if (errno == ECONNREFUSED && refusals < REFUSALS)
            refusals++;
        else
            return means_later(errno) || errno == ECONNREFUSED ? sent : -1;
    }
    return sent;
}

int flow_receive(const struct flow *flow, struct post *post, int most)
{
    if (post->merged) {
        for (int i = 0; i < most; i++)
            post->in[i].msg_hdr.msg_controllen = sizeof post->in_control[i];
    }
    for (;;) {
        int taken = 0;
        if (most == 1 && !post->merged) {
            ssize_t length = recv(flow->fd, post->octets, post->room, MSG_DONTWAIT);
            post->in[0].msg_len = length < 0 ? 0 : (unsigned)length;
            taken = length < 0 ? -1 : 1;
        } else {
            taken = recvmmsg(flow->fd, post->in, (unsigned)most, MSG_DONTWAIT, NULL);
        }
        if (taken >= 0)
            return taken;
        if (errno != ECONNREFUSED)
            return means_later(errno) ? 0 : -1;
    }
}

const uint8_t *post_message(struct post *post, int number, size_t *length, size_t *segment)
{
    *length = post->in[number].msg_len;
    *segment = *length;
    if (post->merged) {
        struct msghdr *header = &post->in[number].msg_hdr;
        for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c != NULL; c = CMSG_NXTHDR(header, c)) {
            int octets = 0;
            if (c->cmsg_level != IPPROTO_UDP || c->cmsg_type != UDP_GRO)
                continue;
            memcpy(&octets, CMSG_DATA(c), sizeof octets);
            if (octets > 0)
                *segment = (size_t)octets;
        }
    }
    return post->octets + (size_t)number * post->room;
}

uint64_t flow_dropped(const struct flow *flow)
{
    uint32_t values[SK_MEMINFO_VARS] = {0};
    socklen_t size = sizeof values;
    if (getsockopt(flow->fd, SOL_SOCKET, SO_MEMINFO, values, &size) < 0)
        return 0;
    return values[SK_MEMINFO_DROPS];
}
