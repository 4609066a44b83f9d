/* The system calls that the work of a process takes, and no other. The library makes the program only; it is loaded
 * here, as the library would free memory behind that, which may take a call that is no longer allowed. */
#define _GNU_SOURCE /* pipe2, syscall */

#include "filter.h"

#include <stddef.h>

#ifdef WITH_SECCOMP

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Machines of 32 bits have second calls with longer times, and libc takes them. */
#ifdef __NR_clock_gettime64
#define CLOCK_GETTIME SCMP_SYS(clock_gettime64)
#define RECVMMSG SCMP_SYS(recvmmsg_time64)
#define PSELECT SCMP_SYS(pselect6_time64)
#else
#define CLOCK_GETTIME SCMP_SYS(clock_gettime)
#define RECVMMSG SCMP_SYS(recvmmsg)
#define PSELECT SCMP_SYS(pselect6)
#endif

/* The same goes for what maps memory. */
#ifdef __NR_mmap2
#define MMAP SCMP_SYS(mmap2)
#else
#define MMAP SCMP_SYS(mmap)
#endif

/* Where libc takes socketcall(2), as on i386 and s390x, the arguments are in memory, where no filter sees them. */
#ifdef __NR_socketcall
enum { SOCKET_ARGUMENTS_ARE_SEEN = 0 };
#else
enum { SOCKET_ARGUMENTS_ARE_SEEN = 1 };
#endif

enum { INSTRUCTIONS_MAX = 256 };

/* Whatever their arguments are; connect, so that a socket of no peer gets nothing more. */
static const int serving[] = {
    RECVMMSG,          SCMP_SYS(sendmmsg),     CLOCK_GETTIME,
    SCMP_SYS(ppoll),   SCMP_SYS(read),         SCMP_SYS(write),
    SCMP_SYS(connect), SCMP_SYS(rt_sigreturn), SCMP_SYS(exit_group),
};
enum { SERVING_COUNT = sizeof serving / sizeof serving[0], SERVING_IN_PART = 3 };
_Static_assert((int)SERVING_COUNT + (int)SERVING_IN_PART <= (int)FILTER_CALLS_MAX, "a dozen");

/* What libmicrohttpd and the memory for a page take; none opens anything but a connection that comes in. */
static const int telling[] = {
    SCMP_SYS(accept4), SCMP_SYS(recvfrom), SCMP_SYS(close),      PSELECT,
    SCMP_SYS(ppoll),   SCMP_SYS(brk),      SCMP_SYS(munmap),     SCMP_SYS(mremap),
    CLOCK_GETTIME,     SCMP_SYS(write),    SCMP_SYS(exit_group), SCMP_SYS(rt_sigreturn),
};
enum { TELLING_COUNT = sizeof telling / sizeof telling[0] };

/* Of an int among the arguments, the bits of mask are to be these. */
static struct scmp_arg_cmp int_is(unsigned at, int mask, int bits)
{
    return SCMP_CMP(at, SCMP_CMP_MASKED_EQ, (uint32_t)mask, (uint32_t)bits);
}

/* A system call, and what so many of its arguments are to be. */
struct rule {
    int call;
    unsigned count;
    const struct scmp_arg_cmp *arguments;
};

static int allow_rules(scmp_filter_ctx context, const struct rule *rules, size_t count)
{
    int error = 0;
    for (size_t i = 0; i < count && error == 0; i++)
        error = seccomp_rule_add_array(context, SCMP_ACT_ALLOW, rules[i].call, rules[i].count,
                                       rules[i].arguments);
    return error;
}

static int allow_serving_in_part(scmp_filter_ctx context, pid_t process)
{
    const struct scmp_arg_cmp wait_or_wake =
        int_is(1, ~(FUTEX_WAKE | FUTEX_PRIVATE_FLAG), FUTEX_WAIT);
    const struct scmp_arg_cmp ourselves = int_is(0, -1, process);
    const struct scmp_arg_cmp lost[] = {int_is(1, -1, SOL_SOCKET), int_is(2, -1, SO_MEMINFO)};
    const struct rule rules[] = {
        {SCMP_SYS(futex),      1,                             &wait_or_wake},
        {SCMP_SYS(tgkill),     1,                             &ourselves   },
        {SCMP_SYS(getsockopt), 2 * SOCKET_ARGUMENTS_ARE_SEEN, lost         },
    };
    return allow_rules(context, rules, sizeof rules / sizeof rules[0]);
}

