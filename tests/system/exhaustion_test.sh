#!/bin/sh
# What there is too little of, and what stops, jumps or goes away: no descriptors, no memory, a full disk, SIGSTOP, the clock, the
# interface. It is told in one line or does not matter, nothing wrong is ever answered, and the server goes on.
# shellcheck source=exhaustion_lib.sh
. "$(dirname "$0")/exhaustion_lib.sh"

has_ended() { # PID
    ! kill -0 "$1" 2>/dev/null
}

# The first of these numbers is too small for a program, and the last is enough; up to there each failure is told. `try_with` tries one.
expect_told() { # WHAT MESSAGE NUMBER...
    what=$1 message=$2
    shift 2
    told=0 worked=0
    for limit in "$@"; do
        if try_with "$limit"; then
            worked=$((worked + 1))
        else
            told=$((told + 1))
            expect_equal "$what $limit: more than what was enough" 0 "$worked"
            expect_equal "$what $limit: output" '' "$out"
            expect_message "$what $limit" "$message"
        fi
    done
    [ "$told" -gt 0 ] || fail "$what: none was too small"
    [ "$worked" -gt 0 ] || fail "$what: none was enough"
}

server_with_limit() { # OPTION LIMIT; true: it listens and answers
    : >"$scratch/out"
    : >"$scratch/err"
    sh -c 'ulimit "$0" "$1" || exit 99; shift; exec "$@"' "$1" "$2" "$server" -w 2 ::1 0 >"$scratch/out" 2>"$scratch/err" &
    server_pid=$!
    wait_until has_begun_or_ended
    out=$(cat "$scratch/out") err=$(cat "$scratch/err")
    port=$(port_in "$scratch/out")
    if [ -n "$port" ]; then
        run "$client" -q ::1 "$port" 1 2
        expect_equal "$1 $2: the answer" 3 "$out"
        stop_server
        expect_equal "$1 $2: status" 0 "$server_status"
        return 0
    fi
    wait "$server_pid"
    expect_equal "$1 $2: status" 1 $?
    server_pid=
    return 1
}

has_begun_or_ended() {
    grep -q '^listening' "$scratch/out" || has_ended "$server_pid"
}

a_server_with_few_descriptors() {
    try_with() { server_with_limit -n "$1"; }
    expect_told 'descriptors' 'server: can not *: Too many open files' 4 5 6 7 8 10 12 16 20
}

# Of what it needs before main() the loader speaks, so this begins behind that.
a_server_with_little_memory() {
    try_with() { server_with_limit -v "$1"; }
    expect_told 'KiB' 'server: can not *: *' 3500 5000 7000 9000 12000 20000 30000 60000
}

client_with_limit() { # OPTION LIMIT ANSWER CLIENT...; true: it has the answer
    option=$1 limit=$2 answer=$3
    shift 3
    # Not below what the shell itself needs to open the file.
    # shellcheck disable=SC2016 # the other shell's
    run timeout -k 2 20 sh -c 'exec <"$0"; ulimit "$1" "$2" || exit 99; shift 2; exec "$@"' "$lines" "$option" "$limit" "$@"
    if [ "$status" -eq 0 ]; then
        expect_equal "$option $limit: answer" "$answer" "$out"
        return 0
    fi
    expect_equal "$option $limit: status" 10 "$status"
    return 1
}

a_client_with_little_memory() {
    start_server ::1
    echo '+ 1 2' >"$lines"
    try_with() { client_with_limit -v "$1" 3 "$client" -q ::1 "$port" 1 2; }
    expect_told 'KiB' 'client: *emory*' 2500 4000 8000
    try_with() { client_with_limit -v "$1" 3 "$client" --batch ::1 "$port"; }
    expect_told 'KiB' 'client: *emory*' 2500 3000 4000 5000 8000 10000
}

