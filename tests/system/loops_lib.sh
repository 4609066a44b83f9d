# Sourced by the tests of loops and floods: the server on ::1, another host's address, and datagrams from whoever is named.
# The kernel counts what leaves the server's port, so each reply once.
# shellcheck shell=sh
. "$(dirname "$0")/../system/lib.sh"
there=fd00:ca1d::7
neighbour_pid=
trap 'stop_neighbour; clean_up' EXIT

make_network() {
    needs_isolation || return
    ip address add "$there/128" dev lo nodad 2>/dev/null
    return 0
}

# Merged replies would count as one.
serve_and_count() { # [options]
    start_server --no-gso "$@" ::1
    nft -f - <<-END
	flush ruleset
	table inet loops {
	    counter replies { packets 0 bytes 0; }
	    chain output {
	        type filter hook output priority 0;
	        ip6 saddr ::1 udp sport $port counter name replies
	    }
	}
	END
    began=$(now_ms)
}

replies() {
    nft list counter inet loops replies | sed -n 's/.*packets \([0-9]*\).*/\1/p'
}

# Someone else to talk to, on $there; sets $neighbour_port and $neighbour_log.
start_neighbour() { # PROGRAM [ARGUMENT...]
    stop_neighbour
    neighbour_log=$scratch/neighbour.log
    start_logged "$neighbour_log" "$@"
    neighbour_pid=$!
    wait_for_line "$neighbour_log" '^listening on' || return 1
    neighbour_port=$(port_in "$neighbour_log")
}

stop_neighbour() {
    [ -n "$neighbour_pid" ] || return 0
    kill "$neighbour_pid"
    wait "$neighbour_pid" 2>/dev/null
    neighbour_pid=
}

# As if the neighbour had asked the server; and the other way round.
forge_from_neighbour() { # COUNT RATE HEX
    "$tools/forge" "$1" "$2" "$there" "$neighbour_port" ::1 "$port" "$3"
}

forge_to_neighbour() { # COUNT RATE HEX
    "$tools/forge" "$1" "$2" ::1 "$port" "$there" "$neighbour_port" "$3"
}

# What REQ-7.5 allows since the server was started.
allowed() {
    echo $((1000 * ($(now_ms) - began) / 1000 + 1000))
}

expect_at_most() { # WHAT LIMIT ACTUAL
    [ "$3" -le "$2" ] || fail "$1: expected at most $2, got $3"
}

# How many of that outcome the server of a log has counted, as it was last printed.
counted_there() { # LOG PATTERN
    awk -v pattern="$2" '/^received/ { sum = 0 } $0 ~ pattern { sum += $2 } END { print sum + 0 }' "$1"
}

# On both servers together.
counted_by_both() { # PATTERN
    echo $(($(counted_there "$log" "$1") + $(counted_there "$neighbour_log" "$1")))
}

have_counted() { # COUNT PATTERN
    kill -USR1 "$server_pid" "$neighbour_pid"
    [ "$(counted_by_both "$2")" -ge "$1" ]
}
