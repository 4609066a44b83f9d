/* The server's sandbox: what it gives up for good once it has what it needs, so that whoever takes it over has as
 * little. The layers hold without each other: privileges.h, landlock.h, filter.h. */
#ifndef SERVER_SANDBOX_H
#define SERVER_SANDBOX_H

#include "filter.h"
#include "log.h"
#include "proto/net/endpoint.h"

#include <sys/types.h>

enum sandbox_mode {
    SANDBOX_OFF,     /* nothing is given up */
    SANDBOX_AUTO,    /* all that the kernel and this build can do; what is missing is said */
    SANDBOX_REQUIRE, /* what is missing is a failure */
};

struct sandbox_options {
    enum sandbox_mode mode;
    const char *user; /* who it becomes, with SANDBOX_OFF too; NULL: nobody, where it is root's */
};

struct sandbox {
    struct sandbox_options options;
    enum filter_set set;
    bool kin;                  /* signals reach the process for metrics */
    uid_t user;                /* whose the process is, once it has entered */
    char lacks[CALC_WHY_ROOM]; /* the layers that are missing, and why */
};

/* To be called by the server before it forks the process for metrics, and by that process for itself: what each of
 * them is to have of system calls in the end. From here on the server signals nobody but itself and that process,
 * which has to end with it (prctl(2), PR_SET_PDEATHSIG: the signal is the server's own). */
void sandbox_begin(struct sandbox *sandbox, const struct sandbox_options *options,
                   enum filter_set set);

/* To be called with all sockets and files open, and before any thread is begun: gives up user, capabilities and
 * files. False: the user of the options can not be had, as why tells. */
bool sandbox_enter(struct sandbox *sandbox, char why[static CALC_WHY_ROOM]);

/* To be called when the process has done all that takes more system calls than its set of filter.h allows, and none
 * of its threads is still about to: gives up the others, in all threads. With SANDBOX_AUTO, says in the log what had
 * to be left out; with SANDBOX_REQUIRE returns false then, and why tells. */
bool sandbox_close(struct sandbox *sandbox, pid_t process, const struct log *log,
                   char why[static CALC_WHY_ROOM]);

#endif
