# Sourced, behind lib.sh, by the tests of clients on a bad network (tests/tools/relay.c): the network, lines with one right
# answer each, and the judgement of what a client has made of them.
#
# Each client is a host of its own to the network: the one of number K, 1 to 15, has fd00:ca1c:1:K::1, and reaches the
# server at fd00:ca1c:2::K. The server's host is a network namespace that ends with it.
# shellcheck shell=sh
relay_pid=
relay_log=$scratch/relay
trap 'stop_network; clean_up' EXIT

# How bad it is; each way, a datagram takes `delay` to 2 `delay` ms. So a client waits for its first reply for longer than
# the largest delay of a request and its reply. No reply lives for as long as the client waits after its last try, so what is
# delivered is in time; and ports rest for longer than that.
badness='loss=30 twice=10 reorder=10 cut=2'
delay=1
lifetime=200
first_wait=$((4 * delay + 2))
quiet_time=$((lifetime + 50))
retries=6

in_seconds() { # MILLISECONDS
    printf '%d.%03d\n' $(($1 / 1000)) $(($1 % 1000))
}

# Of all tries of a request, in ms.
all_waits() {
    echo $((first_wait * ((2 << retries) - 1)))
}

# The words of a client's command line for this network.
patience() {
    echo "-t $(in_seconds $first_wait) -r $retries"
}

add_links() {
    # The same link address at both ends, and no asking for it: frames pass as they are.
    ip -batch - <<-END
	link add near address 02:00:00:00:00:01 arp off type veth peer name near_end
	link set near addrgenmode none
	link add far address 02:00:00:00:00:01 arp off netns $server_pid type veth peer name far_end
	link set near up
	$(seq 1 15 | sed 's/.*/address add fd00:ca1c:1:&::1\/128 dev near nodad/')
	$(seq 1 15 | sed 's/.*/route add fd00:ca1c:2::&\/128 dev near src fd00:ca1c:1:&::1/')
	END
    on_far ip -batch - <<-END
	link set far addrgenmode none
	link set far up
	route add fd00:ca1c:1::/48 dev far
	$(seq 1 15 | sed 's/.*/address add fd00:ca1c:2::&\/128 dev far nodad/')
	END
    # The relay is to see datagrams as they are on a wire: one by one, with their checksums.
    ethtool -K near tx off >/dev/null
    on_far ethtool -K far tx off >/dev/null
    for end in near_end far_end; do
        echo 1 >/proc/sys/net/ipv6/conf/$end/disable_ipv6
        ip link set $end up
    done
}

# A link carries nothing until the kernel has noticed that its other end is up.
links_carry() {
    [ "$({ ip -o link && on_far ip -o link; } | grep -cE ': (near|far)(_end)?@.* state UP ')" -eq 4 ]
}

on_far() { # COMMAND...
    nsenter --net="/proc/$server_pid/ns/net" "$@"
}

start_network() { # SEED [WORD=NUMBER...]; sets $port
    stop_network
    with_ports 32768 65535
    start_program unshare --net "$server" :: 0 || return
    add_links
    wait_until links_carry || fail "no link: $(ip -o link; on_far ip -o link)"
    start_logged "$relay_log" "$tools/relay" near_end far_end "$@"
    relay_pid=$!
    wait_for_line "$relay_log" '^relaying'
}

start_bad_network() { # SEED [WORD=NUMBER...]
    seed=$1
    shift
    # shellcheck disable=SC2086 # several words
    start_network "$seed" $badness delay=$delay lifetime=$lifetime quiet=$quiet_time late="$(all_waits)" "$@"
}

# Leaves what the relay has seen in $relay_log, and what the kernels have in $near_counts and $far_counts.
stop_network() {
    [ -n "$relay_pid" ] || return 0
    near_counts=$scratch/near_counts far_counts=$scratch/far_counts
    cat /proc/self/net/snmp6 >"$near_counts"
    on_far cat /proc/self/net/snmp6 >"$far_counts"
    kill "$relay_pid"
    wait "$relay_pid" || fail "the relay: $(tail -n 1 "$relay_log")"
    relay_pid=
    stop_server
    ip link delete near
    ip link delete far_end 2>/dev/null # the server's end may have gone with it
}

