#!/bin/sh
# The conformance kit's functions mode: with our own functions, the skeletons, compilers, and what students hand in besides.
# That it finds what is wrong is shown by tests/mutation/functions_test.sh.
. "$(dirname "$0")/../system/lib.sh"
cd "$root" || exit 1

conformance=$build/bin/conformance
mutants=tests/conformance/mutants
mkdir "$scratch/tmp"
export TMPDIR="$scratch/tmp"
unset CC

not_passed() { # FILE
    jq -r '[.results[] | select(.verdict != "pass") | .id] | join(" ")' "$1"
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

# As in many a computer room.
a_limit_of_memory_that_sanitizers_do_not_bear_is_borne() {
    run sh -c 'ulimit -v 4000000 && exec "$@"' sh "$root/bin/conformance" functions --step 5 --filter 'REQ-9.3/4[18]' $mutants/functions.c
    expect_equal 'status' 0 "$status"
    expect_message 'note' '*: compiled without sanitizers, which do not work here: *'
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

run_tests our_own_functions_are_all_green the_skeletons_compile_and_fail_tidily what_the_compiler_says_is_shown \
    missing_headers_are_put_in_front a_compiler_without_sanitizers_does \
    a_limit_of_memory_that_sanitizers_do_not_bear_is_borne clang_does_as_well \
    which_step_it_is_is_found_out a_main_is_left_aside a_function_that_never_comes_back_is_a_hang
