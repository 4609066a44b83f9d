/* The CPU time that another process has used, in all and by thread. */
#ifndef LOAD_CPU_H
#define LOAD_CPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { CPU_THREADS_MAX = 256 };

struct cpu_sample {
    int64_t at; /* CLOCK_MONOTONIC */
    int64_t process_ns;
    size_t count; /* threads seen; of more than CPU_THREADS_MAX, some */
    struct {
        pid_t id;
        int64_t ns;
    } threads[CPU_THREADS_MAX];
};

/* Reads the process's CPU clock, clock_getcpuclockid(3), in which threads that have ended stay; and
 * /proc/PID/task/TID/schedstat, without which there are no threads. False with errno: no such process. */
bool cpu_sample(pid_t pid, struct cpu_sample *sample);

/* CPU seconds a second between two samples, of the whole process. */
double cpu_share(const struct cpu_sample *from, const struct cpu_sample *to);

/* The same of the thread that has used most; of the process where no thread is known. A thread that has ended in between
 * is not seen. */
double cpu_busiest(const struct cpu_sample *from, const struct cpu_sample *to);

#endif
