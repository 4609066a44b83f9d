# Sourced by the tests of balancers: a site of three servers, each on a host (network namespace) of its own, with the
# addresses of the configurations in server/scale/; this host is the balancer, and has the clients.
# shellcheck shell=sh
. "$(dirname "$0")/../system/batch_lib.sh"
# The programs as they are installed.
server=$root/bin/server
client=$root/bin/client
: "$client"
scale=$root/server/scale
port=10000
trap 'stop_site; clean_up' EXIT

address_of() { # SERVER
    echo "2001:db8:6:1::$1"
}

host_pid() { # SERVER
    cat "$scratch/host$1.pid"
}

server_log() { # SERVER
    echo "$scratch/server$1.log"
}

on() { # SERVER COMMAND...
    host=$(host_pid "$1")
    shift
    set -- nsenter --net="/proc/$host/ns/net" "$@"
    "$@"
}

# A cable between this host and it; the same link address at both ends, and no asking for it: frames pass as they are.
start_host() { # SERVER
    start_logged "$scratch/host" unshare --net sh -c 'echo started; exec sleep infinity'
    echo $! >"$scratch/host$1.pid"
    wait_for_line "$scratch/host" started || return
    ip -batch - <<-END
	link add to$1 address 02:00:00:00:00:01 arp off type veth peer name uplink address 02:00:00:00:00:01 netns $(host_pid "$1")
	link set to$1 arp off up
	address add 2001:db8:6:1::ff/128 dev to$1 nodad
	route add $(address_of "$1")/128 dev to$1 src 2001:db8:6:1::ff
	END
    on "$1" ip -batch - <<-END
	link set lo up
	link set uplink arp off up
	address add $(address_of "$1")/128 dev uplink nodad
	route add ::/0 dev uplink
	END
    wait_until carries "to$1" || fail "no link to server $1"
}

# A link carries nothing until the kernel has noticed that its other end is up.
carries() { # LINK
    ip -o link show "$1" | grep -q ' state UP '
}

serve() { # SERVER [OPTION...]
    serving=$1
    shift
    start_logged "$(server_log "$serving")" nsenter --net="/proc/$(host_pid "$serving")/ns/net" \
        "$server" -w 1 "$@" :: "$port"
    echo $! >"$scratch/server$serving.pid"
    wait_for_line "$(server_log "$serving")" '^listening on'
}

serving_pid() { # SERVER
    cat "$scratch/server$1.pid"
}

# At once, and without a word: SIGKILL.
kill_server() { # SERVER
    kill -KILL "$(serving_pid "$1")"
    wait "$(serving_pid "$1")" 2>/dev/null
    rm "$scratch/server$1.pid"
}

start_site() {
    needs_isolation || return
    stop_site
    for each in 1 2 3; do
        start_host $each && serve $each || return
    done
}

stop_site() {
    for held in "$scratch"/balancer.pid "$scratch"/server?.pid "$scratch"/host?.pid; do
        [ -e "$held" ] || continue
        kill "$(cat "$held")" 2>/dev/null
        wait "$(cat "$held")" 2>/dev/null
        rm "$held"
    done
    for each in 1 2 3; do
        ip link delete to$each 2>/dev/null
    done
}

# How many datagrams a server has replied to: what it says on SIGUSR1.
counts() { # SERVER
    grep -c '^received' "$(server_log "$1")"
}

has_counted() { # SERVER TIMES
    [ "$(counts "$1")" -gt "$2" ]
}

replies_of() { # SERVER
    before=$(counts "$1")
    kill -USR1 "$(serving_pid "$1")"
    wait_until has_counted "$1" "$before" >&2
    sed -n 's/^received.* = replied \([0-9]*\) .*/\1/p' "$(server_log "$1")" | tail -n 1
}

replies_of_all() {
    for each in 1 2 3; do
        replies_of $each
    done | tr '\n' ' '
}

# Each has had about as many as the others since $1, which replies_of_all has said.
expect_a_share_each() { # WHAT BEFORE LEAST
    after=$(replies_of_all)
    shares=$(printf '%s\n%s\n' "$2" "$after" | awk '{ for (i = 1; i <= 3; i++) { share[i] = $i - share[i] } }
        END { print share[1], share[2], share[3] }')
    least=$(echo "$shares" | tr ' ' '\n' | sort -n | head -n 1)
    [ "$least" -ge "$3" ] || fail "$1: of replies, the servers have sent $shares, so one of them less than $3"
}

# A sentence about what was measured, for the reader of the log.
tell() {
    echo "# $*"
}
