#!/bin/sh
# The client's side of an exchange, against a server that does what it is told: silence, loss, late and
# bad replies; and what the client says about each.
. "$(dirname "$0")/lib.sh"

# All that the stub has received, as endpoints of the client.
senders() {
    sed -n 's/^request from //p' "$log"
}

expect_sent() { # WHAT NUMBER
    expect_equal "$1: datagrams" "$2" "$(senders | wc -l | tr -d ' ')"
    expect_equal "$1: ports" "$2" "$(senders | sort -u | wc -l | tr -d ' ')"
}

expect_result() { # WHAT RESULT
    expect_equal "$1" "Result: $2" "$out"
    expect_equal "$1: standard error" '' "$err"
    expect_equal "$1: status" 0 "$status"
}

# Seven seconds, while the other tests run.
begin_with_the_defaults() {
    start_stub ::1 silent silent silent silent
    defaults_stub=$server_pid
    server_pid=
    mv "$log" "$scratch/defaults.log"
    defaults_port=$port
    (
        began=$(now_ms)
        "$client" ::1 "$defaults_port" 1 2>"$scratch/defaults.err"
        echo "$? $(($(now_ms) - began))" >"$scratch/defaults.status"
    ) &
    defaults_client=$!
}

req_8_4_the_defaults_give_up_after_7_s() {
    wait "$defaults_client"
    kill "$defaults_stub"
    wait "$defaults_stub" 2>/dev/null
    read -r status elapsed <"$scratch/defaults.status"
    err=$(cat "$scratch/defaults.err")
    log=$scratch/defaults.log
    expect_equal 'status' 9 "$status"
    expect_message 'message' "client: no reply from [[]::1]:$defaults_port within 7 s"
    expect_elapsed '1 + 2 + 4 s' 7000 9000
    expect_sent 'once and two retries' 3
}

req_8_4_no_reply_in_time() {
    start_stub ::1 silent silent silent silent
    run "$client" -t 0.1 -r 2 ::1 "$port" 1
    expect_equal 'status' 9 "$status"
    expect_equal 'output' '' "$out"
    expect_message 'message' "client: no reply from [[]::1]:$port within 0.7 s"
    expect_elapsed '0.1 + 0.2 + 0.4 s' 700 1400
    expect_sent 'two retries' 3

    start_stub ::1 silent silent
    run "$client" -t 0.1 -r 0 ::1 "$port" 1
    expect_equal 'status without a retry' 9 "$status"
    expect_message 'without a retry' '* within 0.1 s'
    expect_elapsed 'without a retry' 100 600
    expect_sent 'without a retry' 1

    start_stub ::1 silent silent silent silent silent silent
    run "$client" --timeout=0.01 --retries=4 ::1 "$port" 1
    expect_message 'long options' '* within 0.31 s'
    expect_elapsed 'long options' 310 800
    expect_sent 'long options' 5

    start_stub ::1 silent silent
    run "$client" -j -t 0.02 -r 1 ::1 "$port" 1
    expect_equal 'JSON' "{\"error\": \"timeout\", \"message\": \"no reply from [::1]:$port within 0.06 s\", \"status\": 9}" "$out"
    expect_equal 'JSON: standard error' '' "$err"
    expect_equal 'JSON: status' 9 "$status"
}

req_8_2_a_reply_to_any_try_counts() {
    start_stub ::1 silent 8000000009
    run "$client" -j -t 0.05 ::1 "$port" 9
    expect_match 'the second' '{"result": 9, *, "sent": 2}' "$out"
    expect_sent 'the second' 2

    start_stub ::1 silent silent 8000000009
    run "$client" -j -t 0.1 ::1 "$port" 9
    expect_match 'the third' '{"result": 9, *, "sent": 3}' "$out"
    expect_elapsed 'the third, after 0.1 + 0.2 s' 300 700
    expect_sent 'the third' 3

    # The round trip is that of the try which was answered: longer than the first timeout.
    start_stub ::1 silent first:8000000009
    run "$client" -j -t 0.1 -r 1 ::1 "$port" 9
    expect_match 'late, to the first' '{"result": 9, *, "sent": 2}' "$out"
    round_trip=$(printf '%s\n' "$out" | sed -n 's/.*"round_trip_ms": \([0-9]*\)\..*/\1/p')
    in_all=$elapsed
    elapsed=${round_trip:-0}
    expect_elapsed 'the round trip of the first try' 100 $((in_all + 1))

    start_stub ::1 silent silent first:8000000009
    run "$client" -j -t 0.05 ::1 "$port" 9
    expect_match 'after two more' '{"result": 9, *, "sent": 3}' "$out"
}

