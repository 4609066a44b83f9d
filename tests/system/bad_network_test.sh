#!/bin/sh
# Clients over a path that loses, duplicates, reorders, delays and cuts datagrams; at length: tests/endurance/.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/network_lib.sh"

no_wrong_answer_in_a_batch() {
    needs_isolation || return
    start_bad_network 1
    mix_lines "$scratch/lines" 1 4000
    ask_in_a_batch 1 "$scratch/lines" "$scratch/answers"
    stop_network
    judge "$scratch/lines" "$scratch/answers"
    expect_a_bad_network
}

no_wrong_answer_one_by_one() {
    needs_isolation || return
    start_bad_network 2
    mix_lines "$scratch/lines" 1 150
    ask_one_by_one "$scratch/lines" "$scratch/answers"
    stop_network
    judge "$scratch/lines" "$scratch/answers"
}

run_tests no_wrong_answer_in_a_batch no_wrong_answer_one_by_one
