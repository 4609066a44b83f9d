/* What becomes of a request and of its replies on a bad network: a function of a seed, the request's octets and the number
 * of the try, and of nothing else. So whoever runs again with the same seed meets the same fate, in whatever order the
 * datagrams of many senders come. Who carries it out is tests/tools/relay.c. */
#ifndef TESTS_FATE_H
#define TESTS_FATE_H

#include <stddef.h>
#include <stdint.h>

/* Percentages are of datagrams, in each direction; loss, cut and shorten are shares of one whole. */
struct fate_knobs {
    uint64_t seed;
    unsigned loss;
    unsigned cut;     /* damaged, as a path does it that knows nothing of UDP */
    unsigned shorten; /* of replies: cut, with lengths and checksum made right again */
    unsigned twice;
    unsigned reorder; /* delayed by up to twice as much, so that others overtake them */
    int64_t delay_us; /* of all */
};

enum fate_kind { FATE_PASSES, FATE_LOST, FATE_CUT, FATE_SHORTENED };

enum { FATE_COPIES_MAX = 2 };

/* One way, of one datagram. */
struct fate_leg {
    enum fate_kind kind;
    uint32_t where; /* any number: what it is cut to, and how */
    unsigned copies;
    int64_t delay_us[FATE_COPIES_MAX];
};

/* A request that is duplicated gets several replies. */
struct fate {
    struct fate_leg request;
    struct fate_leg replies[FATE_COPIES_MAX];
};

/* The number that stands for the octets of a request. */
uint64_t fate_name(const uint8_t *octets, size_t length);

/* Tries count from 0. */
struct fate fate_of(const struct fate_knobs *knobs, uint64_t name, unsigned try);

/* One character: '.' for a try that is answered; else what ends it, in small for the request and in large for its replies:
 * l lost, c cut, s shortened. */
char fate_letter(const struct fate *fate);

#endif