# A batch says of each line what became of it.
a_batch_with_few_descriptors() {
    start_server ::1
    number_lines 3
    all=$(seq 7 9)
    try_with() {
        client_with_limit -n "$1" "$all" "$client" --batch --quiet-time 0 ::1 "$port" && return
        [ -n "$out" ] || return
        expect_equal "lines that say so with $1" 3 "$(echo "$out" | grep -c 'can not exchange datagrams with .*: Too many open files$')"
        err=${out%%"
"*} out=
        return 1
    }
    expect_told 'descriptors' '*: Too many open files' 4 5 6 8 16
}

a_try_without_a_descriptor_leaves_the_earlier_ones_theirs() {
    start_stub ::1 slow:8000000007
    run sh -c 'ulimit -n 4; exec "$@"' sh "$client" -q -t 0.3 -r 3 ::1 "$port" 7
    expect_equal 'the slow reply' 7 "$out"
    expect_equal 'status' 0 "$status"
    expect_equal 'message' '' "$err"
    start_stub ::1 silent
    run sh -c 'ulimit -n 4; exec "$@"' sh "$client" -t 0.1 -r 1 ::1 "$port" 7
    expect_equal 'status without a reply' 9 "$status"
    expect_message 'no reply' "client: no reply from *"
}

a_full_disk_behind_the_servers_log() {
    small_disk || return
    stop_server
    log=$disk/log
    "$server" -v ::1 0 >>"$log" 2>&1 &
    server_pid=$!
    wait_for_line "$log" '^listening on' || return
    port=$(port_in "$log")
    number_lines 400
    run "$client" --batch="$lines" ::1 "$port"
    expect_numbers 'with a full disk' 400
    expect_equal 'the disk is full' 0 "$(df --output=avail "$disk" | tail -n 1 | tr -d ' ')"
    : >"$log"
    wait_for_count '^received 400 = replied 400 '
    expect_match 'what could not be shown is counted' '*noted * exchanges not shown: output full*' "$(cat "$log")"
    stop_server
    expect_equal 'status' 0 "$server_status"
}

a_full_disk_behind_messages() {
    run sh -c '"$@" 2>/dev/full' sh "$server" ::1 no-port
    expect_equal 'status of the server' 1 "$status"
    run sh -c '"$@" 2>/dev/full' sh "$client" ::1 no-port 1
    expect_equal 'status of the client' 1 "$status"
    start_server ::1
    number_lines 10
    run sh -c '"$@" 2>/dev/full' sh "$client" -v --batch="$lines" ::1 "$port"
    expect_numbers 'a batch whose messages are lost' 10
}

# What is there is right, up to where it is cut.
a_full_disk_behind_the_answers() {
    small_disk || return
    start_server ::1
    run sh -c '"$@" >/dev/full' sh "$client" -q ::1 "$port" 1
    expect_equal 'status of one' 10 "$status"
    expect_message 'one' 'client: can not print the result: No space left on device'
    number_lines 20000
    # shellcheck disable=SC2016 # $0 is the other shell's
    run timeout -k 2 20 sh -c 'exec "$@" >"$0"' "$disk/answers" "$client" --batch="$lines" ::1 "$port"
    expect_equal 'status of a batch' 10 "$status"
    expect_message 'a batch' 'client: can not print the answers: No space left on device'
    written=$(wc -c <"$disk/answers")
    [ "$written" -gt 1000 ] || fail "no answers were written"
    seq 7 20006 | head -c "$written" | cmp -s - "$disk/answers" || fail "what was written is wrong"
}

a_server_that_is_stopped_answers_what_waits() {
    start_server ::1
    pause "$server_pid"
    number_lines 3000
    "$client" -v --batch="$lines" --in-flight 3000 -t 0.5 -r 5 ::1 "$port" >"$scratch/out" 2>"$scratch/err" &
    client_pid=$!
    wait_until has_lost || fail 'the queue does not fill'
    kill -CONT "$server_pid"
    wait "$client_pid"
    status=$?
    expect_numbers 'stopped and continued' 3000
    sent=$(sed -n 's/.* \([0-9]*\) datagrams sent .*/\1/p' "$scratch/err")
    stop_server
    expect_equal 'received and lost are what was sent' "$sent" \
        "$(awk '$1 == "received" { n += $2 } $1 == "lost" { n += $2 } END { print n + 0 }' "$log")"
    expect_equal 'the queue was full' yes "$(grep -q '^ *lost *[1-9]' "$log" && echo yes)"
    expect_equal 'status' 0 "$server_status"
}

start_one() { # [options]; a client in the background, $with a clock of its own
    $with "$client" -q "$@" ::1 "$port" 7 >"$scratch/out" 2>"$scratch/err" &
    client_pid=$!
    wait_for_line "$log" '^request'
}

end_one() { # WHAT STATUS OUTPUT
    wait_until has_ended "$client_pid" || { fail "$1: it does not end" && kill -KILL "$client_pid"; }
    wait "$client_pid"
    expect_equal "$1: status" "$2" $?
    expect_equal "$1: output" "$3" "$(cat "$scratch/out")"
}

# The reply has come in time, and the client was not there to see it.
a_client_that_is_stopped_takes_the_reply_that_waits() {
    start_stub ::1 slow:8000000007
    start_one -t 1 -r 0
    pause "$client_pid"
    wait "$server_pid" # it has replied
    server_pid=
    sleep 1.1 # past the client's last moment
    kill -CONT "$client_pid"
    end_one 'a reply that waits' 0 7
    expect_equal 'message' '' "$(cat "$scratch/err")"
}

a_client_that_is_stopped_past_its_end_sends_nothing_more() {
    start_stub ::1 silent silent silent
    start_one -t 0.3 -r 1
    pause "$client_pid"
    sleep 1.2 # past 0.3 s and 0.6 s
    kill -CONT "$client_pid"
    end_one 'no reply' 9 ''
    expect_equal 'tries' 1 "$(grep -c '^request' "$log")"
}

# Nothing here asks what day it is.
the_day_may_jump() {
    with_clock || return
    export DONT_FAKE_MONOTONIC=1 FAKETIME_DONT_FAKE_MONOTONIC=1
    for jump in +1d -1d; do
        set_clock +0
        start_stub ::1 slow:8000000007
        with=$faked start_one -t 2 -r 0
        set_clock "$jump"
        end_one "$jump, a reply" 0 7
        set_clock +0
        start_stub ::1 silent
        began=$(now_ms)
        with=$faked start_one -t 0.5 -r 0
        set_clock "$jump"
        end_one "$jump, no reply" 9 ''
        elapsed=$(($(now_ms) - began))
        expect_elapsed "$jump" 500 5000
    done
    unset DONT_FAKE_MONOTONIC FAKETIME_DONT_FAKE_MONOTONIC
}

# A kernel's never does (clock_gettime(2)), but for the whole machine. What is right stays so, and what is over is over.
the_monotonic_clock_may_jump() {
    with_clock || return
    set_clock +0
    start_stub ::1 slow:8000000007
    with=$faked start_one -t 2 -r 0
    set_clock -1d
    end_one 'back, a reply' 0 7
    set_clock +0
    start_stub ::1 slow:8000000007
    with=$faked start_one -t 2 -r 0
    set_clock +1d
    end_one 'forward, a reply' 0 7
    set_clock +0
    start_stub ::1 silent silent
    with=$faked start_one -t 0.3 -r 1
    set_clock +1d
    end_one 'forward, none' 9 ''
    expect_equal 'forward: tries' 1 "$(grep -c '^request' "$log")"
}

has_answers_or_ended() { # HOW MANY
    [ "$(grep -c . "$scratch/out")" -ge "$1" ] || has_ended "$client_pid"
}

a_batch_and_a_server_whose_clocks_jump() {
    with_clock || return
    set_clock +0
    # Whose clock is in a file, which a sandbox would keep it from.
    # shellcheck disable=SC2086 # words
    start_program $faked "$server" --sandbox=off --busy-poll 50 ::1 0
    number_lines 20000
    # shellcheck disable=SC2086 # words
    $faked "$client" --batch="$lines" --quiet-time 0.01 ::1 "$port" >"$scratch/out" 2>"$scratch/err" &
    client_pid=$!
    for jump in 4000:+1d 8000:-1d 12000:+1h 14000:-2d 16000:+0; do
        wait_until has_answers_or_ended "${jump%%:*}"
        set_clock "${jump#*:}"
    done
    wait_until has_ended "$client_pid" || { fail 'the batch does not end' && kill -KILL "$client_pid"; }
    wait "$client_pid"
    expect_equal 'message' '' "$(cat "$scratch/err")"
    expect_each_right_or_missing 'jumps' 20000
    run "$client" -q ::1 "$port" 4
    expect_equal 'the server goes on' 4 "$out"
    stop_server
    expect_equal 'status' 0 "$server_status"
}

# Requests wait, the interface is deleted, and another one has its address: the replies find their way.
an_interface_that_goes_away_and_comes_back() {
    for bound in :: "$there"; do
        far_away || return
        # shellcheck disable=SC2086 # words
        start_program $far "$server" "$bound" 0
        run "$client" -q "$there" "$port" 1
        expect_equal "$bound: at first" 1 "$out"
        pause "$server_pid"
        number_lines 100
        before=$(sent_so_far)
        "$client" --batch="$lines" -t 10 -r 1 "$there" "$port" >"$scratch/out" 2>"$scratch/err" &
        client_pid=$!
        wait_until has_sent $((before + 100)) || fail "$bound: the requests do not leave"
        unplug
        run "$client" -t 0.2 -r 0 "$there" "$port" 1
        expect_equal "$bound: status while it is away" 10 "$status"
        expect_message "$bound: while it is away" 'client: can not exchange datagrams with *: Network is unreachable'
        plug
        kill -CONT "$server_pid"
        wait "$client_pid"
        status=$?
        expect_numbers "$bound: over both" 100
        run "$client" -q "$there" "$port" 2
        expect_equal "$bound: in the end" 2 "$out"
        stop_server
        expect_equal "$bound: status" 0 "$server_status"
    done
}

run_tests a_server_with_few_descriptors a_server_with_little_memory a_client_with_little_memory a_batch_with_few_descriptors \
    a_try_without_a_descriptor_leaves_the_earlier_ones_theirs a_full_disk_behind_the_servers_log a_full_disk_behind_messages \
    a_full_disk_behind_the_answers a_server_that_is_stopped_answers_what_waits \
    a_client_that_is_stopped_takes_the_reply_that_waits a_client_that_is_stopped_past_its_end_sends_nothing_more \
    the_day_may_jump the_monotonic_clock_may_jump a_batch_and_a_server_whose_clocks_jump \
    an_interface_that_goes_away_and_comes_back
