/* The programs under test as child processes, with what they print. They do not outlive the test. */
#ifndef TESTS_PROCESS_H
#define TESTS_PROCESS_H

#include <stddef.h>
#include <sys/types.h>

struct process {
    pid_t pid; /* 0: none */
    int output;
};

enum { PROCESS_OUTPUT_ROOM = 4096 };

/* Starts $BUILD/bin/NAME in the current network namespace; words end with NULL. */
struct process process_start(const char *name, const char *const *words);

/* Reads on until a line is complete or the output ends; the text is without the newline. */
void process_read_line(const struct process *process, char line[static PROCESS_OUTPUT_ROOM]);

/* Reads what is left, and waits for the end. Returns the exit status. */
int process_finish(struct process *process, char output[static PROCESS_OUTPUT_ROOM]);

/* Ends it where it still runs. */
void process_end(struct process *process);

#endif
