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

/* The first number is the time on a CPU: Documentation/scheduler/sched-stats.rst of Linux. */
static bool read_schedstat(pid_t pid, pid_t thread, int64_t *ns)
{
    char path[PATH_ROOM];
    snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", (int)pid, (int)thread);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    char line[PATH_ROOM] = "";
    char *end = line;
    if (fgets(line, sizeof line, file) != NULL)
        *ns = (int64_t)strtoll(line, &end, 10);
    fclose(file);
    return end != line;
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
    for (struct dirent *e; sample->count < CPU_THREADS_MAX && (e = readdir(folder)) != NULL;) {
        pid_t thread = (pid_t)strtol(e->d_name, NULL, 10);
        if (thread > 0 && read_schedstat(pid, thread, &sample->threads[sample->count].ns))
            sample->threads[sample->count++].id = thread;
    }
    closedir(folder);
    return true;
}

static double share(int64_t ns, const struct cpu_sample *from, const struct cpu_sample *to)
{
    return to->at > from->at ? (double)ns / (double)(to->at - from->at) : 0;
}

double cpu_share(const struct cpu_sample *from, const struct cpu_sample *to)
{
    return share(to->process_ns - from->process_ns, from, to);
}

double cpu_busiest(const struct cpu_sample *from, const struct cpu_sample *to)
{
    if (to->count == 0)
        return cpu_share(from, to);
    int64_t most = 0;
    for (size_t i = 0; i < to->count; i++) {
        int64_t ns = to->threads[i].ns;
        for (size_t j = 0; j < from->count; j++) {
            if (from->threads[j].id == to->threads[i].id)
                ns -= from->threads[j].ns;
        }
        most = ns > most ? ns : most;
    }
    return share(most, from, to);
}
