#!/bin/sh
# The programs under valgrind, which also sees what libc does with their memory. What is still pointed to at the end is no
# leak, as a process that ends need not free it; nor is what valgrind calls possible: the threads' own memory.
export BUILD="$VALGRIND"
. "$(dirname "$0")/../system/lib.sh"
STOPPED=99
checked="valgrind --quiet --error-exitcode=$STOPPED --log-file=$scratch/valgrind
    --suppressions=$root/tests/sanitizers/valgrind.supp
    --leak-check=full --errors-for-leak-kinds=definite,indirect --show-leak-kinds=definite,indirect"
lines=$scratch/lines

start_checked_server() { # OPTION...
    # shellcheck disable=SC2086 # several words
    start_program $checked "$server" "$@" 0
}

expect_server_clean() { # WHAT
    stop_server
    expect_equal "$1: status of the server: $(cat "$scratch/valgrind")" 0 "$server_status"
}

# Runs a program to its end, and expects it to end as it does without valgrind.
expect_clean() { # STATUS COMMAND...
    expected=$1
    shift
    # shellcheck disable=SC2086 # several words
    run timeout 120 $checked "$@"
    expect_equal "$*: status: $(cat "$scratch/valgrind")" "$expected" "$status"
}

what_is_wrong_is_seen() {
    for fault in overflow leak uninitialized; do
        expect_clean $STOPPED "$tools/faulty" $fault
    done
}

the_server() {
    start_checked_server --verbose --workers 2 ::
    run "$client" -t 5 ::1 "$port" 1 2
    expect_equal 'answer' 'Result: 3' "$out"
    kill -USR1 "$server_pid"
    wait_for_line "$log" '^received 1 '
    expect_server_clean 'stopped'
    expect_clean 1 "$server" --workers 2 --cpu 1023 ::1 0
}

the_client() {
    start_server ::
    expect_clean 0 "$client" -v -t 5 ::1 "$port" 1 2
    expect_clean 2 "$client" --json -t 5 ::1 "$port" 4294967295 1
    expect_clean 0 "$client" -t 5 -op '*' -s localhost "$port" 4294967295 4294967295
    expect_clean 1 "$client" ::1 "$port" no number
    stop_server
    expect_clean 10 "$client" -t 0.1 -r 1 ::1 "$port" 1 2
}

a_batch() {
    start_server ::
    seq 1 2000 | sed 's/.*/+ & 7/; 100s/.*/nonsense/' >"$lines"
    expect_clean 1 "$client" -t 5 --batch="$lines" --json ::1 "$port"
    expect_equal 'answers' 2000 "$(wc -l <"$scratch/out")"
}

the_conformance_kit() {
    start_server ::1
    expect_clean 0 "$build/bin/conformance" server ::1 "$port"
}

run_tests what_is_wrong_is_seen the_server the_client a_batch the_conformance_kit
