#!/bin/sh
# The conformance kit's server mode is proved by mutation: for each case, a server that is broken in one way and turns
# just this case red, and one that is right and all green. The rows are in tests/conformance/mutants/server.txt.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/mutants.sh"

suite=server
checked=$build/bin/conformance
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

# They are lost on the way to the course's server, which is away for a moment between two.
the_course_s_loop_is_right() {
    for turn in 1 2 3; do
        "$checked" server --exec "$tools/course server ::1 {port}" --json "$scratch/course$turn.json" >"$scratch/out"
        expect_equal "turn $turn: status" 0 $?
        expect_equal "turn $turn: not passed" '' \
            "$(jq -r '.results[] | select(.verdict != "pass" and .verdict != "skip") | .id' "$scratch/course$turn.json")"
    done
}

# Somebody who has read the published text only.
another_server_is_not_blamed() {
    "$checked" server --exec "$tools/classmate server :: {port}" --json "$scratch/other.json" >"$scratch/out"
    expect_equal 'status' 0 $?
    expect_equal 'observed' 'wraps at 32 bits: the result 0' \
        "$(jq -r '.results[] | select(.id == "REQ-6.7/1") | .observed' "$scratch/other.json")"
}

our_own_server_is_all_green() {
    needs_isolation || return
    start_server ::1
    run "$checked" server --strict --settled --json "$scratch/own.json" ::1 "$port"
    expect_equal 'status' 0 "$status"
    expect_equal 'verdicts' 'pass REQ-3.4/2' "$(jq -r '[.results[] | if .verdict == "skip" then .id else .verdict end] | unique | sort | reverse | join(" ")' \
        "$scratch/own.json")"
    start_server ::
    run "$checked" server --strict --settled --json "$scratch/own.json" ::1 "$port"
    expect_equal 'on ::, status' 0 "$status"
    expect_equal 'on ::, verdicts' 'pass REQ-7.4/1' "$(jq -r '[.results[] | if .verdict == "skip" then .id else .verdict end] | unique | sort | reverse | join(" ")' \
        "$scratch/own.json")"
}

# A healthy server costs less than a second, and nothing in it depends on chance.
a_run_is_short_and_repeatable() {
    start_server ::1
    run "$conformance" server --json - ::1 "$port"
    expect_equal 'under a second' true "$(echo "$out" | jq '.took_ms < 1000')"
    run "$conformance" server -j 4 --repeat 20 --seed 7 --json "$scratch/many.json" ::1 "$port"
    expect_equal 'status of 20 turns' 0 "$status"
    expect_equal 'results' "$(($(ids | wc -l) * 20))" "$(jq '.results | length' "$scratch/many.json")"
    run "$conformance" server --seed 7 --filter REQ-6.5/2 --json - ::1 "$port"
    first=$(echo "$out" | jq -c '[.results[].packets[].octets]')
    run "$conformance" server --seed 7 --filter 'REQ-6.*' --json - ::1 "$port"
    expect_equal 'the same numbers for the same seed' "$first" \
        "$(echo "$out" | jq -c '[.results[] | select(.id == "REQ-6.5/2") | .packets[].octets]')"
}


run_tests each_mistake_is_told_and_turns_its_cases_red each_mistake_has_a_row each_case_has_a_mistake_that_is_its_own \
    crash_hang_silence_and_refusal_are_told_apart the_course_s_loop_is_right another_server_is_not_blamed \
    our_own_server_is_all_green a_run_is_short_and_repeatable
