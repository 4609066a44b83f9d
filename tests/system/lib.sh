# Sourced by the system tests: TAP, a server to talk to, and the words to say what is expected.
# Each test is a function named after what it shows; `run_tests` runs those it is given.
# shellcheck shell=sh

root=$(cd "$(dirname "$0")/../.." && pwd)
build=$root/${BUILD:-build/check}
server=$build/bin/server
client=$build/bin/client
tools=$build/tests/tools
scratch=$(mktemp -d)
server_pid=
failures=0
# Two more addresses of the host, with isolation.
second_address=fd00:ca1c::2
third_address=fd00:ca1c::3
: "$client" "$tools"

clean_up() {
    stop_server
    rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

# The test goes on after a failure; it is red in the end.
fail() {
    failures=$((failures + 1))
    echo "# $*"
}

expect_equal() { # WHAT EXPECTED ACTUAL
    [ "$2" = "$3" ] || fail "$1: expected '$2', got '$3'"
}

expect_match() { # WHAT PATTERN ACTUAL
    # shellcheck disable=SC2254 # a pattern is meant
    case $3 in
    $2) ;;
    *) fail "$1: expected a match of '$2', got '$3'" ;;
    esac
}

# What a program says on standard error is one line.
expect_message() { # WHAT PATTERN, for $err
    expect_match "$1" "$2" "$err"
    expect_equal "lines of $1" 1 "$(printf '%s\n' "$err" | wc -l | tr -d ' ')"
}

# What tshark has said on standard error, but for what it says to root.
tshark_complaints() { # FILE
    grep -vxF 'Running as user "root" and group "root". This could be dangerous.' "$1"
}

expect_no_complaints() { # WHAT, for $scratch/err
    expect_equal "what tshark says of $1" '' "$(tshark_complaints "$scratch/err")"
}

# No settings of Wireshark of whoever runs this.
without_settings() {
    export HOME="$scratch/home" WIRESHARK_CONFIG_DIR="$scratch/home/.config/wireshark"
    mkdir -p "$WIRESHARK_CONFIG_DIR"
}

# All names of fields and expert entries that the dissector has.
dissector_names() {
    tshark -G fields -X "lua_script:$root/captures/calc6.lua" 2>/dev/null |
        awk -F '\t' '$1 == "F" && $3 ~ /^calc6\./ { print $3 }' | sort -u
}

# A drawing, but with the integers of this host as they stand on the wire, so that what is expected holds on
# any host.
in_wire_order() {
    sed 's/^\( *[0-9]*  \)\([0-9a-f ]\{11\}\)  [0-9a-f ]\{11\}  /\1\2  \2  /'
}

# Lines of a part of the message that is expected, and the words of the command line that it is about.
expect_bad_usage() { # PROGRAM
    while read -r pattern words; do
        # shellcheck disable=SC2086 # several words
        run "$1" $words
        expect_equal "status of '$words'" 1 "$status"
        expect_equal "output of '$words'" '' "$out"
        expect_message "'$words'" "$(basename "$1"): *$pattern*"
    done
}

now_ms() {
    date +%s%3N
}

# Of the last `run`, in $elapsed.
expect_elapsed() { # WHAT FROM TO, in ms
    if [ "$elapsed" -lt "$2" ] || [ "$elapsed" -ge "$3" ]; then
        fail "$1: expected $2 to $3 ms, got $elapsed"
    fi
}

# Runs a command; leaves its exit status in $status, what it printed in $out and $err, and the
# milliseconds that it took in $elapsed.
run() {
    began=$(now_ms)
    "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
    status=$?
    elapsed=$(($(now_ms) - began))
    out=$(cat "$scratch/out")
    err=$(cat "$scratch/err")
}

# Waits until a command succeeds. False: it has not in time. The patience is for a machine under load.
wait_until() { # COMMAND [ARGUMENT...]
    patience=400
    until "$@"; do
        patience=$((patience - 1))
        [ "$patience" -gt 0 ] || return 1
        sleep 0.025
    done
}

# Stops a process; the signal takes its time to each thread.
pause() { # PID
    kill -STOP "$1"
    wait_until is_paused "$1" || fail "process $1 goes on"
}

is_paused() { # PID
    [ "$(cat "/proc/$1/task"/*/stat | sed 's/.*) //' | cut -c 1 | sort -u)" = T ]
}

