/* A program under test: started without a shell, within limits, listened to, and ended with all that it has
 * started. What it says over the network is for others. */
#ifndef CONFORMANCE_SUBJECT_H
#define CONFORMANCE_SUBJECT_H

#include "words.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { SUBJECT_OUTPUT_ROOM = 16384, SUBJECT_WHY_ROOM = 512, SUBJECT_ENDING_ROOM = 128 };

/* 0 in a field: no limit. setrlimit(2). */
struct limits {
    unsigned cpu_s;
    uint64_t memory_octets; /* RLIMIT_AS */
    uint64_t file_octets;   /* RLIMIT_FSIZE, each file */
    unsigned processes;     /* RLIMIT_NPROC */
    unsigned files;         /* RLIMIT_NOFILE */
    uid_t user;             /* to be this user and group, where the kit is root */
    const char *directory;  /* to run in; NULL: where the kit runs */
};

struct subject {
    pid_t pid;  /* 0: none */
    uid_t user; /* of its own, or 0 */
    int output; /* standard output and standard error, in one pipe that does not block; -1: at its end */
    bool ended; /* by itself */
    int status; /* of waitpid(2), where it has ended */
    size_t printed_length;
    char printed
        [SUBJECT_OUTPUT_ROOM]; /* its first octets, ended by NUL; what is more is read and dropped */
};

/* Starts argv[0], searched in PATH, with /dev/null as standard input, in a process group of its own, and dead when
 * the kit dies. False: why says in one line what was tried. A program that does not exist is such a failure. */
bool subject_start(struct subject *subject, const struct words *words, const struct limits *limits,
                   char why[static SUBJECT_WHY_ROOM]);

/* Whether there is such a program, as execvp(3) looks for one. */
bool subject_exists(const char *name);

/* Reads what it has printed by now, and looks whether it has ended. Never blocks. */
void subject_look(struct subject *subject);

/* Waits until it has ended and its output with it, or until this time (kit_now_us). Returns whether it has. */
bool subject_wait(struct subject *subject, int64_t deadline_us);

/* Kills it and whatever it has left behind, groups and sessions of their own included, reads what is still in
 * the pipe, and reaps all. Bounded in time. Nothing to do where there is none. */
void subject_end(struct subject *subject);

/* "exit status 1", "killed by signal 11 (Segmentation fault)", "still running" */
void subject_ending(const struct subject *subject, char text[static SUBJECT_ENDING_ROOM]);

#endif
