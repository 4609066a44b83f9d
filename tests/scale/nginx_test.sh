#!/bin/sh
# server/scale/nginx/: three servers behind nginx. What clients get while servers come and go, what somebody can do to a
# server with datagrams that get no reply, and what a dead server costs.
. "$(dirname "$0")/site_lib.sh"
configuration=$scratch/nginx.conf

# The configurations as they are delivered, but for where nginx writes; then what a test changes in its.
balance() { # [SED SCRIPT]
    start_site || return
    nft -f "$scale/calc6.nft" || fail 'no rules'
    sed "s|/run/nginx.pid|$scratch/nginx.pid|; s|/var/log/nginx|$scratch|; /^worker_rlimit/d" "$scale/nginx/nginx.conf" |
        sed "${1-}" >"$configuration"
    chmod 755 "$scratch"
    : >"$scratch/error.log"
    start_logged "$scratch/nginx" nginx -c "$configuration" -e "$scratch/error.log" -g 'daemon off;'
    echo $! >"$scratch/balancer.pid"
    wait_until "$client" --check -t 1 ::1 $port 2>/dev/null || fail "nginx: $(cat "$scratch/nginx" "$scratch/error.log")"
}

# Without the rules, which know some of what gets no reply: the servers know more, as it depends on what else they were asked.
balance_alone() { # [SED SCRIPT]
    balance "$@" && nft flush ruleset
}

# In the background; expect_batch waits for it.
begin_batch() { # LINES [OPTION...]
    number_lines "$1"
    shift
    "$client" --batch="$lines" "$@" ::1 "$port" >"$scratch/out" 2>"$scratch/err" &
    batch_pid=$!
}

expect_batch() { # WHAT LINES
    wait "$batch_pid"
    status=$?
    expect_numbers "$1" "$2"
}

has_replied() { # SERVER TIMES
    [ "$(replies_of "$1")" -ge "$2" ]
}

has_answered() { # LINES
    [ "$(wc -l <"$scratch/out")" -ge "$1" ]
}

three_servers_share_the_requests_and_every_answer_is_right() {
    balance || return
    before=$(replies_of_all)
    number_lines 6000
    batch -t 2
    expect_numbers 'behind nginx' 6000
    expect_a_share_each 'behind nginx' "$before" 1900
}

# Each of its datagrams is balanced by itself: one without a reply does not keep those behind it at one server.
one_port_has_all_servers_also_behind_its_silence() {
    balance_alone || return
    before=$(replies_of_all)
    "$tools/forge" 1 0 fd00:ca1c::2 40000 ::1 $port 00 >/dev/null
    "$tools/forge" 30 500 fd00:ca1c::2 40000 ::1 $port 000000000200000003 >/dev/null
    wait_until all_have_replied_since "$before" 30 || fail 'replies are missing'
    expect_a_share_each 'one port' "$before" 9
}

# Twice what net.core.rmem_max allows, as socket(7) says, or what is asked for.
its_queue_is_longer_than_the_default() {
    balance || return
    queue=$(ss -Hulnm "sport = :$port" | sed -n 's/.*skmem:(r[0-9]*,rb\([0-9]*\),.*/\1/p' | sort -u)
    [ "$queue" -ge $((2 * $(cat /proc/sys/net/core/rmem_default))) ] || fail "its queue has $queue octets"
}

a_server_dies_and_comes_back_under_load_and_no_answer_is_missing_or_wrong() {
    balance || return
    "$root/bin/load" --rate 300 --duration 60 --timeout 0.5 ::1 $port >"$scratch/load" 2>&1 &
    load_pid=$!
    begin_batch 12000 -t 0.1 -r 7
    wait_until has_answered 2000 || fail 'no answers'
    kill_server 2
    enough=$(($(replies_of 1) + 1000))
    wait_until has_replied 1 $enough || fail 'no answers with a dead server'
    serve 2
    expect_batch 'a server that comes back' 12000
    kill -INT $load_pid
    wait $load_pid
    status=$?
    # 2: some were lost, as this one asks once.
    case $status in 0 | 2) ;; *) fail "bin/load: exit status $status: $(cat "$scratch/load")" ;; esac
    has_replied 2 1000 || fail 'the server that came back gets no requests'
}