req_8_1_a_reply_from_another_port_is_ignored() {
    start_stub ::1 other:8000000007 8000000009
    run "$client" ::1 "$port" 9
    expect_result 'another port, then the right one' 9
    start_stub ::1 other:8000000007 other:00 silent
    run "$client" -t 0.1 -r 0 ::1 "$port" 9
    expect_equal 'status of another port alone' 9 "$status"
    expect_equal 'output of another port alone' '' "$out"
}

req_8_5_a_server_that_is_away_for_a_moment() {
    start_stub ::1 away 8000000009
    "$tools/probe" -n 0 ::1 "$port" 0000000001
    wait_for_line "$log" '^request'
    run "$client" ::1 "$port" 9
    expect_result 'away when the request comes' 9
    start_stub ::1 away 8000000009
    run "$client" -t 0.06 ::1 "$port" 9
    expect_result 'away behind the request' 9
}

# Answers the first datagrams to $port with "port unreachable", as the kernel does for a closed one.
refuse_first() { # NUMBER
    nft flush ruleset
    nft add table inet calc6
    nft add chain inet calc6 input '{ type filter hook input priority 0; }'
    nft add rule inet calc6 input udp dport "$port" numgen inc mod 1000 '<' "$1" \
        reject with icmpv6 type port-unreachable
}

req_8_5_refused_once_is_tried_again_at_once() {
    needs_isolation || return
    start_server ::1
    refuse_first 1
    run "$client" -j ::1 "$port" 9
    expect_match 'result' '{"result": 9, *, "sent": 2}' "$out"
    expect_elapsed 'about 100 ms, not 1 s' 100 1000
    refuse_first 2
    run "$client" -j -r 5 ::1 "$port" 9
    expect_match 'a second refusal ends it' '{"error": "refused", *, "status": 10}' "$out"
    expect_elapsed 'a second refusal' 100 1000
    nft flush ruleset
}

req_8_5_a_closed_port_ends_early() {
    start_server ::1
    stop_server
    run "$client" ::1 "$port" 1
    expect_equal 'status' 10 "$status"
    expect_equal 'output' '' "$out"
    expect_message 'message' "client: [[]::1]:$port refused the request*"
    expect_elapsed 'early' 100 1000
    run "$client" -t 3 -r 0 ::1 "$port" 1
    expect_equal 'status without a retry' 10 "$status"
    expect_elapsed 'without a retry' 0 1000
    run "$client" -j ::1 "$port" 1
    expect_match 'JSON' '{"error": "refused", "message": "*", "status": 10}' "$out"
}

digits() { # NUMBER OF DIGITS: of a string reply with as many ones
    printf "%0$1d" 0 | sed 's/0/31/g'
}

req_8_6_replies_that_are_not_valid() {
    set -- empty 80 8009 80000009 8000000009ff 800000000000000009 "80$(digits 257)"
    start_stub ::1 "$@" "$@"
    for reply in "$@"; do
        run "$client" -v ::1 "$port" 9
        expect_invalid "integer from $reply"
    done
    for reply in "$@"; do
        run "$client" -j ::1 "$port" 9
        expect_invalid_json "integer from $reply"
    done
    set -- empty 80 80313200 80003132 803132330a 802d31 802b31 802031 803a 802f 80312e35 80b1 \
        8000000009 "80$(digits 257)" "8030$(digits 256)" "80$(digits 255)0a"
    start_stub ::1 "$@" "$@"
    for reply in "$@"; do
        run "$client" -s ::1 "$port" 9
        expect_invalid "string from $reply"
        expect_message "string from $reply" 'client: the reply is not valid: *'
    done
    for reply in "$@"; do
        run "$client" -s -q -j ::1 "$port" 9
        expect_invalid_json "string from $reply"
    done
}

expect_invalid() { # WHAT
    expect_equal "$1: status" 10 "$status"
    expect_equal "$1: output" '' "$out"
    expect_match "$1" '*client: the reply is not valid: *' "$err"
}

