#!/bin/sh
# captures/calc6.lua in tshark: the cases of tests/dissector/cases.txt, every field and expert entry, every
# octet, the codec, and how it is installed. tshark's exit status does not tell of errors in Lua, so whatever
# it says on standard error is a failure, and so is an entry _ws.lua.error.
. "$(dirname "$0")/lib.sh"
here=$root/tests/dissector
dissector=$root/captures/calc6.lua
without_settings

cases() { # name capture expected options...
    grep -v '^#' "$here/cases.txt"
}

make_capture() { # DESCRIPTION; prints the path
    capture=$scratch/$(basename "$1" .txt).pcap
    [ -e "$capture" ] || "$tools/packets" pcap "$here/$1" >"$capture"
    echo "$capture"
}

view() { # CAPTURE OPTION...
    "$here/view.sh" "$@" 2>"$scratch/err"
    expect_no_complaints "$*"
}

each_case_reads_as_expected() {
    cases | {
        while read -r name description expected options; do
            # shellcheck disable=SC2086 # options are words
            view "$(make_capture "$description")" $options >"$scratch/seen"
            diff -u "$here/expected/$expected" "$scratch/seen" >"$scratch/diff" ||
                fail "$name: $(head -n 20 "$scratch/diff" | sed 's/^/#   /')"
        done
        exit "$failures"
    }
    failures=$?
}

descriptions() {
    cases | awk '{ print $2 }' | sort -u
}

the_captures_are_the_same_octets_each_time() {
    for description in $(descriptions); do
        "$tools/packets" pcap "$here/$description" | cmp - "$(make_capture "$description")" ||
            fail "$description gives other octets"
    done
}

# Ten thousand datagrams, and 1200 of them for what takes long.
hostile_capture() {
    if [ ! -e "$scratch/hostile.pcap" ]; then
        "$tools/hostile" packets 5000 >"$scratch/hostile.txt"
        "$tools/packets" pcap "$scratch/hostile.txt" >"$scratch/hostile.pcap"
        head -n 1202 "$scratch/hostile.txt" >"$scratch/shorter.txt"
        "$tools/packets" pcap "$scratch/shorter.txt" >"$scratch/shorter.pcap"
    fi
    echo "$scratch/$1.pcap"
}

dissect() { # CAPTURE OPTION...; leaves PDML in $scratch/pdml
    tshark -X "lua_script:$dissector" -T pdml -J calc6 -r "$@" >"$scratch/pdml" 2>"$scratch/err"
    expect_no_complaints "$*"
    expect_equal "$*" '' "$(grep -m 1 '_ws\.lua\.error' "$scratch/pdml")"
}

every_field_and_every_expert_entry_is_in_the_cases() {
    dissector_names >"$scratch/named"
    for description in $(descriptions); do
        dissect "$(make_capture "$description")" -2
        grep -o 'name="calc6\.[a-z_.]*"' "$scratch/pdml" | cut -d '"' -f 2 >>"$scratch/all"
    done
    sort -u "$scratch/all" >"$scratch/shown"
    expect_equal 'only named, or only shown' '' "$(comm -3 "$scratch/named" "$scratch/shown")"
    [ "$(wc -l <"$scratch/named")" -ge 45 ] || fail "there are only $(wc -l <"$scratch/named") names"
}

# Reads PDML; prints each octet of a payload without a field that decodes it or is calc6.undecoded, and each
# packet without the layer of calc6.
octets_without_a_field() {
    awk '
        function attribute(name) {
            return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : ""
        }
        /<packet>/ { packet++; layers = 0 }
        /<proto name="calc6"/ { inside = 1; from = attribute("pos"); to = from + attribute("size"); layers++ }
        inside && /<field name="calc6\.(unused|opcode|format|integer|status|result|result\.string|undecoded)"/ {
            for (i = attribute("pos"); i < attribute("pos") + attribute("size"); i++)
                owned[i] = 1
        }
        inside && /<\/proto>/ {
            for (i = from; i < to; i++)
                if (!(i in owned))
                    print "packet " packet ": nobody owns octet " i - from
            split("", owned)
            inside = 0
        }
        /<\/packet>/ && layers != 1 { print "packet " packet ": " layers " layers of calc6" }
        END { if (packet < 10) print "only " packet + 0 " packets" }'
}

every_octet_of_every_payload_belongs_to_a_field() {
    for capture in "$(make_capture requests.txt)" "$(make_capture replies.txt)" "$(make_capture pairing.txt)" \
        "$(hostile_capture shorter)"; do
        dissect "$capture"
        expect_equal "$capture" '' "$(octets_without_a_field <"$scratch/pdml" | head -n 5)"
    done
}

# The dissector with a line changed.
changed_dissector() { # SED-COMMAND
    sed "$1" "$root/captures/calc6.lua" >"$scratch/changed.lua"
    cmp -s "$scratch/changed.lua" "$root/captures/calc6.lua" && fail "'$1' changes nothing"
    dissector=$scratch/changed.lua
}

