#!/bin/sh
# Each program by another name: its usage, its version and its messages have that one, and no other.
. "$(dirname "$0")/lib.sh"
programs='server client conformance load'
for program in $programs; do
    ln -s "$build/bin/$program" "$scratch/calc6-$program"
done

usage_lines_begin_with_the_name() {
    while read -r count words; do
        # shellcheck disable=SC2086 # several words
        run $words --help
        expect_equal "status of $words --help" 0 "$status"
        name=${words%% *}
        expect_equal "usage lines of $words" "$count" "$(grep -cE "^(usage:|      ) $name " "$scratch/out")"
        expect_equal "other names in $words --help" '' "$(grep -E "^(usage:|      ) [^ ]" "$scratch/out" | grep -v " $name ")"
        expect_equal "@ in $words --help" '' "$(grep @ "$scratch/out")"
    done <<END
1 calc6-server
3 calc6-client
7 calc6-conformance
1 calc6-conformance grade
1 calc6-load
END
}

the_version_has_the_name() {
    version=$(sed -n 's/^#define CALC_VERSION "\(.*\)"/\1/p' "$root/proto/calc.h")
    for program in $programs; do
        run "calc6-$program" --version
        expect_equal "version of $program" "calc6-$program (calc6) $version" "$out"
    done
}

a_wrong_word_is_told_by_the_name_that_has_the_help() {
    for words in server client conformance load 'conformance server' 'conformance grade'; do
        # shellcheck disable=SC2086 # several words
        run calc6-$words --nothing
        expect_message "calc6-$words --nothing" "calc6-${words%% *}: *; see calc6-${words% server} --help"
    done
}

what_fails_later_is_told_by_the_name() {
    run calc6-server ::1 99999
    expect_message 'a port of the server' 'calc6-server: *99999*'
    run calc6-client ::1 9 1
    expect_message 'a client that nobody answers' 'calc6-client: *'
    run calc6-load -d 0.1 --warmup 0 ::1 9
    expect_message 'a load that nobody answers' 'calc6-load: *'
    run calc6-conformance explain nothing
    expect_message 'an id' 'calc6-conformance: *: an id of calc6-conformance list is needed*'
}

the_line_that_repeats_a_case_has_the_name() {
    run calc6-conformance server --filter 'REQ-3.3/1' --timeout 0.1 --json - ::1 9
    expect_match 'how to repeat it' '*"calc6-conformance server *' "$out"
}

PATH=$scratch:$PATH
run_tests usage_lines_begin_with_the_name the_version_has_the_name a_wrong_word_is_told_by_the_name_that_has_the_help \
    what_fails_later_is_told_by_the_name the_line_that_repeats_a_case_has_the_name
