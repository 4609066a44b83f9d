#!/bin/sh
# A million calculations, and thousands of runs of the client, over a path that loses, duplicates, reorders, delays and cuts
# datagrams. SEED=number runs another network; a failure under a seed comes again under it.
. "$(dirname "$0")/../system/lib.sh"
. "$(dirname "$0")/../system/network_lib.sh"
: "${SEED:=1}" "${CALCULATIONS:=1000000}" "${RUNS:=3000}"
# The programs as they are installed: how fast they are decides on how much can be asked.
client=$root/bin/client

a_million_calculations_without_a_wrong_answer() {
    needs_isolation || return
    half=$((CALCULATIONS / 2))
    mix_lines "$scratch/first" 1 $half
    mix_lines "$scratch/second" $((half + 1)) "$CALCULATIONS"
    start_bad_network "$SEED"
    ask_in_a_batch 1 "$scratch/first" "$scratch/first.answers" &
    ask_in_a_batch 2 "$scratch/second" "$scratch/second.answers"
    wait $!
    stop_network
    judge "$scratch/first" "$scratch/first.answers"
    judge "$scratch/second" "$scratch/second.answers"
    expect_a_bad_network together
}

thousands_of_runs_without_a_wrong_answer() {
    needs_isolation || return
    start_bad_network "$SEED" late=$lifetime
    mix_lines "$scratch/lines" 1 "$RUNS"
    ask_one_by_one "$scratch/lines" "$scratch/answers"
    stop_network
    judge "$scratch/lines" "$scratch/answers"
    expect_a_bad_network alone
}

run_tests a_million_calculations_without_a_wrong_answer thousands_of_runs_without_a_wrong_answer
