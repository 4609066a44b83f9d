#!/bin/sh
# The unit tests on a big-endian machine of 64 bits, which is emulated by qemu-user. What that does not emulate is named here, and
# fails; all else passes.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# It gives no control messages to recvmmsg() where no octets are asked for, and one number of the many of SO_MEMINFO, and has
# no SO_TIMESTAMPING.
sockets_but_for_what_is_not_emulated() {
    not_emulated='the_kernel_tells_of_replies_that_were_refused what_the_kernel_loses_is_told'
    expect_unit s390x sockets_test "$not_emulated what_the_kernel_tells_of_an_adopted_socket_has_room"
}

# It has no PR_SET_CHILD_SUBREAPER, so the conformance kit starts nothing, and says so.
subject_says_what_is_not_emulated() {
    CMOCKA_MESSAGE_OUTPUT=TAP timeout 20 "$on" s390x tests/unit/subject_test >"$scratch/unit" 2>&1 </dev/null
    expect_match 'message' "*starting 'sh': prctl: Invalid argument*" "$(cat "$scratch/unit")"
}

# The filter is not in these builds.
define_units s390x filter_test sockets_test subject_test
# This one is linked with libpcap.
define_replays s390x script
# shellcheck disable=SC2086 # words
run_tests $unit_tests $replay_tests sockets_but_for_what_is_not_emulated subject_says_what_is_not_emulated
