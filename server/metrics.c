/* Between the two processes is a pair of sockets: what is said on it is how the start went, and its end is the end of
 * one of them. */
#define _GNU_SOURCE /* SYS_close_range */

#include "metrics.h"
#include "refuse.h"
#include "scrape.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FIRST_FD = STDERR_FILENO + 1, FDS_END = 0x7FFFFFFF };

static bool explain(char why[static CALC_WHY_ROOM], const char *what)
{
    return refuse(why, "can not %s for --metrics: %s", what, strerror(errno));
}

static bool close_from_to(int from, int to)
{
    return from > to || syscall(SYS_close_range, (unsigned)from, (unsigned)to, 0) == 0;
}

/* But these two and standard error, whose reader gets what the libraries have to say before they abort. */
static bool close_all_but(int some, int other, char why[static CALC_WHY_ROOM])
{
    int low = some < other ? some : other, high = some < other ? other : some;
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0)
        return explain(why, "open /dev/null");
    if (dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0 ||
        !close_from_to(FIRST_FD, low - 1) || !close_from_to(low + 1, high - 1) ||
        !close_from_to(high + 1, FDS_END))
        return explain(why, "close what is the server's");
    return true;
}

static bool only_read(const struct exposition *exposition, char why[static CALC_WHY_ROOM])
{
    return tallies_only_read(exposition->tallies, exposition->workers) ||
           explain(why, "protect what is counted");
}

/* The kernel forgets it when the user changes, so that comes first. */
static bool end_with_server(char why[static CALC_WHY_ROOM])
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
        return explain(why, "ask for the server's end");
    (void)prctl(PR_SET_NAME, "calc6-metrics", 0, 0, 0); /* for people */
    return true;
}

/* All that the process does. Nothing of the server's is cleaned up at its end. */
static void run(int server, int listener, const struct exposition *exposition,
                const struct sandbox_options *options, const struct log *log)
{
    char why[CALC_WHY_ROOM] = "";
    struct sandbox sandbox;
    struct scrape *scrape = NULL;
    sandbox_begin(&sandbox, options, FILTER_METRICS);
    bool begun = close_all_but(server, listener, why) && only_read(exposition, why) &&
                 (scrape = scrape_begin(listener, exposition, why)) != NULL &&
                 sandbox_enter(&sandbox, why) && end_with_server(why) &&
                 sandbox_close(&sandbox, getpid(), log, why);
    /* An empty line: it has begun. */
    bool goes_on = write(server, why, strlen(why) + 1) > 0 && begun;
    while (goes_on)
        goes_on = scrape_go_on(scrape, server);
    _exit(begun ? 0 : 1);
}

/* Nobody waits for its end (wait(2)): the kernel is to forget it then. */
static pid_t fork_unwatched(void)
{
    const struct sigaction forgotten = {.sa_handler = SIG_IGN};
    return sigaction(SIGCHLD, &forgotten, NULL) < 0 ? -1 : fork();
}

int metrics_begin(int listener, const struct exposition *exposition,
                  const struct sandbox_options *options, const struct log *log,
                  char why[static CALC_WHY_ROOM])
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
        explain(why, "open a pair of sockets");
        return -1;
    }
    if (ends[1] >= FD_SETSIZE || listener >= FD_SETSIZE) {
        refuse(
            why,
            "descriptors up to %d are open, which is too many for --metrics: below %d is allowed",
            listener > ends[1] ? listener : ends[1], FD_SETSIZE);
        close(ends[0]);
        close(ends[1]);
        return -1;
    }
    pid_t process = fork_unwatched();
    if (process == 0)
        run(ends[1], listener, exposition, options, log);
    bool forked = process > 0 || explain(why, "start a process");
    close(ends[1]);
    ssize_t octets = forked ? read(ends[0], why, CALC_WHY_ROOM) : 1;
    if (octets <= 0)
        refuse(why, "the process for --metrics has ended at once");
    if (forked && octets > 0 && why[0] == '\0')
        return ends[0];
    close(ends[0]);
    return -1;
}
