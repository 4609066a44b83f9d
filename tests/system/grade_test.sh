#!/bin/sh
# Grading a class: what comes of a submission, and that none of them does harm to another or to the host.
. "$(dirname "$0")/lib.sh"

kit=$build/bin/conformance
nasty=$(dirname "$build")/release/tests/conformance/nasty/nasty
rubric=$root/tests/conformance/example.rubric
class=$scratch/class
grades=$scratch/grades
# Of the processes that a submission starts, to be told from all others.
mark=calc6-nasty-$$
TMPDIR=$scratch/tmp
export TMPDIR
mkdir -p "$TMPDIR" "$class"
[ -x "$nasty" ] || { echo "Bail out! there is no $nasty" && exit 1; }
chmod 711 "$scratch" "$TMPDIR"

submission() { # NAME [DEED [DEED]]: what it does when it serves, and when it is built
    rm -rf "${class:?}/$1"
    mkdir -p "$class/$1"
    cp "$nasty" "$class/$1/$mark"
    printf '#!/bin/sh\nexec "./%s" %s "$@"\n' "$mark" "${2-good}" >"$class/$1/server"
    printf '#!/bin/sh\nexec "./%s" %s\n' "$mark" "${3-good}" >"$class/$1/build"
    chmod +x "$class/$1/server" "$class/$1/build"
}

grade() { # [OPTION...] NAME...
    rm -rf "$grades"
    (cd "$class" && run "$kit" grade --server './server {port}' --out "$grades" "$@" &&
        printf '%s\n' "$status" >"$scratch/status" && printf '%s\n' "$elapsed" >"$scratch/elapsed")
    status=$(cat "$scratch/status")
    elapsed=$(cat "$scratch/elapsed")
    out=$(cat "$scratch/out")
    err=$(cat "$scratch/err")
}

line_of() { # NAME
    printf '%s\n' "$out" | grep "^$1,"
}

# As root only does each submission have a user of its own, without whom what is tried here would do harm.
needs_users() {
    setpriv --reuid 2000000000 --regid 2000000000 --clear-groups true 2>/dev/null ||
        skip 'needs users of its own: run as root'
}

left_processes() {
    for process in /proc/[0-9]*; do
        grep -qs "$mark" "$process/cmdline" && echo "$process"
    done
}

left_files() {
    ls -A "$TMPDIR"
    find /tmp /var/tmp /dev/shm -maxdepth 1 -uid +1999999999 2>/dev/null
}

expect_nothing_left() { # WHAT
    expect_equal "processes of $1" '' "$(left_processes)"
    expect_equal "files of $1" '' "$(left_files)"
}

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

expect_good_grade() { # NAME
    expect_match "the line of $1" "$1,[1-9]*,0,0,*,0,*,A,," "$(line_of "$1")"
}

each_submission_has_a_line_and_a_page() {
    submission anna
    submission 'bert, "b"'
    cp "$server" "$class/anna/server"
    cp "$server" "$class/bert, \"b\"/server"
    (cd "$class" && "$kit" grade --server './server :: {port}' --rubric "$rubric" --out "$grades" -q anna bert*) \
        >"$scratch/csv" 2>"$scratch/err"
    expect_equal 'exit status' 0 $?
    expect_equal 'standard error' '' "$(cat "$scratch/err")"
    expect_equal 'header' \
        'submission,pass,fail,non-strict,skip,error,points,points to get,grade,diagnosis,why' \
        "$(head -n 1 "$scratch/csv")"
    expect_match 'anna' 'anna,[1-9]*,0,0,*,0,*,A,,' "$(sed -n 2p "$scratch/csv")"
    expect_match 'bert' '"bert, ""b""",[1-9]*,0,0,*,0,*,A,,' "$(sed -n 3p "$scratch/csv")"
    [ -s "$grades/anna-server.html" ] || fail 'anna has no page'
    [ -s "$grades/bert, \"b\"-server.html" ] || fail 'bert has no page'
}

a_submission_that_can_not_be_built_is_told_why() {
    submission anna
    submission bert
    printf 'all:\n\t@echo fine; echo "x.c:1: error: no" >&2; echo more; exit 1\n' >"$class/bert/Makefile"
    printf 'all:\n\t@cp server built\n' >"$class/anna/Makefile"
    needs_users || return
    grade --build make --rubric "$rubric" anna bert
    expect_good_grade anna
    expect_match 'bert' 'bert,0,0,0,0,0,0,*,F,,can not be built: exit status 2: x.c:1: error: no' "$(line_of bert)"
    expect_equal 'exit status' 3 "$status"
    expect_match 'the log' '*fine*x.c:1: error: no*' "$(cat "$grades/bert.log")"
    [ ! -e "$class/anna/built" ] || fail 'the build wrote into the submission'
}

a_submission_that_does_not_answer_is_told_why() {
    submission anna
    printf '#!/bin/sh\necho oops >&2; exit 3\n' >"$class/anna/server"
    grade --rubric "$rubric" anna
    expect_match 'anna' 'anna,0,0,0,0,0,0,*,F,,server: *exit status 3*' "$(line_of anna)"
    expect_equal 'exit status' 3 "$status"
}

all_three_suites_make_one_line() {
    rm -rf "$class/ours"
    mkdir -p "$class/ours"
    cp -R "$root/proto" "$class/ours/proto"
    cp "$root/bin/server" "$root/bin/client" "$class/ours"
    grade --rubric "$rubric" --server './server :: {port}' --client './client -op {op} {s} {host} {port} {ints}' \
        --functions 'proto/net/course.c proto/answer.c proto/arithmetic.c proto/code.c proto/message.c' ours
    expect_equal 'why' '' "$(line_of ours | cut -d, -f11)"
    expect_match 'the line of ours' 'ours,1[0-9][0-9],0,0,*,0,*,A,,' "$(line_of ours)"
    expect_equal 'pages' 'ours-client.html ours-functions.html ours-server.html' "$(cd "$grades" && echo *.html)"
}

