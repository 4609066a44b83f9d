/* What goes out: the replies to a batch, in as few system calls and as few trips through the kernel as can be. What
 * they say is decided elsewhere. */
#ifndef SERVER_OUTBOX_H
#define SERVER_OUTBOX_H

#include "intake.h"

enum {
    OUTBOX_EXCHANGES = 256,
    OUTBOX_SEGMENTS_MAX =
        64, /* of one message: UDP_MAX_SEGMENTS of the oldest kernels that have it */
    OUTBOX_CONTROL_OCTETS = 64,
};

/* A request, and what becomes of it. */
struct exchange {
    struct arrival request;
    const uint8_t *reply;
    size_t length; /* of the reply, at most CALC_REPLY_MAX; 0: there is none */
    enum outcome outcome;
};

struct outbox {
    bool
        merges; /* gives replies to the kernel merged (UDP_SEGMENT, udp(7)); ends where it refuses that */
    unsigned count; /* exchanges */
    size_t used;    /* octets */
    struct exchange exchanges[OUTBOX_EXCHANGES];
    uint8_t octets[OUTBOX_EXCHANGES * CALC_REPLY_MAX];
    unsigned message_count;
    struct mmsghdr messages[OUTBOX_EXCHANGES];
    struct iovec payloads[OUTBOX_EXCHANGES];
    struct run {
        const struct origin *origin;
        unsigned first, end; /* its exchanges, those without a reply among them */
        unsigned replies;
        unsigned room;    /* for so many more */
        uint16_t segment; /* the length of each reply but the last */
    } runs[OUTBOX_EXCHANGES];
    _Alignas(struct cmsghdr) uint8_t controls[OUTBOX_EXCHANGES][OUTBOX_CONTROL_OCTETS];
};

void outbox_begin(struct outbox *outbox, bool merges);

bool outbox_is_full(const struct outbox *outbox);

/* Room for the reply that is added next: CALC_REPLY_MAX octets. Not when it is full. */
uint8_t *outbox_room(struct outbox *outbox);

/* Adds an exchange whose reply is in that room. */
void outbox_add(struct outbox *outbox, const struct arrival *request, size_t length,
                enum outcome outcome);

/* Sends each reply from the address that its request came to (REQ-3.4) to where it came from. Never waits. The outcome
 * of each that could not be sent is set anew, by errno of sendmmsg(2). The exchanges stay until outbox_clear(). */
void outbox_send(struct outbox *outbox, const struct listener *listener, struct counters *counters);

void outbox_clear(struct outbox *outbox);

#endif
