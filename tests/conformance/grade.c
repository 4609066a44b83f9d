/* The class: a guard for each submission, progress, and the lines of CSV in the order of the submissions. */
#define _GNU_SOURCE
#include "grade.h"

#include "descendants.h"
#include "grade_guard.h"
#include "isolation.h"
#include "proto/term/program.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { USAGE = 2, NAME_ROOM = 256, LINE_COLUMNS = 79, USERS_OF_A_KIT = 1000, INTERRUPTED = 130 };

struct submission {
    char name[NAME_ROOM];
    pid_t guard; /* 0: not begun, or ended */
    bool ended;
    struct graded *graded;
};

struct class
{
    struct grade_settings *settings;
    const struct rubric *rubric;
    struct submission *submissions;
    char out[PATH_MAX];
    size_t begun, ended, printed;
    uid_t first_user; /* 0: they have no users of their own */
    bool isolated;    /* each has a namespace of its own instead */
    bool on_terminal, interrupted;
};

static bool complain(const char *what, const char *name)
{
    fprintf(stderr, "%s: grade: %s '%.255s': %s\n", calc_program(), what, name, strerror(errno));
    return false;
}

/* The last part of its path; a second one of this name has a number behind it. */
static bool name_submission(struct class *class, size_t i)
{
    char path[PATH_MAX];
    if (realpath(class->settings->submissions[i], path) == NULL)
        return complain("finding", class->settings->submissions[i]);
    char *name = class->submissions[i].name;
    const char *base = basename(path);
    snprintf(name, NAME_ROOM, "%.200s", base);
    for (unsigned number = 2, k = 0; k < i; k++) {
        if (strcmp(class->submissions[k].name, name) != 0)
            continue;
        snprintf(name, NAME_ROOM, "%.200s-%u", base, number++);
        k = (unsigned)-1; /* from the first one again */
    }
    return true;
}

