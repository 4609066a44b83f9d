/* A guard: a folder, a runner, a clock, and the broom. */
#define _GNU_SOURCE
#include "grade_guard.h"

#include "clock.h"
#include "descendants.h"
#include "isolation.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    FOLDER_ROOM = 512,
    MIB = 1 << 20,
    WATCH_US = 100000,
    WATCH_SHARE = 4, /* watching takes a fifth of the time at most */
    END_PATIENCE_US = 10000000,
};

struct guard {
    const struct grade_task *task;
    char folder[FOLDER_ROOM]; /* has both below, and is the kit's */
    char copy[FOLDER_ROOM], temporary[FOLDER_ROOM];
    pid_t runner;
    int64_t deadline_us;
};

/* Folders that all users share. */
static const char *const shared_folders[] = {"/tmp", "/var/tmp", "/dev/shm"};
enum { SHARED_FOLDERS = sizeof shared_folders / sizeof shared_folders[0] };

static bool has_own_user(const struct guard *guard)
{
    return guard->task->user >= DESCENDANTS_OWN_USERS;
}

void grade_signals(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGCHLD);
    sigaddset(signals, SIGINT);
    sigaddset(signals, SIGTERM);
    sigaddset(signals, SIGHUP);
}

static bool make_folder(struct guard *guard)
{
    const struct grade_task *task = guard->task;
    const char *above = getenv("TMPDIR");
    char why[TREE_WHY_ROOM];
    snprintf(guard->folder, sizeof guard->folder, "%.400s/conformance-XXXXXX",
             above != NULL && above[0] == '/' ? above : "/tmp");
    if (mkdtemp(guard->folder) == NULL || chmod(guard->folder, 0711) != 0) {
        graded_why(task->graded, "making the folder '%s': %s", guard->folder, strerror(errno));
        return false;
    }
    snprintf(guard->copy, sizeof guard->copy, "%.480s/submission", guard->folder);
    snprintf(guard->temporary, sizeof guard->temporary, "%.480s/tmp", guard->folder);
    if (mkdir(guard->temporary, 0700) != 0 ||
        (task->user != 0 && chown(guard->temporary, task->user, task->user) != 0)) {
        graded_why(task->graded, "making the folder '%s': %s", guard->temporary, strerror(errno));
        return false;
    }
    if (!tree_copy(task->path, guard->copy, task->user, task->settings->disk, why)) {
        graded_why(task->graded, "%s", why);
        return false;
    }
    return setenv("TMPDIR", guard->temporary, 1) == 0 && setenv("HOME", guard->temporary, 1) == 0;
}

_Noreturn static void be_runner(const struct guard *guard)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    grade_run(guard->task, guard->copy);
    fflush(NULL);
    _exit(0);
}

/* The first process of its namespace: nobody within can end it, and with it ends everybody. */
_Noreturn static void be_first(const struct guard *guard)
{
    int status = 0;
    pid_t pid = isolation_begin() ? fork() : -1;
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        be_runner(guard);
    }
    if (pid < 0)
        graded_why(guard->task->graded, "no processes of its own: %s", strerror(errno));
    for (pid_t ended = 0; pid > 0 && ended != pid && (ended >= 0 || errno == EINTR);)
        ended = waitpid(-1, &status, 0);
    _exit(WIFEXITED(status) ? 0 : 1);
}

/* Starts the runner. False: graded says why. */
static bool start(struct guard *guard)
{
    const pid_t self = getpid();
    const bool isolated = guard->task->isolated;
    if (isolated && !isolation_enter()) {
        graded_why(guard->task->graded, "no processes of its own: %s", strerror(errno));
        return false;
    }
    guard->runner = fork();
    if (guard->runner == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() !=
            (isolated ? 0 : self)) /* a parent outside of the namespace has no number */
            _exit(1);
        if (isolated)
            be_first(guard);
        be_runner(guard);
    }
    if (guard->runner < 0)
        graded_why(guard->task->graded, "can not fork: %s", strerror(errno));
    return guard->runner > 0;
}

/* Returns whether it takes no more than it may. */
static bool is_within(const struct guard *guard)
{
    const struct grade_settings *settings = guard->task->settings;
    struct graded *graded = guard->task->graded;
    struct tree_size size = {0};
    bool fits = tree_measure(guard->folder, 0, settings->disk, &size);
    for (int i = 0; i < SHARED_FOLDERS && has_own_user(guard) && fits; i++)
        fits = tree_measure(shared_folders[i], guard->task->user, settings->disk, &size);
    if (kit_now_us() >= guard->deadline_us)
        graded_why(graded, "took longer than %g s and was ended", (double)settings->time_us / 1e6);
    else if (!fits)
        graded_why(graded, "wrote more than %llu MiB or %llu files and was ended",
                   (unsigned long long)(settings->disk.octets / MIB),
                   (unsigned long long)settings->disk.files);
    else if (descendants_memory() > settings->memory_octets)
        graded_why(graded, "took more than %llu MiB of memory and was ended",
                   (unsigned long long)(settings->memory_octets / MIB));
    else
        return true;
    return false;
}

/* Reaps all that has ended. Returns whether the runner is among it. */
static bool has_ended(const struct guard *guard)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid != guard->runner)
            continue;
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
            graded_why(guard->task->graded, "the kit's own process was ended");
        return true;
    }
    return false;
}

/* Returns whether the runner came to its end by itself. */
static bool watch(const struct guard *guard)
{
    sigset_t signals;
    grade_signals(&signals);
    int64_t next_us = kit_now_us() + WATCH_US;
    for (;;) {
        if (has_ended(guard))
            return true;
        int64_t now_us = kit_now_us(), left_us = next_us > now_us ? next_us - now_us : 0;
        struct timespec left = {(time_t)(left_us / 1000000), (long)(left_us % 1000000 * 1000)};
        int number = sigtimedwait(&signals, NULL, &left);
        if (number > 0 && number != SIGCHLD) {
            graded_why(guard->task->graded, "the kit was told to end");
            return false;
        }
        int64_t began_us = kit_now_us();
        if (began_us < next_us)
            continue;
        if (!is_within(guard))
            return false;
        int64_t took_us = kit_now_us() - began_us;
        next_us = kit_now_us() + WATCH_US + WATCH_SHARE * took_us;
    }
}

static void clean_up(const struct guard *guard)
{
    struct graded *graded = guard->task->graded;
    if (guard->runner > 0)
        kill(guard->runner, SIGKILL); /* it may have ended, and is reaped below only */
    if (!descendants_end(guard->task->user, kit_now_us() + END_PATIENCE_US))
        graded_why(graded, "left processes behind that can not be ended");
    for (int i = 0; i < SHARED_FOLDERS && has_own_user(guard); i++)
        tree_sweep(shared_folders[i], guard->task->user);
    if (guard->folder[0] != '\0' && !tree_remove(guard->folder))
        graded_why(graded, "left files behind that can not be removed, in '%s'", guard->folder);
}

_Noreturn void grade_guard(const struct grade_task *task, pid_t parent)
{
    struct guard guard = {.task = task, .deadline_us = kit_now_us() + task->settings->time_us};
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    if (make_folder(&guard) && start(&guard)) {
        prctl(PR_SET_PDEATHSIG, SIGTERM); /* entering a user namespace would undo it */
        if (getppid() == parent && watch(&guard))
            guard.runner = 0; /* its number may be another's by now */
    }
    clean_up(&guard);
    if (task->graded->why[0] != '\0')
        task->graded->status = 3;
    _exit(0);
}
