/* Trees of files, by descriptors of folders (openat(2)), so that no name is resolved twice. */
#define _GNU_SOURCE
#include "tree.h"

#include "proto/show.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    COPY_ROOM = 16384,
    PASSES_MAX = 40000,
    NAME_ROOM = 32,
    OWNER_MAY = 0600,
    FOLDER_MODE = 0700
};

struct copying {
    uid_t user;
    struct tree_size most, size;
    char *why;
};

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* The folder stays open as `folder`. */
static DIR *list(int folder)
{
    int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = again >= 0 ? fdopendir(again) : NULL;
    if (entries == NULL && again >= 0)
        close(again);
    return entries;
}

static int open_folder(int parent, const char *name)
{
    return openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static bool refuse(struct copying *copying, const char *what, const char *name)
{
    int error = errno;
    snprintf(copying->why, TREE_WHY_ROOM, "%s '%.255s': %s", what, name, strerror(error));
    calc_one_line(copying->why);
    return false;
}

static bool is_within(struct tree_size size, struct tree_size most)
{
    return size.octets <= most.octets && size.files <= most.files;
}

static bool count(struct copying *copying, uint64_t octets, const char *name)
{
    copying->size.octets += octets;
    copying->size.files++;
    errno = EFBIG;
    return is_within(copying->size, copying->most) || refuse(copying, "copying", name);
}

static bool copy_octets(int from, int to)
{
    char octets[COPY_ROOM];
    ssize_t length;
    while ((length = read(from, octets, sizeof octets)) > 0) {
        if (write(to, octets, (size_t)length) != length)
            return false;
    }
    return length == 0;
}

/* Times stay, for make(1) compares them. */
static bool set_owner_and_times(int to, const struct stat *status, uid_t user)
{
    const struct timespec times[] = {status->st_atim, status->st_mtim};
    return (user == 0 || fchown(to, user, user) == 0) && futimens(to, times) == 0;
}

static bool copy_file(struct copying *copying, int from, int to, const char *name,
                      const struct stat *status)
{
    if (!count(copying, (uint64_t)status->st_size, name))
        return false;
    int in = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (in < 0)
        return refuse(copying, "reading", name);
    int out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                     (status->st_mode & 0777) | OWNER_MAY);
    bool copied =
        out >= 0 && copy_octets(in, out) && set_owner_and_times(out, status, copying->user);
    if (!copied)
        refuse(copying, "copying", name);
    close(in);
    if (out >= 0)
        close(out);
    return copied;
}

static bool copy_link(struct copying *copying, int from, int to, const char *name)
{
    char target[PATH_MAX];
    if (!count(copying, 0, name))
        return false;
    ssize_t length = readlinkat(from, name, target, sizeof target - 1);
    if (length < 0)
        return refuse(copying, "reading the link", name);
    target[length] = '\0';
    if (symlinkat(target, to, name) != 0)
        return refuse(copying, "making the link", name);
    return copying->user == 0 ||
           fchownat(to, name, copying->user, copying->user, AT_SYMLINK_NOFOLLOW) == 0 ||
           refuse(copying, "giving away", name);
}

static bool copy_folder(struct copying *copying, int from, int to, int depth);

static bool copy_into_new_folder(struct copying *copying, int from, int to, const char *name,
                                 const struct stat *status, int depth)
{
    if (!count(copying, 0, name))
        return false;
    errno = ELOOP;
    if (depth == TREE_DEPTH_MAX || mkdirat(to, name, FOLDER_MODE) != 0)
        return refuse(copying, "making the folder", name);
    int in = open_folder(from, name), out = open_folder(to, name);
    bool copied = in >= 0 && out >= 0 ? copy_folder(copying, in, out, depth + 1)
                                      : refuse(copying, "reading the folder", name);
    if (copied && !set_owner_and_times(out, status, copying->user))
        copied = refuse(copying, "giving away", name);
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    return copied;
}

