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

# What each row says, with all its cases by name: NAME | CASES | DIAGNOSES.
expected_rows() {
    rows | awk -F ' [|] ' -v ids="$(ids | tr '\n' ' ')" '
        $2 ~ /^all but / {
            count = split(ids, all, " ")
            cases = ""
            for (i = 1; i <= count; i++)
                if (index($2 " ", " " all[i] " ") == 0)
                    cases = cases " " all[i]
            $2 = substr(cases, 2)
        }
        { print $1 " | " $2 " | " $3 }' | LC_ALL=C sort
}

# The same of the runs.
actual_rows() {
    jq -r 'def or_none: if . == "" then "-" else . end;
        [(input_filename | sub(".*/"; "") | sub("[.]json$"; "")),
         ([.results[] | select(.verdict != "pass" and .verdict != "skip").id] | join(" ") | or_none),
         ([.results[].diagnoses[] | split(":")[0]] | unique | join("; ") | or_none)] | join(" | ")' \
        "$scratch"/*.json | LC_ALL=C sort
}

expect_status() { # NAME RED
    case $1,$2 in
    dies-*,* | *crash*,*) expected=3 ;;
    *,-) expected=0 ;;
    *) expected=1 ;;
    esac
    read -r status <"$scratch/$1.status"
    expect_equal "$1: exit status" "$expected" "$status"
    [ ! -s "$scratch/$1.err" ] || fail "$1: standard error: $(cat "$scratch/$1.err")"
}

expect_rows() {
    judge_rows
    expected_rows >"$scratch/expected"
    [ -s "$scratch/expected" ] || fail "$table is empty"
    actual_rows >"$scratch/actual"
    diff "$scratch/expected" "$scratch/actual" >"$scratch/difference" ||
        fail "not as expected: $(sed 's/^/# /' "$scratch/difference")"
    while IFS='|' read -r name red _; do
        red=${red# }
        expect_status "${name% }" "${red% }"
    done <"$scratch/expected"
}

# The cases that no row has for itself alone.
cases_without_a_row_of_their_own() {
    rows | sed -n 's/^[^|]* | \(REQ-[^ ]*\) | .*/\1/p' | sort -u >"$scratch/own"
    ids | grep -vxF -f "$scratch/own"
}
