#!/bin/sh
# tour.sh PACKETS [FOLDER]: makes tour.pcapng of tour.txt with the program PACKETS, and README.md with the
# ladders of tour.txt under their headings. Both are put into FOLDER; without one, here.
set -eu
packets=$(realpath "$1")
folder=$(realpath "${2-$(dirname "$0")}")
cd "$(dirname "$0")"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$packets" pcapng tour.txt >"$scratch/tour.pcapng"
"$packets" ladder tour.txt >"$scratch/ladders"

# A section keeps its text. Its indented lines are the ladder of that title, anew.
awk '
    function wrong(what) { print "tour.sh: " what >"/dev/stderr"; status = 1 }
    function end_section() {
        if (title in ladders) {
            print ladders[title]
            told[title] = 1
        } else if (drawn) {
            wrong("README.md has a ladder under \"" title "\", and tour.txt no such scenario")
        }
        drawn = 0
    }
    FNR == NR && /^== / { title = substr($0, 4); titles[++count] = title; ladders[title] = ""; next }
    FNR == NR { if (NF > 0) ladders[title] = ladders[title] "    " $0 "\n"; next }
    FNR == 1 { title = "" }
    /^## / { end_section(); title = substr($0, 4) }
    /^    .*\|$/ && !(title in ladders) { drawn = 1 }
    /^    / && title in ladders { skipped = 1; next }
    skipped && NF == 0 { next }
    { skipped = 0; print }
    END {
        end_section()
        for (i = 1; i <= count; i++)
            if (!(titles[i] in told))
                wrong("README.md has no section \"" titles[i] "\"")
        exit status
    }' "$scratch/ladders" README.md >"$scratch/README.md"
cp "$scratch/tour.pcapng" "$scratch/README.md" "$folder"