a_retransmission_meets_another_server() {
    balance || return
    kill_server 2
    for request in 1 2 3 4 5 6; do
        run "$client" -v -q -t 0.3 -r 1 ::1 $port $request 7
        expect_equal "answer $request" $((request + 7)) "$out"
        printf '%s\n' "$err" | sed -n 's/.*, \([12]\) sent$/\1/p' >>"$scratch/tries"
    done
    # Two of six, or three, by whose turn it was.
    expect_match 'requests that took a second try' '[23]' "$(grep -c 2 "$scratch/tries")"
    # Where the sender's address decides, no try meets another server.
    # shellcheck disable=SC2016 # nginx' variable
    balance 's/zone calc6 64k;/hash $remote_addr;/' || return
    for each in 1 2 3; do
        [ "$(replies_of $each)" = 0 ] || kill_server $each
    done
    check_health -t 0.1 -r 3
    expect_equal 'status, behind a hash of addresses' 1 "$status"
}

check_health() { # OPTION...
    run "$client" --check "$@" ::1 $port
}

# Datagrams of one octet, which get no reply (REQ-6.1), from one sender; returns when the last of them has been given up.
send_what_gets_no_reply() { # HOW MANY
    "$tools/forge" "$1" 500 fd00:ca1c::2 0 ::1 $port 00 >/dev/null || fail 'no attack'
    wait_until no_session || fail 'sessions without an end'
}

no_session() {
    ! ss -Hun state established | grep -qF '[2001:db8:6:1::'
}

datagrams_without_a_reply_eject_no_server() {
    balance_alone || return
    before=$(replies_of_all)
    send_what_gets_no_reply 300
    expect_equal 'replies to the attack' "$before" "$(replies_of_all)"
    number_lines 900
    batch -t 2 -r 0 --in-flight 64
    expect_numbers 'after the attack' 900
    expect_a_share_each 'after the attack' "$before" 300
    expect_equal 'what nginx logs of it' '' "$(cat "$scratch/error.log")"
}

# So that the test before can fail.
with_the_default_of_max_fails_they_eject_all() {
    balance_alone 's/ max_fails=0//' || return
    check_health
    expect_equal 'status before' 0 "$status"
    send_what_gets_no_reply 30
    check_health -t 0.2
    expect_equal 'status after 30 datagrams' 1 "$status"
}

# Of $1 requests, so many more or less than one in $3 get no answer with $2 retries.
expect_unanswered() { # REQUESTS RETRIES ONE IN
    number_lines "$1"
    batch -t 0.3 -r "$2"
    lost=$(grep -c 'no reply' "$scratch/out")
    expect_equal "answers that are wrong, -r $2" 0 "$(seq 7 $(($1 + 6)) | paste - "$scratch/out" |
        grep -v 'no reply' | awk '$1 != $2' | wc -l)"
    tell "$2 retries: $lost of $1 without an answer, 1 in $3 would be $(($1 / $3))"
    if [ "$lost" -lt $(($1 / $3 / 2)) ] || [ "$lost" -gt $(($1 * 2 / $3)) ]; then
        fail "$2 retries: $lost of $1 without an answer"
    fi
}

a_dead_server_in_the_list_costs_each_try_one_third() {
    balance || return
    kill_server 3
    expect_unanswered 1500 0 3
    expect_unanswered 1500 1 9
    expect_unanswered 1500 2 27
    # Until it is taken out, which loses nothing.
    sed -i '/::3\]/d' "$configuration"
    begin_batch 3000 -t 0.3 -r 7
    nginx -c "$configuration" -e "$scratch/error.log" -s reload || fail 'no reload'
    expect_batch 'while the list changes' 3000
    wait_until has_one_generation || fail 'the old workers go on'
    number_lines 900
    batch -t 2 -r 0 --in-flight 64
    expect_numbers 'without the dead server' 900
}

