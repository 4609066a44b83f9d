#!/bin/sh
# What people write for ADDRESS and PORT: names of services and of hosts with one address or several,
# zones, IPv4; and what is said about those that lead nowhere.
. "$(dirname "$0")/lib.sh"

# Names of hosts for this test alone: the mount namespace is our own, too (tests/isolate.sh).
name_hosts() { # LINES of hosts(5)
    printf '%s\n' "$@" >"$scratch/hosts"
    mount --bind "$scratch/hosts" /etc/hosts
}

forget_hosts() {
    umount /etc/hosts
}

# What becomes of datagrams to one of our addresses: `drop`, or `reject` in one of its ways.
block() { # ADDRESS VERDICT
    nft -f - <<-END
	flush ruleset
	table inet calc6 {
	    chain input {
	        type filter hook input priority 0;
	        ip6 daddr $1 udp dport $port $2
	    }
	}
	END
}

# A link with a link-local address at each end.
add_link() {
    ip link add zone0 type veth peer name zone1
    for link in zone0 zone1; do
        ip link set "$link" addrgenmode none up
    done
    ip address add fe80::a/64 dev zone0 nodad
    ip address add fe80::b/64 dev zone1 nodad
}

names_of_services() {
    needs_isolation || return
    for service in echo discard; do
        service_port=$(getent services "$service/udp" | sed 's/.* \([0-9]*\)\/udp.*/\1/')
        start_program "$server" ::1 "$service"
        expect_equal "$service: server" "listening on [::1]:$service_port" "$(cat "$log")"
        run "$client" -j ::1 "$service" 1 2
        expect_match "$service: client" "{\"result\": 3, *\"server\": \"[[]::1]:$service_port\", *" "$out"
        run "$client" -q ::1 "$service_port" 1 2
        expect_equal "$service: the number" 3 "$out"
    done
    for service in no-such-service ftp echo/udp; do # ftp is a service of TCP alone
        run timeout 5 "$server" ::1 "$service"
        expect_equal "server at $service: status" 1 "$status"
        expect_message "server at $service" "server: PORT '$service' is neither a number from 0 to 65535 nor the name of a UDP service"
        run "$client" ::1 "$service" 1
        expect_equal "client to $service: status" 1 "$status"
        expect_message "client to $service" "client: PORT '$service' is neither a number from 1 to 65535 nor the name of a UDP service"
    done
}

names_of_hosts() {
    needs_isolation || return
    name_hosts "$second_address second.example second" '127.0.0.1 four.example'
    start_server second.example
    expect_equal 'server' "listening on [$second_address]:$port" "$(cat "$log")"
    for name in second.example second SECOND.example; do
        run "$client" -j "$name" "$port" 1 2
        expect_match "$name" "{\"result\": 3, *\"server\": \"[[]$second_address]:$port\", *" "$out"
    done
    start_server four.example
    expect_equal 'IPv4' "listening on [::ffff:127.0.0.1]:$port" "$(cat "$log")"
    run "$client" -j four.example "$port" 1 2
    expect_match 'client to IPv4' "{\"result\": 3, *\"server\": \"[[]::ffff:127.0.0.1]:$port\", *" "$out"
    forget_hosts
}

a_server_takes_the_first_address_that_is_here() {
    needs_isolation || return
    name_hosts '2001:db8::1 host' "$third_address host" '2001:db8::2 host' '2001:db8::1 away' '2001:db8::2 away'
    start_server host
    expect_equal 'host' "listening on [$third_address]:$port" "$(cat "$log")"
    run timeout 5 "$server" away 0
    expect_equal 'status of none' 1 "$status"
    expect_message 'none' 'server: can not bind [[]2001:db8::[12]]:0: Cannot assign requested address'
    forget_hosts
}

an_address_that_is_taken_is_not_evaded() {
    needs_isolation || return
    name_hosts "$second_address host" "$third_address host"
    start_server host
    run timeout 5 "$server" host "$port"
    expect_equal 'status' 1 "$status"
    expect_message 'message' "server: can not bind [[]$second_address]:$port: Address already in use"
    forget_hosts
}

addresses_that_no_request_can_go_to() {
    for address in :: 0.0.0.0 ::ffff:0.0.0.0; do
        run "$client" "$address" 10000 1
        expect_equal "$address: status" 1 "$status"
        expect_message "$address" "client: ADDRESS '$address' stands for all addresses of a server: one of them is needed, ::1 for this host"
    done
    for address in ff02::1 224.0.0.1 255.255.255.255; do
        run "$client" "$address" 10000 1
        expect_equal "$address: status" 1 "$status"
        expect_message "$address" "client: ADDRESS '$address' is a multicast address: no request to it gets a reply (REQ-6.9)"
    done
}

