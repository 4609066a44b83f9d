#!/bin/sh
# The codec, and the server and the client around it, under MemorySanitizer: nothing that they decide on, or send, is
# uninitialized. Of cmocka it sees nothing, but it sees what the tests hand to the codec and what the codec makes of it.
export BUILD="$MEMORY"
. "$(dirname "$0")/../system/lib.sh"

uninitialized_memory_is_seen() {
    run "$tools/faulty" uninitialized
    expect_match 'what is said' '*WARNING: MemorySanitizer: use-of-uninitialized-value*' "$err"
    [ "$status" -ne 0 ] || fail 'was not stopped'
}

the_unit_tests() {
    for test in tests/unit/*_test.c; do
        test=$(basename "$test" .c)
        # fmemopen(3) and seccomp(2), by which these work, are unseen.
        case $test in escape_test | filter_test) continue ;; esac
        run timeout 60 "$build/tests/unit/$test"
        expect_equal "$test: $(tail -n 20 "$scratch/err")" 0 "$status"
    done
}

# The tests of the programs, once more.
expect_passed() { # TEST...
    for test in "$@"; do
        run env -u ISOLATED tests/run.sh "$test" system
        expect_equal "what the tests say: $out" 0 "$status"
    done
}

the_server_and_its_replies() {
    expect_passed exchange_test system/server_test
}

the_client_and_its_requests() {
    expect_passed system/client_test system/batch_test
}

run_tests uninitialized_memory_is_seen the_unit_tests the_server_and_its_replies the_client_and_its_requests
