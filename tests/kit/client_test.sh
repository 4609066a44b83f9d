#!/bin/sh
# The conformance kit's client mode: what it sees of a client that is right, of ours, and of other people's.
. "$(dirname "$0")/../system/lib.sh"

conformance=$build/bin/conformance
mutant=$root/${BUILD:-build/check}/../release/tests/conformance/mutants/client
words='-op {op} {s} {host} {port} {ints}'

judge() { # NAME COMMAND [OPTION...]; leaves NAME.json, .out, .err and .status in $scratch
    result=$scratch/$1
    command=$2
    shift 2
    "$conformance" client --exec "$command" --json "$result.json" "$@" >"$result.out" 2>"$result.err"
    echo $? >"$result.status"
}

# Of a finished one.
of() { # NAME JQ-FILTER
    jq -r "$2" "$scratch/$1.json"
}

verdicts() { # NAME
    of "$1" '.results[].verdict' | sort -u
}

# What other people's clients want to be told, in the words of the kit.
write_other() {
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
}

# Each is watched for some seconds without a reply, so all are watched at once.
watch_all() {
    write_other
    judge observed "$mutant none $words" --strict --settled &
    judge waits "$mutant waits-for-ever $words" --strict --settled --filter 'REQ-8.4/21' &
    judge own "$client $words" --strict --settled &
    judge classmate "$scratch/other $tools/classmate sum product {op} {host} {port} {s} {ints}" --expect '{result}' &
    judge course "$scratch/other $tools/course + '*' {op} {host} {port} {s} {ints}" --expect '{result}' &
    wait
}


a_right_client_is_observed() {
    expect_equal 'verdicts' pass "$(verdicts observed)"
    expect_equal 'observations' "REQ-4.2/21 sends zero in them
REQ-5.1/23 exit status 0 for a result, 2 for an error
REQ-5.4/22 shows all 256 digits
REQ-8.2/21 tries again from a fresh port
REQ-8.2/22 takes a reply to its first try after the second
REQ-8.4/21 sends 3 times, after N, N and N s; it ends after N s: exit status 9
REQ-8.5/21 ends after N s: exit status 9
REQ-8.7/21 shows '0024' for 0024" "$(of observed '.results[] | select(.observed != null) | .id + " " + .observed' |
        sed 's/[0-9]\{1,\}\.[0-9]\{2\}/N/g')"
}

# It is not wrong by the published text.
a_client_that_waits_for_ever_is_ended() {
    expect_equal 'observed' 'sends 1 time, after N s; it waits for ever (the kit ended it after 8.0 s)' \
        "$(of waits '.results[].observed' | sed 's/after [0-9.]* s;/after N s;/')"
    expect_equal 'verdict' pass "$(verdicts waits)"
}

what_it_prints_is_matched_with_a_pattern() {
    for pattern in 'Answer: {result}' 'Answer:{result}' 'swer: {result}'; do
        judge words "$mutant other-words $words" --expect "$pattern" --strict
        expect_equal "$pattern" pass "$(verdicts words)"
    done
    run "$conformance" client --exec "$mutant none $words" --expect 'Result: {number}'
    expect_equal 'status without {result}' 2 "$status"
    expect_message 'without {result}' "conformance: *'Result: {number}'*{result}*"
}

cases_that_a_command_can_not_ask_for_are_skipped() {
    judge bare "$mutant none {host} {port} {ints}" --strict
    expect_equal 'status' 0 "$(cat "$scratch/bare.status")"
    expect_equal 'skipped, with the reason' '3 {op}
13 {s}' "$(of bare '.results[] | select(.verdict == "skip") | .why' | sed 's/.*has no \({[a-z]*}\).*/\1/' |
        sort | uniq -c | sed 's/^ *//')"
}

a_client_that_can_not_be_started_is_unreachable() {
    run "$conformance" client --exec "$scratch/nothing $words"
    expect_equal 'status' 3 "$status"
}

our_own_client_is_all_green() {
    expect_equal 'status' 0 "$(cat "$scratch/own.status")"
    expect_equal 'verdicts' pass "$(verdicts own)"
}

expect_missed() { # NAME CASES
    expect_equal "$1: status" 0 "$(cat "$scratch/$1.status")"
    expect_equal "$1: failed" '' "$(of "$1" '.results[] | select(.verdict == "fail" or .verdict == "error") | .id')"
    expect_equal "$1: SHOULDs that it misses" "$2" "$(of "$1" '[.results[] | select(.verdict == "non-strict") | .id] | join(" ")')"
}

# Somebody who has read the published protocol only, and the course's function, whose result is a signed int.
other_clients_are_not_blamed() {
    expect_missed classmate "REQ-3.5/21 REQ-8.1/21 REQ-8.6/22 REQ-8.6/23 REQ-8.6/24 REQ-8.6/26 REQ-8.6/27 \
REQ-8.6/28 REQ-8.6/29 REQ-8.6/30"
    expect_missed course REQ-3.3/25
}

watch_all
run_tests a_right_client_is_observed a_client_that_waits_for_ever_is_ended \
    what_it_prints_is_matched_with_a_pattern cases_that_a_command_can_not_ask_for_are_skipped \
    a_client_that_can_not_be_started_is_unreachable our_own_client_is_all_green other_clients_are_not_blamed
