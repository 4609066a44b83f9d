#!/bin/sh
# client --batch: many calculations in one run, over networks that are good, bad and away.
. "$(dirname "$0")/lib.sh"
lines=$scratch/lines
answers=$scratch/answers

batch() { # [options], for $lines and $port; as `run`
    run "$client" --batch="$lines" "$@" ::1 "$port"
}

# Lines whose results tell them apart: + 0 7, + 1 7, and so on.
number_lines() { # HOW MANY
    seq 0 $(($1 - 1)) | sed 's/.*/+ & 7/' >"$lines"
}

expect_numbers() { # WHAT HOW MANY
    expect_equal "$1: status" 0 "$status"
    seq 7 $(($2 + 6)) | cmp -s - "$scratch/out" ||
        fail "$1: wrong answers: $(seq 7 $(($2 + 6)) | diff - "$scratch/out" | head -n 5)"
}

in_one_line() { # FILE
    tr '\n' ' ' <"$1" | sed 's/ $//'
}

# A client whose lines come one by one, from descriptor 9.
start_client() { # [options]
    rm -f "$scratch/fifo"
    mkfifo "$scratch/fifo"
    "$client" --batch "$@" ::1 "$port" <"$scratch/fifo" >"$answers" 2>"$scratch/err" &
    client_pid=$!
    exec 9>"$scratch/fifo"
}

end_client() {
    exec 9>&-
    wait "$client_pid"
    status=$?
    err=$(cat "$scratch/err")
}

operators_integers_comments_and_blanks() {
    start_server ::1
    printf '%s\n' '# of a file' '' '+ 1 2' 'sum 1 3 # and why' '  add	0x10   5  ' '* 6 7' 'x 6 8' '   #' 'mul 6 9' \
        'product 6 10 #' '#+ 1' >"$lines"
    printf '+ 1 4\r\n\r\n' >>"$lines"
    printf '+ 1 5' >>"$lines"
    batch
    expect_equal 'answers' '3 4 21 42 48 54 60 5 6' "$(in_one_line "$scratch/out")"
    expect_equal 'status' 0 "$status"
    expect_equal 'standard error' '' "$err"
    for file in --batch --batch=- -b; do
        printf '+ 1 2\n' >"$lines"
        out=$("$client" $file ::1 "$port" <"$lines")
        expect_equal "standard input with $file" 3 "$out"
    done
    : >"$lines"
    batch
    expect_equal 'no lines' '0:' "$status:$out"
}

strings_throughout_and_for_one_line() {
    start_server ::1
    printf '%s\n' '+ 4294967295 1' '+s 4294967295 2' '+ s 4294967295 3' 'products 65536 65536' 'x s 2 3' >"$lines"
    batch
    expect_equal 'one by one' "line 1: the server answered with an error: the result is above 4294967295; -s asks for it as a string
4294967297
4294967298
4294967296
6" "$out"
    expect_equal 'status' 2 "$status"
    batch -s
    expect_equal 'throughout' '4294967296 4294967297 4294967298 4294967296 6' "$(in_one_line "$scratch/out")"
    expect_equal 'status' 0 "$status"
}

lines_that_are_wrong_are_answered_in_their_places() {
    start_server ::1
    {
        echo '+ 1 1'
        while read -r line; do
            echo "$line"
            echo '+ 1 2'
        done <<-'END'
	/ 1
	+
	+ s
	+ 1 x
	+ -1
	+ 4294967296
	+ 010
	+ s s 1
	+ 1#2
	END
        echo "+ $(seq -s ' ' 65)"
        printf '+ 1 \0 2\n'
        printf '+ %04096d\n' 1
        printf '+ %070000d\n' 1
        printf '#%070000d\n' 1
        printf '+ %s\n' "$(seq -s '                ' 1 64)"
        echo '+ 1 3'
    } >"$lines"
    batch
    expect_equal 'answers' "2
line 2: operator '/' is unknown
3
line 4: no INTEGER after operator '+'
3
line 6: no INTEGER after operator '+'
3
line 8: INTEGER 'x' is not an integer
3
line 10: INTEGER '-1' is negative
3
line 12: INTEGER '4294967296' is too large
3
line 14: INTEGER '010' begins with 0, which is octal for some and decimal for others
3
line 16: INTEGER 's' is not an integer
3
line 18: INTEGER '1#2' is not an integer
3
line 20: INTEGER '65' is the 65th
line 21: there is a NUL in it, which is no text
line 22: it is longer than the 4095 octets that are allowed
line 23: it is longer than the 4095 octets that are allowed
2080
4" "$(printf '%s\n' "$out" | sed 's/^\(line [^:]*: [^:]*\):.*/\1/')"
    expect_equal 'status' 1 "$status"
    expect_equal 'standard error' '' "$err"
}

