#!/bin/sh
# The tour of captures/ and the program that makes it: what is in the tree is what the description gives,
# and other programs read it without complaint.
. "$(dirname "$0")/lib.sh"
packets=$tools/packets
tour=$root/captures/tour

# Behind a time: what is in the capture.
packets_told() {
    grep -c '^[0-9.]* [^ ]* [>!] ' "$tour.txt"
}

read_with_tshark() { # FILE [OPTION...]
    file=$1
    shift
    run tshark -r "$file" -o udp.check_checksum:TRUE "$@"
    expect_equal "status of tshark on $file" 0 "$status"
    expect_no_complaints "$file"
}

each_description_makes_the_same_octets_each_time() {
    for format in pcap pcapng ladder; do
        "$packets" $format "$tour.txt" >"$scratch/first" || fail "$format: nothing is made"
        (cd / && TZ=Asia/Tokyo LC_ALL=C.UTF-8 "$packets" $format "$tour.txt") >"$scratch/second"
        cmp "$scratch/first" "$scratch/second" || fail "$format: two runs differ"
    done
}

the_capture_and_the_ladders_in_the_tree_are_those_of_the_description() {
    mkdir "$scratch/tour"
    run "$root/captures/tour.sh" "$packets" "$scratch/tour"
    expect_equal "status of tour.sh: $err" 0 "$status"
    for file in tour.pcapng README.md; do
        cmp "$scratch/tour/$file" "$root/captures/$file" || fail "$file: make captures makes another one"
    done
}

each_scenario_has_its_section_and_each_ladder_its_scenario() {
    cp -R "$root/captures" "$scratch/changed"
    sed 's/^## Refused$/## Refuted/' "$root/captures/README.md" >"$scratch/changed/README.md"
    run "$scratch/changed/tour.sh" "$packets"
    [ "$status" -ne 0 ] || fail 'a section and its scenario have parted, and nobody says so'
    expect_match 'what is said' '*under "Refuted"*no section "Refused"*' "$err"
}

each_packet_of_the_capture_has_its_comment() {
    read_with_tshark "$tour.pcapng" -T fields -e frame.comment
    expect_equal 'packets without a clause' '' "$(grep -nv 'REQ-' "$scratch/out")"
    expect_equal 'comments' "$(packets_told)" "$(wc -l <"$scratch/out" | tr -d ' ')"
}

# 1048576 is the severity of comments; what tshark finds fault with has a higher one.
tshark_finds_no_fault_with_the_capture() {
    read_with_tshark "$tour.pcapng" -Y '_ws.malformed || _ws.expert.severity > 1048576'
    expect_equal 'faults' '' "$(head -n 3 "$scratch/out")"
    for protocol in udp icmpv6; do
        read_with_tshark "$tour.pcapng" -Y "$protocol && !($protocol.checksum.status == 1)"
        expect_equal "packets whose $protocol checksum is not good" '' "$(head -n 3 "$scratch/out")"
        read_with_tshark "$tour.pcapng" -Y "$protocol.checksum.status == 1"
        [ -n "$out" ] || fail "no checksum of $protocol is looked at"
    done
}

capinfos_reads_the_capture() {
    run env TZ=UTC capinfos -M -c -a "$tour.pcapng"
    expect_equal 'status and complaints' '0 ' "$status $err"
    expect_match 'packets' "*Number of packets:   $(packets_told)*" "$out"
    expect_match 'the first time' '*First packet time:   2026-01-01 00:00:00.000000*' "$out"
}