static bool copy_entry(struct copying *copying, int from, int to, const char *name, int depth)
{
    struct stat status;
    if (fstatat(from, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return refuse(copying, "looking at", name);
    if (S_ISREG(status.st_mode))
        return copy_file(copying, from, to, name, &status);
    if (S_ISLNK(status.st_mode))
        return copy_link(copying, from, to, name);
    return !S_ISDIR(status.st_mode) ||
           copy_into_new_folder(copying, from, to, name, &status, depth);
}

static bool copy_folder(struct copying *copying, int from, int to, int depth)
{
    DIR *entries = list(from);
    if (entries == NULL)
        return refuse(copying, "listing", "a folder");
    bool copied = true;
    for (struct dirent *entry; copied && (entry = readdir(entries)) != NULL;)
        copied = is_dots(entry->d_name) || copy_entry(copying, from, to, entry->d_name, depth);
    closedir(entries);
    return copied;
}

bool tree_copy(const char *from, const char *to, uid_t user, struct tree_size most,
               char why[static TREE_WHY_ROOM])
{
    struct copying copying = {.user = user, .most = most, .why = why};
    if (mkdir(to, FOLDER_MODE) != 0 || (user != 0 && chown(to, user, user) != 0))
        return refuse(&copying, "making the folder", to);
    int in = open(from, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (in < 0)
        return refuse(&copying, "reading the folder", from);
    int out = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool copied =
        out >= 0 ? copy_folder(&copying, in, out, 0) : refuse(&copying, "opening the folder", to);
    close(in);
    if (out >= 0)
        close(out);
    return copied;
}

/* What vanishes meanwhile counts nothing. */
static bool measure(int folder, uid_t user, struct tree_size most, struct tree_size *size,
                    int depth)
{
    DIR *entries = list(folder);
    if (entries == NULL)
        return true;
    bool within = true;
    for (struct dirent *entry; within && (entry = readdir(entries)) != NULL;) {
        struct stat status;
        if (is_dots(entry->d_name) ||
            fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
            (user != 0 && status.st_uid != user))
            continue;
        size->octets += (uint64_t)status.st_blocks * 512;
        size->files++;
        within = is_within(*size, most);
        if (!S_ISDIR(status.st_mode) || !within)
            continue;
        int inner = open_folder(folder, entry->d_name);
        if (inner < 0)
            continue;
        within = depth < TREE_DEPTH_MAX && measure(inner, user, most, size, depth + 1);
        close(inner);
    }
    closedir(entries);
    return within;
}

bool tree_measure(const char *path, uid_t user, struct tree_size most, struct tree_size *size)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return true;
    bool within = measure(folder, user, most, size, 0);
    close(folder);
    return within;
}

static bool remove_entry(int folder, const char *name)
{
    return unlinkat(folder, name, 0) == 0 || unlinkat(folder, name, AT_REMOVEDIR) == 0;
}

/* Removes what is in a folder of the top one; folders that are not empty move up to the top. So nothing here is
 * deeper than two folders, whatever the depth was. */
static void flatten(int top, const char *name, unsigned *moved)
{
    fchmodat(top, name, FOLDER_MODE, 0); /* another user's is root's to change, or stays */
    int folder = open_folder(top, name);
    if (folder < 0)
        return;
    DIR *entries = list(folder);
    for (struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;) {
        char place[NAME_ROOM];
        if (is_dots(entry->d_name) || remove_entry(folder, entry->d_name))
            continue;
        snprintf(place, sizeof place, "%u", (*moved)++);
        fchmodat(folder, entry->d_name, FOLDER_MODE, 0);
        renameat(folder, entry->d_name, top, place); /* a later pass tries again */
    }
    if (entries != NULL)
        closedir(entries);
    close(folder);
}

/* Returns whether the folder was empty. */
static bool remove_pass(int top, unsigned *moved)
{
    DIR *entries = list(top);
    if (entries == NULL)
        return true;
    bool empty = true;
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        if (is_dots(entry->d_name))
            continue;
        empty = false;
        if (!remove_entry(top, entry->d_name))
            flatten(top, entry->d_name, moved);
    }
    closedir(entries);
    return empty;
}

bool tree_remove(const char *path)
{
    if (remove_entry(AT_FDCWD, path))
        return true;
    unsigned moved = 0;
    int top = open_folder(AT_FDCWD, path);
    for (int pass = 0; top >= 0 && pass < PASSES_MAX && !remove_pass(top, &moved); pass++) {
    }
    if (top >= 0)
        close(top);
    return remove_entry(AT_FDCWD, path);
}

void tree_sweep(const char *shared, uid_t user)
{
    int folder = open(shared, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = folder >= 0 ? list(folder) : NULL;
    for (struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;) {
        struct stat status;
        char path[PATH_MAX];
        if (is_dots(entry->d_name) ||
            fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
            status.st_uid != user)
            continue;
        snprintf(path, sizeof path, "%.1000s/%s", shared, entry->d_name);
        tree_remove(path);
    }
    if (entries != NULL)
        closedir(entries);
    if (folder >= 0)
        close(folder);
}
