#!/bin/sh
# client --batch: many calculations in one run, from lines to answers; what the network does to it is batch_network_test.sh's.
. "$(dirname "$0")/batch_lib.sh"

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
        case $actions in
        *silent*) batch -t 0.1 -r 0 --in-flight 1 ;;
        *) batch -t 10 -r 0 --in-flight 1 ;;
        esac
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

# As it is for what a script starts in its background.
a_signal_that_is_ignored_stays_so() {
    start_stub ::1 8000000001 8000000002
    start_fed sh -c 'trap "" INT; exec "$@"' sh "$client" --batch ::1 "$port"
    echo '+ 1' >&9
    wait_for_line "$answers" '^1$'
    kill -INT "$client_pid"
    echo '+ 2' >&9
    end_client
    expect_equal 'status' 0 "$status"
    expect_equal 'answers' '1 2' "$(in_one_line "$answers")"
}

# A connection that breaks off as input, with a request in the air, and nobody who reads its answer.
input_and_output_may_both_fail() {
    start_stub ::1 slow:8000000001
    # shellcheck disable=SC2016 # perl's $
    run timeout 20 perl -MIO::Socket::INET -e '
        my $log = shift;
        my $listener = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1");
        my $there = IO::Socket::INET->new("127.0.0.1:" . $listener->sockport);
        my $here = $listener->accept;
        pipe(my $out, my $in);
        my $pid = fork;
        if ($pid == 0) {
            open STDIN, "<&", $here;
            open STDOUT, ">&", $in;
            close $_ for $listener, $there, $here, $out, $in;
            exec @ARGV;
        }
        close $_ for $here, $out, $in;
        syswrite $there, "+ 1\n+ 2";
        select undef, undef, undef, 0.02 until `grep -c ^request $log` > 0;
        setsockopt $there, SOL_SOCKET, SO_LINGER, pack("ii", 1, 0);
        close $there;
        waitpid $pid, 0;
        exit $? >> 8' "$log" "$client" --batch ::1 "$port"
    expect_equal 'status' 1 "$status"
    expect_message 'the first failure' 'client: can not read standard input: *'
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
    expect_bad_usage "$client" <<-END
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

many_wrong_lines_at_once_are_answered_one_by_one() {
    start_server ::1
    yes nonsense | head -n 5000 >"$lines"
    batch
    expect_equal 'status' 1 "$status"
    expect_equal 'answers' 5000 "$(grep -c "^line [0-9]*: operator 'nonsense' is unknown" "$scratch/out")"
    expect_match 'the last one' 'line 5000: *' "$(tail -n 1 "$scratch/out")"
}

run_tests operators_integers_comments_and_blanks strings_throughout_and_for_one_line \
    lines_that_are_wrong_are_answered_in_their_places many_wrong_lines_at_once_are_answered_one_by_one the_longest_line the_exit_status_is_the_worst \
    json_is_one_object_for_each_line answers_do_not_wait_for_later_lines order_is_kept_where_a_reply_is_missing \
    signals_end_it_with_what_is_done a_signal_that_is_ignored_stays_so input_and_output_may_both_fail \
    in_flight_and_quiet_time_have_limits command_lines_that_are_wrong \
    a_reader_that_stalls_loses_nothing memory_is_the_same_for_few_lines_and_many
