#!/bin/sh
# A server that is stopped, restarted and replaced: what the kernel had queued, and what comes meanwhile, is answered.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/restart_lib.sh"

probe=$tools/probe
sum_3=000000000100000002
result_3=8000000003

requests() { # N
    awk -v n="$1" -v request="$sum_3" 'BEGIN { for (i = 0; i < n; i++) print request }'
}

# Requests that wait in the queue of a server that is stopped, and an asker who waits for all replies.
ask() { # N; sets $probe_pid
    # shellcheck disable=SC2046 # several words
    "$probe" -n "$1" ::1 "$port" $(requests "$1") >"$scratch/replies" &
    probe_pid=$!
}

expect_all_answered() { # N
    wait "$probe_pid"
    expect_equal 'asker' 0 "$?"
    expect_equal 'replies' "$1 $result_3" "$(uniq -c "$scratch/replies" | xargs)"
}

what_is_queued_is_answered_before_it_ends() {
    for address in :: ::1; do
        for signal in INT TERM; do
            start_server -w 2 --no-gro "$address"
            pause "$server_pid"
            "$probe" -n 0 ::1 "$port" "$sum_3"
            wait_until has_queued 1
            one=$(queued)
            ask 99
            wait_until has_queued $((100 * one)) || fail "queued: $(queued), not 100 times $one octets"
            kill -"$signal" "$server_pid"
            kill -CONT "$server_pid"
            wait "$server_pid"
            expect_equal "status after $signal" 0 "$?"
            server_pid=
            expect_all_answered 99
            expect_match 'counts' '*received 100 = replied 100 + dropped 0 + failed 0*' "$(cat "$log")"
        done
    done
}

another_one_takes_over() {
    start_server -w 2 ::1
    pause "$server_pid"
    ask 40
    wait_until has_queued 1
    start_next "$server" -w 2 --takeover ::1 "$port"
    kill "$server_pid"
    kill -CONT "$server_pid"
    expect_all_answered 40
    expect_replaced 'takeover'
    expect_equal 'the second' 3 "$("$client" -q ::1 "$port" 1 2)"
}

upgrade_hands_over_the_sockets_and_what_they_queue() {
    start_server -w 2 --upgrade "$scratch/path" ::1
    expect_equal 'mode of the path' 600 "$(stat -c %a "$scratch/path")"
    inode=$(stat -c %i "$scratch/path")
    for words in "::1 $port" '::1 0' ''; do
        pause "$server_pid"
        ask 40
        wait_until has_queued 1
        # shellcheck disable=SC2086 # words of the command line
        begin_next "$server" --upgrade "$scratch/path" $words
        kill -CONT "$server_pid"
        wait_for_line "$next_log" '^listening on'
        expect_all_answered 40
        expect_replaced "upgrade with '$words'"
        expect_equal "'$words': listens" "listening on [::1]:$port" "$(cat "$log")"
    done
    expect_equal 'the path is the same' "$inode" "$(stat -c %i "$scratch/path")"
}

# A shared socket that the first one turns away from would be deaf.
nothing_is_turned_away_when_the_sockets_go_on() {
    start_server -w 1 --upgrade "$scratch/path" ::1
    start_next "$server" --upgrade "$scratch/path" ::1 "$port"
    expect_replaced 'upgrade'
    expect_equal 'goes on' 3 "$("$client" -q ::1 "$port" 1 2)"
    start_program "$tools/hold" ::1 0 "$server"
    restart_held
    expect_equal 'the next one of the same sockets' 3 "$("$client" -q ::1 "$port" 1 2)"
}

one_that_can_not_start_leaves_the_other_as_it_is() {
    start_server -w 2 --upgrade "$scratch/path" ::1
    for i in 1 2 3; do
        run timeout 10 "$server" --upgrade "$scratch/path" --cpu 1023 ::1 "$port"
        expect_equal "$i: status" 1 "$status"
        expect_match "$i" '*can not start a worker on processor 1023*' "$err"
        expect_equal "$i: goes on" 3 "$("$client" -q ::1 "$port" 1 2)"
    done
    run timeout 10 "$server" --upgrade "$scratch/path" ::1 "$((port ^ 1))"
    expect_message 'another port' "server: ADDRESS '::1' and PORT '$((port ^ 1))' are not [[]::1]:$port, which was handed over"
    start_server --upgrade "$scratch/path" ::
    run timeout 10 "$server" --upgrade "$scratch/path" --v6only :: "$port"
    expect_message 'IPv6 only' 'server: descriptor *, which was handed over, takes IPv4, against --v6only'
    start_next "$server" --upgrade "$scratch/path" :: "$port"
    expect_replaced 'upgrade'
}

