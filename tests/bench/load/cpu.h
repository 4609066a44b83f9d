/* The CPU time that another process has used, in all and by thread. */
#ifndef LOAD_CPU_H
#define LOAD_CPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { CPU_THREADS_MAX = 256 };

/* A thread's time on a CPU, and its time ready to run but kept waiting by others. */
struct cpu_time {
    int64_t ns;
    int64_t waited;
};

struct cpu_sample {
    int64_t at; /* CLOCK_MONOTONIC */
    int64_t process_ns;
    size_t count; /* threads seen; of more than CPU_THREADS_MAX, some */
    struct {
        pid_t id;
        struct cpu_time time;
    } threads[CPU_THREADS_MAX];
};

/* Reads the process's CPU clock, clock_getcpuclockid(3), in which threads that have ended stay; and
 * /proc/PID/task/TID/schedstat, without which there are no threads. False with errno: no such process. */
bool cpu_sample(pid_t pid, struct cpu_sample *sample);

/* CPU seconds a second between two samples, of the whole process. */
double cpu_share(const struct cpu_sample *from, const struct cpu_sample *to);

/* Reads the times of the thread that calls. Without schedstat, it has never waited. */
void cpu_of_this_thread(struct cpu_time *time);

/* Of the time that a thread could run, the share that it did: 1 is busy all the time, also on a host that is shared. */
double cpu_busy(struct cpu_time from, struct cpu_time to, int64_t elapsed);

/* That of the process's busiest thread; cpu_share() where no thread is known. A thread that has ended in between is not
 * seen. */
double cpu_busiest(const struct cpu_sample *from, const struct cpu_sample *to);

#endif