the_longest_line() {
    start_server ::1
    printf "+%$((4095 - 2))s1\n+%$((4095 - 1))s1\n" '' '' >"$lines"
    batch
    expect_match '4095 and 4096 octets' '1
line 2: it is longer *' "$out"
}

the_exit_status_is_the_worst() {
    while read -r expected actions; do
        # shellcheck disable=SC2086 # several words
        start_stub ::1 $actions
        printf '%s\n' '+ 1' '+ 2' '+ 3' 'wrong' >"$lines"
        [ "$expected" -gt 0 ] || sed -i '$d' "$lines"
        batch -t 0.05 -r 0 --in-flight 1
        expect_equal "$actions" "$expected" "$status"
    done <<-'END'
	0 8000000001 8000000002 8000000003
	1 8000000001 8000000002 8000000003
	2 8000000001 00 8000000003
	9 00 silent 8000000003
	10 00 silent 80
	END
    expect_match 'in their places' "line 1: *error
line 2: no reply *
line 3: the reply is not valid: *
line 4: operator *" "$out"
}

json_is_one_object_for_each_line() {
    start_server ::1
    printf '%s\n' '+ 1 2' '' '/ 1' '+s 4 5' '+ 4294967295 1' >"$lines"
    batch -j
    expect_equal 'results' '[1,3,null,null] [3,null,"usage",1] [4,"9",null,null] [5,null,"error",2]' \
        "$(printf '%s\n' "$out" | jq -rc '[.line, .result, .error, .status]' | tr '\n' ' ' | sed 's/ $//')"
    expect_match 'the form' "{\"line\": 1, \"result\": 3, \"operation\": \"sum\", \"format\": \"integer\", \"integers\": [[]1, 2], \"server\": \"[[]::1]:$port\", \"round_trip_ms\": *, \"sent\": 1}
*" "$out"
    expect_equal 'status' 2 "$status"
}

start_lossy() { # SEED LOSS TWICE DELAY QUIET LATE
    start_program "$tools/lossy" ::1 "$@"
}

# Replies that come twice and late: only a port that rests does not take one for its next request.
req_8_1_each_reply_is_credited_to_its_own_request() {
    for seed in 1 2 3; do
        start_lossy $seed 0 40 40 100 0
        number_lines 4000
        batch -v -t 1 --in-flight 64
        expect_numbers "seed $seed" 4000
        expect_match 'replies that came too late' 'client: 4000 calculations, *, [1-9]* late or foreign ones *' "$err"
    done
    # The network of this test, tested: without a rest, replies go astray.
    start_lossy 1 0 40 40 0 0
    batch -t 1 --in-flight 64 --quiet-time 0
    ! seq 7 4006 | cmp -s - "$scratch/out" || fail 'no reply went astray where ports do not rest'
}

req_8_2_and_8_3_under_loss_duplication_and_reordering() {
    for seed in 1 2 3; do
        start_lossy $seed 5 20 30 50 6000
        number_lines 3000
        batch -v -t 0.05 -r 6 --quiet-time 0.05 --in-flight 128
        expect_numbers "seed $seed" 3000
        expect_equal "what is against the rules, with seed $seed" '' "$(grep '^against' "$log" | head -n 5)"
        # So ports were used again, and requests sent again: "... N datagrams sent from N ports ..."
        # shellcheck disable=SC2046 # two numbers
        set -- $(printf '%s\n' "$err" | sed 's/.*, \([0-9]*\) datagrams sent from \([0-9]*\) ports.*/\1 \2/')
        if [ "${1:-0}" -le 3000 ] || [ "${2:-$1}" -ge "$1" ]; then
            fail "no port was used again, or no request sent again: $err"
        fi
    done
}

# A handful of ports for all: whoever takes one too early has no other.
req_8_3_a_port_rests_for_the_quiet_time() {
    needs_isolation || return
    with_ports 20000 20015
    start_lossy 1 0 0 0 20 0
    number_lines 200
    batch -v --quiet-time 0.02
    expect_numbers '16 ports' 200
    expect_equal 'what is against the rules' '' "$(grep '^against' "$log" | head -n 5)"
    expect_match 'the ports' 'client: 200 calculations, 200 datagrams sent from 1[5-6] ports, *' "$err"
    # The tool notices: these rest for less.
    start_lossy 1 0 0 0 200 0
    batch --quiet-time 0.01
    grep -q '^against REQ-8.3' "$log" || fail 'a rest that is too short is not seen'
    with_ports 32768 60999
}

