/* Folders of strangers: what a copy has, when measuring stops, and that everything can be removed. */
#define _GNU_SOURCE
#include "tests/support/test.h"

#include "tests/conformance/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { PATH_ROOM = 256, DEEP = 3000 };

static const struct tree_size plenty = {.octets = 1 << 20, .files = 10000};
static char top[PATH_ROOM];

static int set_up(void **state)
{
    (void)state;
    strcpy(top, "/tmp/tree-XXXXXX");
    return mkdtemp(top) == NULL || chdir(top) != 0;
}

static int tear_down(void **state)
{
    (void)state;
    return chdir("/") != 0 || !tree_remove(top) || access(top, F_OK) == 0;
}

static void put(const char *path, const char *text, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, mode);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

static void assert_file(const char *path, const char *text, mode_t mode)
{
    char actual[64] = "";
    struct stat status;
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    assert_int_equal(read(fd, actual, sizeof actual - 1), strlen(text));
    assert_string_equal(actual, text);
    assert_int_equal(fstat(fd, &status), 0);
    assert_int_equal(status.st_mode & 07777, mode);
    close(fd);
}

static void assert_copied(void)
{
    char why[TREE_WHY_ROOM] = "";
    if (!tree_copy("from", "to", 0, plenty, why))
        fail_msg("%s", why);
}

static void assert_not_copied(struct tree_size most, const char *expected)
{
    char why[TREE_WHY_ROOM] = "";
    assert_false(tree_copy("from", "to", 0, most, why));
    assert_string_equal(why, expected);
}

static void a_copy_has_files_folders_and_links(void **state)
{
    (void)state;
    assert_int_equal(mkdir("from", 0755), 0);
    assert_int_equal(mkdir("from/src", 0755), 0);
    put("from/a.c", "int a;", 0644);
    put("from/run", "#!/bin/sh", 0755);
    put("from/src/b.c", "int b;", 0600);
    assert_int_equal(symlink("/etc/passwd", "from/link"), 0);
    assert_copied();
    assert_file("to/a.c", "int a;", 0644);
    assert_file("to/run", "#!/bin/sh", 0755);
    assert_file("to/src/b.c", "int b;", 0600);
    char target[32] = "";
    assert_int_equal(readlink("to/link", target, sizeof target - 1), 11);
    assert_string_equal(target, "/etc/passwd");
}

static void times_stay_for_make(void **state)
{
    (void)state;
    struct stat status;
    const struct timespec times[] = {{.tv_sec = 1000}, {.tv_sec = 2000}};
    assert_int_equal(mkdir("from", 0755), 0);
    put("from/a.c", "", 0644);
    assert_int_equal(utimensat(AT_FDCWD, "from/a.c", times, 0), 0);
    assert_copied();
    assert_int_equal(stat("to/a.c", &status), 0);
    assert_int_equal(status.st_mtim.tv_sec, 2000);
}

static void set_user_and_group_bits_are_not_copied(void **state)
{
    (void)state;
    assert_int_equal(mkdir("from", 0755), 0);
    put("from/su", "", 06755);
    assert_copied();
    assert_file("to/su", "", 0755);
}

static void what_is_no_file_is_left_out(void **state)
{
    (void)state;
    assert_int_equal(mkdir("from", 0755), 0);
    assert_int_equal(mkfifo("from/pipe", 0600), 0);
    assert_copied();
    assert_int_equal(access("to/pipe", F_OK), -1);
}

static void a_copy_has_an_end(void **state)
{
    (void)state;
    assert_int_equal(mkdir("from", 0755), 0);
    put("from/a", "123456", 0644);
    assert_not_copied((struct tree_size){.octets = 5, .files = 10}, "copying 'a': File too large");
    assert_true(tree_remove("to"));
    assert_not_copied((struct tree_size){.octets = 6, .files = 0}, "copying 'a': File too large");
    assert_true(tree_remove("to"));
    char why[TREE_WHY_ROOM] = "";
    assert_true(tree_copy("from", "to", 0, (struct tree_size){.octets = 6, .files = 1}, why));
    assert_false(tree_copy("from", "to", 0, plenty, why));
    assert_string_equal(why, "making the folder 'to': File exists");
    assert_false(tree_copy("none", "to2", 0, plenty, why));
    assert_string_equal(why, "reading the folder 'none': No such file or directory");
}

