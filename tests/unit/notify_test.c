/* The protocol of sd_notify(3) and sd_watchdog_enabled(3), with a socket of the test's own in the manager's place. */
#define _GNU_SOURCE /* MSG_DONTWAIT */
#include "tests/support/test.h"

#include "server/notify.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>

enum { PATH_ROOM = sizeof((struct sockaddr_un *)NULL)->sun_path, ONE = 1000 };

static const struct log quiet = {.format = LOG_TEXT};
static char folder[] = "/tmp/calc6-notify-XXXXXX";
static int manager = -1;

/* A name of this length, which begins so. */
static const char *name_of(size_t length, const char *begins)
{
    static char name[2 * PATH_ROOM];
    memset(name, 'n', length);
    memcpy(name, begins, strlen(begins));
    name[length] = '\0';
    return name;
}

static void listen_at(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(name);
    memcpy(address.sun_path, name, length);
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    manager = socket(AF_UNIX, SOCK_DGRAM, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    assert_int_equal(bind(manager, (struct sockaddr *)&address, size), 0);
    setenv("NOTIFY_SOCKET", name, 1);
}

static void assert_told(const char *expected)
{
    char text[1024] = "";
    ssize_t length = recv(manager, text, sizeof text - 1, MSG_DONTWAIT);
    assert_int_equal(length, (ssize_t)strlen(expected));
    assert_string_equal(text, expected);
}

static void end_listening(struct notify *notify, const char *name)
{
    close(notify->fd);
    close(manager);
    if (name[0] == '/')
        unlink(name);
    unsetenv("NOTIFY_SOCKET");
}

static void what_is_said_arrives_as_one_datagram(void **state)
{
    char path[64];
    struct notify notify;
    (void)state;
    snprintf(path, sizeof path, "%s/manager", folder);
    const char *const names[] = {path, "@calc6-notify-test"};
    for (size_t i = 0; i < 2; i++) {
        listen_at(names[i]);
        notify_begin(&notify, &quiet);
        notify_say(&notify, "READY=1\nSTATUS=%d", 7);
        assert_told("READY=1\nSTATUS=7");
        assert_false(notify.failed);
        end_listening(&notify, names[i]);
    }
}

static void without_a_manager_nothing_is_said(void **state)
{
    struct notify notify;
    (void)state;
    unsetenv("NOTIFY_SOCKET");
    notify_begin(&notify, &quiet);
    assert_int_equal(notify.fd, -1);
    notify_say(&notify, "READY=1");
    assert_false(notify.failed);
}

static bool reaches(const char *name)
{
    struct notify notify;
    listen_at(name);
    notify_begin(&notify, &quiet);
    bool reached = notify.fd >= 0;
    if (reached) {
        notify_say(&notify, "READY=1");
        assert_told("READY=1");
    }
    end_listening(&notify, name);
    return reached;
}

static void a_path_has_room_for_its_nul_and_an_abstract_name_needs_none(void **state)
{
    char begins[64];
    (void)state;
    snprintf(begins, sizeof begins, "%s/", folder);
    assert_true(reaches(name_of(PATH_ROOM - 2, begins)));
    assert_true(reaches(name_of(PATH_ROOM - 1, begins)));
    assert_false(reaches(name_of(PATH_ROOM, begins))); /* it could be bound */
    assert_true(reaches(name_of(2, "@")));
    assert_true(reaches(name_of(PATH_ROOM - 1, "@")));
    assert_true(reaches(name_of(PATH_ROOM, "@")));
}

static void what_is_no_name_is_not_taken_for_one(void **state)
{
    struct notify notify;
    const char *const names[] = {
        "", "/", "@", "relative", "vsock:2:1234", name_of(PATH_ROOM + 1, "@")};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        setenv("NOTIFY_SOCKET", names[i], 1);
        notify_begin(&notify, &quiet);
        assert_int_equal(notify.fd, -1);
    }
    unsetenv("NOTIFY_SOCKET");
}

static void a_manager_that_is_gone_or_does_not_read_is_told_in_vain(void **state)
{
    struct notify notify;
    (void)state;
    listen_at("@calc6-notify-test");
    notify_begin(&notify, &quiet);
    for (int i = 0; i < ONE && !notify.failed; i++)
        notify_say(&notify, "WATCHDOG=1");
    assert_true(notify.failed);
    end_listening(&notify, "@");
    notify_say(&notify, "STOPPING=1");
}

static uint64_t watchdog(const char *usec, const char *pid, int fd)
{
    const struct notify notify = {.fd = fd, .log = &quiet};
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
    if (usec != NULL)
        setenv("WATCHDOG_USEC", usec, 1);
    if (pid != NULL)
        setenv("WATCHDOG_PID", pid, 1);
    return notify_watchdog_us(&notify, ONE);
}

static void the_watchdog_is_for_the_process_that_it_names_or_for_any(void **state)
{
    (void)state;
    assert_int_equal(watchdog("30000000", "1000", 0), 30000000);
    assert_int_equal(watchdog("30000000", NULL, 0), 30000000);
    assert_int_equal(watchdog("30000000", "999", 0), 0);
    assert_int_equal(watchdog("30000000", "1001", 0), 0);
    assert_int_equal(watchdog("30000000", "1", 0), 0);
    assert_int_equal(watchdog("30000000", "10000", 0), 0);
    assert_int_equal(watchdog("30000000", "", 0), 0);
    assert_int_equal(watchdog("30000000", "me", 0), 0);
    assert_int_equal(watchdog(NULL, "1000", 0), 0);
    assert_int_equal(watchdog("30000000", "1000", -1), 0); /* nobody to tell */
}

static void the_watchdogs_time_is_above_zero_and_below_infinity(void **state)
{
    (void)state;
    assert_int_equal(watchdog("0", NULL, 0), 0);
    assert_int_equal(watchdog("1", NULL, 0), 1);
    assert_int_equal(watchdog("2", NULL, 0), 2);
    assert_true(watchdog("18446744073709551613", NULL, 0) == UINT64_MAX - 2);
    assert_true(watchdog("18446744073709551614", NULL, 0) == UINT64_MAX - 1);
    assert_int_equal(watchdog("18446744073709551615", NULL, 0), 0);
    assert_int_equal(watchdog("18446744073709551616", NULL, 0), 0);
    assert_int_equal(watchdog("", NULL, 0), 0);
    assert_int_equal(watchdog("-1", NULL, 0), 0);
    assert_int_equal(watchdog("1s", NULL, 0), 0);
    assert_int_equal(watchdog(" 1", NULL, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_said_arrives_as_one_datagram),
        cmocka_unit_test(without_a_manager_nothing_is_said),
        cmocka_unit_test(a_path_has_room_for_its_nul_and_an_abstract_name_needs_none),
        cmocka_unit_test(what_is_no_name_is_not_taken_for_one),
        cmocka_unit_test(a_manager_that_is_gone_or_does_not_read_is_told_in_vain),
        cmocka_unit_test(the_watchdog_is_for_the_process_that_it_names_or_for_any),
        cmocka_unit_test(the_watchdogs_time_is_above_zero_and_below_infinity),
    };
    if (mkdtemp(folder) == NULL)
        return 1;
    int status = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(folder);
    return status;
}