/* Memory, but none that could be run; and of sockets what connections take that have come in. One that listens could
 * become one that connects: shut down for reading first, then by data for an address (TCP Fast Open). */
static int allow_telling_in_part(scmp_filter_ctx context, pid_t process)
{
    (void)process;
    const struct scmp_arg_cmp not_run = int_is(2, PROT_EXEC, 0);
    const struct scmp_arg_cmp to_peer[] = {
        int_is(3, MSG_FASTOPEN, 0),
        SCMP_CMP(4, SCMP_CMP_EQ, 0, 0),
    };
    const struct scmp_arg_cmp connected = int_is(2, MSG_FASTOPEN, 0);
    const struct scmp_arg_cmp writing = int_is(1, -1, SHUT_WR);
    const struct scmp_arg_cmp at_once[] = {int_is(1, -1, IPPROTO_TCP), int_is(2, -1, TCP_NODELAY)};
    const struct scmp_arg_cmp together[] = {int_is(1, -1, IPPROTO_TCP), int_is(2, -1, TCP_CORK)};
    const struct rule rules[] = {
        {MMAP,                 1,                             &not_run  },
        {SCMP_SYS(sendto),     2 * SOCKET_ARGUMENTS_ARE_SEEN, to_peer   },
        {SCMP_SYS(sendmsg),    SOCKET_ARGUMENTS_ARE_SEEN,     &connected},
        {SCMP_SYS(shutdown),   SOCKET_ARGUMENTS_ARE_SEEN,     &writing  },
        {SCMP_SYS(setsockopt), 2 * SOCKET_ARGUMENTS_ARE_SEEN, at_once   },
        {SCMP_SYS(setsockopt), 2 * SOCKET_ARGUMENTS_ARE_SEEN, together  },
    };
    return allow_rules(context, rules, sizeof rules / sizeof rules[0]);
}

static const struct {
    const int *calls;
    size_t count;
    int (*allow_in_part)(scmp_filter_ctx context, pid_t process);
} sets[] = {
    [FILTER_SERVE] = {serving, SERVING_COUNT, allow_serving_in_part},
    [FILTER_METRICS] = {telling, TELLING_COUNT, allow_telling_in_part},
};

static int allow(scmp_filter_ctx context, enum filter_set set, pid_t process)
{
    int error = sets[set].allow_in_part(context, process);
    for (size_t i = 0; i < sets[set].count && error == 0; i++)
        error = seccomp_rule_add_array(context, SCMP_ACT_ALLOW, sets[set].calls[i], 0, NULL);
    return error;
}

static int export(enum filter_set set, pid_t process, int fd)
{
    scmp_filter_ctx context = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (context == NULL)
        return -ENOMEM;
    int error = seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    if (error == 0)
        error = allow(context, set, process);
    if (error == 0)
        error = seccomp_export_bpf(context, fd);
    seccomp_release(context);
    return error;
}

/* Through a pipe, as the library writes to descriptors. Returns how many instructions there are, or a negative errno. */
static int compile(enum filter_set set, pid_t process,
                   struct sock_filter instructions[static INSTRUCTIONS_MAX])
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
        return -errno;
    int error = export(set, process, ends[1]);
    const size_t room = INSTRUCTIONS_MAX * sizeof instructions[0];
    ssize_t octets = error < 0 ? 0 : read(ends[0], instructions, room);
    if (octets < 0)
        error = -errno;
    close(ends[0]);
    close(ends[1]);
    return error < 0 ? error : (int)((size_t)octets / sizeof instructions[0]);
}

const char *filter_close(enum filter_set set, pid_t process)
{
    const uint32_t action = SECCOMP_RET_KILL_PROCESS;
    if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) < 0)
        return strerror(errno);
    struct sock_filter instructions[INSTRUCTIONS_MAX];
    int count = compile(set, process, instructions);
    if (count < 0)
        return strerror(-count);
    if (count == INSTRUCTIONS_MAX)
        return strerror(E2BIG); /* and perhaps there are more */
    const struct sock_fprog program = {.len = (unsigned short)count, .filter = instructions};
    long result =
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
    if (result > 0)
        return "a thread has one of its own";
    return result < 0 ? strerror(errno) : NULL;
}
#else

const char *filter_close(enum filter_set set, pid_t process)
{
    (void)set;
    (void)process;
    return "built without libseccomp";
}

#endif
