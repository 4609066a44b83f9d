#!/bin/sh
# Makes the corpora anew: of the test vectors, of what is there and of what the fuzzers have found, the least that reaches
# as much. Files whose names are words stay as they are; those that are named after their content come and go.
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
    mkdir -p "$corpus" "$work/libfuzzer" "$work/afl/default/queue" "$work/vectors"
    rm -rf "$work/least"
    mkdir "$work/least"
    [ "$target" != answer ] || write_vectors "$work/vectors"
    for input in "$corpus"/*; do
        case ${input##*/} in
        *[!0-9a-f]*) cp "$input" "$work/least" ;;
        esac
    done
    # What those reach need not be reached again.
    "$directory/libfuzzer/$target" -set_cover_merge=1 -use_counters=0 "$work/least" "$work/vectors" "$corpus" "$work/libfuzzer" \
        "$work/afl/default/queue" >"$work/merge.log" 2>&1
    rm -f "$corpus"/*
    cp "$work/least"/* "$corpus"
    printf '%-15s %4d inputs, %7d octets\n' "$target" "$(find "$corpus" -type f | wc -l)" \
        "$(cat "$corpus"/* | wc -c)"
done
