/* What a case found, as plain data without pointers: one process writes it, another reports it. The
 * functions put it together; who prints it, and in what form, is report.h's. */
#ifndef CONFORMANCE_OUTCOME_H
#define CONFORMANCE_OUTCOME_H

#include "proto/calc.h"
#include "tests/support/datagram.h"

#include <netinet/in.h>
#include <stdbool.h>

enum verdict {
    PASSED,
    FAILED,
    NON_STRICT, /* a SHOULD was missed */
    SKIPPED,    /* it could not be tried here, and that says nothing about the subject */
    ERROR,      /* the kit itself could not do it */
    VERDICTS,
};

/* How the subject went wrong. */
enum trouble {
    NO_TROUBLE,
    WRONG,       /* it did something, and that was wrong */
    SILENCE,     /* no reply to this, while it answers other requests */
    HANG,        /* it runs, and answers nothing any more */
    CRASH,       /* it ended */
    UNREACHABLE, /* ICMPv6 says that nobody listens, until the deadline */
    TROUBLES,
};

enum {
    OUTCOME_TEXT_ROOM = 512,
    OUTCOME_OUTPUT_ROOM = 2048,
    OUTCOME_DIAGNOSES_MAX = 3,
    OUTCOME_PACKETS_MAX = 24,
};

struct outcome_packet {
    uint64_t time_us; /* since 1970 */
    struct sockaddr_in6 source, destination;
    struct datagram payload;
};

/* Two messages next to each other: what was due, and what came. */
struct comparison {
    bool
        present; /* there is something to compare; without, the rest may still be noted, for diagnoses */
    bool of_requests; /* the client's; else replies */
    enum calc_format format;
    struct datagram expected;
    bool received; /* false: nothing came, and `actual` says nothing */
    struct datagram actual;
    size_t actual_length; /* as sent; actual has at most its first DATAGRAM_ROOM octets */
};

struct outcome {
    enum verdict verdict;
    enum trouble trouble;
    char why[OUTCOME_TEXT_ROOM]; /* one sentence: what is wrong, or why it is skipped; or empty */
    char observed
        [OUTCOME_TEXT_ROOM]; /* how the subject does what the published text leaves open; or empty */
    bool otherwise; /* not as PROTOCOL.md settles it; says something with `observed` only */
    size_t diagnosis_count;
    char diagnoses[OUTCOME_DIAGNOSES_MAX]
                  [OUTCOME_TEXT_ROOM]; /* the usual mistakes that explain it */
    bool has_request;
    struct datagram request; /* what the case sent, or what the client was to send */
    struct datagram earlier; /* what the server's buffer may hold of earlier requests */
    struct comparison comparison;
    char output[OUTCOME_OUTPUT_ROOM]; /* what the subject printed, as it is */
    size_t packet_count;
    struct outcome_packet packets[OUTCOME_PACKETS_MAX]; /* the first ones of the case */
    int64_t took_us;
};

/* One word: "pass", "fail", "non-strict", "skip", "error". */
const char *verdict_name(enum verdict verdict);

/* One word: "wrong", "silence", "hang", "crash", "unreachable"; "" for none. */
const char *trouble_name(enum trouble trouble);

/* Each notes the first of its kind; a later one changes nothing. The text is printf(3)'s, cut where its
 * room ends, and made one line.
 * A failure is FAILED here whatever the case's level: run.h makes of it what the level asks for. */
__attribute__((format(printf, 3, 4))) void
outcome_fail(struct outcome *outcome, enum trouble trouble, const char *format, ...);
__attribute__((format(printf, 2, 3))) void outcome_skip(struct outcome *outcome, const char *format,
                                                        ...);
__attribute__((format(printf, 2, 3))) void outcome_error(struct outcome *outcome,
                                                         const char *format, ...);
__attribute__((format(printf, 3, 4))) void outcome_observe(struct outcome *outcome, bool as_settled,
                                                           const char *format, ...);

/* Adds a diagnosis, unless it is there already or there is no room for it. */
void outcome_diagnose(struct outcome *outcome, const char *text);

/* Adds a packet while there is room; length is as sent. */
void outcome_packet(struct outcome *outcome, const struct sockaddr_in6 *source,
                    const struct sockaddr_in6 *destination, const uint8_t *octets, size_t length);

#endif
