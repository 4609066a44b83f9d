/* The description of packets as a text, read line by line into what it stands for: hosts, scenarios, and
 * the steps of each. tests/tools/packets.c says what a line may be; what is made of the steps is the
 * caller's. */
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
    bool wrong;         /* marked as what the protocol does not allow */
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

/* False: script->line and script->why say what is wrong. script_free() is due in both cases. */
bool script_read(FILE *in, struct script *script);
void script_free(struct script *script);

/* The frame of a step that is captured, whole. Returns its length in octets. */
size_t script_frame(const struct script *script, const struct script_step *step,
                    uint8_t octets[static FRAME_ROOM]);

/* The words of an ICMPv6 error; NULL where a description can not have it. */
const char *script_error_words(unsigned type, unsigned code);

#endif
