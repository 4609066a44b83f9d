#!/bin/sh
# What a service manager and the server say to each other, without one: LISTEN_FDS, NOTIFY_SOCKET and WATCHDOG_USEC, as
# sd_listen_fds(3), sd_notify(3) and sd_watchdog_enabled(3) have them; and the lines of --log=pairs.
. "$(dirname "$0")/failures_lib.sh"
. "$(dirname "$0")/restart_lib.sh"

probe=$tools/probe
compromised=$root/${build#"$root"/}/../release/tests/sandbox/compromised
sum_3=000000000100000002
told=$scratch/told
manager_pid=
unset NOTIFY_SOCKET WATCHDOG_USEC WATCHDOG_PID LISTEN_FDS LISTEN_PID JOURNAL_STREAM

start_manager() { # NAME; what it is told goes to $told
    stop_manager
    start_logged "$told" "$tools/manager" "$1"
    manager_pid=$!
    manager=$1
    wait_for_line "$told" '^listening$'
}

stop_manager() {
    [ -n "$manager_pid" ] || return 0
    kill "$manager_pid"
    wait "$manager_pid" 2>/dev/null
    manager_pid=
    rm -f "$scratch/manager"
}
trap 'stop_manager; clean_up' EXIT

start_served() { # VARIABLE=VALUE... -- COMMAND...
    given=
    while [ "$1" != -- ]; do
        given="$given $1"
        shift
    done
    shift
    # shellcheck disable=SC2086 # several words
    start_program env "NOTIFY_SOCKET=$manager" $given "$@"
}

# All that it was told, but for signs of life.
expect_told() { # WHAT LINE...
    what=$1
    shift
    printf '%s\n' "$@" >"$scratch/expected"
    wait_until is_told || fail "$what: was told: $(cat "$told")"
}

is_told() {
    sed 1d "$told" | grep -v WATCHDOG=1 | cmp -s - "$scratch/expected"
}

the_manager_is_told_of_start_and_stop() {
    for name in "$scratch/manager" "@calc6-$$"; do
        start_manager "$name"
        start_served -- "$server" -w 2 ::1 0
        ready="$server_pid READY=1|STATUS=Serving on [::1]:$port, workers: 2"
        expect_told "$name: start" "$ready"
        expect_equal "$name: answer" 3 "$("$client" -q ::1 "$port" 1 2)"
        pid=$server_pid
        stop_server
        expect_equal "$name: status" 0 "$server_status"
        expect_told "$name: stop" "$ready" "$pid STOPPING=1|STATUS=Answering what is queued"
        expect_equal "$name: complaints" '' "$(grep '^server:' "$log")"
    done
}

# In the order of the system calls: nothing is said that is not so yet.
ready_is_said_behind_its_start_and_stopping_before_its_end() {
    start_manager "$scratch/manager"
    start_served -- strace -D -f -q -e trace=write,sendmmsg -o "$trace" "$server" -w 1 ::1 0
    expect_equal 'answer' 3 "$("$client" -q ::1 "$port" 1 2)"
    stop_server
    trace_ends "$trace"
    expect_equal 'order' 'listening READY STOPPING received' \
        "$(grep -oE '"(listening|READY|STOPPING|received)' "$trace" | tr -d '"' | xargs)"
}

what_does_not_start_is_never_ready() {
    start_manager "$scratch/manager"
    run timeout 10 env NOTIFY_SOCKET="$manager" "$server" --cpu 1023 ::1 0
    expect_equal 'status' 1 "$status"
    # shellcheck disable=SC2016 # of the other shell
    run timeout 10 env NOTIFY_SOCKET="$manager" sh -c '"$@" >&-' sh "$server" ::1 0
    expect_message 'closed' 'server: can not print what it listens on: Bad file descriptor'
    start_served -- "$server" -w 1 ::1 0
    expect_told 'the third' "$server_pid READY=1|STATUS=Serving on [::1]:$port, workers: 1"
}

a_manager_that_is_not_there_is_said_and_it_serves() {
    while read -r name message; do
        manager=$name
        start_served -- "$server" ::1 0
        expect_equal "$name" "server: $message" "$(grep '^server:' "$log")"
        expect_equal "$name: answer" 3 "$("$client" -q ::1 "$port" 1 2)"
        stop_server
        expect_equal "$name: status" 0 "$server_status"
    done <<-END
	$scratch/none can not reach NOTIFY_SOCKET '$scratch/none': No such file or directory
	@calc6-none can not reach NOTIFY_SOCKET '@calc6-none': Connection refused
	none NOTIFY_SOCKET 'none' is neither a path nor @ and a name, of 2 to 108 octets
	END
    start_manager "$scratch/manager"
    start_served -- "$server" ::1 0
    expect_told 'start' "$server_pid READY=1|STATUS=Serving on [::1]:$port, workers: $(nproc)"
    stop_manager
    stop_server
    expect_equal 'gone' "server: can not tell NOTIFY_SOCKET 'STOPPING=1': Connection refused" "$(grep '^server:' "$log")"
    expect_equal 'gone: status' 0 "$server_status"
}

sockets_come_from_the_manager() {
    start_manager "$scratch/manager"
    start_served -- "$tools/hold" -n 2 ::1 0 "$server" --log=pairs
    first=$(held_pid)
    ready="READY=1|STATUS=Serving on [::1]:$port, workers: 2"
    stopping='STOPPING=1|STATUS=Answering what is queued'
    expect_told 'first' "$first $ready"
    restart_held
    expect_told 'second' "$first $ready" "$first $stopping" "$(held_pid) $ready"
    expect_equal 'answer' 3 "$("$client" -q ::1 "$port" 1 2)"
    expect_equal 'activated' 2 "$(grep -c ' event=start .* workers=2 .* sockets=activated ' "$log")"
}

# The next one is the service from now on.
the_next_server_says_who_it_is_and_the_first_does_not_stop() {
    start_manager "$scratch/manager"
    start_served -- "$server" --log=pairs -w 1 --upgrade "$scratch/path" ::1 0
    first_log=$log first="$server_pid READY=1|STATUS=Serving on [::1]:$port, workers: 1"
    expect_told 'first' "$first"
    start_next env NOTIFY_SOCKET="$manager" "$server" --log=pairs -w 1 --upgrade "$scratch/path"
    wait_until grep -q ' event=stop why=replaced ' "$first_log" || fail "stop: $(cat "$first_log")"
    expect_replaced 'upgrade'
    expect_told 'next' "$first" "$server_pid READY=1|STATUS=Serving on [::1]:$port, workers: 1|MAINPID=$server_pid"
    expect_match 'next' '* event=start *sockets=handed_over *' "$(cat "$log")"
}

signs_of_life() {
    grep -c "^$server_pid WATCHDOG=1$" "$told"
}

has_signs() { # COUNT
    [ "$(signs_of_life)" -ge "$1" ]
}

a_server_that_is_asked_to_gives_signs_of_life() {
    start_manager "$scratch/manager"
    start_served WATCHDOG_USEC=100000 -- "$server" -w 2 ::1 0
    wait_until has_signs 3 || fail "signs: $(cat "$told")"
    "$root/bin/load" -s 16 -w 4 -d 0.3 --warmup 0 ::1 "$port" >"$scratch/out" 2>&1
    wait_until has_signs 6 || fail "under load: $(cat "$told")"
    # shellcheck disable=SC2016 # of the other shell, which is the server's process
    start_served WATCHDOG_USEC=100000 -- sh -c 'WATCHDOG_PID=$$ exec "$@"' sh "$server" -w 1 ::1 0
    wait_until has_signs 3 || fail "by its number: $(cat "$told")"
}

# A sign would be due each five milliseconds.
a_server_that_is_not_asked_gives_none() {
    start_manager "$scratch/manager"
    for variables in WATCHDOG_PID=1 'WATCHDOG_USEC=0' 'WATCHDOG_USEC=18446744073709551615'; do
        # shellcheck disable=SC2086 # several words
        start_served WATCHDOG_USEC=10000 $variables -- "$server" -w 1 ::1 0
        sleep 0.2
        expect_equal "$variables" 0 "$(signs_of_life)"
        case $variables in
        WATCHDOG_PID*) message= ;;
        *) message="server: WATCHDOG_USEC '${variables#*=}' is not 1 to 18446744073709551614" ;;
        esac
        expect_equal "$variables: message" "$message" "$(grep '^server:' "$log")"
        expect_equal "$variables: answer" 3 "$("$client" -q ::1 "$port" 1 2)"
    done
}

