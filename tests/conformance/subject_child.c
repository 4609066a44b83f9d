/* The child: a session, signals, descriptors, limits, a user, a folder, the program. */
#define _GNU_SOURCE
#include "subject_child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *const steps[SUBJECT_STEPS] = {
    [STEP_SESSION] = "setsid",
    [STEP_INPUT] = "/dev/null as standard input",
    [STEP_OUTPUT] = "a pipe as standard output",
    [STEP_CLOSE] = "closing other files",
    [STEP_CPU] = "the limit of CPU time",
    [STEP_MEMORY] = "the limit of memory",
    [STEP_FILE_SIZE] = "the limit of a file's size",
    [STEP_PROCESSES] = "the limit of processes",
    [STEP_FILES] = "the limit of open files",
    [STEP_CORE] = "no core dumps",
    [STEP_USER] = "a user of its own",
    [STEP_PARENT] = "ending with the kit",
    [STEP_FOLDER] = "its folder",
    [STEP_PROGRAM] = "the program",
};

const char *subject_step_text(enum subject_step step)
{
    return steps[step];
}

/* What the kit ignores or blocks, the subject would inherit. */
static void reset_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int number = 1; number <= SIGRTMAX; number++)
        signal(number, SIG_DFL); /* refused for SIGKILL and SIGSTOP, and for libc's own */
}

static bool open_input(void)
{
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    return null >= 0 && dup2(null, STDIN_FILENO) >= 0;
}

static bool open_output(int output)
{
    return dup2(output, STDOUT_FILENO) >= 0 && dup2(output, STDERR_FILENO) >= 0;
}

/* At exec(2), so that a failure can still be told. Before Linux 5.11 one by one. Not each libc has the function. */
static bool close_others(void)
{
    if (syscall(SYS_close_range, STDERR_FILENO + 1U, ~0U, CLOSE_RANGE_CLOEXEC) == 0)
        return true;
    if (errno != ENOSYS && errno != EINVAL)
        return false;
    long room = sysconf(_SC_OPEN_MAX);
    for (int fd = STDERR_FILENO + 1; fd < room; fd++)
        fcntl(fd, F_SETFD, FD_CLOEXEC); /* most are not open */
    return true;
}

/* As low as asked for, and never above what is allowed already. Soft and hard: it can not be taken back. */
static bool limit(unsigned resource, uint64_t value, uint64_t grace)
{
    struct rlimit now;
    if (getrlimit(resource, &now) != 0)
        return false;
    if (value > now.rlim_max)
        return true;
    rlim_t hard = value + grace < now.rlim_max ? value + grace : now.rlim_max;
    return setrlimit(resource, &(struct rlimit){value, hard}) == 0;
}

static bool become_user(uid_t user)
{
    if (user == 0 || geteuid() != 0)
        return true;
    return setgroups(0, NULL) == 0 && setresgid(user, user, user) == 0 &&
           setresuid(user, user, user) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

/* After the user, for a change of user undoes it (PR_SET_PDEATHSIG(2const)). */
static bool die_with(pid_t parent)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        return false;
    if (getppid() != parent)
        _exit(1);
    return true;
}

static bool apply_limits(const struct limits *limits, size_t tasks, enum subject_step *step)
{
    const struct {
        enum subject_step step;
        unsigned resource;
        bool wanted;
        uint64_t value, grace;
    } all[] = {
        {STEP_CPU,       RLIMIT_CPU,    limits->cpu_s > 0,         limits->cpu_s,             1},
        {STEP_MEMORY,    RLIMIT_AS,     limits->memory_octets > 0, limits->memory_octets,     0},
        {STEP_FILE_SIZE, RLIMIT_FSIZE,  limits->file_octets > 0,   limits->file_octets,       0},
        {STEP_PROCESSES, RLIMIT_NPROC,  limits->processes > 0,     limits->processes + tasks, 0},
        {STEP_FILES,     RLIMIT_NOFILE, limits->files > 0,         limits->files,             0},
        {STEP_CORE,      RLIMIT_CORE,   true,                      0,                         0},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        *step = all[i].step;
        if (all[i].wanted && !limit(all[i].resource, all[i].value, all[i].grace))
            return false;
    }
    return true;
}

_Noreturn static void give_up(int failures, enum subject_step step)
{
    struct subject_failure failure = {.step = step, .error = errno};
    ssize_t written = write(failures, &failure, sizeof failure);
    _exit(written == sizeof failure ? 127 : 126);
}

_Noreturn void subject_become(const struct words *words, const struct limits *limits, size_t tasks,
                              pid_t parent, int output, int failures)
{
    enum subject_step step;
    if (setsid() < 0)
        give_up(failures, STEP_SESSION);
    reset_signals();
    if (!open_input())
        give_up(failures, STEP_INPUT);
    if (!open_output(output))
        give_up(failures, STEP_OUTPUT);
    if (!close_others())
        give_up(failures, STEP_CLOSE);
    if (!apply_limits(limits, tasks, &step))
        give_up(failures, step);
    if (!become_user(limits->user))
        give_up(failures, STEP_USER);
    if (!die_with(parent))
        give_up(failures, STEP_PARENT);
    if (limits->directory != NULL && chdir(limits->directory) != 0)
        give_up(failures, STEP_FOLDER);
    execvp(words->list[0], words->list);
    give_up(failures, STEP_PROGRAM);
}
