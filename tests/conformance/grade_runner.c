/* From a copy of a submission to its counts, points and reports. */
#define _GNU_SOURCE
#include "grade_runner.h"

#include "report.h"
#include "tally.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ANSWER_US = 1000000, CLIENT_RUN_US = 10000000, CLIENT_JOBS = 8, FUNCTION_JOBS = 2 };

/* One suite of a submission: what it is run with is NULL where it is not asked for. */
struct part {
    const struct suite *suite;
    const char *subject;
    int64_t timeout_us;
    unsigned jobs; /* most of a client's time is spent waiting */
};

enum { PARTS = 3 };

static void list_parts(const struct grade_settings *settings, struct part parts[static PARTS])
{
    parts[0] = (struct part){&server_suite, settings->server, ANSWER_US, 1};
    parts[1] = (struct part){&client_suite, settings->client, CLIENT_RUN_US, CLIENT_JOBS};
    parts[2] = (struct part){&functions_suite, settings->functions, ANSWER_US, FUNCTION_JOBS};
}

static void set_grade(const struct grade_task *task)
{
    struct graded *graded = task->graded;
    snprintf(graded->grade, sizeof graded->grade, "%s",
             rubric_grade(task->rubric, graded->points, graded->points_max));
}

void grade_begin(const struct grade_task *task)
{
    struct part parts[PARTS];
    if (task->rubric == NULL)
        return;
    list_parts(task->settings, parts);
    task->graded->has_grade = true;
    for (int i = 0; i < PARTS; i++) {
        if (parts[i].subject != NULL)
            task->graded->points_max +=
                rubric_total(task->rubric, parts[i].suite, task->settings->run.filter);
    }
    set_grade(task);
}

/* The first line of a compiler that has an error in it, or else the last line, without its end. */
static const char *telling_line(char *printed)
{
    const char *last = "";
    char *rest = printed;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        if (strstr(line, "error") != NULL)
            return line;
        if (line[0] != '\0')
            last = line;
    }
    return last;
}

static bool build(const struct grade_task *task, const struct limits *limits)
{
    struct words words;
    struct subject subject;
    char wrong[WORDS_WHY_ROOM], why[SUBJECT_WHY_ROOM], ending[SUBJECT_ENDING_ROOM];
    if (!words_split(&words, task->settings->build, NULL, 0, wrong)) {
        graded_why(task->graded, "--build: %s", wrong);
        return false;
    }
    if (!subject_start(&subject, &words, limits, why)) {
        graded_why(task->graded, "can not be built: %s", why);
        return false;
    }
    subject_wait(&subject, INT64_MAX / 2); /* the guard has the clock */
    subject_end(&subject);
    fputs(subject.printed, stderr);
    subject_ending(&subject, ending);
    if (subject.ended && subject.status == 0)
        return true;
    graded_why(task->graded, "can not be built: %s: %.300s", ending, telling_line(subject.printed));
    return false;
}

static void write_page(const struct grade_task *task, struct run *run)
{
    char path[PATH_MAX], subject[sizeof run->subject];
    snprintf(path, sizeof path, "%s/%s-%s.html", task->settings->out, task->name, run->suite->name);
    snprintf(subject, sizeof subject, "%.200s: %.300s", task->name, run->subject);
    memcpy(run->subject, subject, sizeof subject);
    FILE *page = fopen(path, "we");
    if (page != NULL) {
        report_html(page, run);
        if (fclose(page) == 0)
            return;
    }
    graded_why(task->graded, "writing '%.300s': %s", path, strerror(errno));
}

static void add(const struct grade_task *task, struct run *run)
{
    struct graded *graded = task->graded;
    struct mistake mistakes[MISTAKES_MAX];
    for (int verdict = 0; verdict < VERDICTS; verdict++)
        graded->counts[verdict] += run->counts[verdict];
    if (tally_mistakes(run, mistakes) > 0 && mistakes[0].cases > graded->diagnosis_cases) {
        graded->diagnosis_cases = mistakes[0].cases;
        snprintf(graded->diagnosis, sizeof graded->diagnosis, "%s", mistakes[0].text);
    }
    int status = run_status(run);
    graded->status = status > graded->status ? status : graded->status;
    if (task->rubric == NULL)
        return;
    rubric_apply(task->rubric, run);
    graded->points += run->points;
    graded->points_max +=
        run->points_max - rubric_total(task->rubric, run->suite, run->settings->filter);
    set_grade(task);
}

