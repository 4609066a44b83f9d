#!/bin/sh
# client --check, as scripts and load balancers call it: exit status 0 for a right reply, 1 for whatever else, and no word but
# for a person.
. "$(dirname "$0")/lib.sh"

check() { # WORD...
    run "$client" --check "$@"
}

expect_unhealthy() { # WHAT PATTERN
    expect_equal "status of $1" 1 "$status"
    expect_equal "output of $1" '' "$out"
    expect_message "$1" "client: $2"
}

a_right_server_is_healthy_without_a_word() {
    for address in ::1 127.0.0.1; do
        start_server ::
        check "$address" "$port"
        expect_equal "status, $address" 0 "$status"
        expect_equal "output, $address" '' "$out$err"
    done
    check -v ::1 "$port"
    expect_equal 'status, -v' 0 "$status"
    expect_match '-v' "\[::1\]:$port is right, after *.* ms, 1 sent" "$out"
    expect_equal 'lines of -v' 1 "$(printf '%s\n' "$out" | wc -l | tr -d ' ')"
    expect_equal 'standard error, -v' '' "$err"
}

no_two_checks_ask_for_the_same() {
    start_server -v ::1
    for check in 1 2 3 4 5 6 7 8; do
        check ::1 "$port"
        expect_equal "status of check $check" 0 "$status"
    done
    wait_for_count 'received 8 = '
    expect_equal 'different sums' 8 "$(grep -oE 'sum\([0-9]+, [0-9]+\) as integer' "$log" | sort -u | wc -l | tr -d ' ')"
    expect_equal 'different results' 8 "$(grep -oE 'success, [0-9]+$' "$log" | sort -u | wc -l | tr -d ' ')"
}

whatever_is_no_right_reply_is_unhealthy() {
    while read -r action pattern; do
        start_stub ::1 "$action"
        check ::1 "$port"
        expect_unhealthy "$action" "$pattern"
    done <<-'END'
	8000000009 [[]::1]:* says that * + * is 9, which is wrong
	8e00000009 [[]::1]:* says that * + * is 9, which is wrong
	00 the server answered with an error
	80000009 the reply is not valid: *
	800000000900 the reply is not valid: *
	empty the reply is not valid: *
	END
}

a_silent_server_is_unhealthy_after_all_tries() {
    start_stub ::1 silent silent silent silent
    check -t 0.05 ::1 "$port"
    expect_unhealthy 'silence' "no reply from *]:$port within 0.15 s"
    expect_elapsed 'silence' 150 1500
    expect_equal 'tries' 2 "$(grep -c '^request from' "$log")"
    check -t 0.05 -r 0 ::1 "$port"
    expect_unhealthy 'silence, -r 0' "no reply from *]:$port within 0.05 s"
    expect_equal 'tries, -r 0' 3 "$(grep -c '^request from' "$log")"
    check -v -t 0.01 -r 0 ::1 "$port"
    expect_unhealthy 'silence, -v' 'no reply *'
}

where_nothing_serves_it_is_unhealthy() {
    start_stub ::1 silent
    stop_server
    check ::1 "$port"
    expect_unhealthy 'a closed port' "*]:$port refused the request: nothing serves that port"
    check no-such-host.invalid 10000
    expect_unhealthy 'an unknown host' '*no-such-host.invalid*'
}

what_is_wrong_with_the_command_line_is_unhealthy() {
    expect_bad_usage "$client" <<-'END'
	ADDRESS*PORT*needed --check
	ADDRESS*PORT*needed --check ::1
	PORT*0*1 --check ::1 0
	*1*after*ADDRESS*PORT --check ::1 10000 1
	-op*--check --check -op + ::1 10000
	--batch*--check --check --batch ::1 10000
	--string*--check -sc ::1 10000
	--quiet*--check -qc ::1 10000
	--timeout*0.001*3600 --check -t 0 ::1 10000
	--in-flight*--batch --check --in-flight 2 ::1 10000
	END
}

a_line_that_can_not_be_printed_is_unhealthy() {
    start_server ::1
    "$client" --check -v ::1 "$port" >/dev/full 2>"$scratch/err"
    expect_equal 'status' 1 $?
    err=$(cat "$scratch/err") out=
    expect_message 'a full disk' 'client: can not print: No space left on device'
    # shellcheck disable=SC2016 # perl's variables
    run perl -e 'pipe R, W; close R; open STDOUT, ">&W"; $SIG{PIPE} = "DEFAULT"; exec @ARGV' "$client" --check -v ::1 "$port"
    expect_equal 'nobody reads: status' 1 "$status"
    expect_message 'nobody reads' 'client: can not print: Broken pipe'
}

run_tests a_right_server_is_healthy_without_a_word no_two_checks_ask_for_the_same whatever_is_no_right_reply_is_unhealthy \
    a_silent_server_is_unhealthy_after_all_tries where_nothing_serves_it_is_unhealthy \
    what_is_wrong_with_the_command_line_is_unhealthy a_line_that_can_not_be_printed_is_unhealthy
