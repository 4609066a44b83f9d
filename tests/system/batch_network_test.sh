#!/bin/sh
# client --batch where addresses, ports and descriptors are few, and where nobody serves; bad_network_test.sh has the rest.
. "$(dirname "$0")/batch_lib.sh"

req_7_4_the_number_of_the_servers_port_is_left_out() {
    needs_isolation || return
    with_ports 20000 20001
    start_program "$server" -v ::1 20001 || return
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

# The first is not even left for: there is no waiting for it.
an_address_that_can_not_be_reached_costs_no_time() {
    needs_isolation || return
    start_server 127.0.0.1
    ip address add 2001:db8::2/64 dev lo nodad
    ip -6 rule add pref 1 to 2001:db8::1 ipproto udp dport "$port" unreachable
    printf '%s two\n' 2001:db8::1 127.0.0.1 >"$scratch/hosts"
    mount --bind "$scratch/hosts" /etc/hosts
    echo '+ 3 4' >"$lines"
    run "$client" --batch="$lines" -t 20 two "$port"
    expect_numbers 'the second address' 1
    expect_elapsed 'far less than the time of a try' 0 8000
    umount /etc/hosts
    ip -6 rule del pref 1
}

# The last port is taken, and what is waited for comes before it is free.
a_line_that_no_port_is_left_for_gets_its_turn() {
    start_stub ::1 8000000001 slow:8000000002 8000000003 8000000004
    printf '%s\n' '+ 1' '+ 2' '+ 3' '+ 4' >"$lines"
    run timeout 20 sh -c 'ulimit -n 8; exec "$@"' sh "$client" --batch="$lines" \
        --in-flight 1 -t 0.3 --quiet-time 1.5 ::1 "$port"
    expect_equal 'status' 0 "$status"
    expect_equal 'answers' '1 2 3 4' "$(in_one_line "$scratch/out")"
}

few_descriptors_are_enough() {
    start_server ::1
    number_lines 300
    run sh -c 'ulimit -n 48; exec "$@"' sh "$client" --batch="$lines" --quiet-time 0.01 ::1 "$port"
    expect_numbers 'with 48 descriptors' 300
}

# Of the socket with this end of a line in the kernel's table: proc_net_udp(5).
has_something_to_read() { # LOCAL|REMOTE PORT
    awk -v field="$([ "$1" = LOCAL ] && echo 2 || echo 3)" -v end="$(printf ':%04X' "$2")" '
        index($field, end) && $5 !~ /:00000000$/ { found = 1 } END { exit !found }' /proc/self/net/udp6
}

# Both are stopped in turn, so that the reply has come, but is looked for only when its time is over.
a_client_that_was_stopped_looks_for_replies_first() {
    needs_isolation || return
    start_server ::1
    echo '+ 1 2' >"$lines"
    pause "$server_pid"
    "$client" --batch="$lines" -t 2 -r 0 ::1 "$port" >"$answers" 2>&1 &
    client_pid=$!
    wait_until has_something_to_read LOCAL "$port" || fail 'no request came'
    pause "$client_pid"
    kill -CONT "$server_pid"
    wait_until has_something_to_read REMOTE "$port" || fail 'no reply came'
    sleep 2.1
    kill -CONT "$client_pid"
    wait "$client_pid"
    expect_equal 'status' 0 $?
    expect_equal 'answer' 3 "$(cat "$answers")"
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

run_tests req_7_4_the_number_of_the_servers_port_is_left_out \
    the_addresses_of_a_name_take_turns an_address_that_can_not_be_reached_costs_no_time \
    a_line_that_no_port_is_left_for_gets_its_turn few_descriptors_are_enough \
    a_client_that_was_stopped_looks_for_replies_first req_8_5_a_server_that_is_not_there
