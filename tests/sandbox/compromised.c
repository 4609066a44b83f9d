/* What somebody who has taken over the server would try, in place of its calc_answer(): a datagram "harm WHAT
 * ARGUMENT", with spaces behind it, makes a worker do so, and the reply, if there is one, says as a sum of one
 * integer how it went: 0 done, or errno. All else is answered as ever. Linked into a build of the server that is for
 * tests only. */
#define _GNU_SOURCE /* syscall, struct clone_args */

#include "proto/calc.h"
#include "server/exposition.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    FDS_TRIED = 16,
    TEXT_ROOM = 256,
    WHAT_ROOM = 32,
    PAGE = 4096,
    INIT = 1,
    NO_PROCESS = 0x7FFFFFFF
};

enum calc_code __real_calc_answer(const uint8_t *datagram, size_t length,
                                  uint8_t reply[static CALC_REPLY_MAX], size_t *reply_length);
enum calc_code __wrap_calc_answer(const uint8_t *datagram, size_t length,
                                  uint8_t reply[static CALC_REPLY_MAX], size_t *reply_length);
void __real_exposition_write(const struct exposition *exposition, enum exposition_format format,
                             FILE *out);
void __wrap_exposition_write(const struct exposition *exposition, enum exposition_format format,
                             FILE *out);

/* The system calls themselves: what libc makes of them is no part of this. */

static long harm_open(const char *path)
{
    return syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
}

static long harm_openat2(const char *path)
{
    const struct open_how how = {.flags = O_RDONLY | O_CLOEXEC};
    return syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
}