with_ports() { # FROM TO
    echo "$1 $2" >/proc/sys/net/ipv4/ip_local_port_range
}

req_7_4_the_number_of_the_servers_port_is_left_out() {
    needs_isolation || return
    with_ports 20000 20001
    stop_server
    log=$scratch/server.log
    "$server" -v ::1 20001 >"$log" 2>&1 &
    server_pid=$!
    wait_for_line "$log" '^listening on' || return
    port=20001
    # One port is the server's, on all addresses; the other one has to do.
    number_lines 20
    batch -t 0.2 --quiet-time 0.001
    expect_numbers 'one port' 20
    # Where nobody serves it, the client could get it itself, and be its own server.
    stop_server
    with_ports 30000 30003
    port=30000
    batch -t 0.2 -r 0 --quiet-time 0.001
    expect_equal 'refused' 20 "$(printf '%s\n' "$out" | grep -c 'refused the request')"
    with_ports 32768 60999
}

the_addresses_of_a_name_take_turns() {
    needs_isolation || return
    printf '%s two\n' $second_address $third_address >"$scratch/hosts"
    mount --bind "$scratch/hosts" /etc/hosts
    number_lines 500
    for address in $second_address $third_address; do
        start_server "$address"
        run "$client" --batch="$lines" two "$port"
        expect_numbers "only $address" 500
    done
    umount /etc/hosts
}

few_descriptors_are_enough() {
    start_server ::1
    number_lines 300
    run sh -c 'ulimit -n 48; exec "$@"' sh "$client" --batch="$lines" --quiet-time 0.01 ::1 "$port"
    expect_numbers 'with 48 descriptors' 300
}

answers_do_not_wait_for_later_lines() {
    start_server ::1
    start_client
    echo '+ 1 2' >&9
    wait_for_line "$answers" '^3$'
    printf '+ 1 ' >&9
    printf '3\n+ 1' >&9
    wait_for_line "$answers" '^4$'
    printf ' 4' >&9
    end_client
    expect_equal 'all' '3 4 5' "$(in_one_line "$answers")"
    expect_equal 'status' 0 "$status"
}

order_is_kept_where_a_reply_is_missing() {
    start_stub ::1 silent 8000000002 8000000003 8000000001
    printf '%s\n' '+ 1' '+ 2' '+ 3' >"$lines"
    batch -t 0.1
    expect_equal 'answers' '1 2 3' "$(in_one_line "$scratch/out")"
}

interrupted() { # SIGNAL
    start_stub ::1 8000000001 silent 8000000003 silent silent silent
    start_client -t 100 --in-flight 4
    printf '%s\n' '+ 1' '+ 2' '+ 3' '+ 4' '+ 5' >&9
    wait_until has_requests 5 || fail 'the requests did not come'
    kill -"$1" "$client_pid"
    end_client
    expect_equal "$1: answers" '1
line 2: interrupted
3' "$(cat "$answers")"
    expect_equal "$1: standard error" 'client: interrupted: 2 of 5 calculations are done' "$err"
    expect_equal "$1: status" 10 "$status"
}

has_requests() { # HOW MANY
    [ "$(grep -c '^request' "$log")" -ge "$1" ]
}

signals_end_it_with_what_is_done() {
    interrupted INT
    interrupted TERM
}

req_8_5_a_server_that_is_not_there() {
    start_server ::1
    stop_server
    number_lines 600
    batch
    expect_equal 'status' 10 "$status"
    expect_equal 'answers' 600 "$(printf '%s\n' "$out" | grep -c "^line [0-9]*: .* refused the request: nothing serves that port$")"
    batch -r 0 -j --in-flight 4096
    expect_equal 'JSON' 600 "$(printf '%s\n' "$out" | grep -c '"error": "refused"')"
}