# The time, the octets that are captured and that were sent, the ICMPv6 error, the sender, the UDP length.
what_is_told_is_captured() {
    cat >"$scratch/told.txt" <<-'END'
	host client fd00:ca1c:6::c
	host server fd00:ca1c:6::5
	host second fd00:ca1c:6::55 server
	host router fd00:ca1c:6::1
	0.25 client:50001 x server:10000 00 00000001
	0.250001 client:50001 > server:10000 cut 60 00 2*0000000A
	0.3 second:10000 > client:50001 (empty)
	1.5 client:50001 > server:10000 1400*41
	2 router ! client 3.0
	2 server ! client 1.6
	END
    cat >"$scratch/expected" <<-'END'
	1767225600.250001000,60,71,,,00:00:5e:00:53:01,fd00:ca1c:6::c,17
	1767225600.300000000,62,62,,,00:00:5e:00:53:02,fd00:ca1c:6::55,8
	1767225601.500000000,1462,1462,,,00:00:5e:00:53:01,fd00:ca1c:6::c,1408
	1767225602.000000000,1294,1294,3,0,00:00:5e:00:53:04,fd00:ca1c:6::1,1408
	1767225602.000000000,1294,1294,1,6,00:00:5e:00:53:02,fd00:ca1c:6::5,1408
	END
    for format in pcap pcapng; do
        "$packets" $format "$scratch/told.txt" >"$scratch/told" || fail "$format: nothing is made"
        read_with_tshark "$scratch/told" -T fields -E separator=, -E occurrence=f -e frame.time_epoch \
            -e frame.cap_len -e frame.len -e icmpv6.type -e icmpv6.code -e eth.src -e ipv6.src -e udp.length
        expect_equal "$format" "$(cat "$scratch/expected")" "$out"
    done
}

# The five lines that the tour shows, and the commands behind them.
the_example_of_a_description_works() {
    mkdir -p "$scratch/tree/captures" "$scratch/tree/build/check/tests"
    ln -s "$tools" "$scratch/tree/build/check/tests/tools"
    sed -n '/^    host client fd00::c$/,/^$/s/^    //p' "$root/captures/README.md" >"$scratch/tree/captures/mine.txt"
    expect_equal 'lines of the example' 5 "$(wc -l <"$scratch/tree/captures/mine.txt" | tr -d ' ')"
    sed -n '/^build.*mine/p' "$root/captures/README.md" >"$scratch/commands"
    expect_equal 'commands' 2 "$(wc -l <"$scratch/commands" | tr -d ' ')"
    run sh -c "cd '$scratch/tree' && . '$scratch/commands'"
    expect_equal "status: $err" 0 "$status"
    expect_match 'the ladder' '*== Mine*sum(1, 2) as integer*success, 3*' "$out"
    read_with_tshark "$scratch/tree/mine.pcapng" -T fields -e frame.number
    expect_equal 'packets' '1 2' "$(echo "$out" | tr '\n' ' ' | sed 's/ $//')"
}

# Each length of the padding, and one that is longer than any buffer.
comments_arrive_whole() {
    for comment in 1 12 größe 1234 "$(printf '%059999d' 7)"; do
        printf 'host a ::1\nhost b ::2\n1 a:1 > b:2 00\n ; %s\n2 a:1 > b:2 00\n; so\n;\tfar\n' "$comment" >"$scratch/told.txt"
        "$packets" pcapng "$scratch/told.txt" >"$scratch/told" || fail 'nothing is made'
        read_with_tshark "$scratch/told" -T fields -e frame.comment
        printf '%s\nso far\n' "$comment" | cmp - "$scratch/out" || fail "a comment of ${#comment} is another one"
    done
}

a_ladder_shows_what_is_told() {
    cat >"$scratch/told.txt" <<-'END'
	host client fd00:ca1c:6::c
	host server fd00:ca1c:6::5
	== One
	7 client:50001 > server:10000 01 00000006 00000007
	7.0005 server:10000 x client:50001 80 3133
	8 client:50002 > server:10000 wrong 0 0 00
	8.25 server ! client 1.4
	END
    cat >"$scratch/expected" <<-'END'
	== One

	  no        ms    client                                          server
	                     |                                               |
	                     | sum(6, 7) as string                           |
	   1     0.000 50001 |-- 01 00000006 00000007 ---------------------->| 10000
	                     |                                 success, "13" |
	         0.500 50001 |      x----------------------------- 80 3133 --| 10000
	                     |                                               |
	                     | wrong: malformed: the payload is not a whole  |
	                     | number of 32-bit integers (REQ-6.3)           |
	   2  1000.000 50002 |-- 00 00 ------------------------------------->| 10000
	                     |                              port unreachable |
	   3  1250.000       |<-------------------- ! ICMPv6 type 1 code 4 --|
	                     |                                               |
	END
    run "$packets" ladder "$scratch/told.txt"
    cmp "$scratch/expected" "$scratch/out" || fail "another ladder: $out"
    expect_equal 'lines of the tour beyond 76 columns' '' "$("$packets" ladder "$tour.txt" | grep '.\{77\}')"
}

