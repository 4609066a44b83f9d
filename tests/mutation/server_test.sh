#!/bin/sh
# The conformance kit's server mode is proved by mutation: for each case, a server that is broken in one way and turns
# just this case red, and one that is right and all green. The rows are in tests/conformance/mutants/server.txt.
. "$(dirname "$0")/../system/lib.sh"
. "$(dirname "$0")/mutants.sh"

suite=server
table=$root/tests/conformance/mutants/server.txt
mutant=$mutants/server

judge() { # NAME [OPTION...]
    name=$1
    shift
    case $name in
    *-at-same-port) address=::1 ;; # the kit asks from another address and the server's own port
    *) address=:: ;;
    esac
    "$conformance" server --strict --exec "$mutant $name $address {port}" --json "$scratch/$name.json" "$@" \
        >"$scratch/$name.out" 2>"$scratch/$name.err"
    echo $? >"$scratch/$name.status"
}

# Addresses and a low port are needed.
each_mistake_is_told_and_turns_its_cases_red() {
    needs_isolation || return
    expect_rows
}

each_mistake_has_a_row() {
    expect_equal 'names' "$("$mutant" list)" "$(names_of_rows)"
}

each_case_has_a_mistake_that_is_its_own() {
    expect_equal 'cases without' '' "$(cases_without_a_row_of_their_own)"
}

# Each is a verdict of its own, and the run goes on behind it.
crash_hang_silence_and_refusal_are_told_apart() {
    for case in dies-at-0-octets=crash hangs-at-0-octets=hang opcode-4=silence largest-sum=wrong; do
        judge "${case%=*}" --timeout 0.3
        expect_equal "${case%=*}" "${case#*=}" "$(jq -r '.results[] | select(.verdict == "fail") | .trouble' \
            "$scratch/${case%=*}.json")"
        expect_equal "${case%=*}: passed behind it" pass "$(jq -r '.results[] | select(.id == "REQ-7.2/1") | .verdict' \
            "$scratch/${case%=*}.json")"
    done
    run "$conformance" server ::1 9 --json "$scratch/nobody.json" --filter REQ-4.3/1
    expect_equal 'nobody listens: status' 3 "$status"
    expect_equal 'nobody listens' true "$(jq .unreachable "$scratch/nobody.json")"
}

run_tests each_mistake_is_told_and_turns_its_cases_red each_mistake_has_a_row each_case_has_a_mistake_that_is_its_own \
    crash_hang_silence_and_refusal_are_told_apart
