/* Samples of CPU time, and what lies between two. */
#define _GNU_SOURCE /* clock_getcpuclockid */

#include "cpu.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { NS_PER_S = 1000000000, PATH_ROOM = 64 };

static bool read_clock(clockid_t clock, int64_t *ns)
{
    struct timespec t;
    if (clock_gettime(clock, &t) < 0)
        return false;
    *ns = (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
    return true;
}

/* The first two numbers are the times on a CPU and in a run queue: Documentation/scheduler/sched-stats.rst of Linux. */
static bool read_schedstat(const char *path, struct cpu_time *time)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    char line[PATH_ROOM] = "";
    char *end = line;
    char *rest = line;
    if (fgets(line, sizeof line, file) != NULL) {
        time->ns = (int64_t)strtoll(line, &rest, 10);
        time->waited = (int64_t)strtoll(rest, &end, 10);
    }
    fclose(file);
    return end != rest;
}

void cpu_of_this_thread(struct cpu_time *time)
{
    *time = (struct cpu_time){0};
    (void)read_schedstat("/proc/thread-self/schedstat", time);
    /* To the nanosecond, where schedstat is as of the last tick. */
    (void)read_clock(CLOCK_THREAD_CPUTIME_ID, &time->ns);
}

static void read_threads(DIR *folder, pid_t pid, struct cpu_sample *sample)
{
    for (struct dirent *e; sample->count < CPU_THREADS_MAX && (e = readdir(folder)) != NULL;) {
        char path[PATH_ROOM];
        pid_t thread = (pid_t)strtol(e->d_name, NULL, 10);
        snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", (int)pid, (int)thread);
        if (thread > 0 && read_schedstat(path, &sample->threads[sample->count].time))
            sample->threads[sample->count++].id = thread;
    }
}

bool cpu_sample(pid_t pid, struct cpu_sample *sample)
{
    *sample = (struct cpu_sample){0};
    clockid_t clock;
    int error = clock_getcpuclockid(pid, &clock);
    if (error != 0) {
        errno = error;
        return false;
    }
    if (!read_clock(clock, &sample->process_ns) || !read_clock(CLOCK_MONOTONIC, &sample->at))
        return false;
    char path[PATH_ROOM];
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *folder = opendir(path);
    if (folder == NULL)
        return true;
    read_threads(folder, pid, sample);
    closedir(folder);
    return true;
}

double cpu_share(const struct cpu_sample *from, const struct cpu_sample *to)
{
    int64_t ns = to->process_ns - from->process_ns;
    return to->at > from->at ? (double)ns / (double)(to->at - from->at) : 0;
}

double cpu_busy(struct cpu_time from, struct cpu_time to, int64_t elapsed)
{
    int64_t could = elapsed - (to.waited - from.waited);
    return could > 0 ? (double)(to.ns - from.ns) / (double)could : 0;
}

double cpu_busiest(const struct cpu_sample *from, const struct cpu_sample *to)
{
    if (to->count == 0)
        return cpu_share(from, to);
    double most = 0;
    for (size_t i = 0; i < to->count; i++) {
        struct cpu_time before = {0};
        for (size_t j = 0; j < from->count; j++) {
            if (from->threads[j].id == to->threads[i].id)
                before = from->threads[j].time;
        }
        double busy = cpu_busy(before, to->threads[i].time, to->at - from->at);
        most = busy > most ? busy : most;
    }
    return most;
}
