/* A submission that does harm: nasty DEED [PORT] does it, and is a correct server all the while where there is a
 * port. For tests of `conformance grade`; to be run within its limits only. */
#define _GNU_SOURCE
#include "proto/calc.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FORKS = 400, BLOCK = 1 << 20, SMALL_FILES = 200, FIRST_USER = 2000000000 };

static void ignore_signals(void)
{
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_IGN);
}

/* Out of the group, the session and the family. */
static void leave_a_child(void)
{
    if (fork() != 0)
        return;
    setsid();
    if (fork() != 0)
        _exit(0);
    setsid();
    ignore_signals();
    for (;;)
        pause();
}

static void fork_hundreds(void)
{
    for (int i = 0; i < FORKS; i++)
        leave_a_child();
}

/* Each child begets two, and is gone before anybody looks. */
static void bomb(void)
{
    if (fork() != 0)
        return;
    ignore_signals();
    for (;;) {
        setsid();
        fork();
        if (fork() > 0)
            _exit(0);
    }
}

static void fill(const char *path)
{
    static const char block[BLOCK];
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    while (fd >= 0 && write(fd, block, sizeof block) > 0) {
    }
    close(fd);
}

/* One file to the limit of its size, and then the next one. */
static void write_without_end(void)
{
    signal(SIGXFSZ, SIG_IGN);
    for (unsigned i = 0;; i++) {
        char path[64];
        snprintf(path, sizeof path, i % 2 == 0 ? "/tmp/nasty-%u-%u" : "nasty-%u-%u",
                 (unsigned)getpid(), i);
        fill(path);
    }
}

static void nest_without_end(void)
{
    for (;;) {
        if (mkdir("deeper", 0700) != 0 || chdir("deeper") != 0)
            pause();
        for (int i = 0; i < SMALL_FILES; i++) {
            char path[16];
            snprintf(path, sizeof path, "%d", i);
            close(open(path, O_WRONLY | O_CREAT, 0));
        }
    }
}

static void print_without_end(void)
{
    static const char text[] = "\x1b[2J<script>alert(1)</script>,\"\n\xff";
    for (;;) {
        if (write(STDOUT_FILENO, text, sizeof text) < 0)
            pause();
    }
}

static void allocate_without_end(void)
{
    while (fork() == 0) {
    }
    for (;;) {
        char *block = malloc(BLOCK);
        if (block == NULL)
            pause();
        else
            memset(block, 1, BLOCK);
    }
}

static void kill_everybody(void)
{
    ignore_signals();
    for (int i = 0; i < 1000; i++) {
        kill(getppid(), SIGKILL);
        kill(0, SIGTERM);
        for (pid_t pid = getpid() - 200; pid < getpid(); pid++)
            kill(pid, SIGKILL);
    }
    kill(-1, SIGKILL);
}

static void use_the_processor(void)
{
    for (volatile unsigned i = 0;; i++) {
    }
}

static void do_nothing(void)
{
}

static void wait_for_ever(void)
{
    for (;;)
        pause();
}

/* Where `beside`, it is done by a child, and the server serves. */
static const struct deed {
    const char *name;
    void (*run)(void);
    bool beside, deaf;
} deeds[] = {
    {"good",      do_nothing,           false, false},
    {"children",  leave_a_child,        false, false},
    {"forks",     fork_hundreds,        false, false},
    {"bomb",      bomb,                 false, false},
    {"writes",    write_without_end,    true,  false},
    {"nests",     nest_without_end,     true,  false},
    {"prints",    print_without_end,    true,  false},
    {"memory",    allocate_without_end, true,  false},
    {"processor", use_the_processor,    true,  false},
    {"signals",   ignore_signals,       false, false},
    {"kills",     kill_everybody,       true,  false},
    {"deaf",      ignore_signals,       false, true },
    {"sleeps",    wait_for_ever,        false, false},
};

static void do_deed(const struct deed *deed)
{
    if (!deed->beside) {
        deed->run();
    } else if (fork() == 0) {
        deed->run();
        _exit(0);
    }
}

static int serve(const char *port, bool deaf)
{
    struct sockaddr_in6 here = {.sin6_family = AF_INET6,
                                .sin6_port = htons((uint16_t)atoi(port)),
                                .sin6_addr = in6addr_loopback};
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&here, sizeof here) != 0) {
        perror("bind");
        return 1;
    }
    if (deaf)
        wait_for_ever();
    for (;;) {
        uint8_t request[CALC_BUFFER_OCTETS], reply[CALC_REPLY_MAX];
        struct sockaddr_in6 peer;
        socklen_t size = sizeof peer;
        ssize_t length =
            recvfrom(fd, request, sizeof request, MSG_TRUNC, (struct sockaddr *)&peer, &size);
        size_t reply_length;
        if (length < 0)
            continue;
        calc_answer(request, (size_t)length, reply, &reply_length);
        if (reply_length > 0)
            sendto(fd, reply, reply_length, 0, (struct sockaddr *)&peer, size);
    }
}

int main(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < sizeof deeds / sizeof deeds[0]; i++) {
        if (strcmp(argv[1], deeds[i].name) != 0)
            continue;
        /* Harmless is what has no processes but these: never a person. */
        if (geteuid() < FIRST_USER)
            break;
        do_deed(&deeds[i]);
        return argc > 2 ? serve(argv[2], deeds[i].deaf) : 0;
    }
    fputs("usage: nasty DEED [PORT], as a user from 2000000000 on only\n", stderr);
    return 1;
}