functions_that_do_not_compile_are_told() {
    rm -rf "$class/anna"
    mkdir -p "$class/anna"
    echo 'int send_message(' >"$class/anna/f.c"
    run "$kit" grade --functions f.c --out "$grades" "$class/anna"
    expect_match 'anna' '*,functions: f.c*' "$(line_of anna)"
    expect_equal 'exit status' 3 "$status"
    ln -s /etc/passwd "$class/anna/g.c"
    for file in g.c none.c .; do
        run "$kit" grade --functions "$file" --out "$grades" "$class/anna"
        expect_match "$file" "anna,*,functions: '$file' is no file of the submission" "$(line_of anna)"
    done
}

progress_is_one_line_each_without_a_terminal() {
    submission anna
    submission bert
    needs_users || return
    grade anna bert
    expect_match 'progress' 'conformance: 1 of 2: anna: * passed, 0 failed
conformance: 2 of 2: bert: * passed, 0 failed' "$err"
}

several_at_a_time_come_out_in_their_order() {
    needs_users || return
    for name in a b c d e f; do
        submission "$name"
    done
    submission b sleeps
    grade --time 1 -j 3 a b c d e f
    expect_equal 'order' 'submission a b c d e f' "$(printf '%s\n' "$out" | cut -d, -f1 | tr '\n' ' ' | sed 's/ $//')"
    expect_match 'b' 'b,0,0,0,0,0,*' "$(line_of b)"
}

the_same_name_twice_has_a_number() {
    needs_users || return
    submission anna
    mkdir -p "$class/other"
    rm -rf "$class/other/anna"
    cp -R "$class/anna" "$class/other/anna"
    grade anna other/anna
    expect_equal 'names' 'submission anna anna-2' "$(printf '%s\n' "$out" | cut -d, -f1 | tr '\n' ' ' | sed 's/ $//')"
    [ -e "$grades/anna-2-server.html" ] || fail 'the second has no page'
}

submissions_do_not_run_as_root() {
    needs_users || return
    submission anna
    # shellcheck disable=SC2016 # the build's shell expands it
    grade --build "sh -c 'echo \"\$(id -u)\" >&2; exit 1'" anna
    expect_match 'user' 'anna,*can not be built: exit status 1: 20[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]' "$(line_of anna)"
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
    expect_match 'mallory' 'mallory,0,0,0,0,0,0,*,F,,server: *' "$(line_of mallory)"
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

bad_usage_is_told() {
    submission anna
    grade
    expect_equal 'exit status' 2 "$status"
    expect_message 'no directory' 'conformance: grade: no directory: one for each submission is needed; *'
    run "$kit" grade "$class/anna"
    expect_message 'nothing to test' 'conformance: grade: nothing to test: --server, --client or --functions is needed; *'
    run "$kit" grade --server ./server "$class/none"
    expect_message 'no such directory' "conformance: grade: '$class/none': No such file or directory; *"
    run "$kit" grade --server ./server "$class/anna/server"
    expect_message 'no directory' "conformance: grade: '$class/anna/server' is no directory: *"
    for option in '--memory 0' '--memory 1x' '--jobs 0' '--cpu -1' '--time 0' '--time x' '--disk 99999999999999999999999'; do
        # shellcheck disable=SC2086 # two words
        run "$kit" grade $option --server ./server "$class/anna"
        expect_message "$option" "conformance: grade: ${option% *}*'${option#* }': * allowed; *"
        expect_equal "exit status of $option" 2 "$status"
    done
    run "$kit" grade --nonsense
    expect_message 'unknown' "conformance: grade: option '--nonsense' is unknown; *"
    run "$kit" grade --build
    expect_message 'no value' "conformance: grade: option '--build' needs a value; *"
    run "$kit" grade --user root --server ./server "$class/anna"
    expect_message 'root' "conformance: grade: --user 'root': a user of /etc/passwd but root is allowed; *"
    printf 'grade A\n' >"$scratch/rubric"
    run "$kit" grade --rubric "$scratch/rubric" --server ./server "$class/anna"
    expect_message 'rubric' "conformance: $scratch/rubric:1: *"
    expect_equal 'exit status' 2 "$status"
    run "$kit" grade --help
    expect_match 'help' 'usage: conformance grade *' "$out"
    expect_equal 'exit status' 0 "$status"
}

run_tests each_submission_has_a_line_and_a_page a_submission_that_can_not_be_built_is_told_why \
    a_submission_that_does_not_answer_is_told_why all_three_suites_make_one_line \
    functions_that_do_not_compile_are_told progress_is_one_line_each_without_a_terminal \
    several_at_a_time_come_out_in_their_order the_same_name_twice_has_a_number submissions_do_not_run_as_root \
    a_child_that_left_its_session_is_ended hundreds_of_forks_are_ended a_fork_bomb_is_ended \
    writing_without_end_is_ended nesting_folders_without_end_is_ended printing_without_end_does_no_harm \
    ignoring_signals_does_not_help a_server_that_never_reads_is_told memory_without_end_is_ended \
    the_processor_is_not_kept killing_everybody_does_no_harm \
    a_build_that_sleeps_is_ended without_root_they_are_kept_apart_as_well an_interrupted_kit_leaves_nothing bad_usage_is_told
