#!/bin/sh
# The server as a person runs it: what it listens on, whom it answers, signals, counts, messages.
. "$(dirname "$0")/lib.sh"
probe=$tools/probe

listens_on_what_it_says() {
    for address in ::1 :: 127.0.0.1 localhost; do
        start_server "$address"
        expect_match "$address" 'listening on [[]*]:[1-9]*' "$(cat "$log")"
        case $address in
        ::) run "$client" -q ::1 "$port" 1 2 ;;
        *) run "$client" -q "$address" "$port" 1 2 ;;
        esac
        expect_equal "$address" 3 "$out"
        stop_server
    done
}

v6only_leaves_out_ipv4() {
    start_server --v6only ::
    run "$client" -q ::1 "$port" 1 2
    expect_equal 'IPv6' 3 "$out"
    run "$client" -q 127.0.0.1 "$port" 1 2
    expect_equal 'IPv4' 10 "$status"
}

what_can_not_be_served_is_one_line_and_status_1() {
    start_server ::1
    run "$server" ::1 "$port"
    expect_equal 'status of a port in use' 1 "$status"
    expect_equal 'port in use' "server: can not bind [::1]:$port: Address already in use" "$err"
    for words in '2001:db8::1 0' 'no-such-host.invalid 0' '::1 65536' '::1 no-such-service' \
        '::1' '' '::1 0 0' '--nonsense ::1 0' '--once=yes ::1 0' 'ff02::1 0' '--v6only 127.0.0.1 0'; do
        # shellcheck disable=SC2086 # several words
        run "$server" $words
        expect_equal "status of '$words'" 1 "$status"
        expect_match "'$words'" 'server: *' "$err"
        expect_equal "lines of '$words'" 1 "$(printf '%s\n' "$err" | wc -l | tr -d ' ')"
        expect_equal "output of '$words'" '' "$out"
    done
}

each_wrong_word_is_named() {
    run "$server"
    expect_message 'none' 'server: ADDRESS and PORT are needed; see server --help'
    run "$server" ::1
    expect_message 'one' "server: no PORT after ADDRESS '::1'; see server --help"
    run "$server" ::1 0 more
    expect_message 'three' "server: 'more' after ADDRESS and PORT: nothing more is allowed; see server --help"
    run "$server" -v --twice ::1 0
    expect_message 'option' "server: '--twice' is not an option, short for several, or takes no value; see server --help"
    run "$server" ::1 70000
    expect_message 'port' "server: PORT '70000' is neither a number from 0 to 65535 nor the name of a UDP service"
    run "$server" ff02::1 0
    expect_message 'multicast' 'server: ADDRESS is a multicast address: no request to it gets a reply (REQ-6.9)'
}

help_and_version() {
    run "$server" --help
    expect_equal 'status' 0 "$status"
    expect_match 'help' 'usage: server *' "$out"
    run "$server" --version
    expect_match 'version' 'server (calc6) [0-9]*' "$out"
}

req_6_1_to_6_8_on_the_wire() {
    start_server ::1
    expect_equal 'replies' "$(printf '%s\n' 8000000009 803234 00 00 00 none none 80ffffffff 00 8e00000005)" \
        "$("$probe" ::1 "$port" 00000000040000000200000003 03000000040000000200000003 \
            0400000001 00000001 "$(printf '%0522d' 0)" '' 00 00ffffffff 00ffffffff00000001 8000000005)"
}

once_stops_after_one_reply() {
    start_server --once -v ::1
    run "$client" -q ::1 "$port" 2 3
    expect_equal 'result' 5 "$out"
    wait "$server_pid"
    expect_equal 'status' 0 $?
    server_pid=
    expect_match 'counts' '*received 1 = replied 1 + dropped 0 + failed 0*' "$(cat "$log")"
}

verbose_shows_the_exchange() {
    start_server -v ::1
    run "$client" -q -s -op x ::1 "$port" 6 7
    stop_server
    text=$(cat "$log")
    expect_match 'peer' '*request from [[]::1]:* to [[]::1]:*, 9 octets*' "$text"
    expect_match 'header' '*|Unused |Opcod|F|   Unused 0, Opcode 1 (product), F 1 (as a string)*' "$text"
    expect_match 'integers' '*   1  00 00 00 06  *   5  00 00 00 07  *' "$text"
    expect_match 'octets' '*03 00 00 00 06 00 00 00 07 *' "$text"
    expect_match 'request' '*product(6, 7) as string*' "$text"
    expect_match 'reply' '*reply, 3 octets*|S|   Unused    |   S 1 (success), Unused 0*   1  42*80 34 32 * .42*success, "42"*' "$text"
}

signals_stop_it_and_print_the_counts() {
    for signal in INT TERM; do
        start_server ::1
        "$probe" ::1 "$port" '' 0400000001 >/dev/null
        wait_for_count 'received 4'
        run "$client" -q ::1 "$port" 1
        expect_equal 'goes on' 1 "$out"
        kill -"$signal" "$server_pid"
        wait "$server_pid"
        expect_equal "status after $signal" 0 $?
        server_pid=
        expect_match 'counts' '*received 5 = replied 4 + dropped 1 + failed 0*unknown opcode*no integers*' "$(cat "$log")"
    done
}

