/* One call of one of the functions under test: with what arguments, what the calls that it makes find, and what it
 * does. Nothing is judged here but that it comes back. */
#ifndef CONFORMANCE_FUNCTION_SCENARIO_H
#define CONFORMANCE_FUNCTION_SCENARIO_H

#include "functions.h"

enum { SCENARIO_CALLS_MAX = 30, SCENARIO_ADDRESS_LENGTH = 28 };

/* What is 0 or NULL here is not so special. */
struct scenario {
    bool server;
    bool strict;                   /* the first look outside of the function's own memory ends it */
    bool guarded;                  /* the address lies in a page that can not be read */
    unsigned address_length;       /* or SCENARIO_ADDRESS_LENGTH */
    const char *ints;              /* "4,2,3", or "null" */
    long count;                    /* no_int, where it is not how many ints there are; from 1 */
    bool no_count;                 /* it is 0 */
    char operation, format;        /* or '+' and 'd' */
    const struct datagram *before; /* of a call before this one */
    const struct datagram *incoming; /* what recv or recvfrom finds; none: it waits for ever */
    const char *failing; /* the call that returns -1; "send" and "recv" stand for all that do so */
    unsigned char fill;  /* what uninitialised memory holds */
};

/* What a function hands to a call that is replaced. */
struct made_call {
    char name[16];
    bool ours; /* on a descriptor that socket gave */
    char address
        [8]; /* "null", "same" (the pointer given), "copied" (its octets), "peer" (who asked), "other" */
    long address_length;
    long domain, type, protocol, flags;
    bool outside;  /* what it reads or writes is partly outside of the function's memory */
    size_t length; /* of what is to be sent, or the room for what is received */
    struct datagram octets;
};

enum scenario_end {
    RETURNED,
    WAITING, /* it waits in recv again, for ever */
    ENDLESS, /* it makes call after call */
    EXITED,  /* it ended the program */
    TOUCHED, /* it read or wrote the guarded address */
    CRASHED,
    RUNNING, /* until its time was over */
    BROKEN,  /* the kit's own fault */
};

struct made {
    enum scenario_end end;
    char how[OUTCOME_TEXT_ROOM];       /* in words, where it has not returned */
    char diagnosis[OUTCOME_TEXT_ROOM]; /* or empty */
    long returned, still_open, result;
    bool result_written;
    bool halted; /* a sanitizer has ended it, which without one might have gone on */
    size_t call_count;
    struct made_call calls[SCENARIO_CALLS_MAX];
};

/* Runs it within the limits and the time of the settings; what the function prints goes to the outcome. */
void scenario_run(const struct functions_run *run, const struct scenario *scenario,
                  struct outcome *outcome, struct made *made);

/* The same, and whether the function came back: if not, the outcome says how it ended. */
bool scenario_returns(const struct functions_run *run, const struct scenario *scenario,
                      struct outcome *outcome, struct made *made);

/* The same, but a function that has sent something and now waits for more will do: it is in a loop. */
bool scenario_answers(const struct functions_run *run, const struct scenario *scenario,
                      struct outcome *outcome, struct made *made);

/* Fails the outcome for a function that did not come back. */
void scenario_fail(const struct made *made, struct outcome *outcome);

/* The first call of this name, or NULL. */
const struct made_call *made_call(const struct made *made, const char *name);

/* The first call that sends something, whatever its name, or NULL. */
const struct made_call *made_sending(const struct made *made);

#endif