/* Folders in folders; ends where it began. */
static void nest(int depth)
{
    int here = open(".", O_RDONLY | O_DIRECTORY);
    assert_true(here >= 0);
    for (int i = 0; i < depth; i++) {
        assert_int_equal(mkdir("deep", 0700), 0);
        assert_int_equal(chdir("deep"), 0);
        put("f", "", 0);
    }
    assert_int_equal(fchdir(here), 0);
    close(here);
}

static void folders_without_end_are_neither_copied_nor_measured(void **state)
{
    (void)state;
    assert_int_equal(mkdir("from", 0755), 0);
    assert_int_equal(chdir("from"), 0);
    nest(TREE_DEPTH_MAX + 2);
    assert_int_equal(chdir(".."), 0);
    char why[TREE_WHY_ROOM] = "";
    assert_false(tree_copy("from", "to", 0, plenty, why));
    assert_string_equal(why, "making the folder 'deep': Too many levels of symbolic links");
    struct tree_size size = {0};
    assert_false(tree_measure("from", 0, plenty, &size));
}

static void measuring_adds_up_and_stops(void **state)
{
    (void)state;
    assert_int_equal(mkdir("from", 0755), 0);
    put("from/a", "1", 0644);
    put("from/b", "1", 0644);
    struct tree_size size = {0};
    assert_true(tree_measure("from", 0, plenty, &size));
    assert_int_equal(size.files, 2);
    assert_true(size.octets > 0);
    assert_true(tree_measure("from", 0, plenty, &size));
    assert_int_equal(size.files, 4);
    size = (struct tree_size){0};
    assert_false(tree_measure("from", 0, (struct tree_size){.octets = 1 << 20, .files = 1}, &size));
    size = (struct tree_size){0};
    assert_false(tree_measure("from", 0, (struct tree_size){.octets = 1, .files = 9}, &size));
    size = (struct tree_size){0};
    assert_true(tree_measure("from", geteuid() + 1, (struct tree_size){0}, &size));
    assert_true(tree_measure("none", 0, (struct tree_size){0}, &size));
    assert_int_equal(size.files, 0);
}

static void removing_goes_as_deep_as_it_is(void **state)
{
    (void)state;
    assert_int_equal(mkdir("from", 0755), 0);
    assert_int_equal(chdir("from"), 0);
    nest(DEEP);
    assert_int_equal(mkdir("0", 0700), 0); /* a name that it moves folders to */
    put("0/f", "", 0);
    assert_int_equal(chdir(".."), 0);
    assert_true(tree_remove("from"));
    assert_int_equal(access("from", F_OK), -1);
}

static void removing_follows_no_link(void **state)
{
    (void)state;
    assert_int_equal(mkdir("from", 0755), 0);
    assert_int_equal(mkdir("other", 0755), 0);
    put("other/f", "", 0644);
    char target[PATH_ROOM + 16];
    snprintf(target, sizeof target, "%s/other", top);
    assert_int_equal(symlink(target, "from/link"), 0);
    assert_int_equal(mkdir("from/locked", 0755), 0);
    put("from/locked/f", "", 0);
    assert_int_equal(chmod("from/locked", 0), 0);
    assert_true(tree_remove("from"));
    assert_int_equal(access("other/f", F_OK), 0);
    assert_false(tree_remove("none"));
}

static void sweeping_takes_one_users_files_only(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    const uid_t user = 2000100002;
    assert_int_equal(mkdir("shared", 0777), 0);
    put("shared/mine", "", 0644);
    put("shared/theirs", "", 0644);
    assert_int_equal(mkdir("shared/folder", 0755), 0);
    put("shared/folder/f", "", 0644);
    if (chown("shared/theirs", user, user) != 0 || chown("shared/folder", user, user) != 0)
        skip();
    tree_sweep("shared", user);
    assert_int_equal(access("shared/mine", F_OK), 0);
    assert_int_equal(access("shared/theirs", F_OK), -1);
    assert_int_equal(access("shared/folder", F_OK), -1);
}

#define TREE_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TREE_TEST(a_copy_has_files_folders_and_links),
        TREE_TEST(times_stay_for_make),
        TREE_TEST(set_user_and_group_bits_are_not_copied),
        TREE_TEST(what_is_no_file_is_left_out),
        TREE_TEST(a_copy_has_an_end),
        TREE_TEST(folders_without_end_are_neither_copied_nor_measured),
        TREE_TEST(measuring_adds_up_and_stops),
        TREE_TEST(removing_goes_as_deep_as_it_is),
        TREE_TEST(removing_follows_no_link),
        TREE_TEST(sweeping_takes_one_users_files_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