expect_invalid_json() { # WHAT
    expect_equal "$1: status" 10 "$status"
    expect_match "$1: output" '{"error": "invalid-reply", "message": "the reply is not valid: *", "status": 10}' "$out"
    expect_equal "$1: standard error" '' "$err"
}

req_8_7_leading_zeros_are_accepted() {
    zeros=$(printf '%0254d' 0 | sed 's/0/30/g')
    start_stub ::1 80303234 8030 80303030 "80${zeros}3234" "80$(digits 256)"
    for expected in 24 0 0 24 "$(digits 256 | sed 's/31/1/g')"; do
        run "$client" -s ::1 "$port" 24
        expect_result "digits '$expected'" "$expected"
    done
}

req_5_2_unused_bits_are_ignored() {
    start_stub ::1 8100000009 c000000009 8e00000009 ff00000009
    for bits in 01 40 0e 7f; do
        run "$client" ::1 "$port" 9
        expect_result "integer with $bits" 9
    done
    start_stub ::1 8139 c039 8e39 ff39
    for bits in 01 40 0e 7f; do
        run "$client" -s ::1 "$port" 9
        expect_result "string with $bits" 9
    done
}

req_5_6_an_error_with_a_payload_is_an_error() {
    set -- 00 7f 0000000009 0039 006f6f7073 7f00000009 "00$(digits 300)"
    start_stub ::1 "$@" "$@" "$@"
    for reply in "$@"; do
        run "$client" ::1 "$port" 9
        expect_equal "$reply: status" 2 "$status"
        expect_equal "$reply: output" '' "$out"
        expect_equal "$reply" 'client: the server answered with an error' "$err"
    done
    for reply in "$@"; do
        run "$client" -s ::1 "$port" 9
        expect_equal "$reply as a string: status" 2 "$status"
        expect_equal "$reply as a string: output" '' "$out"
    done
    for reply in "$@"; do
        run "$client" -j ::1 "$port" 9
        expect_equal "$reply in JSON" '{"error": "error", "message": "the server answered with an error", "status": 2}' "$out"
    done
}

verbose_shows_both_datagrams() {
    start_stub ::1 8000000005 803234 80313200 0039
    run "$client" -v ::1 "$port" 2 3
    expect_equal 'the bare result' 'Result: 5' "$out"
    from=$(senders | tail -n 1)
    expect_equal 'standard error' "request from $from to [::1]:$port, 9 octets
     0 1 2 3 4 5 6 7
    +-+-+-+-+-+-+-+-+
    |Unused |Opcod|F|   Unused 0, Opcode 0 (sum), F 0 (as an integer)
    |0 0 0 0|0 0 0|0|   00
    +-+-+-+-+-+-+-+-+

    octet  on the wire  in this host     integer
        1  00 00 00 02  00 00 00 02            2
        5  00 00 00 03  00 00 00 03            3

    0000  00 00 00 00 02 00 00 00 03                       .........

    sum(2, 3) as integer
reply from [::1]:$port to $from, 5 octets
     0 1 2 3 4 5 6 7
    +-+-+-+-+-+-+-+-+
    |S|   Unused    |   S 1 (success), Unused 0
    |1|0 0 0 0 0 0 0|   80
    +-+-+-+-+-+-+-+-+

    octet  on the wire  in this host     integer
        1  00 00 00 05  00 00 00 05            5

    0000  80 00 00 00 05                                   .....

    success, 5" "$(printf '%s\n' "$err" | sed '$d' | in_wire_order)"
    last_line=$(printf '%s\n' "$err" | tail -n 1)
    expect_match 'the time' 'round trip [0-9]*.[0-9][0-9][0-9] ms, 1 sent' "$last_line"
    round_trip=$(printf '%s\n' "$last_line" | sed 's/round trip \([0-9]*\)\..*/\1/')
    [ "$round_trip" -le "$elapsed" ] || fail "a round trip of $round_trip ms within $elapsed ms"

    run "$client" -v -q -s -op x ::1 "$port" 4 2 3
    expect_equal 'the bare number' 24 "$out"
    expect_match 'a string' '*product(4, 2, 3) as string*80 32 34 * .24*success, "24"*' "$err"
    run "$client" -v -s ::1 "$port" 1
    expect_equal 'no result' '' "$out"
    expect_match 'a reply that is not valid' '*80 31 32 00 *.12.*not valid: *client: the reply is not valid: *' "$err"
    run "$client" -v -s ::1 "$port" 1
    expect_match 'an error' '*S 0 (error)*REQ-5.6*  1  39*00 39 *    error*1 sent*client: the server answered with an error' "$err"
}

