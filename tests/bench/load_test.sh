#!/bin/sh
# The load generator: each kind of load against our server, and what it makes of servers that are wrong, silent, slow, or
# gone. Nothing here is passed or failed by a rate.
. "$(dirname "$0")/../system/lib.sh"
load=$build/bin/load
mutant=${build%/*}/release/tests/conformance/mutants/server

# One number, or word, of the report in $out.
figure() { # PATH
    printf '%s\n' "$out" | jq -r "$1"
}

expect_figures() { # WHAT CONDITION, of jq
    [ "$(figure "$2")" = true ] || fail "$1: not true that $2: $out $err"
}

# Whatever the load was.
expect_sums() { # WHAT
    expect_figures "$1" '.sent > 0'
    expect_figures "$1" '.sent == .received + .lost + .wrong'
}

run_load() { # [OPTION...]; sets what `run` does
    run "$load" --json --warmup 0.05 -d 0.2 "$@" ::1 "$port"
}

# All replies are right, and none is missing.
expect_right() { # [OPTION...]
    run_load "$@"
    expect_equal "status with $*" 0 "$status"
    expect_equal "standard error with $*" '' "$err"
    expect_sums "$*"
    expect_figures "$*" '[.lost, .wrong, .unexpected, .refused, .dropped_here] | add == 0'
}

is_bound() {
    grep -q ":$(printf '%04X' "$port") " /proc/net/udp6
}

# They say nothing, and take no port of the kernel's.
start_mutant() { # NAME; sets $port
    stop_server
    port=20000
    "$mutant" "$1" ::1 $port >"$scratch/mutant.log" 2>&1 &
    server_pid=$!
    wait_until is_bound || fail "$1 is not there"
}

each_kind_of_load_is_answered() {
    start_server ::1
    expect_right -s 1 -w 1
    expect_right -s 8 -w 4
    expect_right -s 100 -w 1
    expect_right -s 1 -w 64
    expect_right -s 6 -w 3 -t 2
    expect_right -s 8 -r 2000
    expect_right -s 7 -r 1000 -t 2
    expect_right -s 1 -g 64
    expect_right -s 2 -g 16 -w 32
    expect_right -s 3 -g 10 -r 2000
}

each_request_is_answered() {
    start_server ::1
    for operation in sum product both; do
        for format in integer string both; do
            for integers in 1 64 1-64; do
                expect_right -s 2 -d 60 -n 1000 -o $operation -f $format -i $integers
            done
        done
    done
    for request in cheapest dearest mixed; do
        expect_right -s 4 -d 60 -n 1000 --request $request
        expect_right -s 2 -g 8 -d 60 -n 1000 --request $request
    done
}

a_number_of_requests_ends_it() {
    start_server ::1
    for options in '-s 1 -w 1' '-s 5 -w 4' '-s 5 -w 4 -t 3' '-s 5 -r 5000' '-s 5 -r 5000 -t 3'; do
        # shellcheck disable=SC2086 # several words
        expect_right -d 60 -n 101 $options
        expect_figures "$options" '.sent == 101'
    done
    expect_right -d 60 -n 101 -s 1 -g 10
    expect_figures 'whole sends' '.sent == 110'
}

the_report_has_all_members() {
    start_server ::1
    expect_right -s 2 --server-pid "$server_pid"
    expect_equal 'members' 'cpu dropped_here latency_us limit lost offered rate received refused seconds sent unexpected wrong' \
        "$(figure 'keys | join(" ")')"
    expect_equal 'latencies' 'error max mean p50 p90 p99 p99_9' "$(figure '.latency_us | keys | join(" ")')"
    expect_equal 'CPU times' 'load server server_us_per_reply' "$(figure '.cpu | keys | join(" ")')"
    expect_equal 'lines' 1 "$(printf '%s\n' "$out" | wc -l | tr -d ' ')"
    expect_figures 'percentiles' '.latency_us | 0 < .p50 and .p50 <= .p90 and .p90 <= .p99 and .p99 <= .p99_9 and .p99_9 <= .max'
    expect_figures 'CPU times' '.cpu | .load > 0 and .server > 0 and .server_us_per_reply > 0'
    expect_figures 'seconds' '.seconds == 0.2'
    expect_figures 'limit' '[.limit] | inside(["server", "load", "neither"])'
    run_load -s 2
    expect_figures 'without a process' '.cpu.server == null and .cpu.server_us_per_reply == null and .limit == "neither"'
}

the_table_is_for_people() {
    start_server ::1
    run "$load" -s 2 -d 0.1 --warmup 0 --server-pid "$server_pid" ::1 "$port"
    expect_equal 'status' 0 "$status"
    expect_match 'table' 'closed loop, 2 sockets, 0.100 s*rate * replies a second*requests * sent = * received + 0 lost + 0 wrong*latency *p99.9*CPU *limit *' "$out"
}

wrong_replies_are_wrong() {
    needs_isolation || return
    for mutation in little-endian-out status-missing newline; do
        start_mutant $mutation
        for options in '-s 1 -w 1' '-s 4' '-s 4 -r 1000' '-s 1 -g 8'; do
            # shellcheck disable=SC2086 # several words
            run_load -f both --timeout 0.2 $options
            expect_equal "status of $mutation with $options" 10 "$status"
            expect_sums "$mutation with $options"
            expect_figures "$mutation with $options" '.wrong > 0'
        done
    done
    # So few that no limit of REQ-7.5 withholds an error.
    start_server ::1
    run_load --warmup 0 -d 60 -n 500 --echo 5 -s 4
    expect_equal 'status of a calculator that should echo' 10 "$status"
    expect_figures 'a calculator that should echo' '.wrong == .sent and .rate == 0'
}

# Where all go wrong in the warm-up, it does not end as if they were right.
wrong_replies_of_the_warm_up_are_told() {
    start_stub ::1 00 silent
    run "$load" --json -s 1 -w 1 --warmup 0.3 -d 0.1 --timeout 0.1 ::1 "$port"
    expect_equal 'status' 10 "$status"
    expect_match 'message' '*load: 1 wrong replies in the warm-up*' "$err"
    expect_figures 'what is measured' '.wrong == 0'
}

duplicates_are_unexpected() {
    needs_isolation || return
    start_mutant replies-twice
    for options in '-s 1 -w 1' '-s 4' '-s 4 -r 1000' '-s 1 -g 8'; do
        # shellcheck disable=SC2086 # several words
        run_load $options
        expect_equal "status with $options" 0 "$status"
        expect_sums "$options"
        expect_figures "$options" '.unexpected > 0 and .lost == 0 and .wrong == 0'
    done
}

silence_is_loss() {
    start_stub ::1 silent silent
    for options in '-s 1 -w 1' '-s 4' '-s 4 -r 1000' '-s 1 -g 8'; do
        # shellcheck disable=SC2086 # several words
        run_load --timeout 0.05 $options
        expect_equal "status with $options" 2 "$status"
        expect_equal "message with $options" 'load: no reply has come: is there a server?' "$err"
        expect_sums "$options"
        expect_figures "$options" '.lost == .sent and .rate == 0'
    done
}

# Its port is closed from then on, and says so to each request.
a_server_that_goes_away_loses_the_rest() {
    for options in '-s 1 -w 1' '-s 4' '-s 4 -r 1000' '-s 1 -g 8'; do
        start_server ::1
        # shellcheck disable=SC2086 # several words
        "$load" --json --warmup 0 -d 60 --timeout 0.1 $options ::1 "$port" >"$scratch/out" 2>"$scratch/err" &
        loader=$!
        wait_for_count 'received [1-9]'
        stop_server
        kill -INT "$loader"
        wait "$loader"
        expect_equal "status with $options" 2 $?
        out=$(cat "$scratch/out") err=$(cat "$scratch/err")
        expect_sums "$options"
        expect_figures "$options" '.lost > 0 and .received > 0 and .wrong == 0'
    done
}

# Runs a load that is measured from its begin, and stops the server, or the load itself, for so long after the first reply;
# sets $out.
load_with_a_pause() { # server|load SECONDS OPTION...
    who=$1 pause_s=$2
    shift 2
    start_server ::1
    "$load" --json --warmup 0 --timeout 5 "$@" ::1 "$port" >"$scratch/out" 2>&1 &
    loader=$!
    wait_for_count 'received [1-9]'
    [ "$who" = server ] && stopped=$server_pid || stopped=$loader
    kill -STOP "$stopped"
    sleep "$pause_s"
    kill -CONT "$stopped"
    wait "$loader"
    expect_equal "status after a pause of the $who" 0 $?
    out=$(cat "$scratch/out")
}

# Whoever stands still for half a second: all that was due meanwhile has waited, whenever it was sent. Some 50 of 200
# requests were due then, and the first of these waited for nearly all of it.
pauses_are_seen_in_the_open_loop() {
    for each in server load; do
        load_with_a_pause $each 0.5 -d 2 -s 4 -r 100
        expect_sums "a pause of the $each"
        expect_figures "a pause of the $each" '.sent == 200 and .latency_us.max >= 400000 and .latency_us.p99 >= 250000'
    done
}

# The end comes while the load is stopped: what was due before it is sent all the same.
what_is_due_at_the_end_is_sent() {
    load_with_a_pause load 1.1 -d 1 -s 4 -r 100
    expect_figures 'the end during a pause' '.sent == 100 and .received == 100 and .refused == 0'
}

# The closed loop sends nothing meanwhile: of so many requests, hardly one has waited.
pauses_hide_in_the_closed_loop() {
    load_with_a_pause server 0.5 -d 2 -s 1 -w 1
    expect_figures 'pause' '.latency_us.max >= 400000 and .latency_us.p99 < 250000'
}

an_interrupt_ends_it_with_what_is_measured() {
    for signal in INT TERM; do
        start_server ::1
        "$load" --json --warmup 0 -d 60 -s 4 ::1 "$port" >"$scratch/out" 2>"$scratch/err" &
        loader=$!
        wait_for_count 'received [1-9]'
        kill -$signal "$loader"
        wait "$loader"
        expect_equal "status after $signal" 0 $?
        out=$(cat "$scratch/out")
        expect_sums "$signal"
        expect_figures "$signal" '.seconds < 60'
    done
}

each_wrong_word_is_named() {
    expect_usage() { # MESSAGE WORD...
        message=$1
        shift
        run "$load" "$@"
        expect_equal "status of '$*'" 1 "$status"
        expect_equal "message of '$*'" "load: $message" "$err"
        expect_equal "output of '$*'" '' "$out"
    }
    expect_usage 'ADDRESS and PORT are needed; see load --help'
    expect_usage "--sockets '0' is not a number from 1 to 16384" -s 0 ::1 1
    expect_usage "--integers '65' is neither a number from 1 to 64 nor two, such as 1-64" -i 65 ::1 1
    expect_usage "--rate 'fast' is not a decimal number from 1 to 100000000" -r fast ::1 1
    expect_usage "--window 5 is not a multiple of --gso 2" -w 5 -g 2 ::1 1
    expect_usage "PORT '0' is neither a number from 1 to 65535 nor the name of a UDP service" ::1 0
    expect_usage "ADDRESS 'ff02::1' is a multicast address: no request to it gets a reply (REQ-6.9)" ff02::1 1
}

help_version_and_output() {
    run "$load" --help
    expect_equal 'status of help' 0 "$status"
    expect_match 'help' 'usage: load *' "$out"
    run "$load" --version
    expect_match 'version' 'load (calc6) [0-9]*' "$out"
    start_server ::1
    run sh -c '"$@" >/dev/full' sh "$load" -n 1 --warmup 0 ::1 "$port"
    expect_equal 'status without room' 10 "$status"
    expect_message 'without room' 'load: can not print: No space left on device'
    run sh -c '"$@" >/dev/full' sh "$load" --help
    expect_equal 'status of help without room' 10 "$status"
    expect_message 'help without room' 'load: can not print: No space left on device'
}

run_tests each_kind_of_load_is_answered each_request_is_answered a_number_of_requests_ends_it \
    the_report_has_all_members the_table_is_for_people wrong_replies_are_wrong wrong_replies_of_the_warm_up_are_told \
    duplicates_are_unexpected silence_is_loss a_server_that_goes_away_loses_the_rest \
    pauses_are_seen_in_the_open_loop what_is_due_at_the_end_is_sent \
    pauses_hide_in_the_closed_loop an_interrupt_ends_it_with_what_is_measured \
    each_wrong_word_is_named help_version_and_output
