/* The answers of a batch, in the order of its lines: a ring that keeps what is done until all before it
 * is, and the room in which the text waits for standard output, which is never waited for here. Both are
 * bounded: where the reader of the output stalls, the ring fills up, and no further line is taken. */
#ifndef CLIENT_ANSWERS_H
#define CLIENT_ANSWERS_H

#include "failure.h"
#include "report.h"

#include <stdio.h>

enum {
    /* So far the lines go ahead of the first without an answer. As many as a fast server answers while one
     * that was lost waits for its second try, and 2 MiB. */
    ANSWERS_AHEAD = 65536,
    ANSWERS_KEPT_MAX =
        1 << 20, /* octets of long ones among these; then it is the requests in the air at most */
    ANSWERS_ROOM = 65536,
};

struct answer {
    uint64_t line;
    union {
        char octets[16]; /* of a text that is not longer */
        char *text;
    };
    uint32_t length; /* 0: it is not done */
};

struct answers {
    bool json;
    int fd;
    bool regular; /* a file, which always takes all */
    struct answer *ring;
    uint64_t first; /* of those that are not in out yet */
    uint64_t next;  /* to be given out; both count from 0 on, without end */
    size_t kept;    /* octets that the ring points to */
    uint64_t done;  /* how many are done */
    int worst;      /* the highest exit status */
    FILE *memory;   /* writes to text */
    char *text;
    size_t text_length;
    size_t out_begin;
    size_t out_end;
    char out[ANSWERS_ROOM];
};

/* Answers go to fd, which is standard output. False: no memory. */
bool answers_open(struct answers *answers, int fd, bool json);
void answers_close(struct answers *answers);

/* True: answers_take() may be called. */
bool answers_have_room(const struct answers *answers);

/* The place of one more answer, which belongs to this line of the input. */
uint64_t answers_take(struct answers *answers, uint64_t line);

/* The answer to this place; result's line is filled in here. False: no memory. */
bool answers_result(struct answers *answers, uint64_t place, struct result *result);
bool answers_failure(struct answers *answers, uint64_t place, const struct failure *failure);

/* Writes what can be written without waiting. False with errno set: output has failed. */
bool answers_write(struct answers *answers);

/* How many octets wait to be written. */
size_t answers_waiting(const struct answers *answers);

/* No more is to follow: the places behind the last one that is done are given up. Those that are left
 * before it, below the number that is returned, still need their answers. */
uint64_t answers_cut(struct answers *answers);

#endif
