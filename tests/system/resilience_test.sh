#!/bin/sh
# What the network does to the server: nothing of it ends or stalls it, all of it is counted.
. "$(dirname "$0")/lib.sh"
probe=$tools/probe
sum_3=0000000003

# Of a server that has stopped: received = replied + dropped + failed, each the sum of its reasons.
expect_counts() { # WHAT RECEIVED REPLIED DROPPED FAILED
    counts=$(sed -n 's/^received \(.*\) = replied \(.*\) + dropped \(.*\) + failed \(.*\)$/\1 \2 \3 \4/p' "$log" | tail -n 1)
    expect_equal "$1: received, replied, dropped, failed" "$2 $3 $4 $5" "$counts"
    expect_counts_add_up "$1"
}

expect_counts_add_up() { # WHAT
    expect_equal "$1: the reasons add up" 'yes' "$(awk '
        /^received/ { split("", sum); total["replied"] = $5; total["dropped"] = $8; total["failed"] = $11; received = $2 }
        /^  (replied|dropped|failed) / { sum[$1] += $2 }
        END {
            for (group in total)
                if (sum[group] + 0 != total[group])
                    wrong = wrong " " group
            if (received != total["replied"] + total["dropped"] + total["failed"])
                wrong = wrong " received"
            print wrong == "" ? "yes" : "not" wrong
        }' "$log")"
}

# What becomes of the datagrams that leave the server's port.
block_replies() { # VERDICT
    nft -f - <<-END
	table inet calc6 {
	    chain output {
	        type filter hook output priority 0;
	        udp sport $port $1
	    }
	}
	END
}

replies_that_a_firewall_stops_are_counted() {
    needs_isolation || return
    for verdict in drop 'reject with icmpv6 type admin-prohibited' 'reject with icmpv6 type port-unreachable'; do
        start_server ::1
        block_replies "$verdict"
        for i in 1 2 3; do
            run "$client" -t 0.02 -r 0 ::1 "$port" "$i"
            expect_equal "$verdict: no reply" 9 "$status"
        done
        nft flush ruleset
        run "$client" -q ::1 "$port" 4
        expect_equal "$verdict: goes on" 4 "$out"
        stop_server
        expect_match "$verdict: reason" '*  failed         3  to reply: not permitted (EPERM, EACCES)*' "$(cat "$log")"
        expect_counts "$verdict" 4 1 0 3
        expect_equal "$verdict: status" 0 "$server_status"
    done
}

an_icmp_error_about_a_reply_is_counted() {
    start_server ::1
    # Both askers are gone before the server is let to answer, so both replies are refused.
    pause "$server_pid"
    "$probe" -n 0 ::1 "$port" "$sum_3"
    "$probe" -n 0 ::1 "$port" "$sum_3"
    kill -CONT "$server_pid"
    wait_for_count 'noted *2  ICMP errors about earlier replies$'
    # One who is still there gets a reply, whatever is reported about others.
    pause "$server_pid"
    # Three, for the kernel reports one error about replies to one port that it was given merged.
    "$probe" -n 0 ::1 "$port" "$sum_3"
    "$probe" -n 0 ::1 "$port" "$sum_3"
    "$probe" -n 0 ::1 "$port" "$sum_3"
    kill -CONT "$server_pid"
    run "$client" -q ::1 "$port" 2
    expect_equal 'behind three that are refused' 2 "$out"
    wait_for_count 'noted *5  ICMP errors about earlier replies$'
    stop_server
    expect_equal 'status' 0 "$server_status"
    expect_counts 'all of them left' 6 6 0 0
}

datagrams_of_any_length_get_a_reply() {
    start_server -v ::1
    replies=$("$probe" ::1 "$port" "$(printf '%0514d' 0)" "$(printf '%0516d' 0)" \
        "$(printf '%02000d' 0)" "$(printf '%0120000d' 0)" "01$(printf '%0512d' 0)")
    expect_equal '257, 258, 1000 and 60000 octets, and a string from 257' \
        "$(printf '%s\n' 8000000000 00 00 00 8030)" "$replies"
    stop_server
    for octets in 257 258 1000 60000; do
        expect_match 'the length as sent' "*request from *, $octets octets*" "$(cat "$log")"
    done
    expect_match 'reason' '*  replied        3  with an error: payload above 256 octets (REQ-6.2)*' "$(cat "$log")"
    expect_counts 'all' 10 10 0 0
}

