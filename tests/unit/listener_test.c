/* What the server takes off the error queue of its socket, and what it counts. */
#define _GNU_SOURCE /* mmsghdr */
#include "fake_kernel.h"

#include <sys/socket.h>

static void only_icmp_errors_are_counted_as_icmp_errors(void **state)
{
    (void)state;
    kernel.troubles[0] = trouble(IPPROTO_IPV6, IPV6_RECVERR, SO_EE_ORIGIN_LOCAL);
    kernel.troubles[1] = trouble(IPPROTO_IPV6, IPV6_RECVERR, SO_EE_ORIGIN_NONE);
    kernel.troubles[2] = trouble(IPPROTO_IPV6, IPV6_HOPLIMIT, SO_EE_ORIGIN_ICMP6);
    kernel.troubles[3] = trouble(SOL_SOCKET, IPV6_RECVERR, SO_EE_ORIGIN_ICMP6);
    kernel.troubles[4] = icmp6();
    kernel.troubles[4].cut = true;
    listener_take_errors(&listener, &counters);
    assert_int_equal(kernel.troubled, 5);
    assert_only_counted(OUTCOME_COUNT, 0);
}

static void a_flood_of_icmp_errors_ends_after_64(void **state)
{
    (void)state;
    kernel.troubles[0] = icmp6();
    kernel.endless = true;
    listener_take_errors(&listener, &counters);
    assert_only_counted(NOTED_ICMP_ERROR, 64);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, kernel_begin, kernel_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_icmp_errors_are_counted_as_icmp_errors),
        TEST(a_flood_of_icmp_errors_ends_after_64),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
