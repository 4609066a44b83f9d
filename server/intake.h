/* What comes in: a batch of messages in one system call, and from each the datagrams that the kernel has merged in it.
 * What becomes of them is decided elsewhere. */
#ifndef SERVER_INTAKE_H
#define SERVER_INTAKE_H

#include "listener.h"
#include "proto/calc.h"

#include <sys/socket.h>

enum {
    INTAKE_MESSAGES = 32,
    INTAKE_MESSAGE_OCTETS = 65536, /* all that UDP can carry, and more than merged datagrams have */
    INTAKE_APART_OCTETS = 5 * 64,  /* messages do not all begin in the same set of the cache */
    /* Pktinfo, the length of a segment, and before them what whoever opened the socket has asked for: times, marks. */
    INTAKE_CONTROL_OCTETS = 64 + 8 + 256,
};

/* Where datagrams come from, and the address of this host that they were sent to, if that had to be asked for. */
struct origin {
    struct sockaddr_in6 peer;
    bool destination_known;
    struct in6_addr destination;
    unsigned interface; /* the index of the interface that they came in on */
};

struct arrival {
    const struct origin *origin;
    const uint8_t *octets;
    size_t length; /* as sent (REQ-3.5) */
};

struct intake {
    unsigned limit; /* messages at once, at most INTAKE_MESSAGES */
    unsigned count; /* messages received, */
    unsigned at;    /* the one that is being taken apart, */
    size_t offset;  /* where its next datagram begins, */
    size_t segment; /* and the length of each but the last; 0: not looked at yet */
    uint8_t *octets;
    struct mmsghdr messages[INTAKE_MESSAGES];
    struct iovec payloads[INTAKE_MESSAGES];
    struct origin origins[INTAKE_MESSAGES];
    _Alignas(struct cmsghdr) uint8_t controls[INTAKE_MESSAGES][INTAKE_CONTROL_OCTETS];
};

enum receive_code {
    RECEIVED,
    RECEIVE_QUEUE_EMPTY,
    RECEIVE_INTERRUPTED,
    RECEIVE_AGAIN, /* something else was reported, and has been counted */
};

/* Allocates the room for the messages. False: there is no memory. intake_free() is due in both cases. */
bool intake_begin(struct intake *intake);
void intake_free(struct intake *intake);

/* Takes what waits, as many messages as the limit allows; with wait, waits for the first: recvmmsg(2). What is left of
 * the batch before is forgotten. */
enum receive_code intake_receive(struct intake *intake, const struct listener *listener, bool wait,
                                 struct counters *counters);

/* The next datagram of the batch; it lasts until the next intake_receive(). False: there is none. */
bool intake_next(struct intake *intake, struct arrival *datagram);

#endif