# Of the kernel: /proc/net/snmp6.
kernel_count() { # FILE NAME...
    awk -v names="$*" 'BEGIN { n = split(names, name); for (i = 2; i <= n; i++) wanted[name[i]] = 1 }
        $1 in wanted { sum += $2 } END { print sum + 0 }' "$1"
}

# Of the relay: how many of the requests, or of the replies, were lost, cut, ...
relay_count() { # requests|replies WHAT
    sed -n "s/^$1:.* \([0-9]*\) $2.*/\1/p" "$relay_log"
}

# Lines for client --batch, mixed; the first integer of each is its number. In $1.values is what they come to, by bc(1).
mix_lines() { # FILE FIRST LAST
    awk -v first="$2" -v last="$3" '
        function random(n) { # 0 to n - 1
            state = state * 16807 % 2147483647
            return int(state / 2147483647 * n)
        }
        function some(count, most,   text) {
            for (text = ""; count > 0; count--)
                text = text " " sprintf("%.0f", random(most))
            return text
        }
        BEGIN {
            split("+ sum add", sums, " ")
            split("* x mul product", products, " ")
            largest = "4294967295"
            state = first * 48271 % 2147483646 + 1
            for (n = first; n <= last; n++) {
                kind = random(1000)
                sum = sums[1 + random(3)] (kind % 5 == 0 ? "s" : "")
                product = products[1 + random(4)]
                if (kind < 400) print sum, n some(random(6), 1000000)
                else if (kind < 420) print sum, n some(63, 50000000)
                else if (kind < 600) print product, n some(1, 4294967295 / n)
                else if (kind < 620) print product, n, largest, 0
                else if (kind < 640) print product "s", n, largest, 0
                else if (kind < 800) print sums[1] "s", n some(1 + random(20), 4294967296)
                else if (kind < 980) print product "s", n some(1 + random(20), 4294967296)
                else if (kind < 985) print sums[1], n, largest
                else if (kind < 990) print product, n, largest, 2
                else if (kind < 995) print product "s", n some(63, 4294967296)
                else print sum, n, "two"
            }
        }' >"$1"
    sed 's/.* two$/+ 0/; s/^[*xmp][a-z]* /* /; s/^[+sa][a-z]* /+ /' "$1" |
        awk '{ operator = $1; text = $2; for (i = 3; i <= NF; i++) text = text operator $i; print text }' |
        BC_LINE_LENGTH=0 bc >"$1.values"
}

# Holds the answers to lines against what they come to, and both against what the relay has delivered. A line is right where
# the number, or the error, is that of bc and a reply was delivered; it may be missing where no try of all got one. They are
# fewer only of a client that got to run so late that its time was over. And no port was used against REQ-8.2 and REQ-8.3.
judge() { # LINES ANSWERS
    paste "$1" "$1.values" "$2" | awk -F '\t' -v tries_max=$((retries + 1)) -v first_wait=$first_wait '
        function wanted(number, line, value,   operator) {
            operator = substr(line, 1, index(line, " ") - 1)
            if (line ~ / two$/)
                return number "INTEGER \047two\047 is not an integer: 0 to 4294967295, decimal or 0x hex, is allowed"
            if (operator ~ /s$/)
                return length(value) <= 256 ? value : number error "the result has more than 256 digits"
            if (length(value) > 10 || (length(value) == 10 && value "" > "4294967295"))
                return number error "the result is above 4294967295; -s asks for it as a string"
            return value
        }
        function wrong(why) {
            if (++wrongs <= 5)
                print "wrong, " why ": line " FNR ": " $1 ": " $3
        }
        BEGIN { error = "the server answered with an error: " }
        FNR == NR {
            if (split($0, word, " ") == 5 && word[1] == "request") {
                delivered[word[2]] = word[3]
                tries[word[2]] = length(word[4])
                spent[word[2]] = word[5]
            }
            next
        }
        {
            split($1, word, " ")
            n = word[2]
            number = "line " FNR ": "
            if (index($3, number "no reply from ") == 1) {
                if (delivered[n] > 0)
                    wrong("a reply was delivered")
                if (tries[n] != tries_max && spent[n] < first_wait * (2 ^ (tries[n] - 1) - 1) + 50)
                    wrong("after " tries[n] " tries")
            } else if ($3 "" != wanted(number, $1, $2) "") {
                wrong($2 " is right")
            } else if (!delivered[n] && $1 !~ / two$/) {
                wrong("no reply was delivered")
            }
        }
        END { print "sums", FNR, wrongs + 0 }' "$relay_log" - >"$scratch/judgement"
    expect_equal 'lines, and answers that are wrong' "$(wc -l <"$1" | tr -d ' ') 0" "$(sed -n 's/^sums //p' "$scratch/judgement")"
    grep '^wrong' "$scratch/judgement" | cut -c 1-200 | sed 's/^/# /'
    expect_equal 'what goes against the rules for ports' '' "$(grep '^against' "$relay_log" | head -n 5)"
}

