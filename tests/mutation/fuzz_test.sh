#!/bin/sh
# The fuzz targets and their corpora are proved by mutation: each mistake of tests/fuzz/mutants.txt ends the replay of its
# target's corpus, without a fuzzer.
. "$(dirname "$0")/../system/lib.sh"
cd "$root" || exit 1

table=tests/fuzz/mutants.txt
flags='-std=c11 -O1 -w -fsanitize=address,undefined -fno-sanitize-recover=all'

# Compiles what has the mistake in it, and takes all else from what `make check` has built.
build_mutant() { # NAME TARGET FILE EDIT
    made=$scratch/$1
    mkdir -p "$made"
    cp -r proto "$made"
    sed -i "$4" "$made/proto/$3"
    ! cmp -s "proto/$3" "$made/proto/$3" || return 1
    objects="$build/tests/fuzz/targets/$2.o $build/tests/fuzz/fuzz.o $build/tests/fuzz/replay.o"
    [ "$2" != reply ] || objects="$objects $build/client/reply.o $build/client/failure.o $build/proto/net/endpoint.o"
    for source in "$made"/proto/*.c; do
        object=$build/proto/$(basename "$source" .c).o
        case ${source##*/},$3 in
        "$3,$3" | *.h)
            object=${source%.c}.o
            # shellcheck disable=SC2086 # a list of words
            "${CC:-cc}" $flags -I"$made" -I. -c -o "$object" "$source" || return
            ;;
        esac
        objects="$objects $object"
    done
    # shellcheck disable=SC2086 # lists of words
    "${CC:-cc}" $flags -o "$made/replay" $objects
}

expect_found() { # NAME TARGET FILE EDIT
    build_mutant "$@" >"$scratch/log" 2>&1 || {
        fail "$1 can not be built: $(cat "$scratch/log")"
        return
    }
    ! "$scratch/$1/replay" tests/fuzz/corpus/"$2"/* >"$scratch/log" 2>&1 || fail "$1 is not found"
    rm -rf "${scratch:?}/$1"
}

each_mistake_is_found() {
    tab=$(printf '\t')
    grep -v '^#' "$table" | sed "s/ | /$tab/; s/ | /$tab/; s/ | /$tab/" >"$scratch/rows"
    [ -s "$scratch/rows" ] || fail "$table is empty"
    while IFS=$tab read -r name target file edit; do
        expect_found "$name" "$target" "$file" "$edit"
    done <"$scratch/rows"
}

run_tests each_mistake_is_found
