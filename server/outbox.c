/* Sending: sendmmsg(2) for replies to many, UDP_SEGMENT (udp(7)) for neighbours of one length to one peer. With
 * IPV6_RECVERR, an error about one peer may be reported by the call that serves another, so a send that fails is tried
 * again once the errors have been taken. */
#define _GNU_SOURCE /* sendmmsg, in6_pktinfo */

#include "outbox.h"

#include <assert.h>
#include <errno.h>
#include <netinet/udp.h>
#include <string.h>

enum { SEND_TRIES = 4 };
_Static_assert(OUTBOX_CONTROL_OCTETS >=
                   CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(uint16_t)),
               "there is room for all that is told");

void outbox_begin(struct outbox *outbox, bool merges)
{
    outbox->merges = merges;
    /* What aligns one control message behind another is never written, and goes to the kernel with them. */
    memset(outbox->controls, 0, sizeof outbox->controls);
    outbox_clear(outbox);
}

void outbox_clear(struct outbox *outbox)
{
    outbox->count = outbox->message_count = 0;
    outbox->used = 0;
}

bool outbox_is_full(const struct outbox *outbox)
{
    return outbox->count == OUTBOX_EXCHANGES;
}

uint8_t *outbox_room(struct outbox *outbox)
{
    assert(!outbox_is_full(outbox));
    return outbox->octets + outbox->used;
}

static bool same_way(const struct origin *a, const struct origin *b)
{
    if (a == b)
        return true;
    return a->peer.sin6_port == b->peer.sin6_port &&
           a->peer.sin6_scope_id == b->peer.sin6_scope_id &&
           memcmp(&a->peer.sin6_addr, &b->peer.sin6_addr, sizeof a->peer.sin6_addr) == 0 &&
           a->destination_known == b->destination_known &&
           (!a->destination_known ||
            (a->interface == b->interface &&
             memcmp(&a->destination, &b->destination, sizeof a->destination) == 0));
}

static void put_control(struct msghdr *message, int level, int type, const void *data, size_t size)
{
    struct cmsghdr *c =
        (struct cmsghdr *)((uint8_t *)message->msg_control + message->msg_controllen);
    c->cmsg_level = level;
    c->cmsg_type = type;
    c->cmsg_len = CMSG_LEN(size);
    message->msg_controllen += CMSG_SPACE(size);
    memcpy(CMSG_DATA(c), data, size);
}

/* One message: these octets, on the way back of that request. */
static void address(struct msghdr *message, struct iovec *payload, uint8_t *control,
                    const struct exchange *exchange)
{
    const struct origin *origin = exchange->request.origin;
    payload->iov_base = (void *)(uintptr_t)exchange->reply;
    payload->iov_len = exchange->length;
    *message = (struct msghdr){
        .msg_name = (void *)(uintptr_t)&origin->peer,
        .msg_namelen = sizeof origin->peer,
        .msg_iov = payload,
        .msg_iovlen = 1,
        .msg_control = control,
    };
    if (!origin->destination_known)
        return;
    struct in6_pktinfo info = {.ipi6_addr = origin->destination};
    /* Only a link-local address needs its interface; any other may be routed back another way. */
    if (IN6_IS_ADDR_LINKLOCAL(&origin->destination))
        info.ipi6_ifindex = origin->interface;
    put_control(message, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);
}

/* The exchange goes with the message before it, or begins one. */
static struct run *run_for(struct outbox *outbox, const struct exchange *exchange)
{
    const struct origin *origin = exchange->request.origin;
    unsigned at = outbox->message_count;
    struct run *run = &outbox->runs[at];
    if (at > 0 && run[-1].room > 0 && exchange->length <= run[-1].segment &&
        same_way(run[-1].origin, origin)) {
        run--;
        run->room--;
        outbox->payloads[at - 1].iov_len += exchange->length;
        /* Only the last segment may be shorter than the others. */
        if (exchange->length < run->segment)
            run->room = 0;
        return run;
    }
    *run = (struct run){
        .origin = origin,
        .first = outbox->count,
        .room = outbox->merges ? OUTBOX_SEGMENTS_MAX - 1 : 0,
        .segment = (uint16_t)exchange->length,
    };
    address(&outbox->messages[at].msg_hdr, &outbox->payloads[at], outbox->controls[at], exchange);
    outbox->message_count++;
    return run;
}