# Their numbers would be those of what was handed over, and what is printed a message to the running server.
closed_streams_are_not_mistaken_for_sockets() {
    start_server --upgrade "$scratch/path" ::1
    run timeout 10 sh -c '"$@" <&- >&-' sh "$server" --upgrade "$scratch/path" ::1 "$port"
    expect_equal 'status' 1 "$status"
    expect_message 'closed' 'server: can not print what it listens on: Bad file descriptor'
    expect_equal 'goes on' 3 "$("$client" -q ::1 "$port" 1 2)"
    start_next "$server" --upgrade "$scratch/path" ::1 "$port"
    expect_replaced 'upgrade'
}

as_many_workers_as_sockets() {
    start_server -w 2 --upgrade "$scratch/path" ::1
    start_next "$server" --upgrade "$scratch/path" -w 1
    expect_match 'fewer' 'server: 2 sockets were handed over, so 2 workers, not 1*' "$(cat "$next_log")"
    expect_equal 'lines' 2 "$(wc -l <"$next_log" | tr -d ' ')"
    expect_replaced 'fewer'
    start_next "$server" --upgrade "$scratch/path" -w 256
    expect_equal 'more' 257 "$(find "/proc/$next_pid/task" -mindepth 1 -maxdepth 1 | wc -l | tr -d ' ')"
    expect_replaced 'more'
    # More than one message can carry.
    start_next "$server" --upgrade "$scratch/path"
    expect_equal 'all' 257 "$(find "/proc/$next_pid/task" -mindepth 1 -maxdepth 1 | wc -l | tr -d ' ')"
    expect_replaced 'all'
    run timeout 10 "$server" --upgrade "$scratch/path" --once
    expect_message 'once' 'server: --once is for one worker, not the 256 that were handed a socket'
}

expect_no_upgrade() { # MESSAGE OPTION...
    expected=$1
    shift
    run timeout 10 "$server" "$@" ::1 0
    expect_equal "$*: status" 1 "$status"
    expect_message "$*" "$expected"
}

what_is_wrong_with_a_path() {
    path=$scratch/wrong
    for socket in '' "$(printf '%0100d' 0)"; do
        expect_no_upgrade "server: --upgrade '$socket' is not a path of 1 to 99 octets" --upgrade "$socket"
    done
    : >"$path"
    expect_no_upgrade "server: --upgrade '$path' is not a socket of this user" --upgrade "$path"
    expect_no_upgrade "server: can not look at --upgrade '$path/x': Not a directory" --upgrade "$path/x"
    rm "$path"
    expect_no_upgrade "server: can not bind --upgrade '$scratch/none/x': No such file or directory" \
        --upgrade "$scratch/none/x"
    # Somebody who does not answer.
    start_server --upgrade "$path" ::1
    pause "$server_pid"
    expect_no_upgrade "server: the server at --upgrade '$path' does not answer" --upgrade "$path"
    expect_elapsed 'patience' 2000 5000
    kill -CONT "$server_pid"
    expect_equal 'it goes on' 3 "$("$client" -q ::1 "$port" 1 2)"
    start_next "$server" --upgrade "$path" ::1 "$port"
    expect_replaced 'upgrade'
    # A path that is left over.
    kill -KILL "$server_pid"
    wait "$server_pid" 2>/dev/null
    server_pid=
    start_server --upgrade "$path" ::1
    start_next "$server" --upgrade "$path" ::1 "$port"
    expect_replaced 'upgrade of one that has found a path left over'
}

