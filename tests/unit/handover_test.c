/* What a next server makes of those who answer its question for sockets. The way where all goes well is for
 * system/restart_test.sh. */
#define _GNU_SOURCE /* cpu_set_t, mmsghdr */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/handover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* The one descriptor that comes with the next datagram. */
static int receive_descriptor(int at)
{
    uint8_t octet;
    _Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(int))];
    struct iovec payload = {.iov_base = &octet, .iov_len = 1};
    struct msghdr message = {
        .msg_iov = &payload,
        .msg_iovlen = 1,
        .msg_control = control,
        .msg_controllen = sizeof control,
    };
    int fd = -1;
    if (recvmsg(at, &message, 0) > 0 && CMSG_FIRSTHDR(&message) != NULL)
        memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
    return fd;
}

/* Sends the octets, and with them so many descriptors. */
static void send_descriptors(int to, const char *octets, size_t length, size_t count)
{
    _Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(2 * sizeof(int))] = {0};
    struct iovec payload = {.iov_base = (void *)(uintptr_t)octets, .iov_len = length};
    struct msghdr message = {.msg_iov = &payload, .msg_iovlen = 1};
    if (count > 0) {
        struct cmsghdr *c = (struct cmsghdr *)control;
        const int fds[] = {STDERR_FILENO, STDERR_FILENO};
        *c = (struct cmsghdr){
            .cmsg_len = CMSG_LEN(count * sizeof fds[0]),
            .cmsg_level = SOL_SOCKET,
            .cmsg_type = SCM_RIGHTS,
        };
        memcpy(CMSG_DATA(c), fds, count * sizeof fds[0]);
        message.msg_control = control;
        message.msg_controllen = CMSG_SPACE(count * sizeof fds[0]);
    }
    (void)sendmsg(to, &message, 0);
}

static int lowest_descriptor(void)
{
    int lowest = dup(STDERR_FILENO);
    close(lowest);
    return lowest;
}

/* A server that answers whoever asks at the path with these octets and so many descriptors. */
static void assert_no_server_of_this_version(const char *octets, size_t length, size_t count)
{
    char folder[] = "/tmp/handover_test.XXXXXX", expected[CALC_WHY_ROOM], why[CALC_WHY_ROOM];
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    struct handover handover;
    int fds[LISTENERS_MAX], status;
    unsigned got;
    assert_non_null(mkdtemp(folder));
    snprintf(at.sun_path, sizeof at.sun_path, "%s/path", folder);
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    pid_t child = fork();
    if (child == 0) {
        send_descriptors(receive_descriptor(fd), octets, length, count);
        _exit(0);
    }
    int lowest = lowest_descriptor();
    handover_begin(&handover);
    assert_int_equal(handover_ask(&handover, at.sun_path, fds, &got, why), HANDOVER_FAILED);
    snprintf(expected, sizeof expected, "the server at --upgrade '%s' is no server of this version",
             at.sun_path);
    assert_string_equal(why, expected);
    assert_int_equal(lowest_descriptor(), lowest);
    assert_int_equal(waitpid(child, &status, 0), child);
    close(fd);
    unlink(at.sun_path);
    rmdir(folder);
}

static void who_hands_over_anything_else_is_no_server_of_this_version(void **state)
{
    (void)state;
    /* Octets: "calc", version, kind, number of descriptors. */
    assert_no_server_of_this_version("calc\1\2\0\2", 8, 0);
    assert_no_server_of_this_version("calc\1\2\0\1", 8, 1);
    assert_no_server_of_this_version("calc\1\1\0\2", 8, 1);
    assert_no_server_of_this_version("calc\1\3\0\2", 8, 1);
    assert_no_server_of_this_version("calc\2\2\0\2", 8, 2);
    assert_no_server_of_this_version("Calc\1\2\0\2", 8, 2);
    assert_no_server_of_this_version("calc\1\2\0", 7, 2);
    assert_no_server_of_this_version("calc\1\2\0\2", 9, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_hands_over_anything_else_is_no_server_of_this_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