# The server that hangs when it is told to, in its sandbox; tests/sandbox/compromised.c. Of eight workers, seven go on. The
# datagrams behind it come from so many ports that some are for the one that hangs.
a_worker_that_hangs_ends_the_signs_of_life() {
    start_manager "$scratch/manager"
    for workers in 1 8; do
        start_served WATCHDOG_USEC=100000 -- "$compromised" --log=pairs -w $workers ::1 0
        wait_until has_signs 3 || fail "$workers: signs: $(cat "$told")"
        "$probe" -n 0 ::1 "$port" "$(printf 'harm hang now ' | od -An -v -tx1 | tr -d ' \n')"
        "$root/bin/load" -s 100 -w 1 -n 200 --warmup 0 --timeout 0.1 ::1 "$port" >"$scratch/out" 2>&1
        wait_for_line "$log" '^level=error event=stuck worker=[0-7] received=[0-9]*$'
        before=$(signs_of_life)
        sleep 0.4
        expect_equal "$workers: signs of life" "$before" "$(signs_of_life)"
        expect_equal "$workers: said once" 1 "$(grep -c ' event=stuck ' "$log")"
        kill -KILL "$server_pid"
        stop_server
    done
}

# Looks that a pause of the whole server has made it miss would tell nothing of its workers, who have not gone on yet.
signs_that_a_pause_missed_are_not_made_up_for() {
    start_manager "$scratch/manager"
    start_served WATCHDOG_USEC=20000 -- "$server" --log=pairs -w 1 ::1 0
    wait_until has_signs 1 || fail "signs: $(cat "$told")"
    pause "$server_pid"
    before=$(signs_of_life)
    sleep 1
    kill -CONT "$server_pid"
    expect_equal 'answer' 3 "$("$client" -q ::1 "$port" 1 2)"
    signs=$(($(signs_of_life) - before))
    [ "$signs" -lt 50 ] || fail "$signs signs of life after a pause of 100 looks"
    expect_equal 'said' '' "$(grep ' event=stuck ' "$log")"
}

