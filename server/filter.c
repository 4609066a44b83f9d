/* The system calls that answering takes, and no other. The library makes the program only; it is loaded here, as the library
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
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Machines of 32 bits have second calls with longer times, and libc takes them. */
#ifdef __NR_clock_gettime64
#define CLOCK_GETTIME SCMP_SYS(clock_gettime64)
#define RECVMMSG SCMP_SYS(recvmmsg_time64)
#else
#define CLOCK_GETTIME SCMP_SYS(clock_gettime)
#define RECVMMSG SCMP_SYS(recvmmsg)
#endif

/* Where libc takes socketcall(2), as on i386 and s390x, the arguments are in memory, where no filter sees them. */
#ifdef __NR_socketcall
enum { GETSOCKOPT_ARGUMENTS = 0 };
#else
enum { GETSOCKOPT_ARGUMENTS = 2 };
#endif

enum { INSTRUCTIONS_MAX = 256 };

/* Whatever their arguments are; connect, so that a socket of no peer gets nothing more. */
static const int allowed[] = {
    RECVMMSG,          SCMP_SYS(sendmmsg),     CLOCK_GETTIME,
    SCMP_SYS(ppoll),   SCMP_SYS(read),         SCMP_SYS(write),
    SCMP_SYS(connect), SCMP_SYS(rt_sigreturn), SCMP_SYS(exit_group),
};
enum { ALLOWED_COUNT = sizeof allowed / sizeof allowed[0], ALLOWED_IN_PART = 3 };
_Static_assert((int)ALLOWED_COUNT + (int)ALLOWED_IN_PART <= (int)FILTER_CALLS_MAX, "a dozen");

/* Of an int among the arguments, the bits of mask are to be these. */
static struct scmp_arg_cmp int_is(unsigned at, int mask, int bits)
{
    return SCMP_CMP(at, SCMP_CMP_MASKED_EQ, (uint32_t)mask, (uint32_t)bits);
}

static int allow_in_part(scmp_filter_ctx context, pid_t process)
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

static int allow(scmp_filter_ctx context, pid_t process)
{
    int error = allow_in_part(context, process);
    for (size_t i = 0; i < ALLOWED_COUNT && error == 0; i++)
        error = seccomp_rule_add_array(context, SCMP_ACT_ALLOW, allowed[i], 0, NULL);
    return error;
}

static int export(pid_t process, int fd)
{
    scmp_filter_ctx context = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (context == NULL)
        return -ENOMEM;
    int error = seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    if (error == 0)
        error = allow(context, process);
    if (error == 0)
        error = seccomp_export_bpf(context, fd);
    seccomp_release(context);
    return error;
}

/* Through a pipe, as the library writes to descriptors. Returns how many instructions there are, or a negative errno. */
static int compile(pid_t process, struct sock_filter instructions[static INSTRUCTIONS_MAX])
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
        return -errno;
    int error = export(process, ends[1]);
    const size_t room = INSTRUCTIONS_MAX * sizeof instructions[0];
    ssize_t octets = error < 0 ? 0 : read(ends[0], instructions, room);
    if (octets < 0)
        error = -errno;
    close(ends[0]);
    close(ends[1]);
    return error < 0 ? error : (int)((size_t)octets / sizeof instructions[0]);
}

const char *filter_close(pid_t process)
{
    const uint32_t action = SECCOMP_RET_KILL_PROCESS;
    if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) < 0)
        return strerror(errno);
    struct sock_filter instructions[INSTRUCTIONS_MAX];
    int count = compile(process, instructions);
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

const char *filter_close(pid_t process)
{
    (void)process;
    return "built without libseccomp";
}

#endif
