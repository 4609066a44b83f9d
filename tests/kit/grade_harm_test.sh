#!/bin/sh
# Grading submissions that do harm: none of them harms another one or the host, and nothing of them is left.
. "$(dirname "$0")/../system/lib.sh"
. "$(dirname "$0")/grading.sh"

# One that does harm stands between two that do not. Within so many seconds, none of it is left, and both are graded as
# they are alone.
expect_harmless() { # DEED SECONDS [OPTION...]
    submission mallory "$1"
    expect_mallory_harmless "$@"
}

expect_harmless_build() { # DEED SECONDS [OPTION...]
    submission mallory good "$1"
    expect_mallory_harmless "$@"
    expect_match 'points of mallory' 'mallory,0,0,0,0,0,0,*,F,,*' "$(line_of mallory)"
}

expect_mallory_harmless() {
    needs_users || return
    deed=$1 seconds=$2
    shift 2
    submission anna
    submission bert
    grade --build ./build --rubric "$rubric" anna bert
    alone=$out
    grade --build ./build --rubric "$rubric" "$@" anna mallory bert
    expect_elapsed "$deed" 0 $((seconds * 1000))
    expect_equal "the others beside $deed" "$alone" "$(printf '%s\n' "$out" | grep -v '^mallory,')"
    expect_match "the line of $deed" 'mallory,*' "$(line_of mallory)"
    expect_equal "lines with $deed" 4 "$(printf '%s\n' "$out" | wc -l | tr -d ' ')"
    expect_nothing_left "$deed"
}

a_child_that_left_its_session_is_ended() {
    expect_harmless children 10
    expect_good_grade mallory
    expect_harmless_build children 10 --time 1
}

hundreds_of_forks_are_ended() {
    expect_harmless forks 10
    expect_good_grade mallory
    expect_harmless_build forks 10 --time 1
}

a_fork_bomb_is_ended() {
    expect_harmless bomb 10 --time 5
    expect_harmless_build bomb 10 --time 1
}

writing_without_end_is_ended() {
    expect_harmless writes 10
    expect_harmless_build writes 10 --time 8 --file-size 4 --disk 32
    expect_match 'mallory' '*wrote more than 32 MiB or 20000 files and was ended' "$(line_of mallory)"
}

nesting_folders_without_end_is_ended() {
    expect_harmless nests 10
    expect_harmless_build nests 20 --time 10
    expect_match 'mallory' '*wrote more than 256 MiB or 20000 files and was ended' "$(line_of mallory)"
}

printing_without_end_does_no_harm() {
    expect_harmless prints 10
    expect_good_grade mallory
    expect_harmless_build prints 10 --time 1
    [ "$(du -sk "$grades" | cut -f1)" -lt 2048 ] || fail 'the reports are large'
}

ignoring_signals_does_not_help() {
    expect_harmless signals 10
    expect_good_grade mallory
}

a_server_that_never_reads_is_told() {
    expect_harmless deaf 20
    expect_match 'mallory' 'mallory,0,0,0,0,0,0,*,F,,*server: *' "$(line_of mallory)"
}

memory_without_end_is_ended() {
    expect_harmless memory 10
    expect_harmless_build memory 10 --time 8 --memory 256
    expect_match 'mallory' '*took more than 256 MiB of memory and was ended' "$(line_of mallory)"
    expect_harmless_build memory 10 --time 1 --address-space 64 --processes 4
    expect_match 'mallory' '*took longer than 1 s and was ended' "$(line_of mallory)"
}

the_processor_is_not_kept() {
    expect_harmless processor 10
    expect_good_grade mallory
    submission mallory good processor
    expect_mallory_harmless processor 10 --cpu 1
    expect_good_grade mallory
}

killing_everybody_does_no_harm() {
    expect_harmless kills 15 --time 8
    submission mallory good kills
    expect_mallory_harmless kills 10
}

a_build_that_sleeps_is_ended() {
    expect_harmless_build sleeps 10 --time 1
    expect_match 'mallory' '*took longer than 1 s and was ended' "$(line_of mallory)"
}

# An ordinary user has no other users to give away: submissions have process numbers of their own instead.
ordinary() { # COMMAND [ARGUMENT...]
    setpriv --reuid 2000999999 --regid 2000999999 --clear-groups "$@"
}

without_root_they_are_kept_apart_as_well() {
    needs_users || return
    ordinary unshare --user --map-current-user --pid --fork --mount-proc true 2>/dev/null ||
        { skip 'needs user namespaces: sysctl kernel.unprivileged_userns_clone=1' || return; }
    cp "$kit" "$scratch/kit"
    chmod 755 "$scratch/kit"
    chmod 1777 "$TMPDIR"
    submission anna
    for deed in children forks bomb kills; do
        submission mallory "$deed" "$deed"
        rm -rf "$grades"
        mkdir -m 777 "$grades"
        run ordinary "$scratch/kit" grade -q --time 2 --build ./build --server './server {port}' --out "$grades" \
            "$class/anna" "$class/mallory" "$class/anna"
        expect_elapsed "$deed" 0 15000
        expect_match "anna before $deed" 'anna,[1-9]*,0,0,*,0,,,,,' "$(line_of anna)"
        expect_equal "anna behind $deed" "$(line_of anna)" "$(line_of anna-2 | sed 's/^anna-2/anna/')"
        expect_match "the line of $deed" 'mallory,*' "$(line_of mallory)"
        expect_equal "what the kit says of $deed" '' "$err"
        expect_nothing_left "$deed without root"
    done
}

an_interrupted_kit_leaves_nothing() {
    needs_users || return
    submission anna children
    submission bert
    (cd "$class" && exec "$kit" grade --build "./$mark children" --server "./$mark sleeps" --out "$grades" anna bert \
        >"$scratch/csv" 2>"$scratch/err") &
    grader=$!
    wait_until sh -c "[ -n \"\$(ls -A '$TMPDIR')\" ]" || fail 'it has not begun'
    kill -TERM "$grader"
    wait "$grader"
    expect_equal 'exit status' 130 $?
    expect_nothing_left 'an interrupted kit'
}

run_tests a_child_that_left_its_session_is_ended hundreds_of_forks_are_ended a_fork_bomb_is_ended \
    writing_without_end_is_ended nesting_folders_without_end_is_ended printing_without_end_does_no_harm \
    ignoring_signals_does_not_help a_server_that_never_reads_is_told memory_without_end_is_ended \
    the_processor_is_not_kept killing_everybody_does_no_harm a_build_that_sleeps_is_ended \
    without_root_they_are_kept_apart_as_well an_interrupted_kit_leaves_nothing
