/* Why the client could not print a result: the kind decides the exit status, the text is for people. */
#ifndef CLIENT_FAILURE_H
#define CLIENT_FAILURE_H

#include <stdarg.h>
#include <stdbool.h>

enum failure_kind {
    NO_FAILURE,
    FAILURE_USAGE,       /* a word of the command line is wrong */
    FAILURE_REPLIED,     /* the server answered with an error */
    FAILURE_TIMEOUT,     /* no reply in time */
    FAILURE_UNKNOWN,     /* the host can not be resolved */
    FAILURE_REFUSED,     /* port unreachable, and again */
    FAILURE_NETWORK,     /* the request could not be sent, or the reply not received */
    FAILURE_NO_REPLY,    /* what came back is no valid reply */
    FAILURE_OUTPUT,      /* the result could not be printed */
    FAILURE_INPUT,       /* the lines of a batch could not be read */
    FAILURE_INTERRUPTED, /* a signal came first */
    FAILURE_KINDS,
};

enum { FAILURE_ROOM = 768 };

struct failure {
    enum failure_kind kind;
    char text[FAILURE_ROOM];
};

/* The exit status: 0 result, 1 bad usage or input, 2 the server answered with an error, 9 no reply in
 * time, 10 anything else. */
int failure_status(enum failure_kind kind);

/* The kind as one word, for programs. */
const char *failure_name(enum failure_kind kind);

/* Notes the failure, unless there is one already: the first is the cause. Returns false, always. */
__attribute__((format(printf, 3, 4))) bool fail(struct failure *failure, enum failure_kind kind,
                                                const char *format, ...);

#endif
