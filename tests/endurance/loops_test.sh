#!/bin/sh
# Loops and floods at length: the server among services that answer answers, fed by somebody who forges their requests, and
# an honest client beside a flood. Only the ones that end by themselves, or at the first refusal, are in system/loops.
. "$(dirname "$0")/../system/loops_lib.sh"

SECONDS_EACH=2
SEEDS='0100bc614e 8000000009 0400000009 0012'

# Forged requests go on for the whole time, so that the loops that end are begun anew.
feed() { # COUNT RATE
    forgers=
    for octets in $SEEDS; do
        forge_from_neighbour "$1" "$2" "$octets" &
        forgers="$forgers $!"
    done
    # shellcheck disable=SC2086 # several
    wait $forgers
}

exchange_with() { # KIND PORT FACTOR
    serve_and_count -w 4 # which share the limit
    start_neighbour "$tools/stranger" "$1" "$there" "$2" || return
    feed $((500 * SECONDS_EACH)) 500
    stop_neighbour
    limit=$(allowed)
    count=$(replies)
    echo "# $1, port $2: $count replies, at most $limit"
    case $3 in
    0) expect_equal "$1, port $2" 0 "$count" ;;
    *) expect_at_most "$1, port $2" $(($3 * limit)) "$count" ;;
    esac
}

req_7_3_services_on_low_ports_get_no_reply() {
    make_network || return
    SECONDS_EACH=1
    for kind in echo chargen dns ntp tftp text whole bits empty always long strict; do
        exchange_with "$kind" 7 0
        exchange_with "$kind" 1023 0
    done
}

req_7_5_services_on_the_ports_of_services_get_a_thousand_replies_a_second() {
    make_network || return
    SECONDS_EACH=2
    for kind in echo chargen dns ntp tftp text whole bits empty always long strict; do
        exchange_with "$kind" 1024 1
        exchange_with "$kind" 32767 1
    done
}

# There, one that is no error and has its first bit clear is a client's. "strict" makes nothing else: see system/loops.
req_7_5_on_high_ports_what_is_no_client_s_gets_a_thousand_replies_a_second() {
    make_network || return
    SECONDS_EACH=2
    SEEDS='8000000009 0400000009 0012 8e00000009'
    for kind in echo chargen dns ntp tftp text bits empty always; do
        exchange_with "$kind" 32768 1
        exchange_with "$kind" 60000 1
    done
    # Every second datagram may be an error that reads as a sum.
    exchange_with whole 32768 2
    exchange_with long 32768 2
}

resident() {
    awk '/^VmRSS/ { print $2 }' "/proc/$server_pid/status"
}

# So many datagrams have come in or were lost before.
has_taken() { # COUNT
    kill -USR1 "$server_pid"
    [ "$(awk '/^received/ { sum = $2 } / lost / { sum += $2 } END { print sum + 0 }' "$log")" -ge "$1" ]
}

# Replies to those who are not there leave by an interface that takes all and leads nowhere.
make_nowhere() {
    make_network || return
    ! ip link show nowhere >/dev/null 2>&1 || return 0
    {
        ip link add nowhere type veth peer name away &&
            ip link set nowhere arp off up &&
            ip link set away arp off up &&
            ip -6 route add 2001:db8::/32 dev nowhere
    } || fail 'there is no such interface'
}

# One thread forges as fast as it can; the machine may have two processors in all, so many requests are lost before the server
# can take them, and the client asks more often than usual.
an_honest_client_gets_its_answers_beside_a_flood_from_a_million_prefixes() {
    make_nowhere || return
    for options in '' '--rate 100'; do
        # shellcheck disable=SC2086 # words of the command line
        start_program "$root/bin/server" $options ::1 0
        "$tools/forge" 100000 0 2001:db8::/32 0 ::1 "$port" 8000000009
        wait_until has_taken 100000 || fail 'not all are accounted for'
        before=$(resident)
        nice "$tools/forge" 1000000 0 2001:db8::/32 0 ::1 "$port" 8000000009 &
        forger=$!
        asked=0
        while kill -0 "$forger" 2>/dev/null; do
            asked=$((asked + 1))
            run "$client" -q -t 0.1 -r 6 ::1 "$port" "$asked" 1
            expect_equal 'answer' $((asked + 1)) "$out"
        done
        wait "$forger"
        wait_until has_taken 1100000 || fail 'not all are accounted for'
        [ "$asked" -ge 10 ] || fail "the flood was over after $asked answers"
        expect_at_most 'KiB more' 64 $(($(resident) - before))
        stop_server
        echo "# server $options: $asked answers, $before KiB; $(grep '^received' "$log" | tail -n 1)"
        expect_equal 'accounts that do not add up' '' "$(awk '/^received/ && $2 != $5 + $8 + $11' "$log")"
        expect_at_most 'datagrams' $((1100000 + 7 * asked)) \
            "$(awk '/^received/ { sum = $2 } / lost / { sum += $2 } END { print sum }' "$log")"
    done
}

# Somebody forges the victim's own prefix, so the one reply a second that it may get goes to him; one in 8 of the others is
# left to chance.
a_victim_gets_its_answers_through_the_leak() {
    make_nowhere || return
    ip address add 2001:db8:7::1/128 dev lo nodad
    start_program "$server" --rate 1 :: 0
    "$tools/forge" 0 5000 2001:db8:7::/64 0 ::1 "$port" 0000000009 &
    forger=$!
    wait_for_count 'let through beyond --rate'
    tries=0
    for i in $(seq 1 30); do
        for try in $(seq 1 100); do
            tries=$((tries + 1))
            run "$client" -q -t 0.05 -r 0 2001:db8:7::1 "$port" "$i"
            [ "$status" -ne 0 ] || break
        done
        expect_equal "answer $i after $try tries" "$i" "$out"
    done
    kill "$forger"
    wait "$forger" 2>/dev/null
    echo "# 30 answers in $tries tries"
    stop_server
}

run_tests req_7_3_services_on_low_ports_get_no_reply \
    req_7_5_services_on_the_ports_of_services_get_a_thousand_replies_a_second \
    req_7_5_on_high_ports_what_is_no_client_s_gets_a_thousand_replies_a_second \
    an_honest_client_gets_its_answers_beside_a_flood_from_a_million_prefixes \
    a_victim_gets_its_answers_through_the_leak
