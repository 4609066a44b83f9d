/* The filter of system calls, against every number that a call could have, each in a process of its own. From the
 * release build, as the sanitizers make calls of their own. */
#define _GNU_SOURCE /* syscall */

#include "server/filter.h"
#include "tests/support/test.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NUMBERS = 512, MISSING = 3, UNEXPECTED = 4, OTHER_LENGTH_OF_WORDS = 0x40000000 };

struct call {
    long number;
    long arguments[5];
};

/* How a process ended that was begun by this. */
static int status_of(pid_t child)
{
    int status;
    assert_true(child >= 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == MISSING)
        skip();
    return status;
}

static void close_filter(enum filter_set set, const char *expected)
{
    const char *failed = filter_close(set, getpid());
    if (failed != NULL && strcmp(failed, "built without libseccomp") == 0)
        _exit(MISSING);
    if (failed != expected && (failed == NULL || expected == NULL || strcmp(failed, expected) != 0))
        _exit(UNEXPECTED);
}

/* What rt_sigreturn takes for a signal's frame lies on the stack: with zeros there it ends the process by a fault,
 * and not by whatever system call comes after some other return. */
__attribute__((noinline, no_sanitize("address"))) static void make(struct call call)
{
    volatile uint8_t zeros[1024];
    for (size_t i = 0; i < sizeof zeros; i++)
        zeros[i] = 0;
    (void)syscall(call.number, call.arguments[0], call.arguments[1], call.arguments[2],
                  call.arguments[3], call.arguments[4], 0);
    (void)zeros[0];
}

/* True: the kernel takes it, whatever it answers. */
static bool is_taken_by(enum filter_set set, struct call call)
{
    pid_t child = fork();
    if (child == 0) {
        if (call.number == SYS_tgkill)
            call.arguments[0] += getpid(); /* which is not known before */
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
            _exit(UNEXPECTED);
        close_filter(set, NULL);
        make(call);
        syscall(SYS_exit_group, 0); /* a sanitizer's _exit() makes other calls before */
    }
    int status = status_of(child);
    assert_false(WIFEXITED(status) && WEXITSTATUS(status) == UNEXPECTED);
    return !WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS;
}

static bool is_taken(struct call call)
{
    return is_taken_by(FILTER_SERVE, call);
}

/* With arguments that the filter is to let through, and that make it fail. */
static struct call of_number(long number)
{
    switch (number) {
    case SYS_getsockopt:
        return (struct call){
            number, {-1, SOL_SOCKET, SO_MEMINFO}
        };
    case SYS_futex:
        return (struct call){
            number, {-1, FUTEX_WAKE, 0}
        };
    case SYS_tgkill:
        return (struct call){
            number, {0, -1, 0}
        };
    default:
        return (struct call){
            number, {-1, -1, -1}
        };
    }
}

static bool is_in(const long *list, size_t count, long number)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i] == number)
            return true;
    }
    return false;
}

static bool is_listed(long number)
{
    static const long list[] = {
        SYS_recvmmsg, SYS_sendmmsg,     SYS_clock_gettime, SYS_ppoll,
        SYS_read,     SYS_write,        SYS_futex,         SYS_getsockopt,
        SYS_tgkill,   SYS_rt_sigreturn, SYS_connect,       SYS_exit_group,
    };
    _Static_assert(sizeof list / sizeof list[0] <= 12, "at most a dozen");
    return is_in(list, sizeof list / sizeof list[0], number);
}

/* uretprobe and uprobe, which the kernel takes past every filter, for trampolines of its own only. */
static bool is_past_filters(long number)
{
#ifdef __x86_64__
    return number == 335 || number == 336;
#else
    (void)number;
    return false;
#endif
}

static void a_dozen_system_calls_and_no_other_are_taken(void **state)
{
    (void)state;
    for (long number = 0; number < NUMBERS; number++) {
        if (!is_past_filters(number) && is_taken(of_number(number)) != is_listed(number))
            fail_msg("system call %ld", number);
    }
}

static void numbers_of_no_call_are_not_taken(void **state)
{
    (void)state;
    assert_false(is_taken((struct call){.number = -1}));
    assert_false(is_taken((struct call){.number = OTHER_LENGTH_OF_WORDS | SYS_ppoll}));
    assert_false(is_taken((struct call){.number = 0x7FFFFFFF}));
}

static bool futex_is_taken(int operation)
{
    return is_taken((struct call){
        SYS_futex, {0, operation, 0}
    });
}

static void of_futex_waiting_and_waking_are_taken(void **state)
{
    (void)state;
    for (int operation = 0; operation < 128; operation++) {
        bool listed = operation == FUTEX_WAIT || operation == FUTEX_WAKE;
        assert_int_equal(futex_is_taken(operation), listed);
        assert_int_equal(futex_is_taken(operation | FUTEX_PRIVATE_FLAG), listed);
    }
    assert_false(futex_is_taken(FUTEX_WAIT | FUTEX_CLOCK_REALTIME));
}

static void of_getsockopt_what_the_kernel_lost_is_taken(void **state)
{
    (void)state;
#ifdef SYS_socketcall
    skip(); /* the arguments are in memory there */
#endif
    assert_true(is_taken((struct call){
        SYS_getsockopt, {-1, SOL_SOCKET, SO_MEMINFO}
    }));
    assert_false(is_taken((struct call){
        SYS_getsockopt, {-1, SOL_SOCKET, SO_MEMINFO - 1}
    }));
    assert_false(is_taken((struct call){
        SYS_getsockopt, {-1, SOL_SOCKET, SO_MEMINFO + 1}
    }));
    assert_false(is_taken((struct call){
        SYS_getsockopt, {-1, SOL_SOCKET - 1, SO_MEMINFO}
    }));
    assert_false(is_taken((struct call){
        SYS_getsockopt, {-1, SOL_SOCKET + 1, SO_MEMINFO}
    }));
}

