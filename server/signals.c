/* The one place that knows about signals. Threads that are begun after signals_open() inherit what it blocks. */
#define _GNU_SOURCE /* SFD_NONBLOCK, sigset_t, syscall */

#include "signals.h"

#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

/* For the one signal whose only use is that it comes. */
static void do_nothing(int number)
{
    (void)number;
}

int signals_open(void)
{
    /* Whoever reads the output may go away; the requests do not. */
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
        return -1;
    /* Without SA_RESTART, or the call would go on. */
    struct sigaction interrupt = {.sa_handler = do_nothing};
    if (sigaction(SIGUSR2, &interrupt, NULL) < 0)
        return -1;
    sigset_t set;
    sigemptyset(&set);
    /* Whoever started the server may have blocked it. */
    sigaddset(&set, SIGUSR2);
    if (sigprocmask(SIG_UNBLOCK, &set, NULL) < 0)
        return -1;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGUSR1);
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
        return -1;
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

int signals_next(int fd)
{
    struct signalfd_siginfo info;
    return read(fd, &info, sizeof info) == (ssize_t)sizeof info ? (int)info.ssi_signo : 0;
}

void signals_interrupt(pid_t process, pid_t thread)
{
    /* pthread_kill(3) would need further system calls. */
    if (thread != 0)
        (void)syscall(SYS_tgkill, process, thread, SIGUSR2);
}
