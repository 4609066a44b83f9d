/* The one place of the client that knows about signals. */
#define _GNU_SOURCE /* SFD_NONBLOCK, sigset_t */

#include "signals.h"

#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* One that was ignored when the client was started, as in the background of a script, stays so. */
static void add(sigset_t *set, int number)
{
    struct sigaction now;
    if (sigaction(number, NULL, &now) == 0 && now.sa_handler != SIG_IGN)
        sigaddset(set, number);
}

bool signals_without_pipe(void)
{
    return signal(SIGPIPE, SIG_IGN) != SIG_ERR;
}

int signals_open(void)
{
    sigset_t end;
    sigemptyset(&end);
    add(&end, SIGINT);
    add(&end, SIGTERM);
    if (!signals_without_pipe() || sigprocmask(SIG_BLOCK, &end, NULL) < 0)
        return -1;
    return signalfd(-1, &end, SFD_NONBLOCK | SFD_CLOEXEC);
}

bool signals_came(int fd)
{
    struct signalfd_siginfo info;
    return read(fd, &info, sizeof info) == (ssize_t)sizeof info;
}
