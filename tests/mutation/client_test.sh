#!/bin/sh
# The conformance kit's client mode is proved by mutation: for each case, a client that is broken in one way and turns
# just this case red, and one that is right and all green. The rows are in tests/conformance/mutants/client.txt.
. "$(dirname "$0")/../system/lib.sh"

at_once=12
. "$(dirname "$0")/mutants.sh"

suite=client
mutant=$mutants/client
table=$root/tests/conformance/mutants/client.txt
words='-op {op} {s} {host} {port} {ints}'

judge() { # MUTATION
    result=$scratch/$1
    jobs=4 timeout=5
    # It uses up each time limit.
    [ "$1" != never-ends ] || { jobs=48 timeout=2; }
    "$conformance" client --exec "$mutant $1 $words" --strict --settled --jobs "$jobs" --timeout "$timeout" \
        --json "$result.json" >"$result.out" 2>"$result.err"
    echo $? >"$result.status"
}

each_mistake_is_told_and_turns_its_cases_red() {
    expect_rows
}

each_mistake_has_a_row() {
    expect_equal 'names' "$("$mutant" list)" "$(names_of_rows)"
}

# What the exit status says is nowhere settled: that case can only observe.
each_case_has_a_mistake_that_is_its_own() {
    expect_equal 'cases without' REQ-5.1/23 "$(cases_without_a_row_of_their_own)"
}

run_tests each_mistake_is_told_and_turns_its_cases_red each_mistake_has_a_row \
    each_case_has_a_mistake_that_is_its_own