# The tests above, tested.
errors_in_lua_and_octets_without_a_field_are_found() {
    capture=$(make_capture requests.txt)
    while read -r name change; do
        changed_dissector "$change"
        (
            failures=0
            dissect "$capture"
            [ -z "$(octets_without_a_field <"$scratch/pdml")" ] || failures=$((failures + 1))
            [ "$failures" -gt 0 ]
        ) >/dev/null || fail "$name: not found"
    done <<-'END'
	load s/^local calc6 = Proto(/local calc6 = Protocol(/
	run s/^    local item = tree:add(/    local item = branch:add(/
	octet s/tvb(4 \* i - 3, 4)/tvb(4 * i - 3, 3)/
	rest /^    add_undecoded(tree, tvb, request.left_over)/d
	END
    dissector=$root/captures/calc6.lua
}

the_dissector_and_the_codec_agree_on_ten_thousand_datagrams() {
    capture=$(hostile_capture hostile)
    "$tools/hostile" expected 5000 >"$scratch/expected"
    for lua in lua5.2 lua5.4; do
        $lua "$here/standin.lua" "$dissector" "$capture" >"$scratch/$lua" 2>&1 &
    done
    "$here/fields.sh" "$capture" >"$scratch/tshark" 2>"$scratch/err"
    expect_no_complaints 'ten thousand datagrams'
    wait
    for reader in tshark lua5.2 lua5.4; do
        expect_equal "$reader" '' "$(diff "$scratch/expected" "$scratch/$reader" | head -n 4)"
    done
    expect_equal 'datagrams' 10000 "$(wc -l <"$scratch/tshark" | tr -d ' ')"
    # Hostile enough: each kind of malformed request, and many a reply that is not right.
    for kind in no_integers too_long not_whole opcode; do
        [ "$(cut -f 12 "$scratch/expected" | grep -cx $kind)" -ge 20 ] || fail "too few are $kind"
    done
    for verdict in open wrong; do
        [ "$(cut -f 13 "$scratch/expected" | grep -cx $verdict)" -ge 500 ] || fail "too few are $verdict"
    done
}

# The tree cuts long texts: the clause has to stand in what is left.
every_expert_entry_names_its_clause() {
    for capture in "$(make_capture replies.txt)" "$(make_capture pairing.txt)" "$(hostile_capture shorter)"; do
        tshark -X "lua_script:$dissector" -r "$capture" -2 -T fields -E separator=/n -E occurrence=a -E aggregator='|' \
            -e _ws.expert.message 2>/dev/null | tr '|' '\n' | grep . >"$scratch/messages"
        expect_equal "$capture: entries without a clause" '' "$(grep -v 'REQ-[0-9]' "$scratch/messages" | head -n 3)"
        [ -s "$scratch/messages" ] || fail "$capture has no entries"
    done
}

# So what nobody answers costs no more for each that waits.
of_one_port_so_many_requests_are_remembered() {
    awk 'BEGIN {
        print "host client fd00:ca1c:6::c\nhost server fd00:ca1c:6::5"
        for (i = 1; i <= 1000; i++)
            printf "%.4f client:50001 > server:10000 00 %08x\n", i / 1000, i
    }' >"$scratch/flood.txt"
    "$tools/packets" pcap "$scratch/flood.txt" >"$scratch/flood.pcap"
    run tshark -X "lua_script:$dissector" -r "$scratch/flood.pcap" -T fields -e calc6.conversation.outstanding
    expect_equal 'at the limit, and behind it' '255 256 256 256' \
        "$(sed -n '255,257p;$p' "$scratch/out" | tr '\n' ' ' | sed 's/ $//')"
}

# In the order of the capture, and not of the clocks.
a_reply_from_before_its_request_has_a_time_below_zero() {
    for step in '1.0 client:50001 > server:10000 00 00000001' '0.25 server:10000 > client:50001 80 00000001'; do
        printf 'host client fd00:ca1c:6::c\nhost server fd00:ca1c:6::5\n%s\n' "$step" >"$scratch/step.txt"
        "$tools/packets" pcap "$scratch/step.txt" >"$scratch/step-${step%%.*}.pcap"
    done
    mergecap -a -F pcap -w "$scratch/backwards.pcap" "$scratch/step-1.pcap" "$scratch/step-0.pcap"
    run tshark -X "lua_script:$dissector" -r "$scratch/backwards.pcap" -T fields -e calc6.time
    expect_equal 'the time' '-0.750000000' "$(sed -n 2p "$scratch/out")"
}

# Names of addresses come and go in Wireshark; two may have the same.
names_of_hosts_change_no_verdict() {
    printf '%s\n' 'fd00:ca1c:6::5 calc' 'fd00:ca1c:6::55 calc' 'ff02::1 everybody' 'fd00:ca1c:6::c me' \
        >"$WIRESHARK_CONFIG_DIR/hosts"
    view "$(make_capture pairing.txt)" -N n >"$scratch/seen"
    rm "$WIRESHARK_CONFIG_DIR/hosts"
    grep -q 'frame .* asked calc from this port' "$scratch/seen" || fail 'no name is seen'
    expect_equal 'what has changed' '' \
        "$(sed 's/ asked calc from/ asked fd00:ca1c:6::5 from/' "$scratch/seen" | diff "$here/expected/pairing.out" -)"
}

run_tests each_case_reads_as_expected the_captures_are_the_same_octets_each_time \
    every_field_and_every_expert_entry_is_in_the_cases every_octet_of_every_payload_belongs_to_a_field \
    errors_in_lua_and_octets_without_a_field_are_found \
    the_dissector_and_the_codec_agree_on_ten_thousand_datagrams every_expert_entry_names_its_clause \
    of_one_port_so_many_requests_are_remembered \
    a_reply_from_before_its_request_has_a_time_below_zero names_of_hosts_change_no_verdict
