#!/bin/sh
# session.sh [FILE]: a session with the server and the client as a picture, docs/session.svg. The programs of bin/, or of
# $BIN, run on a terminal (script(1)), and aha(1) reads its colours. What differs from run to run, the client's port and
# the time, is always shown as the same.
set -eu
picture=${1:-$(cd "$(dirname "$0")" && pwd)/session.svg}
cd "${BIN:-$(dirname "$0")/../bin}"
scratch=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$scratch"' EXIT
command -v aha >/dev/null || { echo 'session.sh: there is no aha; the package aha has it' >&2; exit 1; }

# What is typed, and what the terminal shows of it. Exit statuses are part of what is shown.
show() { # COMMAND
    printf '\033[32m$ %s\033[0m\n' "$1"
    script -qec "$1" /dev/null </dev/null || :
}

wait_for_server() {
    tries=100
    until grep -q '^listening on' "$scratch/server"; do
        tries=$((tries - 1))
        { [ "$tries" -gt 0 ] && kill -0 "$server"; } || { cat "$scratch/server" >&2 && exit 1; }
        sleep 0.05
    done
    grep '^listening on' "$scratch/server"
}

session() {
    printf '\033[32m$ %s\033[0m\n' './server :: 10000 &'
    wait_for_server
    show './client -op + ::1 10000 1 3 5'
    show './client -op "*" -s ::1 10000 1 3 5 7 9'
    show './client ::1 10000 4294967295 1'
    show './client -v ::1 10000 6 7'
}

# Lines of text with aha's spans become lines of a drawing.
draw() {
    awk '
        {
            gsub(/<span style="color:green;">/, "<tspan class=\"typed\">")
            gsub(/<span style="color:teal;">/, "<tspan class=\"value\">")
            gsub(/<span style="font-weight:bold;">/, "<tspan class=\"name\">")
            gsub(/<\/span>/, "</tspan>")
            line[NR] = $0
        }
        END {
            height = 18 * NR + 32
            printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 900 %d\" role=\"img\">\n", height
            print "<title>A session: a server, four requests, and what was on the wire</title>"
            print "<style>"
            print "text { font: 14px \"DejaVu Sans Mono\", Menlo, Consolas, monospace; white-space: pre; fill: #d8d8e0; }"
            print ".typed { fill: #8fd19e; font-weight: bold; }"
            print ".value { fill: #7fc7d9; }"
            print ".name { fill: #ffffff; font-weight: bold; }"
            print "</style>"
            printf "<rect width=\"900\" height=\"%d\" rx=\"8\" fill=\"#1b1b24\"/>\n", height
            for (i = 1; i <= NR; i++)
                if (line[i] != "")
                    printf "<text x=\"20\" y=\"%d\" xml:space=\"preserve\">%s</text>\n", 18 * i + 12, line[i]
            print "</svg>"
        }'
}

: >"$scratch/server"
./server :: 10000 >>"$scratch/server" 2>&1 &
server=$!
session | tr -d '\r' | sed -E 's/^(request from \[::1\]|reply from .* to \[::1\]):[0-9]+/\1:50000/
    s/^round trip [0-9.]+ ms/round trip 0.1 ms/' >"$scratch/session"
aha -n <"$scratch/session" | draw >"$scratch/picture"
cp "$scratch/picture" "$picture"
