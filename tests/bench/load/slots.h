/* What one socket has in flight, by the numbers of the mix: one slot for each number, taken in turn. No I/O, no clock.
 *
 * How replies are told apart. Every request of the mix has a reply of its own, so a reply names its slot by its octets,
 * in whatever order it comes. The next request of a socket takes the next number, so one that was given up and the one
 * that takes its place never have the same reply; and a number whose request was given up rests for as long again as
 * the timeout is. So of the replies,
 * - right is one that belongs to a request in flight;
 * - unexpected is one of the mix's whose request is not in flight: a duplicate, one that is late, another socket's;
 *   and any reply while nothing is in flight;
 * - wrong is one whose octets are not in the mix. The oldest request in flight is closed with it: whose it is,
 *   nobody can tell, and sent = received + lost + wrong stays true.
 * What can not be told: a duplicate that comes after all numbers have had their turn, just when its own is in flight
 * again. */
#ifndef LOAD_SLOTS_H
#define LOAD_SLOTS_H

#include "mix.h"

#define SLOT_NONE UINT32_MAX

/* Times are in nanoseconds and above zero. */
struct slot {
    int64_t sent; /* 0: free; negative: given up at that time */
    int64_t due;
    uint32_t older, newer; /* in flight, by the time sent; SLOT_NONE at the ends */
};

struct slots {
    const struct mix *mix;
    uint32_t block; /* requests of a send, all taken at once */
    uint32_t next;  /* the number whose turn it is, a multiple of block */
    uint32_t
        guess; /* the number whose reply should come next: replies seldom overtake one another */
    uint32_t in_flight;
    uint32_t oldest, newest;
    int64_t rest;       /* how long a number is left alone after its request was given up */
    struct slot *slots; /* of the mix's count */
};

enum slot_verdict { SLOT_RIGHT, SLOT_WRONG, SLOT_UNEXPECTED };

/* False with errno: there is no memory. first is the number whose turn comes first. */
bool slots_open(struct slots *s, const struct mix *mix, uint32_t block, uint32_t first,
                int64_t rest);

void slots_close(struct slots *s);

/* Takes the next free block, as sent now; SLOT_NONE where there is none. */
uint32_t slots_take(struct slots *s, int64_t now, int64_t due);

/* Undoes that: the block could not be sent. */
void slots_return(struct slots *s, uint32_t number);

/* What a reply is; for one that is right or wrong, the times of the request that it ends are in *sent and *due. */
enum slot_verdict slots_reply(struct slots *s, const uint8_t *reply, size_t length, int64_t *sent,
                              int64_t *due);

/* Gives up the oldest request, where it was sent before a time. False: there is none. */
bool slots_give_up(struct slots *s, int64_t before, int64_t now, int64_t *due);

#endif
