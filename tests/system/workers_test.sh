#!/bin/sh
# The server's workers: how many there are, where they run, whom they share the port with, and that neither their number nor
# what is merged on the way shows in a reply.
. "$(dirname "$0")/lib.sh"

load=$build/bin/load
probe=$tools/probe
sum_3=000000000100000002

processors() { # that the workers may run on, in the order that they were started in
    # shellcheck disable=SC2016 # awk's $
    workers | sort -t / -k 5 -n | sed 's/$/\/status/' | xargs awk '/^Cpus_allowed_list/ { print $2 }' | xargs
}

workers() { # of the server; the first thread is none
    find "/proc/$server_pid/task" -mindepth 1 -maxdepth 1 | grep -v "/$server_pid$"
}

count_workers() {
    workers | wc -l | tr -d ' '
}

there_is_a_worker_for_each_processor() {
    start_server ::1
    expect_equal 'workers' "$(nproc)" "$(count_workers)"
    start_program taskset -c 0 "$server" ::1 0
    expect_equal 'on one processor' 1 "$(count_workers)"
    start_server --once ::1
    expect_equal 'for one request' 1 "$(count_workers)"
    start_server --cpu 0 ::1
    expect_equal 'on a list of one' 1 "$(count_workers)"
    for wanted in 1 2 256; do
        start_server -w "$wanted" ::1
        expect_equal "-w $wanted" "$wanted" "$(count_workers)"
        expect_equal 'result' 8000000003 "$("$probe" ::1 "$port" "$sum_3")"
    done
}

cpu_keeps_each_worker_on_its_processor() {
    start_server -w 2 --cpu 0 ::1
    expect_equal 'processors' '0 0' "$(processors)"
    [ "$(nproc)" -ge 2 ] || return 0
    start_server --workers 3 --cpu 0-1 ::1
    expect_equal 'in turn' '0 1 0' "$(processors)"
}

expect_refused() { # MESSAGE OPTION...
    expected=$1
    shift
    run timeout 5 "$server" "$@" ::1 0
    expect_equal "$*: status" 1 "$status"
    expect_equal "$*: output" '' "$out"
    expect_message "$*" "$expected"
}

values_that_are_none() {
    for value in 0 257 4294967297 -1 2x ''; do
        expect_refused "server: --workers '$value' is not 1 to 256" -w "$value"
    done
    for value in '' x 0- 1-0 '0,' ',0' 0-1-2 1024 0-1024; do
        expect_refused "server: --cpu '$value' is not a list of processors, such as 0,2-3" --cpu "$value"
    done
    for value in 1000001 -1 1s ''; do
        expect_refused "server: --busy-poll '$value' is not 0 to 1000000 microseconds" --busy-poll "$value"
    done
    for value in 0 1000001 -1 1k 10/ 10/63 10/640 10/48/56 /64 ''; do
        expect_refused "server: --rate '$value' is not 1 to 1000000, or that and /64, /56 or /48" --rate "$value"
    done
    expect_refused 'server: --once is for one worker, not 2' -w 2 --once
    expect_refused 'server: --once is for one worker, not 2' --once --workers=2
    expect_refused 'server: can not start a worker on processor 1023 (--cpu): Invalid argument' --cpu 1023
    run timeout 5 "$server" -w
    expect_message 'no value' "server: option '-w' needs a value; see server --help"
    for option in '--busy-poll 0' '--busy-poll 1000000' '--cpu 0,0-0' '--rate 2' '--rate 1000000/48'; do
        # shellcheck disable=SC2086 # words of the command line
        start_server $option ::1
        expect_equal "$option" 8000000003 "$("$probe" ::1 "$port" "$sum_3")"
    done
}

# shellcheck disable=SC2016 # awk's $
is_answered_by_all() {
    "$load" -s 64 -w 1 -n 256 --json ::1 "$port" >"$scratch/json" &&
        ! workers | sed 's/$/\/status/' | xargs awk '/^voluntary/ && $2 < 3' | grep -q .
}

the_kernel_spreads_senders_over_the_workers() {
    start_server -w 4 ::1
    wait_until is_answered_by_all || fail 'a worker got nothing to do'
    expect_equal 'wrong' 0 "$(jq .wrong "$scratch/json")"
}

another_server_joins_only_with_takeover() {
    start_server -w 2 ::1
    first=$server_pid
    run timeout 5 "$server" ::1 "$port"
    expect_equal 'without: status' 1 "$status"
    expect_message 'without' "server: can not bind [[]::1]:$port: Address already in use"
    start_logged "$scratch/second.log" "$server" -w 2 --takeover ::1 "$port"
    server_pid=$!
    wait_for_line "$scratch/second.log" '^listening on'
    run timeout 5 "$server" ::1 "$port"
    expect_equal 'without, next to two: status' 1 "$status"
    kill "$first"
    wait "$first"
    expect_equal 'the first: status' 0 "$?"
    expect_equal 'the second goes on' 8000000003 "$("$probe" ::1 "$port" "$sum_3")"
}

