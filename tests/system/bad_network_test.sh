#!/bin/sh
# Clients over a path that loses, duplicates, reorders, delays and cuts datagrams; at length: tests/endurance/.
. "$(dirname "$0")/batch_lib.sh"
. "$(dirname "$0")/network_lib.sh"

batch_over_network() { # [options]; as `run`
    run "$client" --batch="$lines" "$@" fd00:ca1c:2::1 "$port"
}

req_8_1_to_8_3_no_wrong_answer_in_a_batch() {
    needs_isolation || return
    start_bad_network 1
    mix_lines "$lines" 1 5000
    ask_in_a_batch 1 "$lines" "$answers"
    stop_network
    judge "$lines" "$answers"
    expect_a_bad_network together
    # So requests were sent again, and ports used again: "... N datagrams sent from N ports ..."
    # shellcheck disable=SC2046 # two numbers
    set -- $(sed 's/.*, \([0-9]*\) datagrams sent from \([0-9]*\) ports.*/\1 \2/' "$answers.err")
    if [ "${1:-0}" -le 7500 ] || [ "${2:-$1}" -ge "$1" ]; then
        fail "no port was used again, or no request sent again: $(cat "$answers.err")"
    fi
}

no_wrong_answer_one_by_one() {
    needs_isolation || return
    start_bad_network 5 late=$lifetime
    mix_lines "$lines" 1 90
    ask_one_by_one "$lines" "$answers"
    stop_network
    judge "$lines" "$answers"
    grep -q 'no reply from' "$answers" || fail 'no line that all tries of were lost, by which to see that all were made'
}

# What became of each try, of those that each request had in two runs.
differences() { # RECORD RECORD
    sort -k 2n,2 "$1" >"$scratch/one"
    sort -k 2n,2 "$2" | paste -d ' ' "$scratch/one" - | awk '
        { n = length($4) < length($9) ? length($4) : length($9) }
        $2 != $7 || n == 0 || substr($4, 1, n) != substr($9, 1, n) { differences++ }
        END { print differences + 0 }'
}

the_seed_decides() {
    needs_isolation || return
    number_lines 400
    for run in 7 7again 8; do
        start_bad_network "${run%again}"
        ask_in_a_batch 1 "$lines" "$answers"
        stop_network
        grep '^request ' "$relay_log" >"$scratch/record.$run"
        expect_equal "requests, with seed $run" 400 "$(wc -l <"$scratch/record.$run" | tr -d ' ')"
    done
    expect_equal 'requests with another fate, with the same seed' 0 \
        "$(differences "$scratch/record.7" "$scratch/record.7again")"
    [ "$(differences "$scratch/record.7" "$scratch/record.8")" -gt 100 ] || fail 'another seed, and the same fate'
}

# Replies that come twice and late: only a port that rests does not take one for its next request.
req_8_1_each_reply_is_credited_to_its_own_request() {
    needs_isolation || return
    number_lines 1500
    for seed in 1 2; do
        start_network $seed twice=40 reorder=100 delay=10 lifetime=$lifetime
        batch_over_network -v -t 1 --in-flight 64 --quiet-time "$(in_seconds $quiet_time)"
        expect_numbers "seed $seed" 1500
        expect_match 'replies that came too late' 'client: 1500 calculations, *, [1-9]* late or foreign ones *' "$err"
    done
    # The network of this test, tested: without a rest, replies go astray.
    start_network 1 twice=40 reorder=100 delay=10
    batch_over_network -t 1 --in-flight 64 --quiet-time 0
    ! seq 7 1506 | cmp -s - "$scratch/out" || fail 'no reply went astray where ports do not rest'
    stop_network
}

# A handful of ports for all: whoever takes one too early has no other.
req_8_3_a_port_rests_for_the_quiet_time() {
    needs_isolation || return
    start_network 1 quiet=20
    with_ports 40000 40015
    number_lines 200
    batch_over_network -v --quiet-time 0.02
    stop_network
    expect_numbers '16 ports' 200
    expect_equal 'what is against the rules' '' "$(grep '^against' "$relay_log" | head -n 5)"
    expect_match 'the ports' 'client: 200 calculations, 200 datagrams sent from 1[5-6] ports, *' "$err"
    # The tool notices: these rest for less.
    start_network 1 quiet=200
    with_ports 40000 40015
    batch_over_network --quiet-time 0.01
    grep -q '^against REQ-8.3' "$relay_log" || fail 'a rest that is too short is not seen'
    stop_network
}

# Cut with a checksum that is right, as no path does it: an integer has four octets, so it shows.
req_8_6_a_shortened_integer_is_no_result() {
    needs_isolation || return
    number_lines 1000
    start_network 1 shorten=30
    batch_over_network -t 2
    stop_network
    expect_equal 'lines' 1000 "$(wc -l <"$scratch/out" | tr -d ' ')"
    sed -n 's/^line \([0-9]*\): the reply is not valid: .*/\1/p' "$scratch/out" >"$scratch/not_valid"
    sed -n 's/^request \([0-9]*\) [0-9]* S [0-9]*$/\1/p' "$relay_log" | awk '{ print $1 + 1 }' | sort -n |
        cmp -s - "$scratch/not_valid" || fail 'not the shortened ones are those that are not valid'
    expect_share 'shortened' "$(wc -l <"$scratch/not_valid")" 1000 30
    seq 7 1006 | paste - "$scratch/out" | awk '$2 != "line" && $1 != $2' >"$scratch/wrong"
    expect_equal 'wrong answers' '' "$(cat "$scratch/wrong")"
}

run_tests req_8_1_to_8_3_no_wrong_answer_in_a_batch no_wrong_answer_one_by_one the_seed_decides \
    req_8_1_each_reply_is_credited_to_its_own_request req_8_3_a_port_rests_for_the_quiet_time \
    req_8_6_a_shortened_integer_is_no_result
