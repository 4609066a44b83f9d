/* hold [-n SOCKETS] ADDRESS PORT COMMAND...: holds sockets on one port, as systemd does, and starts a command with
 * them (LISTEN_FDS, sd_listen_fds(3)); when it has ended as told, starts it again, until TERM ends both. Prints
 * "started PID" each time. The sockets and what they queue outlast the command. */
#define _GNU_SOURCE /* SO_REUSEPORT */

#include "proto/net/endpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FIRST_FD = 3, SOCKETS_MAX = 256 };

static volatile sig_atomic_t child;
static volatile sig_atomic_t told_to_end;

static void end(int number)
{
    told_to_end = 1;
    if (child > 0)
        kill(child, number);
}

_Noreturn static void die(const char *what)
{
    fprintf(stderr, "hold: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* At the descriptor. The first one leaves the port in the endpoint. */
static void hold(int at, struct sockaddr_in6 *endpoint)
{
    const int on = 1, off = 0;
    socklen_t size = sizeof *endpoint;
    int fd = calc_socket();
    if (fd < 0 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) < 0 ||
        bind(fd, (struct sockaddr *)endpoint, sizeof *endpoint) < 0 ||
        getsockname(fd, (struct sockaddr *)endpoint, &size) < 0)
        die("bind");
    if (fd != at && (dup2(fd, at) < 0 || close(fd) < 0))
        die("dup2");
    if (fcntl(at, F_SETFD, 0) < 0)
        die("fcntl");
}

_Noreturn static void run(char **command, const char *sockets)
{
    char own[16];
    snprintf(own, sizeof own, "%d", (int)getpid());
    if (setenv("LISTEN_PID", own, 1) < 0 || setenv("LISTEN_FDS", sockets, 1) < 0)
        die("setenv");
    execvp(command[0], command);
    die(command[0]);
}

/* Returns the status that it ended with. */
static int run_once(char **command, const char *sockets)
{
    int status;
    pid_t started = fork();
    if (started < 0)
        die("fork");
    if (started == 0)
        run(command, sockets);
    child = started;
    printf("started %d\n", (int)started);
    if (told_to_end) /* before it was known whom to tell */
        kill(started, SIGTERM);
    while (waitpid(started, &status, 0) < 0) {
        if (errno != EINTR)
            die("waitpid");
    }
    child = 0;
    return status;
}

int main(int argc, char **argv)
{
    const char *sockets = "1";
    struct calc_endpoints endpoints;
    char why[CALC_WHY_ROOM];
    int option;
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    while ((option = getopt(argc, argv, "+n:")) != -1)
        sockets = option == 'n' ? optarg : "0";
    int count = atoi(sockets);
    if (argc - optind < 3 || count < 1 || count > SOCKETS_MAX ||
        calc_resolve(argv[optind], argv[optind + 1], CALC_TO_BIND, &endpoints, why) !=
            CALC_RESOLVED) {
        fputs("usage: hold [-n SOCKETS] ADDRESS PORT COMMAND...\n", stderr);
        return 1;
    }
    for (int i = 0; i < count; i++)
        hold(FIRST_FD + i, &endpoints.list[0]);
    struct sigaction action = {.sa_handler = end};
    if (sigaction(SIGTERM, &action, NULL) < 0)
        die("sigaction");
    int status = 0;
    while (!told_to_end && status == 0)
        status = run_once(argv + optind + 2, sockets);
    if (status != 0)
        fprintf(stderr, "hold: %s ended with status %d\n", argv[optind + 2], status);
    return status == 0 ? 0 : 1;
}
