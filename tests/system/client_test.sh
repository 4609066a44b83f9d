#!/bin/sh
# The client as a person runs it: every option, exit status and message.
. "$(dirname "$0")/lib.sh"

the_lines_of_the_mission() {
    start_server ::
    run "$client" -op + ::1 "$port" 1 3 5
    expect_equal 'sum' 'Result: 9' "$out"
    expect_equal 'standard error' '' "$err"
    expect_equal 'status' 0 "$status"
    run "$client" -op + ::1 "$port" 1 3 5 7 9
    expect_equal 'sum' 'Result: 25' "$out"
    run "$client" -op '*' -s ::1 "$port" 1 3 5 7 9
    expect_equal 'product' 'Result: 945' "$out"
}

operators_have_several_names() {
    start_server ::1
    for word in + sum add; do
        for option in "-op $word" "--op $word" "--op=$word" "-op=$word"; do
            # shellcheck disable=SC2086 # two words are meant
            run "$client" -q $option ::1 "$port" 2 3
            expect_equal "$option" 5 "$out"
        done
    done
    set -f
    for word in '*' x mul product; do
        for option in "-op $word" "--op $word" "--op=$word" "-op=$word"; do
            # shellcheck disable=SC2086 # two words are meant
            run "$client" -q $option ::1 "$port" 2 3
            expect_equal "$option" 6 "$out"
        done
    done
    set +f
    run "$client" -q ::1 "$port" 2 3
    expect_equal 'by default' 5 "$out"
}

bad_integers_are_named_and_nothing_is_sent() {
    start_server -v ::1
    for word in -1 4294967296 99999999999999999999999 1.5 12abc 010 '' 0x 0x100000000 ' 1' +1 1e3; do
        run "$client" ::1 "$port" 1 "$word" 2
        expect_equal "status of '$word'" 1 "$status"
        expect_equal "output of '$word'" '' "$out"
        expect_match "message of '$word'" "client: INTEGER '$word' *0 to 4294967295*" "$err"
    done
    stop_server
    expect_match 'the server' '*received 0 = *' "$(cat "$log")"
}

the_largest_and_hexadecimal_integers() {
    start_server ::1
    run "$client" -q ::1 "$port" 4294967295
    expect_equal 'decimal' 4294967295 "$out"
    run "$client" -q ::1 "$port" 0xFFffFFff
    expect_equal 'hexadecimal' 4294967295 "$out"
    run "$client" -q ::1 "$port" 0 0x0
    expect_equal 'zeros' 0 "$out"
}

from_1_to_64_integers() {
    start_server ::1
    # shellcheck disable=SC2046 # many words
    run "$client" -q ::1 "$port" $(seq 64)
    expect_equal '64' 2080 "$out"
    # shellcheck disable=SC2046 # many words
    run "$client" -q ::1 "$port" $(seq 65)
    expect_equal 'status of 65' 1 "$status"
    expect_match '65' "client: INTEGER '65' is the 65th: 1 to 64 are allowed" "$err"
    run "$client" ::1 "$port"
    expect_equal 'status of none' 1 "$status"
    expect_match 'none' "*no INTEGER*1 to 64 are allowed" "$err"
}

an_error_reply_is_exit_status_2() {
    start_server ::1
    run "$client" ::1 "$port" 4294967295 1
    expect_equal 'status' 2 "$status"
    expect_equal 'output' '' "$out"
    expect_match 'message' 'client: the server answered with an error*-s*' "$err"
    run "$client" -q -s ::1 "$port" 4294967295 1
    expect_equal 'as a string' 4294967296 "$out"
}

a_closed_port_is_refused_twice() {
    start_server ::1
    stop_server
    run "$client" ::1 "$port" 1
    expect_equal 'status' 10 "$status"
    expect_match 'message' "client: *refused*" "$err"
}

