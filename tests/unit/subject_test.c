/* A program under test: how it is started, what is heard of it, and that nothing of it is left in the end. */
#define _GNU_SOURCE
#include "tests/support/test.h"

#include "tests/conformance/clock.h"
#include "tests/conformance/subject.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>

enum { SECOND_US = 1000000, OWN_USER = 2000100001 };

static const struct limits no_limits = {0};

static void start(struct subject *subject, const char *command, const struct limits *limits)
{
    static struct words words;
    char why[SUBJECT_WHY_ROOM] = "";
    assert_true(words_split(&words, command, NULL, 0, why));
    if (!subject_start(subject, &words, limits, why))
        fail_msg("%s", why);
}

static void assert_not_started(const char *command, const struct limits *limits,
                               const char *expected)
{
    static struct words words;
    struct subject subject;
    char why[SUBJECT_WHY_ROOM] = "";
    assert_true(words_split(&words, command, NULL, 0, why));
    assert_false(subject_start(&subject, &words, limits, why));
    assert_string_equal(why, expected);
    assert_int_equal(subject.pid, 0);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static int64_t in_seconds(int seconds)
{
    return kit_now_us() + (int64_t)seconds * SECOND_US;
}

static void assert_none_left(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

/* Lets it run to its end, and compares what it printed and how it ended. */
static void assert_run(const char *command, const struct limits *limits, const char *printed,
                       const char *expected)
{
    struct subject subject;
    char ending[SUBJECT_ENDING_ROOM];
    start(&subject, command, limits);
    assert_true(subject_wait(&subject, in_seconds(20)));
    assert_string_equal(subject.printed, printed);
    subject_ending(&subject, ending);
    assert_string_equal(ending, expected);
    subject_end(&subject);
    assert_none_left();
}

/* Until its first line is there. */
static void wait_for_line(struct subject *subject)
{
    for (int64_t deadline = in_seconds(20); strchr(subject->printed, '\n') == NULL;) {
        assert_true(kit_now_us() < deadline);
        poll(&(struct pollfd){.fd = subject->output, .events = POLLIN}, 1, 100);
        subject_look(subject);
    }
}

static void both_outputs_are_read(void **state)
{
    (void)state;
    assert_run("sh -c 'echo out; echo err >&2; echo out'", &no_limits, "out\nerr\nout\n",
               "exit status 0");
}

static void the_end_is_told(void **state)
{
    (void)state;
    assert_run("sh -c 'exit 7'", &no_limits, "", "exit status 7");
    assert_run("sh -c 'kill -SEGV $$'", &no_limits, "", "killed by signal 11 (Segmentation fault)");
}

static void a_program_that_does_not_exist_is_told(void **state)
{
    (void)state;
    assert_not_started("./no-such-program 1", &no_limits,
                       "starting './no-such-program': No such file or directory");
    assert_not_started("/etc/passwd", &no_limits, "starting '/etc/passwd': Permission denied");
    const struct limits limits = {.directory = "/no/such/folder"};
    assert_not_started(
        "true", &limits,
        "starting 'true' in the folder '/no/such/folder': No such file or directory");
}

static void no_shell_sees_the_command(void **state)
{
    (void)state;
    assert_run("printf %s, * $HOME ~", &no_limits, "*,$HOME,~,", "exit status 0");
}

static void standard_input_is_at_its_end(void **state)
{
    (void)state;
    assert_run("sh -c 'cat; readlink /proc/$$/fd/0'", &no_limits, "/dev/null\n", "exit status 0");
}

static void it_has_a_session_of_its_own(void **state)
{
    (void)state;
    struct subject subject;
    start(&subject, "sleep 100", &no_limits);
    assert_int_equal(getpgid(subject.pid), subject.pid);
    assert_int_equal(getsid(subject.pid), subject.pid);
    subject_end(&subject);
    assert_none_left();
}

static void it_inherits_no_signal_settings(void **state)
{
    (void)state;
    sigset_t blocked, before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    sigprocmask(SIG_BLOCK, &blocked, &before);
    signal(SIGPIPE, SIG_IGN);
    assert_run("sh -c 'kill -TERM $$; echo alive'", &no_limits, "",
               "killed by signal 15 (Terminated)");
    assert_run("sh -c 'kill -PIPE $$; echo alive'", &no_limits, "",
               "killed by signal 13 (Broken pipe)");
    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

static void it_inherits_no_descriptors(void **state)
{
    (void)state;
    int fd = open("/dev/null", O_RDONLY); /* without O_CLOEXEC */
    assert_true(fd > 2);
    assert_run("sh -c 'for n in 0 1 2 3 4 5 6 7 8 9; do [ ! -e /proc/$$/fd/$n ] || echo $n; done'",
               &no_limits, "0\n1\n2\n", "exit status 0");
    close(fd);
}

static void the_limits_hold(void **state)
{
    (void)state;
    const struct limits limits = {.cpu_s = 5,
                                  .memory_octets = 1 << 30,
                                  .file_octets = 1 << 20,
                                  .files = 32,
                                  .directory = "/proc"};
    assert_run("sh -c 'ulimit -t; ulimit -v; ulimit -f; ulimit -n; ulimit -c; pwd'", &limits,
               "5\n1048576\n2048\n32\n0\n/proc\n", "exit status 0");
    const struct limits second = {.cpu_s = 1};
    assert_run("sh -c 'while :; do :; done'", &second, "",
               "killed by signal 24 (CPU time limit exceeded)");
    assert_run("sh -c 'trap \"\" XCPU; while :; do :; done'", &second, "",
               "killed by signal 9 (Killed)");
}

static void without_limits_only_core_dumps_are_off(void **state)
{
    (void)state;
    assert_run("sh -c 'ulimit -t; ulimit -f; ulimit -c'", &no_limits, "unlimited\nunlimited\n0\n",
               "exit status 0");
}

static void what_prints_without_end_does_not_hold_the_kit(void **state)
{
    (void)state;
    struct subject subject;
    start(&subject, "sh -c 'yes & yes & yes & yes'", &no_limits);
    wait_for_line(&subject);
    for (int64_t deadline = in_seconds(1); kit_now_us() < deadline;) {
        int64_t began = kit_now_us();
        subject_look(&subject);
        assert_true(kit_now_us() - began < SECOND_US / 2);
    }
    assert_int_equal(subject.printed_length, SUBJECT_OUTPUT_ROOM - 1);
    assert_int_equal(strlen(subject.printed), SUBJECT_OUTPUT_ROOM - 1);
    assert_false(subject_wait(&subject, kit_now_us() + SECOND_US / 10));
    subject_end(&subject);
    assert_none_left();
}

static void waiting_ends_at_its_deadline(void **state)
{
    (void)state;
    struct subject subject;
    char ending[SUBJECT_ENDING_ROOM];
    start(&subject, "sleep 100", &no_limits);
    int64_t began = kit_now_us();
    assert_false(subject_wait(&subject, began + SECOND_US / 5));
    assert_in_range(kit_now_us() - began, SECOND_US / 5, 2 * SECOND_US);
    assert_false(subject.ended);
    subject_end(&subject);
    subject_ending(&subject, ending);
    assert_string_equal(ending, "still running");
    assert_none_left();
}

static void the_output_of_its_children_is_waited_for(void **state)
{
    (void)state;
    assert_run("sh -c '{ sleep 0.2; echo late; } &'", &no_limits, "late\n", "exit status 0");
}

static void output_that_is_closed_early_is_not_its_end(void **state)
{
    (void)state;
    assert_run("sh -c 'echo a; exec >&- 2>&-; sleep 0.2; exit 3'", &no_limits, "a\n",
               "exit status 3");
}

static void ending_it_twice_or_where_there_is_none_does_nothing(void **state)
{
    (void)state;
    struct subject subject = {0};
    subject_end(&subject);
    start(&subject, "true", &no_limits);
    subject_end(&subject);
    subject_end(&subject);
    subject_look(&subject);
    assert_true(subject_wait(&subject, in_seconds(1)));
    assert_none_left();
}

/* Starts what prints a line when all its children run, ends it, and sees to it that none of them is left. */
static void assert_ended(const char *command, const struct limits *limits)
{
    struct subject subject;
    start(&subject, command, limits);
    wait_for_line(&subject);
    int64_t began = kit_now_us();
    subject_end(&subject);
    assert_true(kit_now_us() - began < 3 * SECOND_US);
    assert_none_left();
}

static void it_is_ended_although_it_ignores_signals(void **state)
{
    (void)state;
    assert_ended("sh -c 'trap \"\" TERM HUP INT; echo up; while :; do sleep 1; done'", &no_limits);
}

static void children_in_sessions_of_their_own_are_ended(void **state)
{
    (void)state;
    assert_ended("sh -c 'setsid sleep 1000 & echo up; wait'", &no_limits);
    assert_ended("sh -c '(setsid sh -c \"(setsid sleep 1000 &) & echo up; sleep 1000\" &) &'",
                 &no_limits);
    assert_ended("sh -c '(setsid sh -c \"sleep 1000 & echo up; exit\" &); exit 0'", &no_limits);
}

static void hundreds_of_children_are_ended(void **state)
{
    (void)state;
    assert_ended("sh -c 'for i in $(seq 300); do setsid sleep 1000 & done; echo up; wait'",
                 &no_limits);
}

static void stopped_children_are_ended(void **state)
{
    (void)state;
    assert_ended("sh -c 'setsid sh -c \"kill -STOP \\$\\$\" & echo up; sleep 1000'", &no_limits);
}

/* Whether this process may become another user: a user namespace may have but one. */
static bool may_change_user(void)
{
    if (geteuid() != 0)
        return false;
    pid_t pid = fork();
    if (pid == 0)
        _exit(setresuid(OWN_USER, OWN_USER, OWN_USER) == 0 ? 0 : 1);
    int status = 1;
    waitpid(pid, &status, 0);
    return status == 0;
}

static void root_gives_it_a_user_of_its_own(void **state)
{
    (void)state;
    if (!may_change_user())
        skip();
    const struct limits limits = {.user = OWN_USER};
    assert_run("sh -c 'id -u; id -g; id -G; grep NoNewPrivs /proc/self/status'", &limits,
               "2000100001\n2000100001\n2000100001\nNoNewPrivs:\t1\n", "exit status 0");
}

static void a_fork_bomb_is_ended(void **state)
{
    (void)state;
    if (!may_change_user())
        skip();
    const struct limits limits = {.user = OWN_USER, .processes = 60};
    /* Each has a session of its own, begets two, and is gone. */
    assert_ended(
        "sh -c 'f() { setsid sh -c \"$1\" x \"$1\" & setsid sh -c \"$1\" x \"$1\" & }; echo up; "
        "b=\"(sh -c \\\"\\$1\\\" x \\\"\\$1\\\" &); (setsid sh -c \\\"\\$1\\\" x \\\"\\$1\\\" "
        "&)\"; "
        "f \"$b\" 2>/dev/null; wait'",
        &limits);
}

static void as_a_user_of_its_own_it_can_not_end_the_kit(void **state)
{
    (void)state;
    if (!may_change_user())
        skip();
    const struct limits limits = {.user = OWN_USER};
    assert_run("sh -c 'kill -9 $PPID 2>/dev/null || echo refused'", &limits, "refused\n",
               "exit status 0");
}

static void it_ends_with_the_kit(void **state)
{
    (void)state;
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t kit = fork();
    if (kit == 0) {
        struct subject subject;
        start(&subject, "sleep 1000", &no_limits);
        ssize_t written = write(ends[1], &subject.pid, sizeof subject.pid);
        _exit(written == sizeof subject.pid ? 0 : 1);
    }
    pid_t subject = 0;
    assert_int_equal(read(ends[0], &subject, sizeof subject), sizeof subject);
    int status = 1;
    assert_int_equal(waitpid(kit, &status, 0), kit);
    assert_int_equal(status, 0);
    bool gone = false; /* it is ours now: orphans come to a subreaper */
    for (int64_t deadline = in_seconds(10); !gone && kit_now_us() < deadline; kit_pause_us(1000))
        gone = waitpid(subject, &status, WNOHANG) == subject;
    if (!gone) {
        kill(subject, SIGKILL);
        waitpid(subject, &status, 0);
    }
    assert_true(gone);
    assert_true(WIFSIGNALED(status));
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_outputs_are_read),
        cmocka_unit_test(the_end_is_told),
        cmocka_unit_test(a_program_that_does_not_exist_is_told),
        cmocka_unit_test(no_shell_sees_the_command),
        cmocka_unit_test(standard_input_is_at_its_end),
        cmocka_unit_test(it_has_a_session_of_its_own),
        cmocka_unit_test(it_inherits_no_signal_settings),
        cmocka_unit_test(it_inherits_no_descriptors),
        cmocka_unit_test(the_limits_hold),
        cmocka_unit_test(without_limits_only_core_dumps_are_off),
        cmocka_unit_test(what_prints_without_end_does_not_hold_the_kit),
        cmocka_unit_test(waiting_ends_at_its_deadline),
        cmocka_unit_test(the_output_of_its_children_is_waited_for),
        cmocka_unit_test(output_that_is_closed_early_is_not_its_end),
        cmocka_unit_test(ending_it_twice_or_where_there_is_none_does_nothing),
        cmocka_unit_test(it_is_ended_although_it_ignores_signals),
        cmocka_unit_test(children_in_sessions_of_their_own_are_ended),
        cmocka_unit_test(hundreds_of_children_are_ended),
        cmocka_unit_test(stopped_children_are_ended),
        cmocka_unit_test(root_gives_it_a_user_of_its_own),
        cmocka_unit_test(a_fork_bomb_is_ended),
        cmocka_unit_test(as_a_user_of_its_own_it_can_not_end_the_kit),
        cmocka_unit_test(it_ends_with_the_kit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