req_6_9_a_multicast_destination_gets_no_reply() {
    needs_isolation || return
    ip link add link0 type veth peer name link1
    for link in link0 link1; do
        ip link set "$link" addrgenmode none up
    done
    ip address add fe80::a/64 dev link0 nodad
    start_server ::
    # All nodes on the link: the sender is one of them, and the other end of the link is here, too.
    "$probe" -n 0 -a fe80::a%link0 ff02::1%link0 "$port" "$sum_3" 0400000001 '' 00
    wait_for_count 'dropped *8  sent to a multicast address (REQ-6.9)$'
    expect_equal 'to one address of the link' 8000000003 "$("$probe" fe80::a%link0 "$port" "$sum_3")"
    stop_server
    expect_counts 'all' 10 2 8 0
    ip link delete link0
}

req_3_4_the_reply_leaves_from_the_address_that_was_asked() {
    needs_isolation || return
    start_server -v ::
    # The sockets of probe take nothing from another address.
    for address in ::1 "$second_address" "$third_address" 127.0.0.1 127.0.0.2; do
        expect_equal "$address" 8000000003 "$("$probe" "$address" "$port" "$sum_3")"
    done
    # Not only where the asker's address is the same one.
    for address in ::1 "$second_address" "$third_address"; do
        expect_equal "$address from another" 8000000003 "$("$probe" -a "$second_address" "$address" "$port" "$sum_3")"
        expect_match "$address" "*request from [[]$second_address]:* to [[]$address]:$port, *" "$(cat "$log")"
    done
    stop_server
    expect_counts 'all' 16 16 0 0
}

two_servers_on_one_port() {
    start_server ::
    for address in :: ::1 127.0.0.1; do
        run timeout 5 "$server" "$address" "$port"
        expect_equal "$address: status" 1 "$status"
        expect_equal "$address: output" '' "$out"
        expect_message "$address" "server: can not bind [[]*]:$port: Address already in use"
    done
    run "$client" -q ::1 "$port" 1 2
    expect_equal 'the first goes on' 3 "$out"
    # Side by side, where they do not share an address.
    start_server --v6only ::
    start_logged "$scratch/second.log" "$server" --once 127.0.0.1 "$port"
    second_pid=$!
    wait_for_line "$scratch/second.log" '^listening on'
    run "$client" -q 127.0.0.1 "$port" 1 2
    expect_equal 'IPv4' 3 "$out"
    wait "$second_pid"
    expect_equal 'status of the second' 0 $?
    run "$client" -q ::1 "$port" 1 2
    expect_equal 'IPv6' 3 "$out"
}

usr1_prints_the_counts_each_time() {
    start_server ::1
    for i in 1 2 3; do
        run "$client" -q ::1 "$port" "$i"
        expect_equal 'goes on' "$i" "$out"
        kill -USR1 "$server_pid"
        wait_for_line "$log" "^received $i = replied $i + dropped 0 + failed 0$"
        wait_for_line "$log" "^  replied  *$i  with a result$"
    done
    expect_equal 'accounts' 3 "$(grep -c '^received' "$log")"
}

garbage() { # COUNT: datagrams of 0 to 39 octets, the same ones each time
    awk -v count="$1" 'BEGIN {
        srand(6)
        for (i = 0; i < count; i++) {
            for (octets = int(rand() * 40); octets > 0; octets--)
                printf "%02x", int(rand() * 256)
            print ""
        }
    }'
}

a_flood_of_garbage() {
    needs_isolation || return
    start_server ::1
    set --
    while read -r octets; do
        set -- "$@" "$octets"
    done <<-END
	$(garbage 2000)
	END
    "$probe" -n 0 ::1 "$port" "$@"
    run "$client" -t 3 -j ::1 "$port" 1 2
    expect_match 'still answers' '{"result": 3, *}' "$out"
    sent=$(printf '%s\n' "$out" | sed -n 's/.*"sent": \([0-9]*\)}/\1/p')
    lost=$(overflown)
    stop_server
    expect_match 'all that reached it' "*received $((2000 + sent - lost)) = *" "$(cat "$log")"
    expect_equal 'and those that did not' "$lost" "$(awk '$1 == "lost" { lost = $2 } END { print lost + 0 }' "$log")"
    expect_counts_add_up 'the flood'
    expect_equal 'status' 0 "$server_status"

    # One by one none is lost: each is followed by a request that is answered.
    start_server ::1
    run "$probe" ::1 "$port" "$@"
    expect_equal 'status of the probe' 0 "$status"
    expect_equal 'each has its reply or none' 2000 "$(printf '%s\n' "$out" | wc -l | tr -d ' ')"
    stop_server
    none=$(printf '%s\n' "$out" | grep -c '^none$')
    expect_counts 'one by one' 4000 $((4000 - none)) "$none" 0
}

run_tests replies_that_a_firewall_stops_are_counted an_icmp_error_about_a_reply_is_counted \
    datagrams_of_any_length_get_a_reply req_6_9_a_multicast_destination_gets_no_reply \
    req_3_4_the_reply_leaves_from_the_address_that_was_asked two_servers_on_one_port \
    usr1_prints_the_counts_each_time a_flood_of_garbage