an_unknown_host_and_a_bad_port() {
    run "$client" no-such-host.invalid 10000 1
    expect_equal 'status of a host' 10 "$status"
    expect_match 'host' "client: ADDRESS 'no-such-host.invalid' *" "$err"
    for word in 0 65536 99999999999 -1 '' no-such-service +80; do
        run "$client" ::1 "$word" 1
        expect_equal "status of port '$word'" 1 "$status"
        expect_match "port '$word'" "client: PORT '$word' is neither*" "$err"
    done
}

# A parser of somebody else's reads it, too.
expect_json() { # WHAT FILTER EXPECTED, for $out
    expect_equal "$1, as jq reads it" "$3" "$(printf '%s\n' "$out" | jq -rce "$2" 2>&1)"
}

json_is_one_object_for_errors_too() {
    start_server ::1
    run "$client" -j -op x ::1 "$port" 6 7
    expect_match 'result' '{"result": 42, "operation": "product", "format": "integer", "integers": [[]6, 7], "server": "[[]::1]:*", "round_trip_ms": *, "sent": 1}' "$out"
    expect_json 'result' '[.result, .integers, .sent]' '[42,[6,7],1]'
    run "$client" -j -s ::1 "$port" 6 7
    expect_match 'string' '{"result": "13", *' "$out"
    run "$client" -j ::1 "$port" 4294967295 1
    expect_match 'error' '{"error": "error", *"status": 2}' "$out"
    run "$client" -j ::1 "$port" 'a"b\'
    expect_match 'usage' '{"error": "usage", *"status": 1}' "$out"
    expect_match 'escapes' '*a\\"b\\\\*' "$out"
    expect_json 'escapes' '.message | contains("a\"b\\")' true
    run "$client" -j ::1 "$port" "$(printf 'a\377b\001\303\244')"
    expect_json 'octets that are no UTF-8' '.status' 1
    expect_equal 'standard error' '' "$err"
}

a_result_that_can_not_be_printed_is_an_error() {
    start_server -v ::1
    run sh -c '"$@" >/dev/full' sh "$client" ::1 "$port" 1
    expect_equal 'full' 10 "$status"
    run sh -c '"$@" >&-' sh "$client" ::1 "$port" 1
    expect_equal 'closed' 10 "$status"
    run sh -c '"$@" >/dev/full' sh "$client" -j ::1 "$port" x
    expect_equal 'status of a failure' 1 "$status"
    expect_match 'a failure in JSON' "client: INTEGER 'x' *" "$err"
    stop_server
    expect_match 'only the requests arrived' '*received 2 = replied 2 *' "$(cat "$log")"
}

a_result_that_is_too_long_is_explained() {
    start_server ::1
    # shellcheck disable=SC2046 # several words
    run "$client" -s -op x ::1 "$port" $(yes 4294967295 | head -n 30)
    expect_equal 'status' 2 "$status"
    expect_equal 'output' '' "$out"
    expect_message 'message' 'client: the server answered with an error: the result has more than 256 digits'
}

a_request_without_a_reply_is_drawn() {
    start_stub ::1 silent silent
    run "$client" -v -t 0.02 -r 1 ::1 "$port" 9
    expect_equal 'status' 9 "$status"
    expect_equal 'output' '' "$out"
    expect_match 'drawing' "request, 5 octets, 2 sent
*sum(9) as integer
client: no reply from *" "$err"
}

help_that_can_not_be_printed_is_an_error() {
    for option in --help --version; do
        "$client" $option >/dev/full 2>"$scratch/err"
        expect_equal "$option: status" 10 $?
        err=$(cat "$scratch/err")
        expect_message "$option" 'client: can not print: No space left on device'
    done
}

run_tests the_lines_of_the_mission operators_have_several_names \
    bad_integers_are_named_and_nothing_is_sent the_largest_and_hexadecimal_integers \
    from_1_to_64_integers an_error_reply_is_exit_status_2 a_closed_port_is_refused_twice \
    an_unknown_host_and_a_bad_port json_is_one_object_for_errors_too \
    a_result_that_can_not_be_printed_is_an_error a_result_that_is_too_long_is_explained \
    a_request_without_a_reply_is_drawn help_that_can_not_be_printed_is_an_error
