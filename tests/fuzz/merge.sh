#!/bin/sh
# Makes the corpora anew: the test vectors, the files whose names are words, which stay as they are, and the least of all
# that the fuzzers have found that reaches more than those; it is named after its content.
# Usage: tests/fuzz/merge.sh DIRECTORY TARGET...
set -eu
cd "$(dirname "$0")/../.."
directory=$1
shift

# Section 10 of the specification: the requests of its tables, each into a file.
write_vectors() { # FOLDER
    perl -ne '
        BEGIN { $folder = shift }
        $inside = /^## 10/ if /^## /;
        next unless $inside && /^\|[^|]*\| `([0-9A-F ]+)` \|/;
        open my $file, ">:raw", "$folder/vector-" . ++$count or die "$folder: $!";
        print $file pack "H*", $1 =~ tr/ //dr;
    ' "$1" proto/PROTOCOL.md
}

for target; do
    corpus=tests/fuzz/corpus/$target
    work=$directory/$target
    mkdir -p "$corpus" "$work/libfuzzer" "$work/afl/default/queue"
    rm -rf "$work/least"
    mkdir "$work/least"
    [ "$target" != answer ] || write_vectors "$work/least"
    for input in "$corpus"/*; do
        case ${input##*/} in
        vector-*) ;; # of an earlier text
        *[!0-9a-f]*) cp "$input" "$work/least" ;;
        esac
    done
    # What those reach need not be reached again.
    "$directory/libfuzzer/$target" -set_cover_merge=1 -use_counters=0 "$work/least" "$corpus" "$work/libfuzzer" \
        "$work/afl/default/queue" >"$work/merge.log" 2>&1
    rm -f "$corpus"/*
    cp "$work/least"/* "$corpus"
    printf '%-15s %4d inputs, %7d octets\n' "$target" "$(find "$corpus" -type f | wc -l)" \
        "$(cat "$corpus"/* | wc -c)"
done