forms_of_the_output() {
    start_server ::1
    run "$client" -q -s ::1 "$port" 6 7
    expect_equal '-q -s' 13 "$out"
    json="\"operation\": \"sum\", \"format\": \"string\", \"integers\": [[]6, 7], \"server\": \"[[]::1]:$port\", \"round_trip_ms\": [0-9]*.[0-9]*, \"sent\": 1}"
    for options in '-q -j -s' '-j -q -s' '-qjs' '--quiet --json --string'; do
        # shellcheck disable=SC2086 # several words
        run "$client" $options ::1 "$port" 6 7
        expect_match "$options" "{\"result\": \"13\", $json" "$out"
        expect_equal "$options: standard error" '' "$err"
    done
    run "$client" -j -v ::1 "$port" 6 7
    expect_match '-j -v' '{"result": 13, *}' "$out"
    expect_match '-j -v: standard error' 'request from *success, 13*round trip *' "$err"
}

times_and_retries_that_are_none() {
    for word in 0 0.0009 -1 -0 3600.001 3601 0x1 1s 1,5 '' ' 1' nan inf x 1e9 .; do
        run "$client" -t "$word" ::1 10000 1
        expect_equal "status of -t '$word'" 1 "$status"
        expect_equal "output of -t '$word'" '' "$out"
        expect_message "-t '$word'" "client: --timeout '$word' is not 0.001 to 3600 seconds"
    done
    for word in -1 16 1.5 0x1 '' ' 1' +1 x 99999999999999999999; do
        run "$client" -r "$word" ::1 10000 1
        expect_equal "status of -r '$word'" 1 "$status"
        expect_equal "output of -r '$word'" '' "$out"
        expect_message "-r '$word'" "client: --retries '$word' is not 0 to 15"
    done
    start_server ::1
    for options in '-t 0.001 -r 15' '-t 3600 -r 0' '--timeout 1.5 --retries 1' '-t1 -r1'; do
        # shellcheck disable=SC2086 # several words
        run "$client" $options ::1 "$port" 9
        expect_result "$options" 9
    done
}

bad_command_lines_are_one_line_and_status_1() {
    expect_bad_usage "$client" <<-END
	needed
	needed ::1
	INTEGER ::1 10000
	'-t' -t
	'--retries' --retries
	'-op' -op
	'--nonsense' --nonsense ::1 10000 1
	'-z' -z ::1 10000 1
	'--quiet=yes' --quiet=yes ::1 10000 1
	'-s' ::1 10000 1 -s
	'minus' --op=minus ::1 10000 1
	END
}

help_and_version() {
    for option in --help -h; do
        run "$client" $option
        expect_equal "$option: status" 0 "$status"
        expect_match "$option" 'usage: client *-t*(1)*-r*(2)*Exit status: 0 *1 *2 *9 *10 *' "$out"
        expect_equal "$option: standard error" '' "$err"
    done
    run "$client" --version
    expect_equal 'version: status' 0 "$status"
    expect_match 'version' 'client (calc6) [0-9]*.[0-9]*.[0-9]*' "$out"
    expect_equal 'version: standard error' '' "$err"
    run "$server" --version
    expect_match 'of the server' 'server (calc6) [0-9]*.[0-9]*.[0-9]*' "$out"
}

begin_with_the_defaults
run_tests req_8_4_no_reply_in_time req_8_2_a_reply_to_any_try_counts \
    req_8_1_a_reply_from_another_port_is_ignored req_8_5_a_server_that_is_away_for_a_moment \
    req_8_5_refused_once_is_tried_again_at_once req_8_5_a_closed_port_ends_early \
    req_8_6_replies_that_are_not_valid req_8_7_leading_zeros_are_accepted \
    req_5_2_unused_bits_are_ignored req_5_6_an_error_with_a_payload_is_an_error \
    verbose_shows_both_datagrams forms_of_the_output times_and_retries_that_are_none \
    bad_command_lines_are_one_line_and_status_1 help_and_version \
    req_8_4_the_defaults_give_up_after_7_s
