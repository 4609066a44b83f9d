#!/bin/sh
# A session to look at: a server on a free port, the two lines of the README, the packets, the end.
set -eu
cd "$(dirname "$0")/../bin"
log=$(mktemp)
trap 'kill "$server" 2>/dev/null || :; rm -f "$log"' EXIT

./server :: 0 >"$log" &
server=$!
tries=0
until grep -q '^listening on' "$log"; do
    kill -0 "$server" 2>/dev/null || exit 1
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || { echo 'demo: the server does not start' >&2; exit 1; }
    sleep 0.05
done
port=$(sed -n 's/^listening on .*:\([0-9]*\)$/\1/p' "$log")

echo "\$ ./server :: $port"
cat "$log"
show() {
    printf '\n$ ./client'
    printf ' %s' "$@" | sed 's/ \* / "*" /'
    echo
    ./client "$@" 2>&1
}
show -op + ::1 "$port" 1 3 5
show -op '*' -s ::1 "$port" 1 3 5 7 9
show -v -op + ::1 "$port" 1 3 5

printf '\n$ kill %s\n' "$server"
kill "$server"
wait "$server"
tail -n +2 "$log"
