#!/bin/sh
# The servers that people would use instead, and the naive one, keep to the protocol: they are compared with what does
# the same work. Where a toolchain is not there, its server is skipped.
# shellcheck disable=SC2016 # the document has backticks
. "$(dirname "$0")/../system/lib.sh"

conformance=$build/bin/conformance
peers=$root/tests/bench/peers/peers.sh
naive=$build/../whole/tests/bench/limits/naive
export PEERS="$build/../whole/tests/bench/peers"

# The requests of PROTOCOL.md, Section 10, and the replies, as the probe has them.
sed -n '/^## 10/,/^## 11/s/^| [^|]* | `\([^`]*\)` | `\([^`]*\)` |$/\1|\2/p' "$root/proto/PROTOCOL.md" |
    tr -d ' ' | tr 'A-F' 'a-f' >"$scratch/vectors"
cut -d '|' -f 2 "$scratch/vectors" >"$scratch/replies"

# Where arithmetic in parts goes wrong: large numbers before a zero, results of 2, 3 and 4 machine words, and what
# chance brings, the same on every run.
more_requests() {
    for header in 00 01 02 03; do
        for integer in ffffffff 3b9aca00 00010000; do
            count=1
            factors=$header
            while [ $count -le 64 ]; do
                factors=$factors$integer
                printf '%s\n%s00000000\n' "$factors" "$factors"
                count=$((count + 1))
            done
        done
        # Three parts of nine digits; odd numbers just above 53 bits and above 63.
        echo "${header}3b9aca003b9aca00000000010000000100000001"
        echo "${header}05a8279b05a8279b"
        echo "${header}b504f335b504f335"
    done
    awk 'BEGIN {
        srand(1)
        for (i = 0; i < 200; i++) {
            printf "%02x", i % 5 == 4 ? int(rand() * 256) : i % 4
            below = 2 ^ int(1 + rand() * 32)
            for (n = int(1 + rand() ^ 2 * 64); n > 0; n--) {
                integer = int(rand() * below)
                printf "%04x%04x", int(integer / 65536), integer % 65536
            }
            print ""
        }
    }'
}

answers_like_naive() { # COMMAND...: a server without ADDRESS and PORT
    start_program "$@" ::1 0 || return
    # shellcheck disable=SC2046 # a list of words
    run "$tools/probe" ::1 "$port" $(cat "$scratch/more")
    expect_equal 'status of the probe' 0 "$status"
    expect_equal 'replies unlike those of naive' '' "$(diff "$scratch/like" "$scratch/out" | head -n 5)"
}

answers_the_vectors() { # COMMAND...: a server without ADDRESS and PORT
    start_program "$@" ::1 0 || return
    # Each request is a word; the first one is empty.
    set --
    while IFS='|' read -r request _; do
        [ "$request" != '(empty)' ] || request=
        set -- "$@" "$request"
    done <"$scratch/vectors"
    run "$tools/probe" ::1 "$port" "$@"
    expect_equal 'vectors' "$(sed -n '/^## 10/,/^## 11/p' "$root/proto/PROTOCOL.md" | grep -c '^| .*`.*`')" $#
    expect_equal 'status of the probe' 0 "$status"
    expect_equal 'replies to the vectors' '' "$(diff "$scratch/replies" "$scratch/out" | head -n 5)"
}

is_right() { # COMMAND...
    needs_isolation || return
    answers_the_vectors "$@"
    run "$conformance" server --strict --settled --timeout 5 --json "$scratch/kit.json" --exec "$* ::1 {port}"
    expect_equal 'status of the kit' 0 "$status"
    expect_equal 'verdicts other than pass' 'REQ-3.4/2 skip' \
        "$(jq -r '[.results[] | select(.verdict != "pass") | .id + " " + .verdict] | join(", ")' "$scratch/kit.json")"
}

peer_is_right() { # NAME
    run "$peers" build "$1"
    [ "$status" -ne 77 ] || skip "$err" || return
    expect_equal "status of building $1" 0 "$status"
    expect_equal "warnings of building $1" '' "$err"
    is_right "$peers" start "$1"
    answers_like_naive "$peers" start "$1"
}

naive_is_right() {
    is_right "$naive"
}

libuv_is_right() { peer_is_right libuv; }
asyncio_is_right() { peer_is_right asyncio; }
dgram_is_right() { peer_is_right dgram; }
Nio_is_right() { peer_is_right Nio; }
std_is_right() { peer_is_right std; }

every_peer_is_tested() {
    for name in $("$peers" list); do
        grep -q "peer_is_right $name;" "$0" || fail "$name is not"
    done
}

what_is_not_there_is_told_in_one_line() {
    mkdir -p "$scratch/few"
    ln -sf "$(command -v dirname)" "$scratch/few/dirname"
    for name in $("$peers" list); do
        run env PATH="$scratch/few" "$(command -v sh)" "$peers" build "$name"
        expect_equal "status of $name without a toolchain" 77 "$status"
        expect_message "$name without a toolchain" "peers.sh: $name needs * not there"
    done
    PEERS=$scratch run "$peers" start std ::1 0
    expect_equal 'status of what has not been built' 1 "$status"
    expect_message 'what has not been built' 'peers.sh: std has not been built: peers.sh build std'
    for words in '' 'list std' 'build' 'start std ::1' 'build nobody' 'run std'; do
        eval "run \"\$peers\" $words"
        expect_equal "status of '$words'" 1 "$status"
        expect_message "'$words'" 'peers.sh: *'
    done
}

# What the others are compared with: naive, which is the library's calc_answer().
more_requests >"$scratch/more"
start_program "$naive" ::1 0
# shellcheck disable=SC2046 # a list of words
"$tools/probe" ::1 "$port" $(cat "$scratch/more") >"$scratch/like"

run_tests naive_is_right libuv_is_right asyncio_is_right dgram_is_right Nio_is_right std_is_right every_peer_is_tested \
    what_is_not_there_is_told_in_one_line
