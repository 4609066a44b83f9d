#!/bin/sh
# The conformance kit's client mode: what it sees of a client that is right, of ours, and of other people's.
. "$(dirname "$0")/lib.sh"

conformance=$build/bin/conformance
mutant=$root/${BUILD:-build/check}/../release/tests/conformance/mutants/client
words='-op {op} {s} {host} {port} {ints}'

judge() { # FILE MUTATION [OPTION...]
    result=$1
    mutation=$2
    shift 2
    "$conformance" client --exec "$mutant $mutation $words" --strict --settled --json "$result.json" "$@" \
        >"$result.out" 2>"$result.err"
    echo $? >"$result.status"
}

a_right_client_is_observed() {
    judge "$scratch/observed" none
    expect_equal 'observations' "REQ-4.2/21 sends zero in them
REQ-5.1/23 exit status 0 for a result, 2 for an error
REQ-5.4/22 shows all 256 digits
REQ-8.2/21 tries again from a fresh port
REQ-8.2/22 takes a reply to its first try after the second
REQ-8.4/21 sends 3 times, after N, N and N s; it ends after N s: exit status 9
REQ-8.5/21 ends after N s: exit status 9
REQ-8.7/21 shows '0024' for 0024" "$(jq -r '.results[] | select(.observed != null) | .id + " " + .observed' \
        "$scratch/observed.json" | sed 's/[0-9]\{1,\}\.[0-9]\{2\} s/N s/g; s/[0-9]\{1,\}\.[0-9]\{2\}/N/g')"
}

# It is not wrong by the published text.
a_client_that_waits_for_ever_is_ended() {
    judge "$scratch/waits" waits-for-ever --filter 'REQ-8.4/21'
    expect_equal 'observed' 'sends 1 time, after N s; it waits for ever (the kit ended it after 8.0 s)' \
        "$(jq -r '.results[].observed' "$scratch/waits.json" | sed 's/after [0-9.]* s;/after N s;/')"
    expect_equal 'verdict' pass "$(jq -r '.results[].verdict' "$scratch/waits.json")"
}

what_it_prints_is_matched_with_a_pattern() {
    for pattern in 'Answer: {result}' 'Answer:{result}' 'swer: {result}'; do
        judge "$scratch/words" other-words --expect "$pattern"
        expect_equal "$pattern" 0 "$(cat "$scratch/words.status")"
    done
    run "$conformance" client --exec "$mutant none $words" --expect 'Result: {number}'
    expect_equal 'status without {result}' 2 "$status"
    expect_message 'without {result}' "conformance: *'Result: {number}'*{result}*"
}

cases_that_a_command_can_not_ask_for_are_skipped() {
    words='{host} {port} {ints}'
    judge "$scratch/bare" none
    words='-op {op} {s} {host} {port} {ints}'
    expect_equal 'status' 0 "$(cat "$scratch/bare.status")"
    expect_equal 'skipped, with the reason' '3 {op}
13 {s}' "$(jq -r '.results[] | select(.verdict == "skip") | .why' "$scratch/bare.json" |
        sed 's/.*has no \({[a-z]*}\).*/\1/' | sort | uniq -c | sed 's/^ *//')"
}

a_client_that_can_not_be_started_is_unreachable() {
    run "$conformance" client --exec "$scratch/nothing $words"
    expect_equal 'status' 3 "$status"
}

our_own_client_is_all_green() {
    "$conformance" client --exec "$client -op {op} {s} {host} {port} {ints}" --strict --settled \
        --json "$scratch/own.json" >"$scratch/own.out"
    expect_equal 'status' 0 $?
    expect_equal 'verdicts' pass "$(jq -r '.results[].verdict' "$scratch/own.json" | sort -u)"
}

# Somebody who has read the published protocol only, and the course's function.
other_clients_are_not_blamed() {
    cat >"$scratch/other" <<'END'
#!/bin/sh
# PROGRAM SUM PRODUCT OPERATOR HOST PORT [-s] INTEGER...
program=$1 sum=$2 product=$3 operator=$4 host=$5 port=$6 form=d
shift 6
[ "$operator" = + ] && operator=$sum || operator=$product
[ "$1" != -s ] || { form=s && shift; }
exec "$program" client "$host" "$port" "$operator" "$form" "$@"
END
    chmod +x "$scratch/other"
    for other in 'classmate sum product' "course + '*'"; do
        name=${other%% *}
        "$conformance" client --exec "$scratch/other $tools/$other {op} {host} {port} {s} {ints}" \
            --expect '{result}' --json "$scratch/$name.json" >"$scratch/$name.out"
        expect_equal "$name: status" 0 $?
        expect_equal "$name: failed" '' "$(jq -r '.results[] | select(.verdict == "fail") | .id' "$scratch/$name.json")"
    done
    expect_equal 'classmate: SHOULDs that it misses' 'REQ-3.5/21 REQ-8.1/21 REQ-8.6/22 REQ-8.6/23 REQ-8.6/24 REQ-8.6/26 REQ-8.6/27 REQ-8.6/28 REQ-8.6/29 REQ-8.6/30' \
        "$(jq -r '[.results[] | select(.verdict == "non-strict") | .id] | join(" ")' "$scratch/classmate.json")"
    expect_equal 'course: SHOULDs that it misses' REQ-3.3/25 \
        "$(jq -r '[.results[] | select(.verdict == "non-strict") | .id] | join(" ")' "$scratch/course.json")"
}

run_tests a_right_client_is_observed a_client_that_waits_for_ever_is_ended \
    what_it_prints_is_matched_with_a_pattern cases_that_a_command_can_not_ask_for_are_skipped \
    a_client_that_can_not_be_started_is_unreachable our_own_client_is_all_green other_clients_are_not_blamed