wrong_descriptions_are_told_with_file_and_line() {
    while IFS='|' read -r line why; do
        printf '# 1\nhost a ::1\nhost b ::2\n1 a:1 > b:2 00\n%b\n' "$line" >"$scratch/wrong.txt"
        for format in pcap pcapng ladder; do
            run "$packets" $format "$scratch/wrong.txt"
            expect_equal "status of $format on '$line'" 1 "$status"
            expect_equal "octets of $format on '$line'" '' "$out"
            expect_message "message about '$line'" "packets: $scratch/wrong.txt:5: $why"
        done
    done <<-'END'
	0.9 a:1 > b:2 00|the time goes backwards
	1.1234567 a:1 > b:2 00|'1.1234567' is no time: *
	2 a:65536 > b:2 00|'a:65536' is no HOST:PORT
	2 c:1 > b:2 00|there is no host 'c'
	2 a:1 < b:2 00|'<' is none of > x !
	2 a:1 >|the datagram goes nowhere
	2 a:1|a packet is: *
	2 a:1 > b:2|no octets: *(empty)
	2 a:1 > b:2 0|half an octet at the end
	2 a:1 > b:2 0 2*00|half an octet in front of *
	2 a:1 > b:2 0*00|*a number above zero
	2 a:1 > b:2 2*0|*whole octets
	2 a:1 > b:2 1453*00|more octets than fit *
	2 a:1 > b:2 0g|octets are hex digits, *
	2 a:1 > b:2 cut x 00|behind cut comes *
	2 a ! b 1.4|*no datagram before it *
	2 b ! a 2.0|'2.0' is no ICMPv6 error: *
	2 b ! a 1.7|'1.7' is no ICMPv6 error: *
	2 b ! a 1.4 00|more behind an ICMPv6 error: *
	; \0377|the comment is not UTF-8
	\0000|an octet 00 in the text
	host a ::3|there is a host 'a' already
	host C ::3|'C' is no name: *
	host c ::g|'::g' is no IPv6 address
	host c ::3 d|there is no host 'd'
	END
    printf 'host a ::1\nhost b ::2\n1 a:1 > b:2 00\n; %060001d\n' 1 >"$scratch/wrong.txt"
    run "$packets" pcapng "$scratch/wrong.txt"
    expect_message 'message about a long comment' "packets: $scratch/wrong.txt:4: the comment has more than *"
    printf 'host a ::1\nhost b ::2\nhost c ::3\n1 a:1 > b:2 00\n1 b:1 > c:2 00\n' >"$scratch/wrong.txt"
    run "$packets" ladder "$scratch/wrong.txt"
    expect_message 'message about no ladder' "packets: $scratch/wrong.txt:5: a ladder has 'a' at one end *"
    run "$packets" pcap "$scratch/none"
    expect_message 'message about no file' "packets: $scratch/none: No such file or directory"
}

what_can_not_be_written_is_told() {
    for format in pcap pcapng ladder; do
        "$packets" $format "$tour.txt" 2>"$scratch/err" >/dev/full && fail "$format: no failure"
        expect_match "$format" 'packets: *: No space left on device' "$(cat "$scratch/err")"
    done
}

run_tests each_description_makes_the_same_octets_each_time \
    the_capture_and_the_ladders_in_the_tree_are_those_of_the_description \
    each_scenario_has_its_section_and_each_ladder_its_scenario \
    each_packet_of_the_capture_has_its_comment tshark_finds_no_fault_with_the_capture \
    capinfos_reads_the_capture the_example_of_a_description_works what_is_told_is_captured comments_arrive_whole a_ladder_shows_what_is_told \
    wrong_descriptions_are_told_with_file_and_line what_can_not_be_written_is_told