static long harm_create(const char *path)
{
    return syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

static long harm_unlink(const char *path)
{
    return syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

static long harm_exec(const char *path)
{
    char *const none[] = {NULL};
    return syscall(SYS_execve, path, none, none);
}

static long harm_socket(const char *path)
{
    (void)path;
    return syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);
}

/* Nobody listens there. */
static long harm_connect(const char *path)
{
    const struct sockaddr_in nowhere = {
        .sin_family = AF_INET, .sin_port = htons(1), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    long fd = harm_socket(path);
    return fd < 0 ? fd : syscall(SYS_connect, fd, &nowhere, sizeof nowhere);
}

static long harm_ptrace(const char *path)
{
    (void)path;
    return syscall(SYS_ptrace, PTRACE_ATTACH, NO_PROCESS, 0, 0);
}

static long ends_if_child(long process)
{
    if (process == 0)
        syscall(SYS_exit_group, 0);
    return process;
}

static long harm_fork(const char *path)
{
    (void)path;
    return ends_if_child(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
}

static long harm_clone3(const char *path)
{
    (void)path;
    const struct clone_args arguments = {.exit_signal = SIGCHLD};
    return ends_if_child(syscall(SYS_clone3, &arguments, sizeof arguments));
}

static long harm_mmap(const char *path)
{
    (void)path;
    void *at =
        mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return at == MAP_FAILED ? -1 : 0;
}

static long harm_mprotect(const char *path)
{
    static _Alignas(PAGE) uint8_t page[PAGE];
    (void)path;
    return syscall(SYS_mprotect, page, sizeof page, PROT_READ | PROT_WRITE | PROT_EXEC);
}

static long harm_kill(const char *path)
{
    (void)path;
    return syscall(SYS_kill, INIT, 0);
}

static long harm_tgkill(const char *path)
{
    (void)path;
    return syscall(SYS_tgkill, INIT, INIT, 0);
}

static long harm_setuid(const char *path)
{
    (void)path;
    return syscall(SYS_setuid, 0);
}

static long harm_chroot(const char *path)
{
    return syscall(SYS_chroot, path);
}

static long harm_bpf(const char *path)
{
    (void)path;
    return syscall(SYS_bpf, -1, NULL, 0);
}

static long harm_io_uring(const char *path)
{
    (void)path;
    return syscall(SYS_io_uring_setup, 0, NULL);
}

static long harm_futex(const char *path)
{
    uint32_t word = 0;
    (void)path;
    return syscall(SYS_futex, &word, FUTEX_LOCK_PI, 0, NULL, NULL, 0);
}

static long harm_getsockopt(const char *path)
{
    int type;
    socklen_t size = sizeof type;
    (void)path;
    return syscall(SYS_getsockopt, STDIN_FILENO, SOL_SOCKET, SO_TYPE, &type, &size);
}

/* It takes no call that is not allowed, but whoever watches over the workers sees that nothing is received. */
_Noreturn static long harm_hang(const char *path)
{
    (void)path;
    for (;;)
        (void)ppoll(NULL, 0, NULL, NULL);
}

/* As a program of 32 bits would, whose system calls have other numbers. */
static long harm_other_abi(const char *path)
{
    (void)path;
#ifdef __x86_64__
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "0"(20 /* getpid */) : "memory");
    return result;
#else
    return syscall(SYS_getpid);
#endif
}

/* Of the process for metrics: its socket that listens becomes one that connects. Nobody is there. */
static long harm_turn(const char *path)
{
    const struct sockaddr_in6 nowhere = {
        .sin6_family = AF_INET6, .sin6_port = htons(1), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    (void)path;
    for (int fd = STDERR_FILENO + 1; fd < FDS_TRIED; fd++) {
        (void)syscall(SYS_shutdown, fd, SHUT_RD);
        (void)syscall(SYS_sendto, fd, "", 1, MSG_FASTOPEN | MSG_NOSIGNAL, &nowhere, sizeof nowhere);
        if (errno == ECONNREFUSED || errno == EINPROGRESS)
            return -1;
    }
    return 0;
}

/* The same: what a worker has counted is another number. */
static const struct tally *told;

static long harm_count(const char *path)
{
    (void)path;
    ((struct tally *)(uintptr_t)told)->counters.received = 1000;
    return 0;
}

static const struct {
    const char *what;
    long (*harm)(const char *path);
} harms[] = {
    {"open",       harm_open      },
    {"openat2",    harm_openat2   },
    {"create",     harm_create    },
    {"unlink",     harm_unlink    },
    {"exec",       harm_exec      },
    {"socket",     harm_socket    },
    {"connect",    harm_connect   },
    {"ptrace",     harm_ptrace    },
    {"fork",       harm_fork      },
    {"clone3",     harm_clone3    },
    {"mmap",       harm_mmap      },
    {"mprotect",   harm_mprotect  },
    {"kill",       harm_kill      },
    {"tgkill",     harm_tgkill    },
    {"setuid",     harm_setuid    },
    {"chroot",     harm_chroot    },
    {"bpf",        harm_bpf       },
    {"io_uring",   harm_io_uring  },
    {"futex",      harm_futex     },
    {"getsockopt", harm_getsockopt},
    {"other_abi",  harm_other_abi },
    {"hang",       harm_hang      },
    {"turn",       harm_turn      },
    {"count",      harm_count     },
};

static uint32_t do_harm(const char *what, const char *argument)
{
    for (size_t i = 0; i < sizeof harms / sizeof harms[0]; i++) {
        if (strcmp(harms[i].what, what) == 0)
            return harms[i].harm(argument) < 0 ? (uint32_t)errno : 0;
    }
    return UINT32_MAX;
}

enum calc_code __wrap_calc_answer(const uint8_t *datagram, size_t length,
                                  uint8_t reply[static CALC_REPLY_MAX], size_t *reply_length)
{
    char text[TEXT_ROOM] = "";
    char what[WHAT_ROOM];
    char argument[TEXT_ROOM] = "";
    if (length < sizeof text)
        memcpy(text, datagram, length);
    if (sscanf(text, "harm %31s %255s", what, argument) < 1)
        return __real_calc_answer(datagram, length, reply, reply_length);
    uint32_t result = htonl(do_harm(what, argument));
    uint8_t sum[1 + sizeof result] = {0};
    memcpy(sum + 1, &result, sizeof result);
    return __real_calc_answer(sum, sizeof sum, reply, reply_length);
}

void __wrap_exposition_write(const struct exposition *exposition, enum exposition_format format,
                             FILE *out)
{
    const char *harm = getenv("HARM");
    char what[WHAT_ROOM];
    char argument[TEXT_ROOM] = "";
    told = exposition->tallies;
    if (harm != NULL && sscanf(harm, "%31s %255s", what, argument) >= 1)
        fprintf(out, "# HARM %u\n", do_harm(what, argument));
    __real_exposition_write(exposition, format, out);
}
