/* A subject from the kit's side: started, looked at, waited for, ended. What the child does before it is the
 * subject is subject_child.h's, what the subject leaves behind descendants.h's. */
#define _GNU_SOURCE
#include "subject.h"
#include "signals.h"

#include "clock.h"
#include "descendants.h"
#include "proto/show.h"
#include "subject_child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    READ_ROOM = 4096,
    READS_AT_ONCE =
        16, /* what a pipe holds: a program that prints without end can not hold the kit */
    PATIENCE_MS =
        5, /* for the end of a process whose output is at its end, or the other way round */
    END_PATIENCE_US = 5000000,
};

__attribute__((format(printf, 2, 3))) static bool refuse(char why[static SUBJECT_WHY_ROOM],
                                                         const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, SUBJECT_WHY_ROOM, format, arguments);
    va_end(arguments);
    calc_one_line(why);
    return false;
}

static void close_pair(const int ends[2])
{
    close(ends[0]);
    close(ends[1]);
}

/* Waits until the program has begun or failed to. */
static bool has_begun(int failures, const char *name, const struct limits *limits,
                      char why[static SUBJECT_WHY_ROOM])
{
    struct subject_failure failure;
    ssize_t length;
    do {
        length = read(failures, &failure, sizeof failure);
    } while (length < 0 && errno == EINTR);
    if (length == 0)
        return true;
    if (length != sizeof failure || failure.step >= SUBJECT_STEPS)
        return refuse(why, "starting '%.200s': the child told nothing that can be read", name);
    if (failure.step == STEP_PROGRAM)
        return refuse(why, "starting '%.200s': %s", name, strerror(failure.error));
    if (failure.step == STEP_FOLDER)
        return refuse(why, "starting '%.200s' in the folder '%.200s': %s", name, limits->directory,
                      strerror(failure.error));
    return refuse(why, "starting '%.200s', %s: %s", name, subject_step_text(failure.step),
                  strerror(failure.error));
}

/* A user who has processes already may have so many more of them. */
static size_t tasks_before(const struct limits *limits)
{
    bool other_user = limits->user != 0 && geteuid() == 0;
    return limits->processes == 0 || other_user ? 0 : descendants_tasks_of(geteuid());
}

bool subject_exists(const char *name)
{
    const char *path = getenv("PATH");
    char file[PATH_MAX];
    if (strchr(name, '/') != NULL)
        return access(name, X_OK) == 0;
    for (const char *p = path != NULL ? path : "/bin:/usr/bin"; p != NULL; p = strchr(p, ':')) {
        p += *p == ':';
        int length = snprintf(file, sizeof file, "%.*s/%s", (int)strcspn(p, ":"), p, name);
        if (length < (int)sizeof file && access(file, X_OK) == 0)
            return true;
    }
    return false;
}

bool subject_start(struct subject *subject, const struct words *words, const struct limits *limits,
                   char why[static SUBJECT_WHY_ROOM])
{
    *subject = (struct subject){.output = -1};
    const char *name = words->list[0];
    const pid_t kit = getpid();
    int output[2], failures[2];
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
        return refuse(why, "starting '%.200s': prctl: %s", name, strerror(errno));
    if (pipe2(output, O_CLOEXEC) != 0)
        return refuse(why, "starting '%.200s': pipe: %s", name, strerror(errno));
    if (pipe2(failures, O_CLOEXEC) != 0) {
        close_pair(output);
        return refuse(why, "starting '%.200s': pipe: %s", name, strerror(errno));
    }
    size_t tasks = tasks_before(limits);
    pid_t pid = fork();
    if (pid == 0)
        subject_become(words, limits, tasks, kit, output[1], failures[1]);
    int error = errno;
    close(output[1]);
    close(failures[1]);
    bool begun = pid > 0 ? has_begun(failures[0], name, limits, why)
                         : refuse(why, "starting '%.200s': fork: %s", name, strerror(error));
    close(failures[0]);
    if (!begun || fcntl(output[0], F_SETFL, O_NONBLOCK) != 0) {
        close(output[0]);
        if (pid > 0) {
            kill(pid, SIGKILL);
            waitpid(pid, NULL, 0);
        }
        return begun ? refuse(why, "starting '%.200s': fcntl: %s", name, strerror(errno)) : false;
    }
    subject->pid = pid;
    subject->user = limits->user;
    subject->output = output[0];
    return true;
}

static void keep(struct subject *subject, const char *text, size_t length)
{
    size_t room = sizeof subject->printed - 1 - subject->printed_length;
    if (length > room)
        length = room;
    memcpy(subject->printed + subject->printed_length, text, length);
    subject->printed_length += length;
    subject->printed[subject->printed_length] = '\0';
}

static void drain(struct subject *subject)
{
    char text[READ_ROOM];
    for (int turn = 0; subject->output >= 0 && turn < READS_AT_ONCE; turn++) {
        ssize_t length = read(subject->output, text, sizeof text);
        if (length > 0) {
            keep(subject, text, (size_t)length);
        } else if (length < 0 && errno == EINTR) {
            continue;
        } else if (length < 0 && errno == EAGAIN) {
            return;
        } else {
            close(subject->output);
            subject->output = -1;
        }
    }
}

/* It stays a zombie until subject_end(), so that its number, and that of its group, can not be another's. */
static void look_for_end(struct subject *subject)
{
    siginfo_t info = {0};
    if (subject->ended ||
        waitid(P_PID, (id_t)subject->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
        info.si_pid == 0)
        return;
    subject->ended = true;
    subject->status = info.si_code == CLD_EXITED ? info.si_status << 8 /* as wait(2) has it */
                                                 : info.si_status;
}

void subject_look(struct subject *subject)
{
    if (subject->pid == 0)
        return;
    look_for_end(subject);
    drain(subject);
}

bool subject_wait(struct subject *subject, int64_t deadline_us)
{
    for (;;) {
        subject_look(subject);
        if (subject->pid == 0 || (subject->ended && subject->output < 0))
            return true;
        int64_t left_ms = (deadline_us - kit_now_us() + 999) / 1000;
        if (left_ms <= 0 || signals_caught() != 0)
            return false;
        int patience = subject->output < 0 ? 1 : PATIENCE_MS;
        struct pollfd wanted = {.fd = subject->output, .events = POLLIN};
        poll(&wanted, 1, left_ms < patience ? (int)left_ms : patience);
    }
}

void subject_end(struct subject *subject)
{
    if (subject->pid == 0)
        return;
    subject_look(subject);
    kill(-subject->pid, SIGKILL); /* the group may be empty */
    descendants_end(subject->user, kit_now_us() + END_PATIENCE_US);
    drain(subject);
    if (subject->output >= 0)
        close(subject->output);
    subject->output = -1;
    subject->pid = 0;
}

void subject_ending(const struct subject *subject, char text[static SUBJECT_ENDING_ROOM])
{
    if (!subject->ended)
        snprintf(text, SUBJECT_ENDING_ROOM, "still running");
    else if (WIFEXITED(subject->status))
        snprintf(text, SUBJECT_ENDING_ROOM, "exit status %d", WEXITSTATUS(subject->status));
    else
        snprintf(text, SUBJECT_ENDING_ROOM, "killed by signal %d (%s)", WTERMSIG(subject->status),
                 strsignal(WTERMSIG(subject->status)));
}