# How many datagrams the queues of all sockets of $port had no room for: proc_net_udp(5).
overflown() {
    awk -v end="$(printf ':%04X' "$port")" 'index($2, end) { lost += $NF } END { print lost + 0 }' /proc/self/net/udp6
}

# Starts a program in the background; what it says goes to a file, which is emptied before it: what an earlier one has left
# there is not what is waited for. Its number is in $!.
start_logged() { # FILE COMMAND...
    said_in=$1
    shift
    : >"$said_in"
    "$@" >>"$said_in" 2>&1 &
}

# Waits until a line of a file matches.
wait_for_line() { # FILE PATTERN
    wait_until grep -qs "$2" "$1" || { fail "no line '$2' in time; there is: $(cat "$1")" && return 1; }
}

# On USR1, the server and tcpdump tell what they have counted.
counted() { # PID FILE PATTERN
    kill -USR1 "$1" && grep -qs "$3" "$2"
}

# Lets the server print its counts until one of them is this: datagrams may be on their way.
wait_for_count() { # PATTERN [FILE]
    wait_until counted "$server_pid" "${2-$log}" "$1" ||
        fail "no count '$1' in time; there is: $(tail -n 5 "${2-$log}")"
}

# proc_net_udp(5): the octets that wait on all sockets of the port, with what the kernel needs for them.
queued() {
    awk -v end="$(printf ':%04X' "$port")" 'index($2, end) { print "0x" substr($5, 10) }' /proc/self/net/udp6 |
        { sum=0 && while read -r octets; do sum=$((sum + octets)); done && echo "$sum"; }
}

has_queued() { # OCTETS
    [ "$(queued)" -ge "$1" ]
}

start_server() { # [options] ADDRESS; sets $port and $log
    start_program "$server" "$@" 0
}

# The server whose behaviour is told, action by action (tests/tools/stub.c).
start_stub() { # ADDRESS ACTION...; sets $port and $log
    start_program "$tools/stub" "$@"
}

start_program() { # COMMAND...; sets $port and $log
    stop_server
    log=$scratch/server.log
    start_logged "$log" "$@"
    server_pid=$!
    wait_for_line "$log" '^listening on' || return 1
    port=$(port_in "$log")
}

port_in() { # LOG
    sed -n 's/^listening on .*:\([0-9]*\)$/\1/p' "$1"
}

# Records what goes over the loopback interface, until as many packets as are expected are in the file.
begin_capture() { # FILE FILTER [OPTION...]
    capture=$1 filter=$2
    shift 2
    start_logged "$scratch/tcpdump" tcpdump -i lo -w "$capture" -U --immediate-mode "$@" "$filter"
    capture_pid=$!
    wait_for_line "$scratch/tcpdump" '^tcpdump: listening on'
}

has_packets() { # FILE COUNT
    [ "$(tcpdump -r "$1" 2>/dev/null | wc -l)" -ge "$2" ]
}

end_capture() { # FILE COUNT
    wait_until has_packets "$1" "$2"
    kill "$capture_pid"
    wait "$capture_pid"
}

stop_server() { # leaves the server's exit status in $server_status
    [ -n "$server_pid" ] || return 0
    kill "$server_pid" 2>/dev/null
    wait "$server_pid" 2>/dev/null # a shell may say how it ended
    server_status=$?
    server_pid=
}

# For what only a network of its own allows: addresses, low ports, firewalls (tests/isolate.sh).
needs_isolation() {
    [ -n "${ISOLATED-}" ] || skip 'needs a network namespace: run as root, or sysctl kernel.unprivileged_userns_clone=1'
}

# Somebody else has to be there to become.
needs_root() {
    if [ "$(id -u)" -ne 0 ] || ! setpriv --reuid 65534 --clear-groups true 2>/dev/null; then
        skip 'needs root'
    fi
}

# The ephemeral ports of this host, with isolation: ip-sysctl of the kernel.
with_ports() { # FROM TO
    echo "$1 $2" >/proc/sys/net/ipv4/ip_local_port_range
}

skip() {
    skipped=$*
    return 1
}

run_tests() {
    echo "1..$#"
    number=0
    for test in "$@"; do
        number=$((number + 1))
        failures=0
        skipped=
        "$test"
        stop_server
        if [ -n "$skipped" ]; then
            echo "ok $number - $test # SKIP $skipped"
        elif [ "$failures" -eq 0 ]; then
            echo "ok $number - $test"
        else
            echo "not ok $number - $test"
        fi
    done
}
