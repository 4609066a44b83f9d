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

#if defined __NR_clock_gettime64 /* a machine of 32 bits */
#define CLOCK_GETTIME SCMP_SYS(clock_gettime64)
#else
#define CLOCK_GETTIME SCMP_SYS(clock_gettime)
#endif

enum { INSTRUCTIONS_MAX = 256, ARGUMENTS_MAX = 2, INT_MASK = -1 };

struct allowed {
    int call;
    unsigned count;
    struct scmp_arg_cmp only[ARGUMENTS_MAX];
};

/* An int among the arguments, of which the bits of mask are to be these. */
#define INT_IS(at, mask, value)                                                                    \
    SCMP_CMP(at, SCMP_CMP_MASKED_EQ, (uint32_t)(mask), (uint32_t)(value))

static int allow(scmp_filter_ctx context, pid_t process)
{
    const struct allowed all[] = {
  /* The way of a request, */
        {.call = SCMP_SYS(recvmmsg)                                                },
        {.call = SCMP_SYS(sendmmsg)                                                },
        {.call = CLOCK_GETTIME                                                     }, /* where it is not the vdso(7)'s */
  /* what is printed and read, and who waits for whom, */
        {.call = SCMP_SYS(ppoll)                                                   },
        {.call = SCMP_SYS(read)                                                    },
        {.call = SCMP_SYS(write)                                                   },
        {.call = SCMP_SYS(futex),
         .count = 1,
         .only = {INT_IS(1, ~(FUTEX_WAKE | FUTEX_PRIVATE_FLAG), FUTEX_WAIT)}}, /* or FUTEX_WAKE */
  /* the counts, */
        {.call = SCMP_SYS(getsockopt),
         .count = 2,
         .only = {INT_IS(1, INT_MASK, SOL_SOCKET), INT_IS(2, INT_MASK, SO_MEMINFO)}},
 /* and the end. */
        {.call = SCMP_SYS(tgkill),                                               .count = 1, .only = {INT_IS(0, INT_MASK, process)}},
        {.call = SCMP_SYS(rt_sigreturn)},
        {.call = SCMP_SYS(connect)                                                  }, /* to nowhere, so that nothing more arrives */
        {.call = SCMP_SYS(exit_group)                                   },
    };
    _Static_assert(sizeof all / sizeof all[0] <= FILTER_CALLS_MAX, "at most a dozen");
    int error = 0;
    for (size_t i = 0; i < sizeof all / sizeof all[0] && error == 0; i++)
        error =
            seccomp_rule_add_array(context, SCMP_ACT_ALLOW, all[i].call, all[i].count, all[i].only);
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
