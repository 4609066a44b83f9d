#!/bin/sh
# The server's workers under ThreadSanitizer, and the load generator's with them: no race, whatever happens under load.
export BUILD="$THREAD"
. "$(dirname "$0")/../system/lib.sh"
load=$build/bin/load

start_load() { # [OPTION...]
    "$load" --threads 2 --sockets 8 "$@" ::1 "$port" >"$scratch/load" 2>&1 &
    load_pid=$!
}

# All that was asked for is answered; that some were lost is the machine's.
expect_load_ends() { # WHAT
    wait "$load_pid"
    status=$?
    [ "$status" -eq 0 ] || [ "$status" -eq 2 ] || fail "$1: status of the load: $status: $(cat "$scratch/load")"
}

expect_no_race() { # WHAT
    stop_server
    expect_equal "$1: status of the server" 0 "$server_status"
    expect_equal "$1: what ThreadSanitizer says" '' "$(grep -h -A 20 'ThreadSanitizer' "$log" "$scratch/load" | head -n 30)"
}

a_race_is_seen() {
    run "$tools/faulty" race
    expect_match 'what is said' '*WARNING: ThreadSanitizer: data race*' "$err"
    [ "$status" -ne 0 ] || fail 'was not stopped'
}

counts_are_printed_while_the_workers_count() {
    start_server --workers 4 ::1
    start_load --duration 2
    while kill -0 "$load_pid" 2>/dev/null; do
        kill -USR1 "$server_pid"
        sleep 0.01 # the pace of the signals, nothing is waited for
    done
    expect_load_ends 'counted'
    expect_no_race 'counted'
    [ "$(grep -c '^received' "$log")" -gt 10 ] || fail 'the counts were hardly ever printed'
}

the_server_stops_while_its_workers_answer() {
    for i in 1 2 3 4 5; do
        start_server --workers 4 ::1
        start_load --duration 60
        wait_for_count '^received [1-9][0-9][0-9][0-9]'
        expect_no_race "stopped, turn $i"
        kill "$load_pid"
        wait "$load_pid" 2>/dev/null
    done
}

several_workers_draw_what_they_answer() {
    start_server --verbose --workers 4 ::1
    start_load --requests 2000
    expect_load_ends 'drawn'
    expect_no_race 'drawn'
    expect_match 'drawings' '*request from *success, *' "$(head -n 60 "$log")"
}

each_way_of_taking_and_sending_is_free_of_races() {
    for options in '--busy-poll 100' '--no-gro' '--no-gso' '--cpu 0'; do
        # shellcheck disable=SC2086 # several words
        start_server --workers 3 $options ::
        start_load --duration 0.5 --gso 8
        expect_load_ends "$options"
        expect_no_race "$options"
    done
}

the_worker_that_has_replied_ends_the_server() {
    start_server --once ::1
    run "$client" -q ::1 "$port" 1 2
    expect_equal 'answer' 3 "$out"
    wait "$server_pid"
    expect_equal 'status' 0 $?
    server_pid=
    expect_equal 'what ThreadSanitizer says' '' "$(grep -A 20 'ThreadSanitizer' "$log")"
}

a_server_that_does_not_start_is_free_of_races() {
    run "$server" --workers 2 --cpu 1023 ::1 0
    expect_match 'processor' 'server: can not start a worker on processor 1023 (--cpu): *' "$err"
    expect_equal 'status' 1 "$status"
}

run_tests a_race_is_seen counts_are_printed_while_the_workers_count the_server_stops_while_its_workers_answer \
    several_workers_draw_what_they_answer each_way_of_taking_and_sending_is_free_of_races the_worker_that_has_replied_ends_the_server \
    a_server_that_does_not_start_is_free_of_races
