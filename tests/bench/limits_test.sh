#!/bin/sh
# The servers that show the limits return the right octets, one by one, in bursts, and merged by the kernel.
. "$(dirname "$0")/../system/lib.sh"

limits=$build/../whole/tests/bench/limits

ask() { # REPLY single|merged BURST...
    run python3 "$root/tests/bench/limits/ask.py" ::1 "$port" "$@"
    expect_equal "$*: status" 0 "$status"
    expect_equal "$*" '' "$err"
}

# Replies of REPLY octets; 0: of the request's.
start_echo() { # NAME REPLY
    if [ "$2" -eq 0 ]; then
        start_program "$limits/$1" ::1 0
    else
        start_program "$limits/$1" --reply "$2" ::1 0
    fi
}

# Each length alone, all in one burst, and more of them than a call takes.
returns_right_octets() { # NAME
    command -v python3 >/dev/null || skip 'needs python3' || return
    for octets in 0 1 5 13 257 1472; do
        start_echo "$1" $octets || return
        ask $octets single 0 1 5 13 257 1400 0,1,5,13,257,1400,0 100x13
    done
}

echo_returns_each() { returns_right_octets echo; }
echo_batch_returns_each() { returns_right_octets echo_batch; }
echo_gso_returns_each() { returns_right_octets echo_gso; }

# The last of them is as long as the others, or shorter; 64 replies of 1472 octets do not fit one send.
echo_gso_returns_each_of_those_that_came_as_one() {
    command -v python3 >/dev/null || skip 'needs python3' || return
    for octets in 0 1 5 13 257 1472; do
        start_echo echo_gso $octets || return
        ask $octets merged 2x5 3x13,5 257,1 64x1 64x13 63x257,5 44x1400
    done
}

packets_on_loopback() {
    awk '$1 == "lo:" { print $3 }' /proc/net/dev
}

# What came as one leaves as one, so to the interface it is one packet.
echo_gso_sends_as_one_what_came_as_one() {
    needs_isolation || return
    command -v python3 >/dev/null || skip 'needs python3' || return
    for octets in 0 5 257; do
        start_echo echo_gso $octets || return
        before=$(packets_on_loopback)
        ask $octets merged 64x13
        expect_equal "packets with replies of $octets octets" 2 $(($(packets_on_loopback) - before))
    done
}

usage_is_told_in_one_line() {
    for words in 'echo' 'echo ::1' 'echo ::1 0 0' 'echo --reply ::1 0' 'echo --reply 0 ::1 0' 'echo --reply 1473 ::1 0' \
        'echo --reply x ::1 0' 'echo ::1 65536' 'echo localhost 0' 'echo -x ::1 0' 'naive --reply 5 ::1 0' 'naive ::1'; do
        eval "run timeout 10 \"\$limits\"/$words"
        expect_equal "status of $words" 1 "$status"
        expect_message "$words" '*:*'
        expect_equal "output of $words" '' "$out"
    done
    start_echo echo 1472 || return
    run timeout 10 "$limits/echo" ::1 "$port"
    expect_equal 'status on a port that is taken' 1 "$status"
    expect_message 'on a port that is taken' 'echo: can not bind \[::1\]:*: Address already in use'
}

run_tests echo_returns_each echo_batch_returns_each echo_gso_returns_each echo_gso_returns_each_of_those_that_came_as_one \
    echo_gso_sends_as_one_what_came_as_one usage_is_told_in_one_line