the_address_that_refused_is_the_one_named() {
    needs_isolation || return
    name_hosts "$second_address host" "$third_address host"
    port=10000
    # Whichever of the two the resolver puts first.
    for refusing in "$second_address" "$third_address"; do
        case $refusing in
        "$second_address") block "$third_address" 'reject with icmpv6 type admin-prohibited' ;;
        *) block "$second_address" 'reject with icmpv6 type admin-prohibited' ;;
        esac
        run "$client" -j host $port 1
        expect_match "$refusing" "{\"error\": \"refused\", \"message\": \"[[]$refusing]:10000 refused *\", \"status\": 10}" "$out"
    done
    nft flush ruleset
    forget_hosts
}

all_addresses_are_tried() {
    needs_isolation || return
    name_hosts "$second_address host" "$third_address host"
    start_server ::
    # Whichever of the two the resolver puts first: each is once the one that fails.
    for failing in "$second_address" "$third_address"; do
        case $failing in
        "$second_address") other=$third_address ;;
        *) other=$second_address ;;
        esac
        # A route that is missing may come back: the kernel keeps quiet about it.
        for verdict in drop 'reject with icmpv6 type no-route'; do
            block "$failing" "$verdict"
            run "$client" -j -t 0.2 host "$port" 1 2
            expect_match "$failing $verdict" "{\"result\": 3, *\"server\": \"[[]$other]:$port\", *" "$out"
            expect_elapsed "$failing $verdict: before a second try" 0 600
        done
        for verdict in 'reject with icmpv6 type port-unreachable' \
            'reject with icmpv6 type admin-prohibited'; do
            block "$failing" "$verdict"
            run "$client" -j -t 2 host "$port" 1 2
            expect_match "$failing $verdict" "{\"result\": 3, *\"server\": \"[[]$other]:$port\", *" "$out"
            expect_elapsed "$failing $verdict: before the turn of the second" 0 800
        done
    done
    nft flush ruleset
    forget_hosts
}

all_addresses_share_the_total_time() {
    needs_isolation || return
    fourth_address=fd00:ca1c::4
    ip address add $fourth_address/128 dev lo nodad
    name_hosts "$second_address host" "$third_address host" "$fourth_address host"
    start_server ::
    block 'fd00:ca1c::/64' 'counter drop'
    run "$client" -t 0.05 -r 2 host "$port" 1 2
    expect_equal 'status' 9 "$status"
    expect_message 'message' 'client: no reply from * and its other addresses within 0.35 s'
    expect_elapsed 'the time of one address' 350 800
    expect_match 'three tries each' '*counter packets 9 *' "$(nft list ruleset)"
    block 'fd00:ca1c::/64' 'reject with icmpv6 type port-unreachable'
    run "$client" host "$port" 1 2
    expect_equal 'status of all refused' 10 "$status"
    expect_message 'all refused' 'client: * refused the request*'
    expect_elapsed 'all refused' 100 1000
    block "{ $second_address, $third_address }" 'reject with icmpv6 type port-unreachable'
    run "$client" -j host "$port" 1 2
    expect_match 'the third' "{\"result\": 3, *\"server\": \"[[]$fourth_address]:$port\", *" "$out"
    expect_elapsed 'the third' 0 900
    nft flush ruleset
    ip address delete $fourth_address/128 dev lo
    forget_hosts
}

a_name_in_both_families() {
    needs_isolation || return
    name_hosts '127.0.0.1 both' '::1 both'
    start_server ::1
    run "$client" -q both "$port" 1 2
    expect_equal 'IPv6' 3 "$out"
    start_server 127.0.0.1
    run "$client" -q both "$port" 1 2
    expect_equal 'IPv4' 3 "$out"
    forget_hosts
}

addresses_with_a_zone() {
    needs_isolation || return
    add_link
    start_server -v fe80::a%zone0
    expect_equal 'server' "listening on [fe80::a%zone0]:$port" "$(cat "$log")"
    run "$client" -j fe80::a%zone0 "$port" 1 2
    expect_match 'client' "{\"result\": 3, *\"server\": \"[[]fe80::a%zone0]:$port\", *" "$out"
    number=$(ip -o link show zone0 | cut -d : -f 1)
    run "$client" -q "fe80::a%$number" "$port" 1 2
    expect_equal 'a number for the zone' 3 "$out"
    expect_match 'what the server shows' "*request from [[]fe80::a%$number]:* to [[]fe80::a%$number]:$port, *" "$(cat "$log")"
    # All addresses: the reply still leaves from the link-local one.
    start_server ::
    run "$client" -j fe80::b%zone1 "$port" 1 2
    expect_match 'server on ::' "{\"result\": 3, *\"server\": \"[[]fe80::b%zone1]:$port\", *" "$out"
    ip link delete zone0
}

