#!/bin/sh
# The conformance kit's functions mode is proved by mutation: for each case, a function that is broken in one way and
# turns just this case red, and functions that are right and all green. The rows are in
# tests/conformance/mutants/functions.txt.
. "$(dirname "$0")/lib.sh"
cd "$root" || exit 1

conformance=$build/bin/conformance
quick=$root/bin/conformance # without sanitizers: the mutants are many
mutants=tests/conformance/mutants
table=$mutants/functions.txt
at_once=4
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
    MUTANT=$1 MADE=$scratch/made CC=$scratch/cc "$quick" functions -q --jobs 1 --strict --settled --timeout 20 \
        --step "$step" --json "$scratch/$1.$2.json" "$source" -- $words >"$scratch/$1.$2.out" 2>"$scratch/$1.$2.err"
    echo $? >"$scratch/$1.$2.status"
}

rows() {
    grep -v '^#' "$table"
}

not_passed() { # FILE
    jq -r '[.results[] | select(.verdict != "pass") | .id] | join(" ")' "$1"
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
        "$("$quick" list functions | sed -n 's/^\(REQ-[^ ]*\) .*/\1/p' | grep -vxF -f "$scratch/own")"
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

functions() { # [OPTION...] FILE [-- WORDS...]
    run "$conformance" functions --timeout 20 "$@"
}

our_own_functions_are_all_green() {
    functions --strict --settled --json "$scratch/own.json" proto/net/course.c -- -I. proto/answer.c \
        proto/arithmetic.c proto/code.c proto/message.c
    expect_equal 'status' 0 "$status"
    expect_equal 'standard error' '' "$err"
    expect_equal 'not passed' '' "$(not_passed "$scratch/own.json")"
    expect_equal 'left behind' '' "$(ls "$TMPDIR")"
}

the_skeletons_compile_and_fail_tidily() {
    for name in client server; do
        functions tests/conformance/functions/skeleton_$name.c -- -Wall -Wextra -Werror
        expect_equal "$name: status" 1 "$status"
        expect_equal "$name: crashes" '' "$(printf '%s\n' "$out" | grep '(crash)\|(hang)')"
    done
    expect_match 'the step is not known' '*: taken for step 5; --step says which' "$err"
}

what_the_compiler_says_is_shown() {
    echo 'int recv_and_handle_message(const struct sockaddr *a, socklen_t b) { return 0 }' >"$scratch/wrong.c"
    functions --step 5 "$scratch/wrong.c"
    expect_equal 'status' 3 "$status"
    expect_match 'its words' '*wrong.c:1:*error:*' "$err"
    expect_equal 'left behind' '' "$(ls "$TMPDIR")"
}

missing_headers_are_put_in_front() {
    sed '/#include/d' tests/conformance/functions/skeleton_server.c >"$scratch/bare.c"
    functions --step 5 --filter REQ-9.4/50 "$scratch/bare.c"
    expect_equal 'status' 0 "$status"
    expect_message 'note' '*bare.c: compiled with the usual headers put in front: *'
}

a_compiler_without_sanitizers_does() {
    printf '#!/bin/sh\ncase "$*" in *-fsanitize=*) exit 1 ;; esac\nexec gcc "$@"\n' >"$scratch/plain"
    chmod +x "$scratch/plain"
    export CC="$scratch/plain"
    functions --step 5 --filter REQ-9.4/50 tests/conformance/functions/skeleton_server.c
    export CC="$scratch/nothing"
    expect_equal 'status' 0 "$status"
    expect_message 'note' '*: compiled without sanitizers, *'
    functions --step 5 tests/conformance/functions/skeleton_server.c
    unset CC
    expect_equal 'status without a compiler' 3 "$status"
}

clang_does_as_well() {
    export CC=clang
    functions -q --strict --settled --json "$scratch/clang.json" $mutants/functions.c
    unset CC
    expect_equal 'status' 0 "$status"
    expect_equal 'not passed' '' "$(not_passed "$scratch/clang.json")"
}

refused() { # TEXT PATTERN [OPTION...]: a file of this text
    printf '%s\n' "$1" >"$scratch/text.c"
    pattern=$2
    shift 2
    functions "$@" "$scratch/text.c"
    expect_equal "status of $pattern" 3 "$status"
    expect_match 'what is said' "*text.c: $pattern*" "$(printf '%s %s' "$out" "$err" | tr -s '\n ' ' ')"
}

which_step_it_is_is_found_out() {
    two='int create_and_send_message(const struct sockaddr *a, socklen_t b) { return -1; }'
    three='int create_and_send_message(int a, int b, int c) { return a + b + c; }'
    refused "int main(void) { return 0; }" 'defines neither create_and_send_message nor recv_and_handle_message'
    refused "// $two
/* $two */
#define X $two
const char *text = \"$two\";
int create_and_send_message(int a, int b);" 'defines neither'
    refused "$three" 'create_and_send_message has 3 parameters: 2 (step 1) or 7 (step 4)'
    refused "$two" 'step 4 is a create_and_send_message with 7 parameters' --step 4
    refused "$two" 'defines no recv_and_handle_message' --step 5
    functions --filter 'REQ-9.1/41' --json "$scratch/step.json" $mutants/warm_ups.c
    expect_equal 'a client of 2 parameters' 0 "$status"
    expect_match 'and a server' '*taken for step 5*' "$err"
    functions "$scratch/no such file.c"
    expect_equal 'no file' 3 "$status"
}

# A program with a main() of its own, that prints, and ends the process, is watched like any other.
a_main_is_left_aside() {
    cat >"$scratch/main.c" <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
int create_and_send_message(const struct sockaddr *dest_addr, socklen_t addrlen)
{
    puts("here I am");
    exit(dest_addr == NULL || addrlen == 0);
}
int main(void) { return create_and_send_message(NULL, 0); }
END
    functions --filter REQ-9.1/46 "$scratch/main.c"
    expect_equal 'status' 1 "$status"
    expect_match 'why' '*it ends the whole program with exit(0) where it should return*' "$(printf '%s' "$out" | tr -s '\n ' ' ')"
    expect_match 'printed' '*here I am*' "$out"
}

a_function_that_never_comes_back_is_a_hang() {
    echo 'int recv_and_handle_message(const void *a, unsigned b) { for (;;) { } }' >"$scratch/hang.c"
    run "$conformance" functions --step 5 --timeout 0.2 --filter REQ-9.3/46 --json "$scratch/hang.json" "$scratch/hang.c"
    expect_equal 'status' 1 "$status"
    expect_equal 'trouble' hang "$(jq -r '.results[].trouble' "$scratch/hang.json")"
}

run_tests each_mistake_is_told_and_turns_its_cases_red each_mistake_has_a_row \
    each_case_has_a_mistake_that_is_its_own a_nul_behind_the_sum_is_observed our_own_functions_are_all_green \
    the_skeletons_compile_and_fail_tidily what_the_compiler_says_is_shown missing_headers_are_put_in_front \
    a_compiler_without_sanitizers_does clang_does_as_well which_step_it_is_is_found_out a_main_is_left_aside \
    a_function_that_never_comes_back_is_a_hang
