# Sourced by the tests that prove the conformance kit by mutation: the tables in tests/conformance/mutants/. A row is a name,
# the cases that are red (- none), and what the diagnoses begin with, up to their colon (- none).
# shellcheck shell=sh disable=SC2154 # $table and $suite are theirs; the rest is lib.sh's

# Without sanitizers, which make a hundred rows slow, and the replies of their subjects late.
conformance=$root/bin/conformance
mutants=$build/../release/tests/conformance/mutants
: "${at_once=6}"

rows() {
    grep -v '^#' "$table"
}

names_of_rows() {
    rows | sed 's/ .*//'
}

ids() {
    "$conformance" list "$suite" | sed -n 's/^\(REQ-[^ ]*\) .*/\1/p'
}

# The expected cases, one a line.
expected_red() { # CELL
    case $1 in
    -) ;;
    'all but '*) ids | grep -vxF "$(printf '%s\n' "${1#all but }" | tr ' ' '\n')" ;;
    *) printf '%s\n' "$1" | tr ' ' '\n' ;;
    esac
}

# Runs `judge`, the test's own, on all rows, some at a time: it leaves $scratch/NAME.json, .status and .err.
judge_rows() {
    running=0
    for name in $(names_of_rows); do
        judge "$name" &
        running=$((running + 1))
        [ $((running % at_once)) -ne 0 ] || wait
    done
    wait
}

expected_status() { # NAME RED
    case $1 in
    dies-* | *crash*) echo 3 ;;
    *) [ -z "$2" ] && echo 0 || echo 1 ;;
    esac
}

expect_row() { # NAME RED DIAGNOSES
    red=$(expected_red "$2")
    expect_equal "$1: red" "$red" \
        "$(jq -r '.results[] | select(.verdict != "pass" and .verdict != "skip") | .id' "$scratch/$1.json")"
    expect_equal "$1: diagnoses" "$3" "$(jq -r '[.results[].diagnoses[] | split(":")[0]] | unique | join("; ") |
        if . == "" then "-" else . end' "$scratch/$1.json")"
    expect_equal "$1: exit status" "$(expected_status "$1" "$red")" "$(cat "$scratch/$1.status")"
    expect_equal "$1: standard error" '' "$(cat "$scratch/$1.err")"
}

expect_rows() {
    judge_rows
    rows >"$scratch/rows"
    [ -s "$scratch/rows" ] || fail "$table is empty"
    while IFS='|' read -r name red diagnoses; do
        expect_row "${name% }" "$(echo "$red" | sed 's/^ //; s/ $//')" "${diagnoses# }"
    done <"$scratch/rows"
}

# The cases that no row has for itself alone.
cases_without_a_row_of_their_own() {
    rows | sed -n 's/^[^|]* | \(REQ-[^ ]*\) | .*/\1/p' | sort -u >"$scratch/own"
    ids | grep -vxF -f "$scratch/own"
}