static void run_part(const struct grade_task *task, const struct part *part,
                     struct settings settings)
{
    struct run run;
    settings.jobs = part->jobs;
    if (settings.timeout_us == 0)
        settings.timeout_us = part->timeout_us;
    if (!run_suite(&run, part->suite, &settings)) {
        task->graded->status = 3;
        graded_why(task->graded, "the %s suite could not be run", part->suite->name);
    } else if (run.unreachable) {
        task->graded->status = 3;
        graded_why(task->graded, "%s: %.400s", part->suite->name, run.results[0].outcome->why);
        write_page(task, &run);
    } else {
        add(task, &run);
        write_page(task, &run);
    }
    run_free(&run);
}

static void run_program(const struct grade_task *task, const struct part *part,
                        const struct limits *limits)
{
    struct settings settings = task->settings->run;
    settings.limits = *limits;
    settings.exec = part->subject;
    run_part(task, part, settings);
}

/* The kit reads this file itself, with its own rights: so it has to be one. */
static bool is_plain_file(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0 && S_ISREG(status.st_mode);
}

static void run_functions(const struct grade_task *task, const struct part *part,
                          const struct limits *limits)
{
    struct settings settings = task->settings->run;
    struct words words;
    char wrong[WORDS_WHY_ROOM];
    if (!words_split(&words, part->subject, NULL, 0, wrong)) {
        graded_why(task->graded, "--functions: %s", wrong);
    } else if (!is_plain_file(words.list[0])) {
        graded_why(task->graded, "functions: '%.300s' is no file of the submission", words.list[0]);
    } else {
        settings.limits = *limits;
        settings.source = words.list[0];
        settings.extra = (const char *const *)(words.list + 1);
        settings.extra_count = words.count - 1;
        run_part(task, part, settings);
    }
}

static void log_path(const struct grade_task *task, char path[static PATH_MAX])
{
    snprintf(path, PATH_MAX, "%s/%s.log", task->settings->out, task->name);
}

/* What the build and the compiler say, for a person to read. */
static void open_log(const struct grade_task *task)
{
    char path[PATH_MAX];
    log_path(task, path);
    int log = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (log < 0 || dup2(log, STDERR_FILENO) < 0)
        graded_why(task->graded, "writing '%.300s': %s", path, strerror(errno));
    if (log >= 0)
        close(log);
}

static void close_log(const struct grade_task *task)
{
    struct stat status;
    char path[PATH_MAX];
    log_path(task, path);
    fflush(stderr);
    if (fstat(STDERR_FILENO, &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0)
        unlink(path);
}

static void build_and_run(const struct grade_task *task, const char *folder)
{
    struct limits limits = task->settings->run.limits;
    struct part parts[PARTS];
    limits.directory = folder;
    limits.user = task->user;
    if (task->settings->build != NULL && !build(task, &limits))
        return;
    /* What is left behind from here on goes to the guard: run_suite() waits for all children. */
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    list_parts(task->settings, parts);
    for (int i = 0; i < PARTS; i++) {
        if (parts[i].subject == NULL)
            continue;
        if (parts[i].suite == &functions_suite)
            run_functions(task, &parts[i], &limits);
        else
            run_program(task, &parts[i], &limits);
    }
}

void grade_run(const struct grade_task *task, const char *folder)
{
    open_log(task);
    if (chdir(folder) == 0) /* so that compilers tell names as the student knows them */
        build_and_run(task, folder);
    else
        graded_why(task->graded, "going to the folder '%.300s': %s", folder, strerror(errno));
    close_log(task);
}