as_nobody() {
    run timeout 10 setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

# The file lets in nobody else, and neither does the server where the file does.
others_get_no_sockets() {
    as_nobody true
    [ "$status" -eq 0 ] || skip 'needs root, to be somebody else' || return
    cp "$server" "$scratch/server" # where others may run it
    chmod 711 "$scratch"
    start_server --upgrade "$scratch/mine" ::1
    as_nobody "$scratch/server" --upgrade "$scratch/mine"
    expect_message 'the file' "server: can not reach a server at --upgrade '$scratch/mine': Permission denied"
    chmod 666 "$scratch/mine"
    as_nobody "$scratch/server" --upgrade "$scratch/mine"
    expect_message 'the server' "server: the server at --upgrade '$scratch/mine' does not answer"
    chown 65534 "$scratch/mine"
    run timeout 10 "$server" --upgrade "$scratch/mine"
    expect_message 'who has it' "server: --upgrade '$scratch/mine' is not a socket of this user"
    chown 0 "$scratch/mine"
    start_next "$server" --upgrade "$scratch/mine"
    expect_replaced 'upgrade'
}

what_a_held_socket_queues_is_for_the_next_server() {
    start_program "$tools/hold" -n 2 ::1 0 "$server"
    first=$(held_pid)
    expect_equal 'a worker for each socket' 3 "$(find "/proc/$first/task" -mindepth 1 -maxdepth 1 | wc -l | tr -d ' ')"
    pause "$first"
    ask 40
    wait_until has_queued 1
    kill "$first"
    kill -CONT "$first"
    expect_all_answered 40
    wait_until listens 2 || fail 'no second server'
    expect_equal 'the second' 3 "$("$client" -q ::1 "$port" 1 2)"
    kill "$(held_pid)"
    wait_until listens 3 || fail 'no third server'
    expect_equal 'answers of the two' 41 "$(awk '/^received/ { sum += $5 } END { print sum }' "$log")"
    stop_server
    expect_equal 'status' 0 "$server_status"
}

hand_in() { # PERL ARGUMENT...
    sockets=$1
    shift
    run timeout 10 perl -MSocket=:DEFAULT,inet_pton -e "$handing" "$sockets" "$server" "$@"
}

what_is_wrong_with_a_socket() {
    udp='socket(A, AF_INET6, SOCK_DGRAM, 0);'
    while IFS='|' read -r handed expected sockets; do
        LISTEN_FDS=$handed hand_in "$sockets" ::1 7
        expect_equal "status of $sockets" 1 "$status"
        expect_message "$sockets" "server: $expected"
    done <<EOF
1|descriptor 3, which was handed over, is not a socket|open(A, '<', '/dev/null');
1|descriptor 3, which was handed over, is not a UDP socket over IPv6|socket(A, AF_INET, SOCK_DGRAM, 0);
1|descriptor 3, which was handed over, is not a UDP socket over IPv6|socket(A, AF_INET6, SOCK_STREAM, 0);
1|descriptor 3, which was handed over, is not bound to a port|$udp
1|descriptor 3, which was handed over, is connected, so it hears one peer only|$udp connect(A, at('::1', 9));
1|ADDRESS '::1' and PORT '7' are not [[]::1]:2000, which was handed over|$udp bind(A, at('::1', 2000));
1|ADDRESS '::1' and PORT '7' are not [[]::]:7, which was handed over|$udp bind(A, at('::', 7));
2|descriptor 4, which was handed over, is not a socket|$udp bind(A, at('::1', 7)); open(B, '<', '/dev/null');
2|descriptor 4, which was handed over, is not bound to the same address and port as descriptor 3|$udp bind(A, at('::1', 7)); socket(B, AF_INET6, SOCK_DGRAM, 0); bind(B, at('::1', 8));
0|LISTEN_FDS '0' is not 1 to 257|
257|LISTEN_FDS has more than 256 sockets that are not for metrics|
258|LISTEN_FDS '258' is not 1 to 257|
2x|LISTEN_FDS '2x' is not 1 to 257|
|LISTEN_FDS '' is not 1 to 257|
EOF
    LISTEN_FDS=1 hand_in "$udp bind(A, at('::1', 7));" --upgrade "$scratch/path"
    expect_message 'both' 'server: --upgrade is not for sockets of LISTEN_FDS: *'
    run env LISTEN_PID=1 LISTEN_FDS=1 "$server"
    expect_message 'for another process' 'server: ADDRESS and PORT are needed; see server --help'
}

# The programs as they are installed: in a sandbox.
a_dozen_takeovers_under_load() {
    expect_answers 12 "$root/bin/server" "$client"
}

a_dozen_restarts_under_load_lose_nothing_where_the_sockets_stay() {
    start_program "$root/bin/server" -w 2 --upgrade "$scratch/loaded" ::1 0
    expect_no_loss 'upgrade' 12 upgrade "$root/bin/server"
    start_program "$tools/hold" -n 2 ::1 0 "$root/bin/server"
    expect_no_loss 'held sockets' 12 restart_held
}

run_tests what_is_queued_is_answered_before_it_ends another_one_takes_over \
    upgrade_hands_over_the_sockets_and_what_they_queue nothing_is_turned_away_when_the_sockets_go_on \
    one_that_can_not_start_leaves_the_other_as_it_is closed_streams_are_not_mistaken_for_sockets \
    as_many_workers_as_sockets what_is_wrong_with_a_path \
    others_get_no_sockets what_a_held_socket_queues_is_for_the_next_server what_is_wrong_with_a_socket \
    a_dozen_takeovers_under_load a_dozen_restarts_under_load_lose_nothing_where_the_sockets_stay
