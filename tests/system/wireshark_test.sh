#!/bin/sh
# What people do with the dissector: install it, color the packets, look up what a name means, and find out
# what is wrong with their own program.
. "$(dirname "$0")/lib.sh"
dissector=$root/captures/calc6.lua
without_settings

# Who is not root.
mkdir "$scratch/somebody"
printf '#!/bin/sh\necho 1000\n' >"$scratch/somebody/id"
chmod +x "$scratch/somebody/id"

install_puts_the_dissector_where_tshark_finds_it() {
    run env PATH="$scratch/somebody:$PATH" "$root/captures/install.sh"
    expect_equal 'personal' "installed $HOME/.local/lib/wireshark/plugins/calc6.lua" "$out"
    expect_equal 'what tshark knows' 'calc6' "$(tshark -G protocols 2>/dev/null | cut -f 3 | grep -x calc6)"
    run env HOME="$scratch" tshark -G protocols
    expect_equal 'without it' '' "$(printf '%s\n' "$out" | cut -f 3 | grep -x calc6)"
}

install_has_destdir_and_a_folder() {
    system=$(tshark -G folders 2>/dev/null | sed -n 's/^Global Lua Plugins:[[:space:]]*//p')
    for path in "$PATH" "$scratch/somebody:$PATH"; do
        run env PATH="$path" DESTDIR="$scratch/dest" "$root/captures/install.sh"
        expect_equal 'the folder of the system' "installed $scratch/dest$system/calc6.lua" "$out"
    done
    run env DESTDIR="$scratch/dest" "$root/captures/install.sh" /opt/lua
    expect_equal 'a named folder' "installed $scratch/dest/opt/lua/calc6.lua" "$out"
    cmp "$dissector" "$scratch/dest/opt/lua/calc6.lua" || fail 'another file is installed'
    run env DESTDIR="$scratch/dest" "$root/captures/install.sh" --remove /opt/lua
    expect_equal 'taken away' "removed $scratch/dest/opt/lua/calc6.lua" "$out"
    expect_equal 'what is left there' '' "$(ls "$scratch/dest/opt/lua")"
    mkdir "$scratch/programs"
    for program in sh sed id dirname mkdir install; do
        ln -s "$(command -v $program)" "$scratch/programs"
    done
    run env PATH="$scratch/programs" "$root/captures/install.sh"
    expect_equal 'status without tshark' 77 "$status"
    expect_message 'message without tshark' 'install.sh: *PLUGINS=FOLDER*'
}

installed_and_named_as_well_it_is_loaded_once() {
    "$root/captures/install.sh" "$HOME/.local/lib/wireshark/plugins" >"$scratch/out"
    run tshark -X "lua_script:$dissector" -r "$root/captures/tour.pcapng" -Y 'frame.number == 2' -T fields -e calc6.result
    expect_equal 'the result' 9 "$out"
    expect_no_complaints 'the tour'
}

color_of() { # FRAME
    awk -F '\t' -v frame="$1" '$1 == frame { print $2 }' "$scratch/colors"
}

the_coloring_rules_tell_right_from_wrong() {
    cp "$root/captures/colorfilters" "$WIRESHARK_CONFIG_DIR"
    tshark -X "lua_script:$dissector" --color -r "$root/captures/tour.pcapng" -T fields -e frame.number \
        -e frame.coloring_rule.name >"$scratch/colors" 2>"$scratch/err"
    rm "$WIRESHARK_CONFIG_DIR/colorfilters"
    expect_no_complaints 'the tour in colors'
    while read -r frame name; do
        expect_equal "frame $frame" "$name" "$(color_of "$frame")"
    done <<-'END'
	1 calc6
	2 calc6
	12 calc6: error reply
	15 calc6: malformed request
	22 calc6: malformed request
	24 calc6: pairing not certain
	37 calc6: pairing not certain
	52 calc6: not reached
	57 calc6: looks wrong
	61 calc6: looks wrong
	66 calc6: wrong answer
	68 calc6: wrong answer
	70 calc6: wrong answer
	76 calc6: left open by the course
	END
    expect_equal 'packets without a color' '' "$(awk -F '\t' '$2 == ""' "$scratch/colors")"
}

names() { # FILE: those of fields and expert entries
    grep -oE 'calc6\.[a-z]+(\.[a-z_]+)*(_[a-z]+)*' "$1" | sort -u
}

# Preferences and files have such names as well.
the_page_and_the_coloring_rules_have_every_name_and_no_other() {
    dissector_names >"$scratch/named"
    names "$root/captures/WIRESHARK.md" | grep -vxE 'calc6\.(lua|ports|heuristic)' >"$scratch/told"
    expect_equal 'in WIRESHARK.md only, or in the dissector only' '' "$(comm -3 "$scratch/told" "$scratch/named")"
    names "$root/captures/colorfilters" >"$scratch/colored"
    expect_equal 'entries without a color, and colors without an entry' '' \
        "$(grep -E '\.(malformed|suspect|wrong|open|pairing)\.|\.(unreachable|error_reply)$' "$scratch/named" |
            comm -3 "$scratch/colored" -)"
}

# Starts to record what goes to $port and from there.
record() {
    begin_capture "$scratch/mine.pcap" "udp port $port or icmp or icmp6" -Z root
}

