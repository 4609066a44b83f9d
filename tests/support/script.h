/* The description of packets as a text, read line by line into what it stands for: hosts, scenarios, and
 * the steps of each. What is made of the steps is the caller's. */
#ifndef TESTS_SCRIPT_H
#define TESTS_SCRIPT_H

#include "tests/support/frame.h"

#include <stdio.h>

enum {
    SCRIPT_HOSTS_MAX = 32,
    SCRIPT_NAME_ROOM = 13,
    SCRIPT_WHY_ROOM = 200,
    SCRIPT_COMMENT_MAX = 60000,
    /* 2026-01-01T00:00:00Z, the time zero of each description. */
    SCRIPT_EPOCH_S = 1767225600,
};

struct script_host {
    char name[SCRIPT_NAME_ROOM];
    struct in6_addr address;
    struct link_address link;
};

enum script_kind {
    SCRIPT_DATAGRAM,
    SCRIPT_LOST,  /* a datagram that is in no capture */
    SCRIPT_ERROR, /* an ICMPv6 error */
};

struct script_step {
    enum script_kind kind;
    unsigned line;
    size_t scenario;
    int64_t time_us;    /* since time zero */
    size_t from, to;    /* hosts */
    struct frame frame; /* of an error: only the addresses */
    const char *mark;   /* "wrong", "open" (the published text leaves it open) or empty */
    size_t cut;         /* how many octets of the frame are captured; SIZE_MAX: all */
    uint8_t type, code; /* of an error, */
    size_t about;       /* and the step that it quotes */
    char *comment;      /* never NULL */
};

struct script {
    struct script_host hosts[SCRIPT_HOSTS_MAX];
    size_t host_count;
    char **titles; /* one a scenario, never NULL; empty where steps come before any title */
    size_t scenario_count;
    struct script_step *steps;
    size_t step_count;
    unsigned line;             /* where reading has stopped, */
    char why[SCRIPT_WHY_ROOM]; /* and why */
};

/* A description has
 *
 *     # a comment of the file; empty lines mean nothing either
 *     host client fd00:ca1c:6::c
 *     host server fd00:ca1c:6::5
 *     host second fd00:ca1c:6::55 server            (an address of the same host)
 *     == Sum                                        (a scenario and its title)
 *     0.000000 client:50001 > server:10000 00 00000001 00000003
 *       ; a comment of this packet, which goes into the pcapng;
 *       ; several such lines are joined by one space
 *     0.000412 server:10000 > client:50001 wrong 80 04000000     (marked so in the ladder; or open)
 *     1.000000 client:50002 x server:10000 03 27*3B9ACA00        (lost: in the ladder only)
 *     2.000000 client:50003 > server:10000 (empty)
 *     2.000100 server ! client 1.4                  (ICMPv6 type and code, about the latest datagram)
 *     2.5 client:50003 > server:10000 cut 60 00 00000001         (only 60 octets are captured)
 *
 * Times are seconds since time zero, and never go backwards. False: script->line and script->why say
 * what is wrong. script_free() is due in both cases. */
bool script_read(FILE *in, struct script *script);
void script_free(struct script *script);

/* The frame of a step that is captured, whole. Returns its length in octets. */
size_t script_frame(const struct script *script, const struct script_step *step,
                    uint8_t octets[static FRAME_ROOM]);

/* The latest datagram that this one can be the reply to; NULL: there is none. */
const struct script_step *script_request_of(const struct script *script,
                                            const struct script_step *reply);

/* The words of an ICMPv6 error; NULL where a description can not have it. */
const char *script_error_words(unsigned type, unsigned code);

#endif