# The bind is the probe: there is no moment between looking and taking.
of_servers_that_start_at_once_one_gets_the_port() {
    for turn in 1 2 3 4 5; do
        start_server ::1
        stop_server
        for i in 1 2 3 4 5 6 7 8; do
            "$server" -w 2 ::1 "$port" >"$scratch/racer$i" 2>&1 &
            eval "racer$i=$!"
        done
        # All but one end by themselves.
        has_a_winner() {
            [ "$(cat "$scratch"/racer* | grep -c 'listening on')" = 1 ] &&
                [ "$(cat "$scratch"/racer* | grep -c 'Address already in use')" = 7 ]
        }
        wait_until has_a_winner || fail "turn $turn: $(cat "$scratch"/racer*)"
        for i in 1 2 3 4 5 6 7 8; do
            eval "kill \$racer$i" 2>/dev/null
            eval "wait \$racer$i" 2>/dev/null
        done
    done
}

whole_exchanges_are_shown_whoever_answers() {
    start_server -v -w 4 ::1
    "$load" -s 16 -w 1 -n 500 -i 64 --warmup 0 ::1 "$port" >"$scratch/out" 2>&1
    stop_server
    received=$(sed -n 's/^received \([0-9]*\) .*/\1/p' "$log")
    expect_equal 'shown' "$received" "$(grep -c '^request from' "$log")"
    # Each is followed by its own reply and outcome before the next begins.
    expect_equal 'torn' '' "$(awk '
        /^request from/ { if (state != 0) print; state = 1 }
        /^reply, / { if (state != 1) print; state = 2 }
        /^replied with a result$/ { if (state != 2) print; state = 0 }' "$log")"
}

# Whoever started the server may have blocked the signal that its workers are woken with.
a_blocked_signal_does_not_keep_it_from_stopping() {
    # shellcheck disable=SC2016 # perl's $
    start_program perl -MPOSIX -e 'sigprocmask(SIG_BLOCK, POSIX::SigSet->new(SIGUSR2)); exec @ARGV' "$server" -w 2 ::1 0
    stop_server
    expect_equal 'status' 0 "$server_status"
}

once_is_one_reply_even_to_merged_requests() {
    start_server --once ::1
    "$load" -s 1 -g 4 -n 4 --warmup 0 --timeout 0.2 ::1 "$port" >"$scratch/out" 2>&1
    wait "$server_pid"
    server_pid=
    expect_match 'counts' '*received 1 = replied 1 + dropped 0 + failed 0*' "$(cat "$log")"
}

# While it answers, too.
each_account_adds_up() {
    start_server -w 2 ::1
    "$load" -s 32 -w 8 -d 0.5 --warmup 0 ::1 "$port" >"$scratch/out" 2>&1 &
    load_pid=$!
    while kill -0 "$load_pid" 2>/dev/null; do
        kill -USR1 "$server_pid"
    done
    wait "$load_pid"
    stop_server
    expect_equal 'accounts that do not add up' '' "$(awk '$1 == "received" && $2 != $5 + $8 + $11' "$log" | head -n 3)"
}

# The release build: sanitizers have memory of their own.
one_worker_takes_less_than_4_mib() {
    start_program "$root/bin/server" -w 1 :: 0
    for requests in '-s 1 -w 64 -g 64' '-s 256 -w 1 --request dearest' '-s 64 -w 64 -g 64 -i 64'; do
        # shellcheck disable=SC2086 # words of the command line
        "$load" -n 20000 --timeout 0.2 $requests ::1 "$port" >"$scratch/out" 2>&1
    done
    resident=$(awk '/^VmHWM/ { print $2 }' "/proc/$server_pid/status")
    [ "$resident" -lt 4096 ] || fail "$resident KiB"
}

# Two replies of 254 octets in one message do not go through an MTU of 280; each by itself does, in fragments. The last of
# these tests: IPv6 does not come back to such an interface.
a_path_that_refuses_segments_gets_them_one_by_one() {
    needs_isolation || return
    digits=$(awk 'BEGIN { printf "03"; for (i = 0; i < 28; i++) printf "3b9aca00"; print "" }')
    reply=80$(awk 'BEGIN { printf "31"; for (i = 0; i < 252; i++) printf "30"; print "" }')
    start_server -w 1 127.0.0.1
    ip link set lo mtu 280
    pause "$server_pid"
    "$probe" -n 3 127.0.0.1 "$port" "$digits" "$digits" "$digits" >"$scratch/replies" &
    probe_pid=$!
    wait_until has_queued 900 # each is of more than 300
    kill -CONT "$server_pid"
    wait "$probe_pid"
    expect_equal 'replies' "$(printf '%s\n' "$reply" "$reply" "$reply")" "$(cat "$scratch/replies")"
    stop_server
    expect_match 'counts' '*received 3 = replied 3 + dropped 0 + failed 0*' "$(cat "$log")"
}

run_tests there_is_a_worker_for_each_processor cpu_keeps_each_worker_on_its_processor values_that_are_none \
    the_kernel_spreads_senders_over_the_workers another_server_joins_only_with_takeover \
    of_servers_that_start_at_once_one_gets_the_port whole_exchanges_are_shown_whoever_answers \
    a_blocked_signal_does_not_keep_it_from_stopping once_is_one_reply_even_to_merged_requests each_account_adds_up \
    one_worker_takes_less_than_4_mib a_path_that_refuses_segments_gets_them_one_by_one