recorded() { # COUNT
    end_capture "$scratch/mine.pcap" "$1"
    tshark -X "lua_script:$dissector" -r "$scratch/mine.pcap" -o "calc6.ports:$port" -T fields -e _ws.col.Info \
        >"$scratch/told" 2>"$scratch/err"
    expect_no_complaints 'what was recorded'
    expect_equal 'packets' "$1" "$(wc -l <"$scratch/told" | tr -d ' ')"
}

# Of the packets recorded, those with an odd or an even number match the patterns of the standard input.
expect_told() { # FIRST
    line=$1
    while read -r pattern; do
        expect_match "packet $line" "$pattern" "$(sed -n "${line}p" "$scratch/told")"
        line=$((line + 2))
    done
}

# The line of the tour that says how to record, as it stands there.
the_tour_s_command_records_what_the_dissector_reads() {
    needs_isolation || return
    command=$(sed -n 's/^tcpdump -i lo .*/exec &/p' "$root/captures/README.md")
    [ -n "$command" ] || fail 'the tour does not say how to record'
    start_program "$server" ::1 10000
    mkdir "$scratch/mine"
    start_logged "$scratch/tcpdump" sh -c "cd '$scratch/mine' && $command"
    recorder=$!
    wait_for_line "$scratch/tcpdump" 'listening on'
    run "$client" ::1 10000 1 3 5
    wait_until counted "$recorder" "$scratch/tcpdump" '^tcpdump: 2 packets captured'
    kill -INT "$recorder"
    wait "$recorder"
    run tshark -X "lua_script:$dissector" -r "$scratch/mine/mine.pcap" -T fields -e calc6.integer -e calc6.result
    expect_equal 'what was recorded' "$(printf '1,3,5\t\n\t9')" "$out"
}

# Each mistake on a wire of its own, as the person who made it sees it.
a_wrong_server_is_told_what_is_wrong() {
    needs_isolation || return
    start_stub ::1 8009000000 0100000009 803900 800000000000000009 00 8000000008
    record
    for form in '' '' -s '' '' ''; do
        # shellcheck disable=SC2086 # no word, or one
        run "$client" $form ::1 "$port" 1 3 5
    done
    recorded 12
    expect_told 2 <<-'END'
	150994944 (*ms) [[]wrong: 150994944 is 9 in little-endian order: *htonl*(REQ-3.3)]
	error (*ms) [[]wrong: an error (S=0), but the request has a result, 9 (REQ-5.1); S is the first bit, so success is 80 and not 01]
	"9" (*ms) [[]wrong: a NUL behind the digits: *(REQ-5.4)]
	success, and no result: 00 00 00 00 00 00 00 09 (*ms) [[]wrong: 8 octets of payload: an integer has exactly 4 (REQ-5.3); the last four *
	error (*ms) [[]wrong: an error (S=0), but the request has a result, 9 (REQ-5.1)]
	8 (*ms) [[]wrong: the result is 8, expected is 9 (REQ-5.3)*]
	END
}

over_ipv4_nothing_differs() {
    needs_isolation || return
    start_server 127.0.0.1
    record
    run "$client" 127.0.0.1 "$port" 1 3 5
    stop_server
    run "$client" -r 0 127.0.0.1 "$port" 1 3 5
    "$tools/probe" -n 0 127.0.0.1 "$port" ''
    "$tools/probe" -n 0 -b 1023 127.0.0.1 "$port" 0000000001
    recorded 8
    expect_told 1 <<-'END'
	sum(1, 3, 5) as integer
	sum(1, 3, 5) as integer
	malformed: a datagram of 0 octets *
	sum(1) as integer
	END
    expect_told 2 <<-'END'
	9 (*ms)
	Destination unreachable (Port unreachable)
	Destination unreachable (Port unreachable)
	Destination unreachable (Port unreachable)
	END
    tshark -X "lua_script:$dissector" -r "$scratch/mine.pcap" -o "calc6.ports:$port" -T fields -e frame.number \
        -e _ws.expert.message -Y calc6.unreachable >"$scratch/out" 2>/dev/null
    expect_match 'the errors' "4*for frame 3: *8*for frame 7: *" "$(cat "$scratch/out")"
}

a_wrong_client_is_told_what_is_wrong() {
    needs_isolation || return
    start_server ::1
    record
    for request in 000100000003000000 100000000600000007 020000000000000600000007 0400000001 0000000006070809; do
        "$tools/probe" -n 1 ::1 "$port" $request >/dev/null
    done
    recorded 10
    expect_told 1 <<-'END'
	sum(16777216, 50331648) as integer [[]suspect: 16777216 looks like 1 in little-endian order: *(REQ-3.3)]*
	sum(6, 7) as integer [[]suspect: unused bits are set, to 1: *(REQ-4.2); *the opcode (mask 0E)*
	malformed: 11 octets of payload: *(REQ-4.5, REQ-6.3); *structure*padding*
	malformed: opcode 2 is not defined: *(REQ-4.3, REQ-6.4)*
	malformed: 7 octets of payload: *(REQ-4.5, REQ-6.3)*
	END
}

run_tests install_puts_the_dissector_where_tshark_finds_it install_has_destdir_and_a_folder \
    installed_and_named_as_well_it_is_loaded_once \
    the_coloring_rules_tell_right_from_wrong the_page_and_the_coloring_rules_have_every_name_and_no_other \
    the_tour_s_command_records_what_the_dissector_reads a_wrong_server_is_told_what_is_wrong \
    over_ipv4_nothing_differs a_wrong_client_is_told_what_is_wrong
