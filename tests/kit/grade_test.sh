#!/bin/sh
# Grading a class: what comes of each submission. grade_harm_test.sh has those that do harm.
. "$(dirname "$0")/../system/lib.sh"
. "$(dirname "$0")/grading.sh"

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
    expect_match 'anna' 'anna,0,0,0,0,0,0,*,F,,*server: *exit status 3*' "$(line_of anna)"
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

marks_that_can_not_be_written_are_an_error() {
    submission anna
    printf '#!/bin/sh\nexit 3\n' >"$class/anna/server"
    # shellcheck disable=SC2016 # expanded there
    run sh -c '"$@" >/dev/full' sh "$kit" grade --server ./server --out "$grades" -q "$class/anna"
    expect_equal 'exit status' 2 "$status"
    expect_message 'without room' 'conformance: can not write to standard output'
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
        expect_message "$option" "conformance: ${option% *}*'${option#* }': * allowed"
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
    marks_that_can_not_be_written_are_an_error bad_usage_is_told
