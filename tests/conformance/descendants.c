/* Descendants: found by the parents that /proc tells (proc(5)), ended with SIGSTOP and SIGKILL. */
#define _GNU_SOURCE
#include "descendants.h"

#include "clock.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    PATH_ROOM = 64,
    STAT_ROOM = 512,
    PAUSE_US = 200,
    SWEEPS_MAX = 50,
    ROUNDS_EACH = 8,
    TREE_US = 300000
};

struct process {
    pid_t pid, parent;
    bool ours;
};

struct table {
    size_t count, room;
    struct process *list;
};

/* The parent's number is the second word after the name, and the name may have anything in it. */
static bool read_parent(pid_t pid, pid_t *parent)
{
    char path[PATH_ROOM], text[STAT_ROOM];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    const char *after = strrchr(text, ')');
    if (after == NULL || strlen(after) < 4)
        return false;
    *parent = (pid_t)strtol(after + 3, NULL, 10);
    return true;
}

static bool add(struct table *table, struct process process)
{
    if (table->count == table->room) {
        size_t room = table->room == 0 ? 256 : 2 * table->room;
        struct process *list = realloc(table->list, room * sizeof *list);
        if (list == NULL)
            return false;
        table->list = list;
        table->room = room;
    }
    table->list[table->count++] = process;
    return true;
}

/* Those that come and go meanwhile may be missing. */
static void read_table(struct table *table)
{
    table->count = 0;
    DIR *proc = opendir("/proc");
    if (proc == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(proc)) != NULL;) {
        struct process process = {.pid = (pid_t)strtol(entry->d_name, NULL, 10)};
        if (isdigit((unsigned char)entry->d_name[0]) && read_parent(process.pid, &process.parent) &&
            !add(table, process))
            break;
    }
    closedir(proc);
}

static bool is_ours(const struct table *table, pid_t pid)
{
    for (size_t i = 0; i < table->count; i++) {
        if (table->list[i].pid == pid)
            return table->list[i].ours;
    }
    return false;
}

/* Returns how many there are. */
static size_t mark_ours(struct table *table)
{
    const pid_t self = getpid();
    size_t found = 0;
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < table->count; i++) {
            struct process *process = &table->list[i];
            if (process->ours || (process->parent != self && !is_ours(table, process->parent)))
                continue;
            process->ours = more = true;
            found++;
        }
    }
    return found;
}

static void signal_all(const struct table *table, int signal_number)
{
    for (size_t i = 0; i < table->count; i++) {
        if (table->list[i].ours)
            kill(table->list[i].pid, signal_number); /* it may be gone */
    }
}

static uint64_t resident_pages(pid_t pid)
{
    char path[PATH_ROOM];
    unsigned long size, resident = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return 0;
    if (fscanf(file, "%lu %lu", &size, &resident) != 2)
        resident = 0;
    fclose(file);
    return resident;
}

uint64_t descendants_memory(void)
{
    struct table table = {0};
    uint64_t pages = 0;
    read_table(&table);
    mark_ours(&table);
    for (size_t i = 0; i < table.count; i++)
        pages += table.list[i].ours ? resident_pages(table.list[i].pid) : 0;
    free(table.list);
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* A stopped process can not fork, and keeps its place below RLIMIT_NPROC: so all are stopped before the first
 * one is killed, in as many sweeps as it takes until none is new. */
static void kill_tree(int64_t deadline_us)
{
    struct table table = {0};
    size_t before = 0;
    for (int sweep = 0; sweep < SWEEPS_MAX && kit_now_us() < deadline_us; sweep++) {
        read_table(&table);
        size_t found = mark_ours(&table);
        signal_all(&table, SIGSTOP);
        if (sweep > 0 && found <= before)
            break;
        before = found;
    }
    signal_all(&table, SIGKILL);
    free(table.list);
}

/* One call that reaches all at once, however fast they fork. It would reach far too much with another
 * user's rights: so they are looked at, and not only set. */
_Noreturn static void kill_as(uid_t user)
{
    uid_t real, effective, saved;
    if (setgroups(0, NULL) == 0 && setresgid(user, user, user) == 0 &&
        setresuid(user, user, user) == 0 && getresuid(&real, &effective, &saved) == 0 &&
        user != 0 && real == user && effective == user && saved == user)
        kill(-1, SIGKILL);
    _exit(0);
}

static void kill_user(uid_t user)
{
    if (user < DESCENDANTS_OWN_USERS || geteuid() != 0)
        return;
    pid_t pid = fork();
    if (pid == 0)
        kill_as(user);
    while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
    }
}

/* Returns whether no child is left. */
static bool reap(void)
{
    pid_t pid;
    do {
        pid = waitpid(-1, NULL, WNOHANG);
    } while (pid > 0 || (pid < 0 && errno == EINTR));
    return pid < 0;
}

bool descendants_end(uid_t user, int64_t deadline_us)
{
    const int64_t began_us = kit_now_us();
    for (int round = 0; !reap(); round++) {
        if (kit_now_us() >= deadline_us)
            return false;
        /* Those that were told already need a moment to die. */
        kit_pause_us(PAUSE_US);
        if (round % ROUNDS_EACH != ROUNDS_EACH - 1)
            continue;
        kill_tree(deadline_us);
        /* The last resort, for another process may have children with this user too. */
        if (kit_now_us() - began_us > TREE_US)
            kill_user(user);
    }
    return true;
}

size_t descendants_tasks_of(uid_t user)
{
    size_t tasks = 0;
    DIR *proc = opendir("/proc");
    if (proc == NULL)
        return 0;
    for (struct dirent *entry; (entry = readdir(proc)) != NULL;) {
        char path[PATH_ROOM];
        struct stat folder;
        if (!isdigit((unsigned char)entry->d_name[0]))
            continue;
        snprintf(path, sizeof path, "/proc/%.20s/task", entry->d_name);
        /* Each thread is a folder, and with it a link; two are the folder's own. */
        if (stat(path, &folder) == 0 && folder.st_uid == user && folder.st_nlink > 2)
            tasks += folder.st_nlink - 2;
    }
    closedir(proc);
    return tasks;
}