in_flight_and_quiet_time_have_limits() {
    start_server ::1
    number_lines 3
    for word in 0 4097 -1 '' x 1.5 99999999999; do
        batch --in-flight "$word"
        expect_equal "status of '$word'" 1 "$status"
        expect_message "--in-flight '$word'" "client: --in-flight '$word' is not 1 to 4096"
    done
    for word in -1 3600.1 '' x; do
        batch --quiet-time "$word"
        expect_equal "status of '$word'" 1 "$status"
        expect_message "--quiet-time '$word'" "client: --quiet-time '$word' is not 0 to 3600 seconds"
    done
    for options in '--in-flight 1' '--in-flight 4096' '--quiet-time 0' '--quiet-time=3600'; do
        # shellcheck disable=SC2086 # two words
        batch $options
        expect_numbers "$options" 3
    done
    # No more than one at a time: the second request waits for the reply to the first.
    start_stub ::1 silent 8000000007 8000000008 8000000009
    batch -t 0.1 --in-flight 1
    expect_numbers 'one at a time' 3
}

command_lines_that_are_wrong() {
    while read -r pattern words; do
        # shellcheck disable=SC2086 # several words
        run "$client" $words
        expect_equal "status of '$words'" 1 "$status"
        expect_equal "output of '$words'" '' "$out"
        expect_message "'$words'" "client: *$pattern*"
    done <<-END
	ADDRESS -b
	ADDRESS --batch ::1
	--batch=FILE --batch $lines ::1 10000
	'1' --batch ::1 10000 1
	-op -b -op + ::1 10000
	--in-flight --in-flight 5 ::1 10000 1
	--quiet-time --quiet-time 5 ::1 10000 1
	FILE --batch=$scratch/none ::1 10000
	directory --batch=$scratch ::1 10000
	END
    run sh -c '"$@" <&-' sh "$client" -b ::1 10000
    expect_equal 'no standard input' 1 "$status"
    start_server ::1
    number_lines 3
    run sh -c '"$@" >/dev/full' sh "$client" --batch="$lines" ::1 "$port"
    expect_equal 'full' 10 "$status"
    expect_message 'full' 'client: can not print the answers: *'
}

a_reader_that_stalls_loses_nothing() {
    start_server ::1
    number_lines 100000
    mkfifo "$scratch/slow"
    "$client" --batch="$lines" ::1 "$port" >"$scratch/slow" &
    client_pid=$!
    {
        # Until then, nobody reads: all that fits has been printed.
        read -r first
        wait_for_count 'received [6-9][0-9][0-9][0-9][0-9] '
        echo "$first"
        cat
    } <"$scratch/slow" >"$scratch/out"
    wait "$client_pid"
    status=$?
    expect_numbers 'a slow reader' 100000
}

peak() { # [options] LINES: sets $peak, in KiB, of a client that has answered so many lines
    count=$1
    shift
    client=$root/bin/client
    start_client "$@"
    client=$build/bin/client
    seq 0 $((count - 1)) | sed 's/.*/+ & 7/' >&9
    wait_until has_answers "$count" || fail "no $count answers"
    peak=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$client_pid/status")
    end_client
}

has_answers() { # HOW MANY
    [ "$(wc -l <"$answers")" -ge "$1" ]
}

memory_is_the_same_for_few_lines_and_many() {
    start_program "$root/bin/server" ::1 0
    peak 1000
    few=$peak
    peak 200000
    [ "$peak" -le $((few + few / 10)) ] || fail "1000 lines take $few KiB, 200000 take $peak KiB"
    # Long answers that wait for one before them have a limit of 1 MiB.
    peak 1000 -j
    few=$peak
    peak 200000 -j
    [ "$peak" -le $((few + 2048)) ] || fail "in JSON, 1000 lines take $few KiB, 200000 take $peak KiB"
}

run_tests operators_integers_comments_and_blanks strings_throughout_and_for_one_line \
    lines_that_are_wrong_are_answered_in_their_places the_longest_line the_exit_status_is_the_worst \
    json_is_one_object_for_each_line req_8_1_each_reply_is_credited_to_its_own_request \
    req_8_2_and_8_3_under_loss_duplication_and_reordering req_8_3_a_port_rests_for_the_quiet_time \
    req_7_4_the_number_of_the_servers_port_is_left_out the_addresses_of_a_name_take_turns \
    few_descriptors_are_enough \
    answers_do_not_wait_for_later_lines order_is_kept_where_a_reply_is_missing signals_end_it_with_what_is_done \
    req_8_5_a_server_that_is_not_there in_flight_and_quiet_time_have_limits command_lines_that_are_wrong \
    a_reader_that_stalls_loses_nothing memory_is_the_same_for_few_lines_and_many
