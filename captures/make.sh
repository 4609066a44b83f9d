#!/bin/sh
# Makes the golden captures anew: the real programs on two hosts (network namespaces) with a cable (a
# veth pair) between them, and tcpdump at the client's end. Root; `make captures` calls it isolated.
set -eu
cd "$(dirname "$0")/.."
server=fd00:ca1c:6::5
second=fd00:ca1c:6::55
port=10000
tools=build/check/tests/tools
scratch=$(mktemp -d)
children=
# shellcheck disable=SC2086 # a list of words
trap 'kill $children 2>/dev/null || :; rm -rf "$scratch"' EXIT

mkdir -p /run/netns
mount -t tmpfs tmpfs /run/netns
for host in client server; do
    ip netns add "$host"
    ip -n "$host" link set lo up
    ip netns exec "$host" sysctl -qw net.ipv6.auto_flowlabels=0
done
# Addresses for documentation (RFC 7042, section 2.1.2).
ip -n client link add cable address 00:00:5e:00:53:0c type veth peer name cable netns server
ip -n server link set cable address 00:00:5e:00:53:05
for host in client server; do
    ip netns exec "$host" ethtool -K cable tx off >/dev/null
    ip -n "$host" link set cable up
done
ip -n client address add fd00:ca1c:6::c/64 dev cable nodad
ip -n server address add $server/64 dev cable nodad
ip -n server address add $second/64 dev cable nodad

# Not a function, whose process in the background would be a shell's.
on='ip netns exec'

wait_until() { # COMMAND...
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 400 ] || { echo "captures: waited in vain for: $*" >&2; exit 1; }
        sleep 0.025
    done
}

# What is written is what the README shows: datagrams, and the errors about them.
begin() { # NAME
    file=captures/$1.pcap
    : >"$scratch/tcpdump"
    $on client tcpdump -i cable -w "$scratch/pcap" -U --immediate-mode -Z root \
        'ip6 and (udp or (icmp6 and ip6[40] == 1))' 2>"$scratch/tcpdump" &
    tcpdump_pid=$!
    children="$children $tcpdump_pid"
    wait_until grep -q 'listening on' "$scratch/tcpdump"
}

holds() { # COUNT
    [ "$(tcpdump -r "$scratch/pcap" 2>/dev/null | wc -l)" -eq "$1" ]
}

end() { # PACKETS
    wait_until holds "$1"
    kill "$tcpdump_pid"
    wait "$tcpdump_pid" || :
    cp "$scratch/pcap" "$file"
}

serve() { # HOST PORT; leaves its process id in $pid
    : >"$scratch/$1"
    $on "$1" bin/server :: "$2" >"$scratch/$1" &
    pid=$!
    children="$children $pid"
    wait_until grep -q '^listening on' "$scratch/$1"
}

stop() { # PROCESS_ID
    kill "$1"
    wait "$1"
}

client() {
    $on client bin/client "$@" || :
}

probe() {
    $on client "$tools/probe" "$@" >/dev/null
}

serve server $port
server_pid=$pid

begin sum
client -op + $server $port 1 3 5
end 2

begin product-as-string
client -op '*' -s $server $port 4294967295 4294967295 4294967295
end 2

begin largest
# shellcheck disable=SC2046 # many words
client -op '*' -s $server $port $(yes 10000 | head -n 63) 1000
end 2

begin error
client -op '*' $server $port 65536 65536
client -op '*' -s $server $port 65536 65536
end 4

begin malformed
probe -n 1 $server $port 0400000001
probe -n 1 $server $port 000000
probe -n 1 $server $port "$(printf '%0522d' 0)"
probe -n 0 $server $port 00 ''
end 8

begin unused-bits
probe -n 1 $server $port f0000000040000000200000003
probe -n 1 $server $port 8000000009
end 4

begin two-addresses
client $server $port 1 3 5
client $second $port 1 3 5
end 4

begin forged
kill -STOP "$server_pid"
probe -n 0 -b 20000 $server $port 0100bc614e
serve client 20000
kill -CONT "$server_pid"
end 5
stop "$pid"
stop "$server_pid"

begin refused
client $server $port 1 3 5
end 4

begin retransmission
$on server $tools/stub -p $port $server silent silent 8000000009 >"$scratch/stub" &
pid=$!
wait_until grep -q '^listening on' "$scratch/stub"
client -t 0.1 $server $port 1 3 5
end 4
wait "$pid"
