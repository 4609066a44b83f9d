#!/bin/sh
# Loops that somebody starts with a forged request, live: how many datagrams there are until they end. At length:
# endurance/loops.
. "$(dirname "$0")/loops_lib.sh"

# Each chain ends with a datagram of one octet, which one of the two drops.
chain_between_servers() { # OCTETS REPLIES
    wanted=$((wanted + 2))
    expected=$((expected + 2 * $2))
    forge_from_neighbour 1 0 "$1"
    forge_to_neighbour 1 0 "$1"
    wait_until have_counted "$wanted" 'no integers' || fail "$1: the chains do not end"
    wait_until have_counted "$expected" '^  replied'
    expect_equal "replies of both, after $1 each way" "$expected" "$(counted_by_both '^  replied')"
}

req_7_2_between_two_servers_a_chain_ends_after_four() {
    make_network || return
    start_server ::1
    start_neighbour "$server" "$there" 0
    wanted=0 expected=0
    chain_between_servers 0100bc614e 4 # D, V, L, E
    chain_between_servers 0000000009 3 # V, L, E
    chain_between_servers 8000000009 2 # L, E
    chain_between_servers 8e00000009 1 # E
    chain_between_servers 0004 1
    chain_between_servers 01ffffffff 2 # D of 10 digits, E
    chain_between_servers 00 0
    chain_between_servers 803132333435363738 3 # the D of the first
    stop_neighbour
}

req_7_4_between_servers_on_the_same_port_there_is_no_reply() {
    make_network || return
    start_server ::1
    start_neighbour "$server" "$there" "$port"
    for octets in 0100bc614e 8000000009 0400000009; do
        forge_from_neighbour 1 0 "$octets"
        forge_to_neighbour 1 0 "$octets"
    done
    wait_until have_counted 6 "own port number" || fail 'not all are dropped'
    expect_equal 'replies' 0 "$(counted_by_both '^  replied')"
    stop_neighbour
}

req_7_3_a_service_on_a_low_port_gets_no_reply() {
    make_network || return
    serve_and_count
    start_neighbour "$tools/stranger" echo "$there" 7
    for octets in 0100bc614e 8000000009 0400000009; do
        forge_from_neighbour 3 0 "$octets"
    done
    wait_for_count 'dropped *9  from a port below 1024'
    expect_equal 'replies' 0 "$(replies)"
    stop_neighbour
}

# With each datagram that is dropped a chain ends: so a loop that is faster than the limit is over once it has met it.
req_7_5_a_loop_with_a_server_of_another_kind_ends() {
    make_network || return
    for kind in chargen tftp always; do
        for neighbour_port in 5000 50000; do
            serve_and_count
            start_neighbour "$tools/stranger" "$kind" "$there" "$neighbour_port"
            forge_from_neighbour 3 0 8000000009
            wait_for_count 'dropped *3  too many that could come from a server (REQ-7.5)'
            count=$(replies)
            expect_at_most "$kind, port $neighbour_port: replies" "$(allowed)" "$count"
            [ "$count" -ge 1000 ] || fail "$kind: there was no loop, but $count replies"
            stop_neighbour
        done
    done
}

# What is left, as PROTOCOL.md says itself (section 11): errors from a high port that read as good requests.
has_sent() { # COUNT
    [ "$(replies)" -ge "$1" ]
}

rate_ends_a_loop_that_req_7_5_is_not_about() {
    make_network || return
    serve_and_count
    start_neighbour "$tools/stranger" strict "$there" 50000
    forge_from_neighbour 3 0 0000000009
    wait_until has_sent 5000 || fail 'it ends without a rate'
    stop_neighbour
    serve_and_count --rate 500
    start_neighbour "$tools/stranger" strict "$there" 50000
    forge_from_neighbour 3 0 0000000009
    wait_for_count 'dropped *3  too many from there (--rate)'
    expect_at_most 'replies' "$(allowed)" "$(replies)"
    stop_neighbour
}

run_tests req_7_2_between_two_servers_a_chain_ends_after_four \
    req_7_4_between_servers_on_the_same_port_there_is_no_reply \
    req_7_3_a_service_on_a_low_port_gets_no_reply \
    req_7_5_a_loop_with_a_server_of_another_kind_ends \
    rate_ends_a_loop_that_req_7_5_is_not_about
