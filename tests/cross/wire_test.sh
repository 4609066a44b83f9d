#!/bin/sh
# Clients and servers of two byte orders and two widths with each other: the same payloads on the wire, octet for octet, and the same
# words on the screen.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

conformance=$root/bin/conformance
lines=$scratch/lines
: "${patience_s:=30}" # for a reply: a second copy of a request would be one more on the wire

# Each operation and format, on both sides of each border, and a few hundred that are drawn.
cat >"$lines" <<'END'
+ 1 3 5
+ 0
* 7
+ 4294967295
+ 4294967295 1
+ 0x01020304
+ 16909060 67305985
* 65537 65535
* 65536 65536
+s 4294967295 1
*s 4294967295 4294967295 4294967295
*s 0 4294967295
END
{
    seq 1 64 | tr '\n' ' ' | sed 's/^/+ /'
    echo
    yes 10000 | head -n 63 | tr '\n' ' ' | sed 's/^/*s 9999 /'
    echo
    yes 10000 | head -n 64 | tr '\n' ' ' | sed 's/^/*s /'
    echo
    awk 'BEGIN {
        srand(6)
        split("+ * +s *s", operators)
        for (line = 0; line < 300; line++) {
            text = operators[1 + int(rand() * 4)]
            for (count = 1 + int(rand() * 8); count > 0; count--)
                text = text sprintf(" %.0f", int(rand() * 2 ^ int(1 + rand() * 32)))
            print text
        }
    }'
} >>"$lines"
count=$(grep -c . "$lines")

# Short packets leave room for many of them in its ring.
begin_record() {
    begin_capture "$scratch/pcap" "udp port $port" -s 400 -B 8192
}

end_record() { # HOW MANY; prints the payloads
    end_capture "$scratch/pcap" "$1"
    tshark -r "$scratch/pcap" -d "udp.port==$port,data" -T fields -e udp.payload 2>/dev/null
}

# One client for each of the first lines.
ask_one_by_one() { # MACHINE HOW MANY
    head -n "$2" "$lines" | while read -r operator integers; do
        format=
        case $operator in
        *s) format=-s ;;
        esac
        # shellcheck disable=SC2086 # words
        "$on" "$1" bin/client -t "$patience_s" -op "${operator%s}" $format ::1 "$port" $integers 2>&1 </dev/null
    done
}

# What a client and a server put on the wire and on the screen, in $scratch/NAME.*.
exchange() { # CLIENT SERVER
    name=$1-$2
    start_program "$on" "$2" bin/server ::1 0 || return
    begin_record
    ask_one_by_one "$1" 15 >"$scratch/$name.one"
    end_record 30 >"$scratch/$name.one-wire"
    begin_record
    "$on" "$1" bin/client --batch="$lines" --in-flight 1 -t "$patience_s" ::1 "$port" >"$scratch/$name.batch" 2>&1
    echo "status $?" >>"$scratch/$name.batch"
    end_record $((2 * count)) >"$scratch/$name.batch-wire"
    # Many at a time come and go in an order of their own.
    begin_record
    "$on" "$1" bin/client --batch="$lines" -t "$patience_s" ::1 "$port" >"$scratch/$name.many" 2>&1
    echo "status $?" >>"$scratch/$name.many"
    end_record $((2 * count)) | sort >"$scratch/$name.many-wire"
    stop_server
    expect_equal "status of the server" 0 "$server_status"
    # What it counted, but for what an emulated kernel does not tell.
    grep -v '^ .* 0 ' "$log" | sed 1d >"$scratch/$name.counts"
}

expect_same_as_native() { # CLIENT SERVER
    exchange "$1" "$2"
    for part in one one-wire batch batch-wire many many-wire counts; do
        cmp -s "$scratch/native-native.$part" "$scratch/$1-$2.$part" ||
            fail "$part: $(diff "$scratch/native-native.$part" "$scratch/$1-$2.$part" | head -n 6)"
    done
}

a_pair_of_this_machine_as_the_specification_has_it() {
    exchange native native
    expect_equal 'payloads of all lines' $((2 * count)) "$(grep -c . "$scratch/native-native.batch-wire")"
    expect_equal 'the first exchange' '00000000010000000300000005 8000000009' \
        "$(head -n 2 "$scratch/native-native.one-wire" | tr '\n' ' ' | sed 's/ $//')"
    expect_equal 'in the order of the wire' '0001020304 8001020304' \
        "$(sed -n '11,12p' "$scratch/native-native.one-wire" | tr '\n' ' ' | sed 's/ $//')"
    expect_equal '256 digits' 514 "$(awk 'length > longest { longest = length } END { print longest }' "$scratch/native-native.batch-wire")"
}

a_big_endian_client_with_a_little_endian_server() { expect_same_as_native s390x native; }
a_little_endian_client_with_a_big_endian_server() { expect_same_as_native native s390x; }
two_that_are_big_endian() { expect_same_as_native s390x s390x; }
a_client_of_32_bits_with_a_server_of_64() { expect_same_as_native i686 native; }
a_client_of_64_bits_with_a_server_of_32() { expect_same_as_native native i686; }
a_big_endian_client_of_64_bits_with_a_little_endian_server_of_32() { expect_same_as_native s390x i686; }

# The one place where the order of a host is to be seen.
the_integers_of_a_host_are_shown_in_its_order() {
    start_program "$on" native bin/server ::1 0
    for order in 's390x:01 02 03 04' 'i686:04 03 02 01' 'native:04 03 02 01'; do
        run "$on" "${order%%:*}" bin/client -v -t "$patience_s" ::1 "$port" 0x01020304
        expect_match "$order" "*        1  01 02 03 04  ${order#*:}     16909060*" "$err"
    done
}

# What no client of ours sends, and what no server of ours replies. qemu-user hands the numbers of UDP_GRO and UDP_SEGMENT on in the
# wrong order of octets, so an emulated server does without them.
the_conformance_kit_finds_nothing() {
    for machine in 's390x --no-gro --no-gso' i686; do
        name=${machine%% *}
        run "$conformance" server --strict --exec "$on $name bin/server ${machine#"$name"} ::1 {port}" --json "$scratch/server.json"
        expect_equal "$name: status of the server's" 0 "$status"
        expect_equal "$name: verdicts" 'pass skip' "$(jq -r '[.results[].verdict] | unique | join(" ")' "$scratch/server.json")"
        run "$conformance" client --exec "$on $name bin/client -op {op} {s} {host} {port} {ints}" --json "$scratch/client.json"
        expect_equal "$name: status of the client's" 0 "$status"
        expect_equal "$name: verdicts of the client" 'pass' "$(jq -r '[.results[].verdict] | unique | join(" ")' "$scratch/client.json")"
    done
}

run_tests \
    a_pair_of_this_machine_as_the_specification_has_it \
    a_big_endian_client_with_a_little_endian_server \
    a_little_endian_client_with_a_big_endian_server \
    two_that_are_big_endian \
    a_client_of_32_bits_with_a_server_of_64 \
    a_client_of_64_bits_with_a_server_of_32 \
    a_big_endian_client_of_64_bits_with_a_little_endian_server_of_32 \
    the_integers_of_a_host_are_shown_in_its_order \
    the_conformance_kit_finds_nothing
