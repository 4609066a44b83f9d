#!/bin/sh
# A server that is stopped, restarted and replaced: what the kernel had queued, and what comes meanwhile, is answered.
. "$(dirname "$0")/lib.sh"

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

# proc_net_udp(5): the octets that wait on all sockets of the port, with what the kernel needs for them.
queued() {
    awk -v end="$(printf ':%04X' "$port")" 'index($2, end) { print "0x" substr($5, 10) }' /proc/self/net/udp6 |
        { sum=0 && while read -r octets; do sum=$((sum + octets)); done && echo "$sum"; }
}

has_queued() { # OCTETS
    [ "$(queued)" -ge "$1" ]
}

what_is_queued_is_answered_before_it_ends() {
    for address in :: ::1; do
        for signal in INT TERM; do
            start_server -w 2 --no-gro "$address"
            kill -STOP "$server_pid"
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

run_tests what_is_queued_is_answered_before_it_ends