has_one_generation() {
    [ -z "$(pgrep -f -P "$(cat "$scratch/balancer.pid")" 'shutting down')" ]
}

a_server_is_upgraded_behind_it_and_nothing_is_lost() {
    balance || return
    kill_server 1
    serve 1 --upgrade "$scratch/upgrade"
    old_pid=$(serving_pid 1)
    begin_batch 10000 -t 5 -r 0 --in-flight 64
    wait_until has_answered 2000 || fail 'no answers'
    cp "$(server_log 1)" "$scratch/old.log"
    serve 1 --upgrade "$scratch/upgrade"
    wait "$old_pid"
    expect_equal 'status of the old server' 0 $?
    expect_batch 'while a server is upgraded' 10000
    [ "$(replies_of 1)" -gt 0 ] || fail 'the new server gets no requests'
}

# server/scale/calc6.nft: each rule is seen at work, and one not to be.
what_nginx_hides_from_the_servers_is_held_by_the_rules() {
    balance || return
    "$tools/forge" 20 500 fd00:ca1c::2 1000 ::1 $port 000000000200000003 >/dev/null
    "$tools/forge" 20 500 fd00:ca1c::2 $port ::1 $port 000000000200000003 >/dev/null
    send_what_gets_no_reply 20
    "$tools/forge" 20 500 fd00:ca1c::2 0 ::1 $port '' >/dev/null
    expect_equal 'dropped, from port 1000 and the own one' 40 "$(dropped 'udp sport')"
    expect_equal 'dropped, of 0 and 1 octet' 40 "$(dropped 'udp length')"
    "$tools/forge" 5000 0 fd00:ca1c::2/64 20000 ::1 $port 000000000200000003 >/dev/null
    [ "$(dropped 'add @by_64')" -ge 3000 ] ||
        fail "of 5000 from registered ports: $(nft list chain inet calc6_balancer from_a_server)"
    run "$client" -q ::1 $port 2 3
    expect_equal 'an ordinary request' 5 "$out"
    nft flush ruleset
    before=$(replies_of_all)
    "$tools/forge" 30 500 fd00:ca1c::2 1000 ::1 $port 000000000200000003 >/dev/null
    wait_until all_have_replied_since "$before" 30 || fail 'without the rules, a low port gets no replies'
}

# Packets that a rule has dropped.
dropped() { # WHAT THE RULE BEGINS WITH
    nft list table inet calc6_balancer | sed -n "s/^[[:space:]]*\($1\).* counter packets \([0-9]*\) .*/\2/p" |
        awk '{ sum += $1 } END { print sum + 0 }'
}

all_have_replied_since() { # BEFORE HOW MANY
    printf '%s\n%s\n' "$1" "$(replies_of_all)" |
        awk -v least="$2" '{ for (i = 1; i <= 3; i++) sum[NR] += $i } END { exit sum[2] - sum[1] < least }'
}

without_the_rules_a_server_that_refuses_is_an_empty_reply() {
    balance || return
    for each in 1 2 3; do
        kill_server $each
    done
    check_health -t 0.1 -r 0
    expect_match 'with the rules' '*no reply*' "$err"
    nft flush ruleset
    check_health -t 2 -r 0
    expect_match 'without' '*the reply has 0 octets*' "$err"
}

run_tests three_servers_share_the_requests_and_every_answer_is_right \
    one_port_has_all_servers_also_behind_its_silence its_queue_is_longer_than_the_default \
    a_server_dies_and_comes_back_under_load_and_no_answer_is_missing_or_wrong \
    a_retransmission_meets_another_server datagrams_without_a_reply_eject_no_server \
    with_the_default_of_max_fails_they_eject_all a_dead_server_in_the_list_costs_each_try_one_third \
    a_server_is_upgraded_behind_it_and_nothing_is_lost what_nginx_hides_from_the_servers_is_held_by_the_rules \
    without_the_rules_a_server_that_refuses_is_an_empty_reply
