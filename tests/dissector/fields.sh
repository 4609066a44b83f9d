#!/bin/sh
# What the dissector makes of each datagram of a capture, one line of fields each, as tests/tools/hostile.c
# prints it of the codec. fields.sh CAPTURE
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
names='unused opcode format count integer expected status result result.string undecoded'
malformed='no_integers too_long not_whole opcode'
# Whatever makes a reply another one than the codec's.
not_right=$(sed -n 's/^    { "\(\(wrong\|open\)\.[a-z_]*\)", .*/\1/p' "$root/captures/calc6.lua")

set --  "$@" -e frame.number
for name in $names; do
    set -- "$@" -e "calc6.$name"
done
for name in $malformed; do
    set -- "$@" -e "calc6.malformed.$name"
done
for name in $not_right; do
    set -- "$@" -e "calc6.$name"
done
tshark -X "lua_script:$root/captures/calc6.lua" -T fields -E occurrence=a -E aggregator=, -r "$@" |
    awk -F '\t' -v OFS='\t' -v malformed="$malformed" '
    BEGIN { kinds = split(malformed, kind, " ") }
    {
        line = $1
        for (i = 2; i <= 11; i++)
            line = line OFS $i
        what = wrong = ""
        for (i = 1; i <= kinds; i++)
            what = what ($(11 + i) != "" ? kind[i] : "")
        for (i = 12 + kinds; i <= NF; i++)
            wrong = $i != "" ? "wrong" : wrong
        print line, what, wrong
    }'