# Then the reply's way does not tell its zone.
is_in_another_network() { # PID
    [ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}

req_3_4_a_link_local_address_asked_from_a_global_one() {
    needs_isolation || return
    unshare --net sleep 60 &
    neighbour=$!
    wait_until is_in_another_network "$neighbour"
    there="nsenter --net --target $neighbour"
    ip link add zone0 type veth peer name zone1 netns "$neighbour"
    ip link set zone0 up
    $there ip link set zone1 up
    for prefix in fe80:: 2001:db8:6::; do
        ip address add "${prefix}a/64" dev zone0 nodad
        $there ip address add "${prefix}b/64" dev zone1 nodad
    done
    start_server ::
    expect_equal 'reply' 8000000003 \
        "$($there "$tools/probe" -a 2001:db8:6::b fe80::a%zone1 "$port" 0000000003)"
    kill "$neighbour"
    wait "$neighbour" 2>/dev/null
    ip link delete zone0 2>/dev/null # gone with the other end, or about to be
}

zones_that_are_wrong_or_missing() {
    needs_isolation || return
    add_link
    run timeout 5 "$server" fe80::a%no-such-zone 0
    expect_equal 'unknown, server: status' 1 "$status"
    expect_message 'unknown, server' "server: ADDRESS 'fe80::a%no-such-zone' can not be resolved *"
    run "$client" fe80::a%no-such-zone 10000 1
    expect_equal 'unknown, client: status' 10 "$status"
    expect_message 'unknown, client' "client: ADDRESS 'fe80::a%no-such-zone' can not be resolved *"
    run timeout 5 "$server" fe80::a 0
    expect_equal 'missing, server: status' 1 "$status"
    expect_message 'missing, server' "server: ADDRESS 'fe80::a' is link-local and needs a zone, such as fe80::1%eth0"
    run "$client" fe80::a 10000 1
    expect_equal 'missing, client: status' 1 "$status"
    expect_message 'missing, client' "client: ADDRESS 'fe80::a' is link-local and needs a zone, such as fe80::1%eth0"
    ip link delete zone0
}

ipv4_literals() {
    start_server 127.0.0.1
    expect_equal 'server' "listening on [::ffff:127.0.0.1]:$port" "$(cat "$log")"
    for address in 127.0.0.1 ::ffff:127.0.0.1; do
        run "$client" -j "$address" "$port" 1 2
        expect_match "$address" "{\"result\": 3, *\"server\": \"[[]::ffff:127.0.0.1]:$port\", *" "$out"
    done
}

an_address_without_a_route() {
    needs_isolation || return
    for address in 2001:db8::1 192.0.2.1; do
        run "$client" "$address" 10000 1
        expect_equal "$address: status" 10 "$status"
        expect_equal "$address: output" '' "$out"
        expect_message "$address" "client: can not exchange datagrams with [[]*$address]:10000: Network is unreachable"
        expect_elapsed "$address" 0 500
    done
    run "$client" -j 2001:db8::1 10000 1
    expect_match 'JSON' '{"error": "network", "message": "*2001:db8::1*", "status": 10}' "$out"
}

hosts_that_are_unknown_and_words_that_are_none() {
    needs_isolation || return
    name_hosts '::1 localhost'
    run "$client" no-such-host.invalid 10000 1
    expect_equal 'client: status' 10 "$status"
    expect_message 'client' "client: ADDRESS 'no-such-host.invalid' can not be resolved *"
    run "$client" -j no-such-host.invalid 10000 1
    expect_match 'JSON' '{"error": "unknown", *"status": 10}' "$out"
    run timeout 5 "$server" no-such-host.invalid 0
    expect_equal 'server: status' 1 "$status"
    expect_message 'server' "server: ADDRESS 'no-such-host.invalid' can not be resolved *"
    forget_hosts
    for word in '' 1 10000; do
        run "$client" "$word" 10000 1
        expect_equal "client, '$word': status" 1 "$status"
        expect_message "client, '$word'" "client: ADDRESS '$word' is not *"
        run timeout 5 "$server" "$word" 0
        expect_equal "server, '$word': status" 1 "$status"
        expect_message "server, '$word'" "server: ADDRESS '$word' is not *"
    done
}

run_tests names_of_services names_of_hosts a_server_takes_the_first_address_that_is_here \
    an_address_that_is_taken_is_not_evaded addresses_that_no_request_can_go_to \
    the_address_that_refused_is_the_one_named \
    all_addresses_are_tried all_addresses_share_the_total_time a_name_in_both_families \
    addresses_with_a_zone req_3_4_a_link_local_address_asked_from_a_global_one \
    zones_that_are_wrong_or_missing ipv4_literals an_address_without_a_route \
    hosts_that_are_unknown_and_words_that_are_none
