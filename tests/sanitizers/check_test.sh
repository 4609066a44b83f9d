#!/bin/sh
# The sanitizers of `make check` stop what they are there for; and the system calls of server and client fail with each error
# that is to be expected, of which `make check` has time for one.
. "$(dirname "$0")/../system/lib.sh"

expect_stopped() { # FAULT PATTERN
    run "$tools/faulty" "$1"
    [ "$status" -ne 0 ] || fail "$1: was not stopped"
    expect_match "$1" "*$2*" "$err"
}

address_is_on() {
    expect_stopped overflow 'ERROR: AddressSanitizer: heap-buffer-overflow'
}

undefined_is_on() {
    expect_stopped undefined 'runtime error: signed integer overflow'
}

leak_is_on() {
    expect_stopped leak 'ERROR: LeakSanitizer: detected memory leaks'
}

each_error_of_each_system_call() {
    run env -u ISOLATED EACH_ERROR=1 tests/run.sh _failures_test system
    expect_equal "what the tests say: $out" 0 "$status"
}

run_tests address_is_on undefined_is_on leak_is_on each_error_of_each_system_call
