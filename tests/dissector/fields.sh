#!/bin/sh
# What the dissector makes of each datagram of a capture, one line of fields each, as tests/tools/hostile.c
# prints it of the codec. fields.sh CAPTURE
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
names='unused opcode format count integer expected status result result.string undecoded'
malformed='no_integers too_long not_whole opcode'
# The entries that judge a reply: those that leave it open, and those that call it wrong.
verdicts=$(sed -n 's/^    { "\(\(wrong\|open\)\.[a-z_]*\)", .*/\1/p' "$root/captures/calc6.lua" | tr '\n' ' ')

set --  "$@" -e frame.number
for name in $names; do
    set -- "$@" -e "calc6.$name"
done
for name in $malformed; do
    set -- "$@" -e "calc6.malformed.$name"
done
for name in $verdicts; do
    set -- "$@" -e "calc6.$name"
done
tshark -X "lua_script:$root/captures/calc6.lua" -T fields -E occurrence=a -E aggregator=, -r "$@" |
    awk -F '\t' -v OFS='\t' -v malformed="$malformed" -v verdicts="$verdicts" '
    BEGIN { kinds = split(malformed, kind, " "); split(verdicts, verdict, " ") }
    {
        line = $1
        for (i = 2; i <= 11; i++)
            line = line OFS $i
        what = judged = ""
        for (i = 1; i <= kinds; i++)
            what = what ($(11 + i) != "" ? kind[i] : "")
        for (i = 12 + kinds; i <= NF; i++)
            if ($i != "" && judged != "wrong")
                judged = verdict[i - 11 - kinds] ~ /^wrong/ ? "wrong" : "open"
        print line, what, judged
    }'
