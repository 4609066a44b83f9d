#!/bin/sh
# The conformance kit's functions mode is proved by mutation: for each case, a function that is broken in one way and
# turns just this case red, and functions that are right and all green. The rows are in
# tests/conformance/mutants/functions.txt; behind the name they have the course's step.
. "$(dirname "$0")/../system/lib.sh"
at_once=4
. "$(dirname "$0")/mutants.sh"
cd "$root" || exit 1

suite=functions
mutants=tests/conformance/mutants
table=$mutants/functions.txt
mkdir "$scratch/tmp" "$scratch/made"
export TMPDIR="$scratch/tmp"
unset CC

# The mistake is told by the environment, so all mutants of a step are one program: this compiler hands out again
# what it has made before.
cat >"$scratch/cc" <<'END'
#!/bin/sh
target='' key='' last=
for word; do
    case $word in
    */conformance-*) [ "$last" = -o ] && target=$word || key="$key $(cksum <"$word")" ;;
    *) key="$key $word" ;;
    esac
    last=$word
done
made=$MADE/$(printf '%s' "$key" | cksum | tr -d ' ')
[ -e "$made" ] && exec cp "$made" "$target"
gcc "$@" && cp "$target" "$made.$$" && mv "$made.$$" "$made"
END
chmod +x "$scratch/cc"

judge() { # MUTANT STEP: 4m and 5m are with sanitizers
    source=$mutants/functions.c
    step=${2%m}
    words=-fno-sanitize=all
    [ "$step" = "$2" ] || words=-g
    [ "$step" -gt 3 ] || source=$mutants/warm_ups.c
    [ "$step" -ne 3 ] || words="$words -DSTRING"
    # shellcheck disable=SC2086 # words
    MUTANT=$1 MADE=$scratch/made CC=$scratch/cc "$conformance" functions -q --jobs 1 --strict --settled --timeout 20 \
        --step "$step" --json "$scratch/$1.$2.json" "$source" -- $words >"$scratch/$1.$2.out" 2>"$scratch/$1.$2.err"
    echo $? >"$scratch/$1.$2.status"
}

# What all of them have come to, as rows of the table.
told() {
    jq -rn 'def list(separator): join(separator) | if . == "" then "-" else . end;
        inputs | [(input_filename | sub(".*/"; "") | sub("[.]json$"; "") | sub("[.]"; " | ")),
            ([.results[] | select(.verdict != "pass") | .id] | list(" ")),
            ([.results[].diagnoses[] | split(":")[0]] | unique | list("; "))] | join(" | ")' "$scratch"/*.json
}

# Following NULL is a crash.
expected_status() { # MUTANT RED
    case $1,$2 in
    *,-) echo 0 ;;
    null_ints,*) echo 3 ;;
    *) echo 1 ;;
    esac
}

each_mistake_is_told_and_turns_its_cases_red() {
    for step in 1 2 3 4 5 4m 5m; do
        judge none $step # compiles
    done
    running=0
    rows >"$scratch/rows"
    while read -r mutant _ step _; do
        judge "$mutant" "$step" </dev/null &
        running=$((running + 1))
        [ $((running % at_once)) -ne 0 ] || wait
    done <"$scratch/rows"
    wait
    told | sort >"$scratch/told"
    expect_equal 'rows that are otherwise' '' "$(sort "$scratch/rows" | diff - "$scratch/told")"
    while read -r mutant _ step _ red _; do
        read -r status <"$scratch/$mutant.$step.status"
        expect_equal "$mutant, step $step: status" "$(expected_status "$mutant" "$red")" "$status"
        [ ! -s "$scratch/$mutant.$step.err" ] || fail "$mutant, step $step: $(cat "$scratch/$mutant.$step.err")"
    done <"$scratch/rows"
}

each_mistake_has_a_row() {
    {
        cat $mutants/functions.c $mutants/calculator.h $mutants/warm_ups.c | grep -oE '\bIS\([a-z0-9_]+\)' |
            sed 's/IS(\(.*\))/\1/'
        grep -oE '"leak_[a-z_]+"' $mutants/functions.c | tr -d '"'
        echo none
    } | sort -u >"$scratch/mistakes"
    expect_equal 'names' "$(cat "$scratch/mistakes")" "$(rows | sed 's/ .*//' | sort -u)"
}

# Whether a NUL ends the digits of step 3 is settled nowhere: that case can only observe.
each_case_has_a_mistake_that_is_its_own() {
    rows | sed -n 's/^[^|]* | [^|]* | \(REQ-[^ ]*\) | .*/\1/p' | sort -u >"$scratch/own"
    expect_equal 'cases without' 'REQ-5.4/45' \
        "$(ids | grep -vxF -f "$scratch/own")"
}

observed() { # FILE ID
    jq -r --arg id "$2" '.results[] | select(.id == $id) | .observed' "$1"
}

a_nul_behind_the_sum_is_observed() {
    judge sum_with_nul 3
    judge none 3
    expect_equal 'with' 'sends a NUL behind the digits' "$(observed "$scratch/sum_with_nul.3.json" REQ-5.4/45)"
    expect_equal 'without' 'sends no NUL behind the digits' "$(observed "$scratch/none.3.json" REQ-5.4/45)"
}

run_tests each_mistake_is_told_and_turns_its_cases_red each_mistake_has_a_row \
    each_case_has_a_mistake_that_is_its_own a_nul_behind_the_sum_is_observed