# The kernel keeps it for a second with the first datagram, while the second one waits.
a_worker_that_goes_on_gives_signs_of_life_again() {
    start_manager "$scratch/manager"
    start_served WATCHDOG_USEC=100000 -- strace -D -f -q --seccomp-bpf -o "$trace" -e trace=recvmmsg \
        -e inject=recvmmsg:delay_exit=1000000:when=1 "$server" -w 1 ::1 0
    wait_until has_signs 1 || fail "signs: $(cat "$told")"
    "$probe" -n 0 ::1 "$port" "$sum_3"
    wait_until is_received || fail 'the first one waits'
    "$probe" -n 0 ::1 "$port" "$sum_3"
    message='server: worker 0 hangs: datagrams wait, and it has received none since the last look'
    wait_for_line "$log" "^$message$"
    wait_until has_signs $(($(signs_of_life) + 3)) || fail "signs again: $(cat "$told")"
    wait_for_count '^received 2 = '
    expect_equal 'messages' "$message" "$(grep '^server:' "$log")"
}

# The queue is empty again.
is_received() {
    [ "$(queued)" -eq 0 ]
}

a_line_tells_of_the_start_and_one_of_the_stop() {
    for signal in TERM INT; do
        start_server --log=pairs -w 2 --rate 10/56 ::1
        expect_equal "$signal: start" "level=info event=start address=::1 port=$port workers=2 version=$(version) \
sockets=bound user=$(id -u) rate=10/56 metrics=none sandbox=off" "$(grep ' event=start ' "$log")"
        expect_equal 'answer' 3 "$("$client" -q ::1 "$port" 1 2)"
        kill -$signal "$server_pid"
        wait "$server_pid"
        server_pid=
        expect_equal "$signal: stop" "level=info event=stop why=SIG$signal received=1 replied=1 dropped=0 failed=0 lost=0" \
            "$(grep ' event=stop ' "$log")"
        expect_equal "$signal: lines of both streams" 4 "$(sed '/^  /d' "$log" | wc -l | tr -d ' ')"
    done
    start_server --log=pairs --once ::1
    expect_equal 'answer' 3 "$("$client" -q ::1 "$port" 1 2)"
    wait "$server_pid"
    server_pid=
    expect_match 'once' '*event=stop why=once received=1 *' "$(cat "$log")"
}

version() {
    "$server" --version | sed 's/.* //'
}

as_text_nothing_is_said_of_start_and_stop() {
    for words in '' --log=text; do
        # shellcheck disable=SC2086 # several words
        start_server $words ::1
        stop_server
        expect_equal "'$words'" "listening on [::1]:$port
received 0 = replied 0 + dropped 0 + failed 0" "$(cat "$log")"
    done
}

the_start_tells_what_the_sandbox_lacks() {
    start_program "$tools/without" landlock "$root/bin/server" --log=pairs -w 1 ::1 0
    missing='Landlock (Function not implemented)'
    expect_match 'start' "*sandbox=partial lacks=\"*$missing\"*" "$(grep ' event=start ' "$log")"
    expect_match 'warning' "level=warning event=sandbox message=\"the sandbox lacks *$missing\"" \
        "$(grep ' event=sandbox ' "$log")"
    expect_equal 'others' '' "$(grep '^server:' "$log")"
}

