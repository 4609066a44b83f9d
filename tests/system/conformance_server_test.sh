#!/bin/sh
# The conformance kit's server mode with servers that are right: ours, the course's, and somebody else's. That it finds what
# is wrong is shown by tests/mutation/server_test.sh.
. "$(dirname "$0")/lib.sh"

conformance=$build/bin/conformance

# They are lost on the way to the course's server, which is away for a moment between two.
the_course_s_loop_is_right() {
    for turn in 1 2 3; do
        "$conformance" server --exec "$tools/course server ::1 {port}" --json "$scratch/course$turn.json" >"$scratch/out"
        expect_equal "turn $turn: status" 0 $?
        expect_equal "turn $turn: not passed" '' \
            "$(jq -r '.results[] | select(.verdict != "pass" and .verdict != "skip") | .id' "$scratch/course$turn.json")"
    done
}

# Somebody who has read the published text only.
another_server_is_not_blamed() {
    "$conformance" server --exec "$tools/classmate server :: {port}" --json "$scratch/other.json" >"$scratch/out"
    expect_equal 'status' 0 $?
    expect_equal 'observed' 'wraps at 32 bits: the result 0' \
        "$(jq -r '.results[] | select(.id == "REQ-6.7/1") | .observed' "$scratch/other.json")"
}

our_own_server_is_all_green() {
    needs_isolation || return
    start_server ::1
    run "$conformance" server --strict --settled --json "$scratch/own.json" ::1 "$port"
    expect_equal 'status' 0 "$status"
    expect_equal 'verdicts' 'pass REQ-3.4/2' "$(jq -r '[.results[] | if .verdict == "skip" then .id else .verdict end] | unique | sort | reverse | join(" ")' \
        "$scratch/own.json")"
    start_server ::
    run "$conformance" server --strict --settled --json "$scratch/own.json" ::1 "$port"
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
    expect_equal 'results' "$(($("$conformance" list server | grep -c '^REQ-.* server ') * 20))" "$(jq '.results | length' "$scratch/many.json")"
    # Without the sentinels, whose numbers go on from case to case.
    of_the_case='[.results[] | select(.id == "REQ-6.5/2") | .packets[].octets |
        select(startswith("000c1d2e3f") or startswith("800d1f3") | not)]'
    run "$conformance" server --seed 7 --filter REQ-6.5/2 --json - ::1 "$port"
    first=$(echo "$out" | jq -c "$of_the_case")
    run "$conformance" server --seed 7 --filter 'REQ-6.*' --json - ::1 "$port"
    expect_equal 'the same numbers for the same seed' "$first" \
        "$(echo "$out" | jq -c "$of_the_case")"
}


# The known do not count; what has changed does, either way.
a_baseline_counts_what_is_new() {
    mutant=$build/../release/tests/conformance/mutants/server
    kit() { # MUTATION [OPTION...]
        name=$1
        shift
        run "$conformance" server -q --exec "$mutant $name ::1 {port}" "$@"
    }
    kit nul-terminated --write-baseline "$scratch/known"
    expect_equal 'failing' 1 "$status"
    kit nul-terminated --baseline "$scratch/known"
    expect_equal 'as known' 0 "$status"
    kit none --baseline "$scratch/known"
    expect_equal 'passing unexpectedly' 1 "$status"
    kit status-missing --baseline "$scratch/known" --json "$scratch/other.json"
    expect_equal 'failing otherwise' 1 "$status"
    expect_equal 'known' other-failure "$(jq -r '.results[] | select(.id == "REQ-4.4/1") | .known' "$scratch/other.json")"
}

# What the subject has started ends with the run, and nothing is left behind.
a_run_that_is_broken_off_ends_what_it_has_started() {
    cat >"$scratch/starts" <<-END
	#!/bin/sh
	setsid sleep 1000 &
	echo \$! >$scratch/pid
	exec $tools/classmate server :: "\$1"
	END
    chmod +x "$scratch/starts"
    "$conformance" server --repeat 1000 --exec "$scratch/starts {port}" >"$scratch/out" 2>&1 &
    kit=$!
    wait_until test -s "$scratch/pid"
    kill -TERM "$kit"
    wait "$kit" 2>/dev/null
    expect_equal 'status' 143 $?
    kill -0 "$(cat "$scratch/pid")" 2>/dev/null && fail 'what it had started lives on'
}

exit_statuses_and_messages() {
    for words in "server" "server ::1" "server localhost 1" "server --exec true" "server --exec ''" "client" "client --exec 'x {prt}'" \
        "functions" "list nobody" "explain 4.4" "nothing" "server --timeout x ::1 9" "server --filter nothing ::1 9" \
        "client --exec 'x {port}' --expect x" "server --jobs 0 ::1 9"; do
        eval "run \"\$conformance\" $words"
        expect_equal "status of $words" 2 "$status"
        expect_message "$words" 'conformance: *'
    done
    run "$conformance" server --timeout 0.1 ::1 9
    expect_equal 'nobody there' 3 "$status"
    run "$conformance" client --exec 'nobody {port}'
    expect_equal 'no such program' 3 "$status"
    run sh -c '"$@" >/dev/full' sh "$conformance" list
    expect_equal 'a full disk' 2 "$status"
}

run_tests the_course_s_loop_is_right another_server_is_not_blamed our_own_server_is_all_green a_run_is_short_and_repeatable \
    a_baseline_counts_what_is_new a_run_that_is_broken_off_ends_what_it_has_started exit_statuses_and_messages
