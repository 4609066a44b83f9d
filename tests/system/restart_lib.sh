# Sourced by the tests of restarts, behind lib.sh: one server in another's place, and what is asked meanwhile.
# shellcheck shell=sh

# For perl: opens sockets, by the words of its first argument, from descriptor 3 on, and becomes the command behind it.
# shellcheck disable=SC2016,SC2034 # perl's variables; for those who source this
handing='$^F = 255; sub at { pack_sockaddr_in6($_[1], inet_pton(AF_INET6, $_[0])) }
    eval shift; die $@ if $@; $ENV{LISTEN_PID} = $$; exec @ARGV'

# A second server beside $server_pid, whose log is $log; expect_replaced makes it the one that stop_server stops.
begin_next() { # COMMAND...
    next_log=$scratch/next.log
    start_logged "$next_log" "$@"
    next_pid=$!
}

start_next() { # COMMAND...
    begin_next "$@"
    wait_for_line "$next_log" '^listening on'
}

# The first one has ended, as told.
expect_replaced() { # WHAT
    wait "$server_pid"
    expect_equal "$1: status of the first" 0 "$?"
    expect_match "$1: counts of the first" '*received *' "$(cat "$log")"
    mv "$next_log" "$log"
    server_pid=$next_pid
}

# The socket that $server_pid, who holds it, gives to each server in turn.
held_pid() {
    sed -n 's/^started //p' "$log" | tail -n 1
}

listens() { # TIMES
    [ "$(grep -c '^listening on' "$log")" -ge "$1" ]
}

restart_held() {
    times=$(grep -c '^listening on' "$log")
    kill "$(held_pid)"
    wait_until listens $((times + 1)) || fail "no restart: $(tail -n 3 "$log")"
}

upgrade() { # SERVER
    start_next "$1" --upgrade "$scratch/loaded" ::1 "$port"
    expect_replaced 'upgrade'
}

# Lines for a batch, until they are enough.
feed() {
    from=0
    until [ -e "$scratch/enough" ]; do
        seq "$from" $((from + 999))
        from=$((from + 1000))
    done | sed 's/.*/+ & 1/'
}

# A client that tries again, as clients do, misses no answer, however often one server takes over from another.
expect_answers() { # TAKEOVERS SERVER CLIENT
    start_program "$2" -w 2 ::1 0
    rm -f "$scratch/enough"
    feed | "$3" -v --batch --quiet-time 0 ::1 "$port" >"$scratch/answers" 2>"$scratch/err" &
    batch_pid=$!
    takeovers=0
    while [ "$takeovers" -lt "$1" ]; do
        takeovers=$((takeovers + 1))
        start_next "$2" -w 2 --takeover ::1 "$port"
        kill "$server_pid"
        expect_replaced "takeover $takeovers"
    done
    : >"$scratch/enough"
    wait "$batch_pid"
    expect_equal 'status of the client' 0 "$?"
    seq "$(wc -l <"$scratch/answers")" | cmp - "$scratch/answers" || fail 'other answers'
    echo "# $takeovers takeovers: $(tail -n 1 "$scratch/err")"
}

# Each request is sent once, and each has its reply, however often a command restarts the server. Fewer are in flight
# than a queue has room for.
expect_no_loss() { # WHAT RESTARTS COMMAND...
    what=$1 wanted=$2
    shift 2
    restarts=0 sent=0
    while [ "$restarts" -lt "$wanted" ]; do
        "$root/bin/load" -s 16 -w 2 -d 2 --warmup 0 --timeout 20 --json ::1 "$port" >"$scratch/json" 2>"$scratch/err" &
        load_pid=$!
        while kill -0 "$load_pid" 2>/dev/null; do
            restarts=$((restarts + 1))
            "$@"
        done
        wait "$load_pid"
        expect_equal "$what: status of load ($(cat "$scratch/err"))" 0 "$?"
        expect_equal "$what: lost, wrong, unexpected, refused" '0 0 0 0' \
            "$(jq -r '"\(.lost) \(.wrong) \(.unexpected) \(.refused)"' "$scratch/json")"
        expect_equal "$what: received" "$(jq .sent "$scratch/json")" "$(jq .received "$scratch/json")"
        sent=$((sent + $(jq .sent "$scratch/json")))
    done
    expect_equal "$what: overflown" 0 "$(overflown)"
    echo "# $what: $restarts restarts, $sent requests"
}
