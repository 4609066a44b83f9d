#!/bin/sh
# client --batch over networks that are good, bad and away.
. "$(dirname "$0")/batch_lib.sh"

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

run_tests req_8_1_each_reply_is_credited_to_its_own_request req_8_2_and_8_3_under_loss_duplication_and_reordering \
    req_8_3_a_port_rests_for_the_quiet_time req_7_4_the_number_of_the_servers_port_is_left_out \
    the_addresses_of_a_name_take_turns an_address_that_can_not_be_reached_costs_no_time \
    a_line_that_no_port_is_left_for_gets_its_turn few_descriptors_are_enough req_8_5_a_server_that_is_not_there
