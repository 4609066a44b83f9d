/* A kernel that does what a test tells it to: recvmmsg, sendmmsg, connect, ppoll and clock_gettime, replaced at link
 * time, and the server's listener and counters in front of them. Needs _GNU_SOURCE. */
#ifndef TESTS_FAKE_KERNEL_H
#define TESTS_FAKE_KERNEL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/worker.h"

#include <linux/errqueue.h>

enum {
    SCRIPT_MAX = 16,
    CALLS_LIMIT = 1000,
    CLIENT_PORT = 40000,
    INTERFACE = 7,
    FILL = 0xA5, /* every octet behind the header */
    SENT_MAX = 2100,
};

/* What a receive call gives: an error, or a datagram. */
struct event {
    int error;
    size_t length; /* as sent */
    uint8_t header;
    uint16_t port;
    int segment; /* of that length are the datagrams that it was merged from; 0: it is one */
};

/* What waits in the error queue. */
struct trouble {
    int level, type;
    uint8_t origin;
    bool cut; /* the kernel had no room for all of it */
};

/* A reply as the peer gets it, whatever was merged. */
struct sent {
    struct sockaddr_in6 to;
    uint8_t octets[CALC_REPLY_MAX];
    size_t length;
    bool source_given;
    struct in6_pktinfo source;
};

/* What the calls are to do, and what they saw. */
struct fake_kernel {
    int fd;

    struct event arrivals[SCRIPT_MAX]; /* then there are no more */
    struct in6_addr destination;
    int control_type; /* IPV6_PKTINFO; another one is of no use; 0: there is none */
    struct trouble troubles[SCRIPT_MAX]; /* then EAGAIN */
    int send_errors[SCRIPT_MAX];         /* of each message; 0, and all behind: sent */
    int refusal;            /* of all messages of several segments; 0: they are taken */
    unsigned sends_at_once; /* messages; 0: all */
    bool endless;      /* each arrival and trouble comes again and again, until it is turned away */
    int connect_error; /* 0: what is new is turned away */
    size_t late;       /* the last of so many arrivals comes only when it is waited for; 0: none */
    size_t stop_after; /* told to end after so many arrivals; 0: when there are no more */
    int stops_with;    /* WORKER_END, or what else it is told then */
    atomic_int told;
    uint64_t now_ns;  /* what the clock says; 0: what the machine's does */
    uint64_t step_ns; /* how far it goes on after each look at it */
    size_t looks;

    size_t arrived, troubled;
    size_t connects, arrived_before; /* calls, and arrivals before the last one */
    size_t receives, sends;          /* calls, and messages that were tried */
    size_t merged;                   /* messages of several segments that were taken */
    struct sent sent[SENT_MAX];
    size_t sent_count;
};

extern struct fake_kernel kernel;
extern struct listener listener;
extern struct counters counters;

/* For cmocka_unit_test_setup_teardown(). */
int kernel_begin(void **state);
int kernel_end(void **state);

/* Nothing was counted but this, so often. */
void assert_only_counted(enum outcome which, uint64_t count);

struct in6_addr address(const char *text);
struct sockaddr_in6 endpoint(const char *text, uint16_t port);
struct sockaddr_in6 peer(uint16_t port);

struct event from_port(uint16_t port, uint8_t header, size_t length);
struct event arrival(uint8_t header, size_t length);
struct event sum(void); /* gets a reply with a result */
struct event merged(uint8_t header, size_t length, int segment);
struct event receive_error(int error);

struct trouble trouble(int level, int type, uint8_t origin);
struct trouble icmp6(void);
struct trouble icmp(void);

#endif
