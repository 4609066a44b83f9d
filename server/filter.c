/* The system calls that the work of a process takes, and no other. The library makes the program only; it is loaded here, as the library
 * would free memory behind that, which may take a call that is no longer allowed. */
#define _GNU_SOURCE /* pipe2, syscall */

#include "filter.h"

#include <stddef.h>

#ifdef WITH_SECCOMP

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
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
enum { GETSOCKOPT_ARGUMENTS = 0 };
#else
enum { GETSOCKOPT_ARGUMENTS = 2 };
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
    SCMP_SYS(accept4), SCMP_SYS(recvfrom),   SCMP_SYS(sendto),       SCMP_SYS(sendmsg),
    SCMP_SYS(close),   SCMP_SYS(setsockopt), SCMP_SYS(shutdown),     PSELECT,
    SCMP_SYS(brk),     SCMP_SYS(munmap),     SCMP_SYS(mremap),       CLOCK_GETTIME,
    SCMP_SYS(write),   SCMP_SYS(exit_group), SCMP_SYS(rt_sigreturn),
};
enum { TELLING_COUNT = sizeof telling / sizeof telling[0] };

/* Of an int among the arguments, the bits of mask are to be these. */
static struct scmp_arg_cmp int_is(unsigned at, int mask, int bits)
{
    return SCMP_CMP(at, SCMP_CMP_MASKED_EQ, (uint32_t)mask, (uint32_t)bits);
}

static int allow_serving_in_part(scmp_filter_ctx context, pid_t process)
{
    const struct scmp_arg_cmp wait_or_wake =
        int_is(1, ~(FUTEX_WAKE | FUTEX_PRIVATE_FLAG), FUTEX_WAIT);
    const struct scmp_arg_cmp ourselves = int_is(0, -1, process);
    const struct scmp_arg_cmp lost[] = {int_is(1, -1, SOL_SOCKET), int_is(2, -1, SO_MEMINFO)};
    int error = seccomp_rule_add_array(context, SCMP_ACT_ALLOW, SCMP_SYS(futex), 1, &wait_or_wake);
    if (error == 0)
        error = seccomp_rule_add_array(context, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, &ourselves);
    if (error == 0)
        error = seccomp_rule_add_array(context, SCMP_ACT_ALLOW, SCMP_SYS(getsockopt),
                                       GETSOCKOPT_ARGUMENTS, lost);
    return error;
}

/* Memory, but none that could be run. */
static int allow_telling_in_part(scmp_filter_ctx context, pid_t process)
{
    (void)process;
    const struct scmp_arg_cmp not_run = int_is(2, PROT_EXEC, 0);
    return seccomp_rule_add_array(context, SCMP_ACT_ALLOW, MMAP, 1, &not_run);
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