what_failed_is_a_pair_too() {
    run "$server" --log=pairs ::1 99999
    expect_equal 'status' 1 "$status"
    expect_message 'a port' "level=error event=failed message=\"PORT '99999' is neither *\""
    run "$server" --log ::1 0
    expect_message 'a word' "server: --log '::1' is not text or pairs"
    run "$server" --log= ::1 0
    expect_message 'no word' "server: --log '' is not text or pairs"
}

# Its standard error is a file of its own, which is the stream of the journal.
in_the_journal() { # COMMAND...
    stream=$(stat -c %d:%i "$log")
    JOURNAL_STREAM=$stream exec "$@" 2>>"$log"
}

the_journal_gets_a_priority_in_front() {
    log=$scratch/journal
    for format in pairs text; do
        : >"$log"
        start_logged "$scratch/out" in_the_journal "$tools/without" landlock "$root/bin/server" --log=$format -w 1 ::1 0
        server_pid=$!
        wait_for_line "$scratch/out" '^listening on'
        stop_server
        mv "$log" "$log.$format"
    done
    expect_equal 'priorities' '<4>level=warning <6>level=info <6>level=info' \
        "$(sed 's/ .*//' "$log.pairs" | xargs)"
    expect_match 'as text' 'server: the sandbox lacks *' "$(cat "$log.text")"
}

# Ten requests beyond a limit of two, and two from elsewhere: when the second of these has its answer, all others have been
# counted, and the counts are asked for, once.
exceed_rate() {
    # shellcheck disable=SC2046 # several words
    "$probe" -n 0 ::1 "$port" $(yes "$sum_3" | head -n 10)
    for i in 1 2; do
        expect_equal "elsewhere: $i" 3 "$("$client" -q "$second_address" "$port" 1 2)"
    done
    kill -USR1 "$server_pid"
    wait_for_line "$log" '^received 1[12] '
}

# Here, ppoll(2) says twice that a minute is over, as soon as the counts were printed; the call between asks for room for
# the line.
a_limit_is_told_of_once_a_minute_at_most() {
    needs_isolation || return
    rm -f "$rehearsal"
    start_program strace -D -f -q -o "$rehearsal" "$server" --log=pairs -w 1 --rate 2 :: 0
    exceed_rate
    expect_equal 'before a minute is over' 0 "$(grep -c ' event=limit ' "$log")"
    stop_server
    trace_ends "$rehearsal"
    # Of the calls of the first thread, the wait behind the counts.
    place=$(awk 'NR == 1 { main = $1 } $1 != main { next } / ppoll\(/ { n++ } /"received 1[12] / { found = 1 }
        found && / ppoll\(\[{fd=[0-9]*, events=POLLIN}, {fd=/ { print n; exit }' "$rehearsal")
    start_program strace -D -f -q --seccomp-bpf -o "$trace" -e trace=ppoll \
        -e inject=ppoll:retval=0:when="$place..$((place + 2))+2" "$server" --log=pairs -w 1 --rate 2 :: 0
    exceed_rate
    wait_for_line "$log" ' event=limit '
    stop_server
    trace_ends "$trace"
    expect_injected 'ppoll'
    dropped=$(sed -n 's/.* event=stop .* dropped=\([0-9]*\) .*/\1/p' "$log")
    expect_equal 'lines' "level=warning event=limit reason=rate datagrams=$dropped total=$dropped" \
        "$(grep ' event=limit ' "$log")"
}

run_tests the_manager_is_told_of_start_and_stop ready_is_said_behind_its_start_and_stopping_before_its_end \
    what_does_not_start_is_never_ready a_manager_that_is_not_there_is_said_and_it_serves sockets_come_from_the_manager \
    the_next_server_says_who_it_is_and_the_first_does_not_stop a_server_that_is_asked_to_gives_signs_of_life \
    a_server_that_is_not_asked_gives_none a_worker_that_hangs_ends_the_signs_of_life \
    signs_that_a_pause_missed_are_not_made_up_for a_worker_that_goes_on_gives_signs_of_life_again \
    a_line_tells_of_the_start_and_one_of_the_stop as_text_nothing_is_said_of_start_and_stop \
    the_start_tells_what_the_sandbox_lacks what_failed_is_a_pair_too the_journal_gets_a_priority_in_front \
    a_limit_is_told_of_once_a_minute_at_most