/* Whether the kit may become one of its own users: in a user namespace even root may not. */
static bool may_change_user(uid_t user)
{
    if (geteuid() != 0)
        return false;
    int status = 1;
    pid_t pid = fork();
    if (pid == 0)
        _exit(setresuid(user, user, user) == 0 ? 0 : 1);
    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

/* A user of its own keeps a submission away from everybody else. Other kits that run now have other numbers, as
 * far as process numbers tell. */
static void choose_users(struct class *class)
{
    uid_t first = DESCENDANTS_OWN_USERS + ((uid_t)getpid() & 0xFFFF) * USERS_OF_A_KIT;
    if (!class->settings->has_user && may_change_user(first))
        class->first_user = first;
    else
        class->isolated = isolation_works();
    if (class->first_user == 0 && !class->isolated && !class->settings->run.quiet)
        fprintf(stderr,
                "%s: grade: submissions run as the user that you are, and could harm what is "
                "yours: users of their own need root, namespaces need a kernel that allows them\n",
                calc_program());
}

static bool prepare(struct class *class)
{
    struct grade_settings *settings = class->settings;
    size_t count = settings->count;
    class->submissions = calloc(count, sizeof *class->submissions);
    void *memory = mmap(NULL, count * sizeof(struct graded), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (class->submissions == NULL || memory == MAP_FAILED)
        return complain("memory for", "all submissions");
    struct graded *graded = memory;
    for (size_t i = 0; i < count; i++) {
        class->submissions[i].graded = &graded[i];
        if (!name_submission(class, i))
            return false;
    }
    if ((mkdir(settings->out, 0777) != 0 && errno != EEXIST) ||
        realpath(settings->out, class->out) == NULL)
        return complain("making the folder", settings->out);
    settings->out = class->out;
    class->on_terminal = isatty(STDERR_FILENO) && !settings->run.quiet;
    choose_users(class);
    return true;
}

static void begin_next(struct class *class)
{
    size_t i = class->begun++;
    struct submission *submission = &class->submissions[i];
    const struct grade_settings *settings = class->settings;
    struct grade_task task = {
        .settings = settings,
        .rubric = class->rubric,
        .path = settings->submissions[i],
        .name = submission->name,
        .user = class->first_user != 0 ? class->first_user + (uid_t)(i % USERS_OF_A_KIT)
                                       : settings->run.limits.user,
        .isolated = class->isolated,
        .graded = submission->graded,
    };
    const pid_t self = getpid();
    grade_begin(&task);
    fflush(NULL);
    submission->guard = fork();
    if (submission->guard == 0)
        grade_guard(&task, self);
    if (submission->guard < 0)
        graded_why(submission->graded, "can not fork: %s", strerror(errno));
}

static void wipe_line(const struct class *class)
{
    if (class->on_terminal)
        fprintf(stderr, "\r%*s\r", LINE_COLUMNS, "");
}

/* One line that is written anew: how many there are, and who is at work. */
static void show_progress(const struct class *class)
{
    if (!class->on_terminal)
        return;
    char line[LINE_COLUMNS + 1];
    int used = snprintf(line, sizeof line, "[%zu/%zu]", class->ended, class->settings->count);
    for (size_t i = 0; i < class->begun && used < LINE_COLUMNS; i++) {
        const struct submission *submission = &class->submissions[i];
        if (!submission->ended)
            used += snprintf(line + used, sizeof line - (size_t)used, " %s", submission->name);
    }
    fprintf(stderr, "\r%-*s", LINE_COLUMNS, line);
}

static void tell(const struct class *class, const struct submission *submission)
{
    const struct graded *graded = submission->graded;
    if (class->settings->run.quiet || class->on_terminal)
        return;
    fprintf(stderr, "%s: %zu of %zu: %s: ", calc_program(), class->ended, class->settings->count,
            submission->name);
    if (graded->why[0] != '\0')
        fprintf(stderr, "%s\n", graded->why);
    else
        fprintf(stderr, "%zu passed, %zu failed%s%s\n", graded->counts[PASSED],
                graded->counts[FAILED], graded->grade[0] != '\0' ? ", grade " : "", graded->grade);
}

/* In their order, whatever the order in which they end. */
static void print_lines(struct class *class)
{
    while (class->printed < class->settings->count && class->submissions[class->printed].ended) {
        const struct submission *submission = &class->submissions[class->printed++];
        wipe_line(class);
        graded_csv(stdout, submission->name, submission->graded);
        fflush(stdout);
    }
}

static void end_one(struct class *class, struct submission *submission, int status)
{
    if (submission->ended)
        return;
    if (submission->guard < 0 || !WIFEXITED(status))
        graded_why(submission->graded, "the kit's own process was ended");
    if (submission->graded->why[0] != '\0')
        submission->graded->status = 3;
    submission->ended = true;
    submission->guard = 0;
    class->ended++;
    tell(class, submission);
    print_lines(class);
}

static void reap(struct class *class)
{
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        for (size_t i = 0; i < class->begun; i++) {
            if (class->submissions[i].guard == pid)
                end_one(class, &class->submissions[i], status);
        }
    }
}

static void grade_all(struct class *class)
{
    sigset_t signals;
    grade_signals(&signals);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    while (class->ended < (class->interrupted ? class->begun : class->settings->count)) {
        while (!class->interrupted && class->begun < class->settings->count &&
               class->begun - class->ended < class->settings->jobs) {
            begin_next(class);
            if (class->submissions[class->begun - 1].guard < 0)
                end_one(class, &class->submissions[class->begun - 1], 0);
        }
        show_progress(class);
        int number = sigwaitinfo(&signals, NULL);
        if (number > 0 && number != SIGCHLD) {
            class->interrupted = true;
            for (size_t i = 0; i < class->begun; i++) {
                if (class->submissions[i].guard > 0)
                    kill(class->submissions[i].guard, SIGTERM);
            }
        }
        reap(class);
    }
    wipe_line(class);
}

static int worst_status(const struct class *class)
{
    int status = 0;
    for (size_t i = 0; i < class->settings->count; i++) {
        if (class->submissions[i].graded->status > status)
            status = class->submissions[i].graded->status;
    }
    return class->interrupted ? INTERRUPTED : status;
}

int grade_main(int argc, char **argv)
{
    struct grade_settings settings;
    struct rubric rubric;
    char why[LINES_WHY_ROOM];
    enum grade_command command = grade_options(argc, argv, &settings);
    if (command == GRADE_HELP) {
        calc_print(grade_usage);
        return 0;
    }
    if (command == GRADE_USAGE)
        return USAGE;
    struct class class = {.settings = &settings};
    if (settings.run.rubric != NULL) {
        if (!rubric_read(&rubric, settings.run.rubric, why)) {
            fprintf(stderr, "%s: %s\n", calc_program(), why);
            return USAGE;
        }
        class.rubric = &rubric;
    }
    int status = USAGE;
    if (prepare(&class)) {
        graded_csv_header(stdout);
        grade_all(&class);
        status = worst_status(&class);
    }
    free(class.submissions);
    return status;
}