req_7_3_and_7_4_source_ports_that_get_no_reply() {
    needs_isolation || return
    start_server ::1
    run timeout 1 "$probe" -b 1023 ::1 "$port" 0000000001
    expect_equal 'output of 1023' '' "$out"
    expect_equal '1024' 8000000001 "$("$probe" -b 1024 ::1 "$port" 0000000001)"
    stop_server
    expect_match 'counts' '*dropped * from a port below 1024*' "$(cat "$log")"
    start_server "$second_address"
    run timeout 1 "$probe" -a "$third_address" -b "$port" "$second_address" "$port" 0000000001
    expect_equal 'output of its own port' '' "$out"
    beside=$((port + 1))
    expect_equal 'the port beside' 8000000001 \
        "$("$probe" -a "$third_address" -b "$beside" "$second_address" "$port" 0000000001)"
    stop_server
    expect_match 'counts' "*dropped * from the server's own port*" "$(cat "$log")"
}

output_that_nobody_reads_does_not_end_it() {
    log=$scratch/server.log
    mkfifo "$scratch/pipe"
    "$server" -v ::1 0 >"$scratch/pipe" 2>/dev/null &
    server_pid=$!
    read -r _ _ endpoint <"$scratch/pipe"
    port=${endpoint##*:}
    run "$client" -q ::1 "$port" 1
    run "$client" -q ::1 "$port" 2
    expect_equal 'goes on' 2 "$out"
    rm "$scratch/pipe"
}

# Each line that -v and USR1 print about requests of zeros.
line_of_zeros='^(listening on .*:[0-9]+|request from .* octets|reply, 5 octets|replied with a result|received .*|'\
'  (replied|noted) .* [a-z]+|     0 1 2 3 4 5 6 7|    [+-]{17}|    [|].*|    octet .* integer|'\
' +[0-9]+  00 00 00 00  00 00 00 00            0|    0[01][0-9a-f]0  [08]0 .*[.]|    sum[(](0, )*0(,|[)] as integer)|'\
'      (0, )*(0,|0[)] as integer)|    success, 0|)$'

# A server whose output is a pipe that nobody reads: it is full, and open as descriptor 9.
start_stalled() {
    log=$scratch/server.log
    mkfifo "$scratch/stalled"
    "$server" -v ::1 0 >"$scratch/stalled" 2>/dev/null &
    server_pid=$!
    exec 9<"$scratch/stalled"
    rm "$scratch/stalled"
    read -r _ _ endpoint <&9
    port=${endpoint##*:}
    # Each of the others takes two pages of the pipe: with this one, its end comes within a drawing.
    expect_equal 'one page' 8000000000 "$("$probe" -n 1 ::1 "$port" 0000000000)"
    largest=$(printf '%0514d' 0)
    i=0
    while [ $i -lt 40 ]; do
        i=$((i + 1))
        expect_equal "reply $i" 8000000000 "$("$probe" -n 1 ::1 "$port" "$largest")"
    done
}

output_that_is_not_read_does_not_stall_it() {
    start_stalled
    # What has been printed is whole lines; what has not is counted, once there is room again.
    cat <&9 >"$scratch/read" &
    reader=$!
    wait_for_count '^  noted .* exchanges not shown: output full$' "$scratch/read"
    stop_server
    expect_equal 'status' 0 "$server_status"
    exec 9<&-
    wait "$reader"
    expect_equal 'lines that are not whole' '' "$(grep -Ev "$line_of_zeros" "$scratch/read")"
}

output_that_is_not_read_does_not_keep_it_from_ending() {
    start_stalled
    stop_server
    expect_equal 'status' 0 "$server_status"
    cat <&9 >"$scratch/read"
    exec 9<&-
    expect_equal 'lines that are not whole' '' "$(grep -Ev "$line_of_zeros" "$scratch/read")"
    expect_equal 'counts, for which there was no room' 0 "$(grep -c '^received ' "$scratch/read")"
}

what_it_listens_on_has_to_be_printed() {
    run timeout 5 sh -c '"$@" >/dev/full' sh "$server" ::1 0
    expect_equal 'status' 1 "$status"
    expect_message 'message' 'server: can not print what it listens on: No space left on device'
}

merging_can_be_left_out() {
    for option in --no-gro --no-gso; do
        start_server $option ::1
        run "$client" -q ::1 "$port" 1 2
        expect_equal "$option: answer" 3 "$out"
        stop_server
        expect_equal "$option: status" 0 "$server_status"
    done
}

run_tests listens_on_what_it_says v6only_leaves_out_ipv4 \
    what_can_not_be_served_is_one_line_and_status_1 each_wrong_word_is_named help_and_version req_6_1_to_6_8_on_the_wire \
    once_stops_after_one_reply verbose_shows_the_exchange signals_stop_it_and_print_the_counts \
    req_7_3_and_7_4_source_ports_that_get_no_reply output_that_nobody_reads_does_not_end_it \
    output_that_is_not_read_does_not_stall_it output_that_is_not_read_does_not_keep_it_from_ending \
    what_it_listens_on_has_to_be_printed merging_can_be_left_out