static void no_other_process_is_signalled(void **state)
{
    (void)state;
    assert_true(is_taken((struct call){
        SYS_tgkill, {0, 0, 0}
    }));
    assert_false(is_taken((struct call){
        SYS_tgkill, {1, 0, 0}
    }));
    assert_false(is_taken((struct call){
        SYS_tgkill, {-1, 0, 0}
    }));
}

/* With arguments that the filter of the process for metrics is to let through. */
static struct call telling_of_number(long number)
{
    switch (number) {
    case SYS_sendmsg:
        return (struct call){
            number, {-1, -1, 0}
        };
    case SYS_shutdown:
        return (struct call){
            number, {-1, SHUT_WR}
        };
    case SYS_setsockopt:
        return (struct call){
            number, {-1, IPPROTO_TCP, TCP_CORK}
        };
    default:
        return (struct call){
            number, {-1, -1, -1}
        };
    }
}

/* Those that open a socket or a file, signal, or begin a process or a thread are none of them. */
static void of_the_process_for_metrics_what_http_takes_is_taken(void **state)
{
    (void)state;
    static const long list[] = {
        SYS_accept4,    SYS_recvfrom,     SYS_sendto,        SYS_sendmsg,
        SYS_close,      SYS_pselect6,     SYS_ppoll,         SYS_brk,
        SYS_munmap,     SYS_mremap,       SYS_clock_gettime, SYS_write,
        SYS_exit_group, SYS_rt_sigreturn, SYS_shutdown,      SYS_setsockopt,
    };
    for (long number = 0; number < NUMBERS; number++) {
        const struct call call = telling_of_number(number);
        if (!is_past_filters(number) &&
            is_taken_by(FILTER_METRICS, call) != is_in(list, sizeof list / sizeof list[0], number))
            fail_msg("system call %ld", number);
    }
}

static bool is_told(long number, long second, long third, long fourth, long fifth)
{
    return is_taken_by(FILTER_METRICS, (struct call){
                                           number, {-1, second, third, fourth, fifth}
    });
}

/* What could make a socket that listens one that connects is none of them. */
static void the_process_for_metrics_opens_no_connection(void **state)
{
    (void)state;
#ifdef SYS_socketcall
    skip(); /* the arguments are in memory there */
#endif
    assert_true(is_told(SYS_sendto, 0, 0, MSG_NOSIGNAL | MSG_MORE, 0));
    assert_false(is_told(SYS_sendto, 0, 0, MSG_FASTOPEN, 0));
    assert_false(is_told(SYS_sendto, 0, 0, MSG_NOSIGNAL, 1));
    assert_false(is_told(SYS_sendto, 0, 0, MSG_FASTOPEN, 1));
    assert_true(is_told(SYS_sendmsg, 0, MSG_NOSIGNAL | MSG_MORE, 0, 0));
    assert_false(is_told(SYS_sendmsg, 0, MSG_FASTOPEN, 0, 0));
    assert_true(is_told(SYS_shutdown, SHUT_WR, 0, 0, 0));
    assert_false(is_told(SYS_shutdown, SHUT_RD, 0, 0, 0));
    assert_false(is_told(SYS_shutdown, SHUT_RDWR, 0, 0, 0));
    for (int option = 0; option < 64; option++)
        assert_int_equal(is_told(SYS_setsockopt, IPPROTO_TCP, option, 0, 0),
                         option == TCP_NODELAY || option == TCP_CORK);
    assert_false(is_told(SYS_setsockopt, SOL_SOCKET, TCP_NODELAY, 0, 0));
    assert_false(is_told(SYS_setsockopt, IPPROTO_IPV6, TCP_NODELAY, 0, 0));
}

static void memory_of_the_process_for_metrics_is_never_run(void **state)
{
    (void)state;
#ifdef SYS_mmap2
    const long map = SYS_mmap2;
#else
    const long map = SYS_mmap;
#endif
    for (long rights = 0; rights < 8; rights++) {
        const struct call call = {
            map, {0, 0, rights}
        };
        assert_int_equal(is_taken_by(FILTER_METRICS, call), (rights & PROT_EXEC) == 0);
    }
}

/* Whoever is not root needs them. */
static void without_no_new_privs_it_says_why_it_is_not_there(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    pid_t child = fork();
    if (child == 0) {
        struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
        const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};
        if (syscall(SYS_capset, &header, none) < 0)
            _exit(UNEXPECTED);
        close_filter(FILTER_SERVE, strerror(EACCES));
        _exit(0);
    }
    assert_int_equal(status_of(child), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dozen_system_calls_and_no_other_are_taken),
        cmocka_unit_test(numbers_of_no_call_are_not_taken),
        cmocka_unit_test(of_futex_waiting_and_waking_are_taken),
        cmocka_unit_test(of_getsockopt_what_the_kernel_lost_is_taken),
        cmocka_unit_test(no_other_process_is_signalled),
        cmocka_unit_test(of_the_process_for_metrics_what_http_takes_is_taken),
        cmocka_unit_test(the_process_for_metrics_opens_no_connection),
        cmocka_unit_test(memory_of_the_process_for_metrics_is_never_run),
        cmocka_unit_test(without_no_new_privs_it_says_why_it_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