void outbox_add(struct outbox *outbox, const struct arrival *request, size_t length,
                enum outcome outcome)
{
    struct exchange *exchange = &outbox->exchanges[outbox->count];
    *exchange = (struct exchange){
        .request = *request,
        .reply = outbox_room(outbox),
        .length = length,
        .outcome = outcome,
    };
    if (length > 0) {
        struct run *run = run_for(outbox, exchange);
        run->replies++;
        run->end = outbox->count + 1;
        outbox->used += length;
    }
    outbox->count++;
}

/* Tells the kernel where one reply ends and the next begins. */
static void mark_segments(struct outbox *outbox)
{
    for (unsigned at = 0; at < outbox->message_count; at++) {
        const struct run *run = &outbox->runs[at];
        if (run->replies > 1)
            put_control(&outbox->messages[at].msg_hdr, IPPROTO_UDP, UDP_SEGMENT, &run->segment,
                        sizeof run->segment);
    }
}

/* Whether another try may fare better; the errors that stood in the way are taken. */
static bool passes(const struct listener *listener, int error, struct counters *counters)
{
    assert(error != EBADF && error != EFAULT && error != ENOTSOCK);
    if (error == EAGAIN)
        return false;
    if (error == EINTR)
        count(&counters->of[NOTED_INTERRUPTED], 1);
    else
        listener_take_errors(listener, counters);
    return true;
}

static bool send_alone(struct exchange *exchange, const struct listener *listener,
                       struct counters *counters)
{
    struct mmsghdr message;
    struct iovec payload;
    _Alignas(struct cmsghdr) uint8_t control[OUTBOX_CONTROL_OCTETS] = {0};
    address(&message.msg_hdr, &payload, control, exchange);
    int error = 0;
    for (int i = 0; i < SEND_TRIES; i++) {
        if (sendmmsg(listener->fd, &message, 1, MSG_DONTWAIT) >= 0)
            return true;
        error = errno;
        if (!passes(listener, error, counters))
            break;
    }
    exchange->outcome = outcome_of_send_error(error);
    return false;
}

/* A device, a path or a kernel that can not take segments says one of these. */
static bool is_refusal(int error)
{
    return error == EINVAL || error == EIO || error == EMSGSIZE || error == EOPNOTSUPP ||
           error == ENOPROTOOPT;
}

/* Each reply of a message by itself, because it was refused as it is. */
static void send_apart(struct outbox *outbox, const struct run *run,
                       const struct listener *listener, struct counters *counters)
{
    bool any_sent = false;
    for (unsigned i = run->first; i < run->end; i++) {
        struct exchange *exchange = &outbox->exchanges[i];
        if (exchange->length > 0 && send_alone(exchange, listener, counters))
            any_sent = true;
    }
    /* Nothing but the merging can have been wrong with it, and the next would fare no better. */
    if (any_sent)
        outbox->merges = false;
}

static void give_up(struct outbox *outbox, const struct run *run, int error)
{
    for (unsigned i = run->first; i < run->end; i++) {
        if (outbox->exchanges[i].length > 0)
            outbox->exchanges[i].outcome = outcome_of_send_error(error);
    }
}

void outbox_send(struct outbox *outbox, const struct listener *listener, struct counters *counters)
{
    mark_segments(outbox);
    int tries = 0;
    for (unsigned at = 0; at < outbox->message_count;) {
        int sent =
            sendmmsg(listener->fd, outbox->messages + at, outbox->message_count - at, MSG_DONTWAIT);
        if (sent > 0) {
            at += (unsigned)sent;
            tries = 0;
            continue;
        }
        /* It is about the first of them, and the others must not lose by it. */
        int error = errno;
        const struct run *run = &outbox->runs[at];
        if (passes(listener, error, counters) && ++tries < SEND_TRIES)
            continue;
        if (run->replies > 1 && is_refusal(error))
            send_apart(outbox, run, listener, counters);
        else
            give_up(outbox, run, error);
        at++;
        tries = 0;
    }
}
