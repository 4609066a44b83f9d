/* fork(2), a pipe, and no child left behind. */
#define _GNU_SOURCE
#include "process.h"
#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>

enum { WORDS_MAX = 80, PATH_ROOM = 512 };

static void become(const char *path, const char *name, const char *const *words, int output)
{
    char *argv[WORDS_MAX + 2] = {(char *)(uintptr_t)name};
    for (size_t i = 0; words[i] != NULL && i < WORDS_MAX; i++)
        argv[i + 1] = (char *)(uintptr_t)words[i];
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(output, STDOUT_FILENO);
    execv(path, argv);
    perror(path);
    _exit(127);
}

struct process process_start(const char *name, const char *const *words)
{
    const char *build = getenv("BUILD");
    char path[PATH_ROOM];
    snprintf(path, sizeof path, "%s/bin/%s", build != NULL ? build : "build/check", name);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        become(path, name, words, ends[1]);
    close(ends[1]);
    return (struct process){.pid = pid, .output = ends[0]};
}

/* Stops after the octet `last`, or where the output ends. */
static size_t read_until(int fd, int last, char text[static PROCESS_OUTPUT_ROOM])
{
    size_t length = 0;
    while (length < PROCESS_OUTPUT_ROOM - 1 && read(fd, text + length, 1) == 1) {
        if (text[length++] == last)
            break;
    }
    text[length] = '\0';
    return length;
}

void process_read_line(const struct process *process, char line[static PROCESS_OUTPUT_ROOM])
{
    read_until(process->output, '\n', line);
    line[strcspn(line, "\n")] = '\0';
}

static int wait_for(struct process *process)
{
    int status = 0;
    waitpid(process->pid, &status, 0);
    close(process->output);
    *process = (struct process){0};
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int process_finish(struct process *process, char output[static PROCESS_OUTPUT_ROOM])
{
    read_until(process->output, -1, output);
    return wait_for(process);
}

void process_end(struct process *process)
{
    if (process->pid == 0)
        return;
    kill(process->pid, SIGTERM);
    wait_for(process);
}
