/* Frames that are held back until they are due. */
#ifndef TESTS_HELD_H
#define TESTS_HELD_H

#include "tests/support/fate.h"
#include "tests/support/ledger.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct held {
    int64_t due;
    uint64_t place; /* among all of its direction, as they came */
    enum fate_kind kind;
    unsigned to; /* the direction */
    bool known;  /* port and sent mean something */
    struct ledger_port *port;
    struct ledger_try sent;
    size_t length;
    uint8_t octets[];
};

struct held_back {
    size_t count;
    size_t room;
    struct held **heap;
};

void held_back_close(struct held_back *held_back);

/* Takes it, which is free(3)'s in the end. False: there is no memory, and it is still the caller's. */
bool held_back_add(struct held_back *held_back, struct held *held);

/* The one that is due first; of those that are due at once, the one that came first. NULL: there is none. */
const struct held *held_back_first(const struct held_back *held_back);

/* Takes that one out: the caller's. */
struct held *held_back_take(struct held_back *held_back);

#endif
