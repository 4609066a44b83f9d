#!/bin/sh
# The unquoted star, as real shells expand it: `client -op * -s ::1 10000 1 3 5 7 9`.
. "$(dirname "$0")/lib.sh"

shells='dash bash zsh mksh busybox fish'

# Each function below is a folder; `in_each_shell` types the published line there.
in_each_shell() { # WORDS..., as typed; calls `check SHELL` after each
    for shell in $shells; do
        case $shell in
        busybox) set_shell='busybox sh' ;;
        fish) set_shell='fish --no-config' ;;
        zsh) set_shell='zsh -f' ;;
        *) set_shell=$shell ;;
        esac
        if ! command -v "$shell" >/dev/null; then
            skip "$shell is not installed"
            continue
        fi
        cd "$folder" || return
        # shellcheck disable=SC2086 # two words are meant
        run $set_shell -c "'$client' $1"
        cd "$root" || return
        check "$shell"
    done
}

new_folder() { # FILES...
    folder=$(mktemp -d "$scratch/folder.XXXXXX")
    for file in "$@"; do
        : >"$folder/$file"
    done
}

is_the_product_with_advice() {
    expect_equal "$1: result" 'Result: 945' "$out"
    expect_equal "$1: status" 0 "$status"
    expect_match "$1: advice" "client: *quote*'[*]'" "$err"
    expect_equal "$1: lines" 1 "$(printf '%s\n' "$err" | wc -l | tr -d ' ')"
}

is_refused_with_advice() {
    expect_equal "$1: result" '' "$out"
    expect_equal "$1: status" 1 "$status"
    expect_match "$1: advice" "client: operator *quote*'[*]'*" "$err"
}

an_empty_folder_leaves_the_star() {
    start_server ::1
    new_folder
    check() {
        case $1 in
        zsh | fish) expect_equal "$1: no match there" '' "$out" ;;
        *)
            expect_equal "$1" 'Result: 945' "$out"
            expect_equal "$1: nothing to say" '' "$err"
            ;;
        esac
    }
    in_each_shell "-op * -s ::1 $port 1 3 5 7 9"
}

one_file() {
    start_server ::1
    new_folder notes.txt
    check() { is_the_product_with_advice "$1"; }
    in_each_shell "-op * -s ::1 $port 1 3 5 7 9"
    in_each_shell "-s --op * ::1 $port 1 3 5 7 9"
}

one_file_named_like_an_operator() {
    start_server ::1
    check() { is_refused_with_advice "$1"; }
    for name in + sum add; do
        new_folder "$name"
        in_each_shell "-op * ::1 $port 1 3 5 7 9"
    done
    check() {
        expect_equal "$1: $name" 'Result: 945' "$out"
    }
    for name in x mul product '*'; do
        new_folder "$name"
        in_each_shell "-op * ::1 $port 1 3 5 7 9"
    done
    check() {
        expect_equal "$1: the joined form is no star" 'Result: 25' "$out"
    }
    new_folder +
    in_each_shell "-op=+ ::1 $port 1 3 5 7 9"
}

many_files() {
    start_server ::1
    check() { is_the_product_with_advice "$1"; }
    new_folder client server Makefile b B a A z 'ä' _ '~'
    in_each_shell "-op * -s ::1 $port 1 3 5 7 9"
    new_folder 'two words' ' leading' "quo'te" 'star *' 'new
line'
    in_each_shell "-op * -s ::1 $port 1 3 5 7 9"
    new_folder -s --json -- -op --op=+ 1 2 0x3 10000 a
    in_each_shell "-op * -s ::1 $port 1 3 5 7 9"
    new_folder + a b
    in_each_shell "-op * -s ::1 $port 1 3 5 7 9"
    new_folder .hidden one two
    in_each_shell "-op * -s ::1 $port 1 3 5 7 9"
}

what_could_be_either_is_refused() {
    start_server ::1
    check() { is_refused_with_advice "$1"; }
    # As typed: the sum at host ::1. As a star: the product at another host.
    new_folder + ::1
    in_each_shell "-op * $port 1 3"
    in_each_shell "-op + ::1 $port 1 3"
}

words_that_are_no_exact_expansion() {
    start_server ::1
    check() { is_refused_with_advice "$1"; }
    new_folder a b c
    in_each_shell "-op a b ::1 $port 1 3"
    in_each_shell "-op a a b ::1 $port 1 3"
    in_each_shell "-op minus ::1 $port 1 3"
}

run_tests an_empty_folder_leaves_the_star one_file one_file_named_like_an_operator many_files \
    what_could_be_either_is_refused words_that_are_no_exact_expansion
