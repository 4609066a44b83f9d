#!/bin/sh
# The conformance kit's client mode is proved by mutation: for each case, a client that is broken in one way and turns
# just this case red, and one that is right and all green. The rows are in tests/conformance/mutants/client.txt.
. "$(dirname "$0")/lib.sh"

# Without sanitizers, which make a hundred rows slow, and their clients' replies late.
conformance=$root/bin/conformance
mutant=$root/${BUILD:-build/check}/../release/tests/conformance/mutants/client
table=$root/tests/conformance/mutants/client.txt
words='-op {op} {s} {host} {port} {ints}'
at_once=12

judge() { # MUTATION
    result=$scratch/$1
    jobs=4 timeout=5
    # It uses up each time limit.
    [ "$1" != never-ends ] || { jobs=48 timeout=2; }
    "$conformance" client --exec "$mutant $1 $words" --strict --settled --jobs "$jobs" --timeout "$timeout" \
        --json "$result.json" >"$result.out" 2>"$result.err"
    echo $? >"$result.status"
}

rows() {
    grep -v '^#' "$table"
}

ids() {
    "$conformance" list client | sed -n 's/^\(REQ-[^ ]*\) .*/\1/p'
}

# The expected cases, one a line.
expected_red() { # CELL
    case $1 in
    -) ;;
    'all but '*) ids | grep -vxF "$(printf '%s\n' "${1#all but }" | tr ' ' '\n')" ;;
    *) printf '%s\n' "$1" | tr ' ' '\n' ;;
    esac
}

expected_status() { # MUTATION, RED
    case $1 in
    *crash*) echo 3 ;;
    *) [ -z "$2" ] && echo 0 || echo 1 ;;
    esac
}

expect_row() { # MUTATION RED DIAGNOSES
    red=$(expected_red "$2")
    result=$scratch/$1
    expect_equal "$1: red" "$red" "$(jq -r '.results[] | select(.verdict != "pass") | .id' "$result.json")"
    expect_equal "$1: diagnoses" "$3" "$(jq -r '[.results[].diagnoses[] | split(":")[0]] | unique | join("; ") |
        if . == "" then "-" else . end' "$result.json")"
    expect_equal "$1: exit status" "$(expected_status "$1" "$red")" "$(cat "$result.status")"
    expect_equal "$1: standard error" '' "$(cat "$result.err")"
}

each_mistake_is_told_and_turns_its_cases_red() {
    running=0
    for mutation in $(rows | sed 's/ .*//'); do
        judge "$mutation" &
        running=$((running + 1))
        [ $((running % at_once)) -ne 0 ] || wait
    done
    wait
    rows >"$scratch/rows"
    while IFS='|' read -r mutation red diagnoses; do
        expect_row "${mutation% }" "$(echo "$red" | sed 's/^ //; s/ $//')" "${diagnoses# }"
    done <"$scratch/rows"
}

each_mistake_has_a_row() {
    expect_equal 'names' "$("$mutant" list)" "$(rows | sed 's/ .*//')"
}

# What the exit status says is nowhere settled: that case can only observe.
each_case_has_a_mistake_that_is_its_own() {
    rows | sed -n 's/^[^|]* | \(REQ-[^ ]*\) | .*/\1/p' | sort -u >"$scratch/own"
    expect_equal 'cases without' REQ-5.1/23 "$(ids | grep -vxF -f "$scratch/own")"
}

run_tests each_mistake_is_told_and_turns_its_cases_red each_mistake_has_a_row \
    each_case_has_a_mistake_that_is_its_own
