#!/bin/sh
# Each fuzz target without a fuzzer: what it says holds for all of its corpus, so what was found once stays mended.
. "$(dirname "$0")/../system/lib.sh"

replay() { # TARGET INPUT...
    target=$1
    shift
    "$build/tests/fuzz/targets/$target" "$@" >"$scratch/names" 2>"$scratch/report"
}

targets() {
    for source in "$root"/tests/fuzz/targets/*.c; do
        basename "$source" .c
    done
}

each_target_holds_for_its_corpus() {
    for name in $(targets); do
        # The last name that a replay has printed is that of the input which has ended it.
        replay "$name" "$root/tests/fuzz/corpus/$name"/* ||
            fail "$name: $(tail -n 1 "$scratch/names"): $(cat "$scratch/report")"
    done
}

each_corpus_has_a_target() {
    expect_equal 'targets and corpora' "$(targets)" "$(ls "$root/tests/fuzz/corpus")"
}

an_input_that_can_not_be_read_is_a_failure() {
    ! replay answer "$scratch/none" || fail 'a file that is not there'
    expect_match 'what is told' "replay: can not read '$scratch/none': *" "$(cat "$scratch/report")"
    ! replay answer "$scratch" || fail 'a folder'
}

run_tests each_target_holds_for_its_corpus each_corpus_has_a_target an_input_that_can_not_be_read_is_a_failure