ask_in_a_batch() { # CLIENT LINES ANSWERS; leaves what it says in ANSWERS.err
    # shellcheck disable=SC2046 # several words
    "$client" -v --batch="$2" $(patience) --quiet-time "$(in_seconds $quiet_time)" --in-flight 2048 \
        "fd00:ca1c:2::$1" "$port" >"$3" 2>"$3.err"
}

# Every 15th line, each by a client of its own, with the number of the line in front of the answer. A port that ends with
# its client rests only if the next one waits (REQ-8.3).
ask_in_turn() { # CLIENT LINES ANSWERS
    awk -v client="$1" 'NR % 15 == client % 15 { print NR, $0 }' "$2" | while read -r number operator integers; do
        string=
        case $operator in
        *s) string=-s operator=${operator%s} ;;
        esac
        # shellcheck disable=SC2046,SC2086 # several words
        answer=$("$client" -q -op "$operator" $string $(patience) "fd00:ca1c:2::$1" "$port" $integers 2>&1)
        printf '%s\t%s\n' "$number" "$answer"
        sleep "$(in_seconds $quiet_time)"
    done >"$3"
}

ask_one_by_one() { # LINES ANSWERS
    waited_for=
    for one in $(seq 1 15); do
        ask_in_turn "$one" "$1" "$2.turn.$one" &
        waited_for="$waited_for $!"
    done
    # shellcheck disable=SC2086 # several words
    wait $waited_for
    sort -n "$2".turn.* | awk -F '\t' '{ sub(/^client: /, "line " $1 ": ", $2); print $2 }' >"$2"
}

# Of a run of many: the network has done to datagrams what it was to do, and nothing else was lost.
# How many overtake what is delayed depends on how many there are; those of clients that each wait for their reply do not.
expect_a_bad_network() { # alone|together
    for way in requests replies; do
        sent=$(relay_count $way came)
        expect_share "$way lost" "$(relay_count $way lost)" "$sent" 30
        expect_share "$way cut, with copies" "$(relay_count $way cut)" "$sent" 2.2 # of 2 %, one in ten twice
        expect_share "$way that come twice" "$(relay_count $way twice)" "$sent" 7 # of the 70 % that come
        expect_share "$way delayed" "$(relay_count $way delayed)" "$sent" 7.7 # of the 77 % with copies
        [ "$1" = alone ] || [ $((100 * $(relay_count $way reordered))) -ge "$sent" ] || fail "few $way reordered"
        expect_equal "$way that the relay missed" 0 "$(relay_count $way missed)"
    done
    # Each cut was seen by a kernel: by the length of the frame, by that of UDP, by the checksum.
    for counts in "$near_counts" "$far_counts"; do
        for name in Ip6InTruncatedPkts Udp6InErrors Udp6InCsumErrors; do
            [ "$(kernel_count "$counts" $name)" -gt 0 ] || fail "$name is 0 in $counts"
        done
    done
    expect_equal 'what the kernel of the server has dropped' "$(relay_count requests 'arrived cut')" \
        "$(kernel_count "$far_counts" Ip6InTruncatedPkts Udp6InErrors)"
}

# About so many of a hundred: within five standard deviations of what chance gives.
expect_share() { # WHAT COUNT OF PERCENT
    awk -v count="$2" -v of="$3" -v share="$4" '
        BEGIN { mean = of * share / 100; off = count - mean; exit !(off * off <= 25 * mean * (1 - share / 100)) }' ||
        fail "$1: $2 of $3, which is not about $4 %"
}
