#!/bin/sh
# What a person sees of a capture in Wireshark with the dissector: for each packet the line of the packet
# list, number and Info, then the tree of calc6. view.sh CAPTURE [OPTIONS OF TSHARK]
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
capture=$1
shift
LC_ALL=C.UTF-8 TZ=UTC tshark -X "lua_script:$root/captures/calc6.lua" -r "$capture" \
    -o 'gui.column.format:"No.","%m","Info","%i"' -P -O calc6,calc6_empty "$@" | awk '
    function flush() { if (held != "") print held (times > 1 ? " (" times " times)" : ""); held = ""; times = 0 }
    function show(line) { if (line != held) flush(); held = line; times++ }
    /^        / { next } # an expert entry once more, taken apart
    /^    / && ours { show("    " $0); next }
    /^calc6/ { ours = 1; show("    " $0); next }
    { ours = 0 } # another layer begins, or a packet
    /^ *[0-9]+ / { sub(/^ */, ""); show($0) }
    END { flush() }'
