#!/bin/sh
# What the server tells of itself (--metrics): what is counted, over HTTP, from a process that has given up everything else.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/restart_lib.sh"

probe=$tools/probe
load=$build/bin/load
sum_3=000000000100000002
open_metrics='Accept: application/openmetrics-text; version=1.0.0'

start_metrics() { # [options] ADDRESS; sets $where, too
    start_server --metrics '[::1]:0' "$@"
    find_metrics
}

find_metrics() {
    wait_for_line "$log" '^metrics on'
    where=http://$(sed -n 's/^metrics on //p' "$log")/metrics
    metrics_pid=$(pgrep -P "$server_pid")
}

scrape() {
    curl -sS -m 10 -g "$where"
}

# Of all samples that match, in the page that was fetched last.
sum_of() { # PATTERN
    awk -v pattern="^$1" '$0 ~ pattern { sum += $NF } END { print sum + 0 }' "$scratch/page"
}

is_sum() { # PATTERN NUMBER
    scrape >"$scratch/page" && [ "$(sum_of "$1")" = "$2" ]
}

# What a reply is sent for is counted just behind that.
expect_sum() { # PATTERN NUMBER
    wait_until is_sum "$1" "$2" || expect_equal "$1" "$2" "$(sum_of "$1")"
}

each_family_tells_of_known_traffic() {
    start_metrics -w 1 ::1
    # One of each kind, in octets 9 + 9 + 5 + 6 + 5 + 261 + 9 + 257 + 1; the last gets no reply.
    "$probe" -n 8 ::1 "$port" "$sum_3" "01${sum_3#00}" 0200000003 000000000100 0500000001 \
        "00$(printf '%0520d' 0)" 00ffffffff00000001 "03$(printf '%0512d' 0 | tr 0 f)" >"$scratch/replies"
    "$probe" -n 0 ::1 "$port" 00
    expect_sum calc6_received_datagrams_total 9
    while read -r operation form result times; do
        expect_equal "$operation $form $result" "$times" \
            "$(sum_of "calc6_replies_total{worker=\"0\",operation=\"$operation\",form=\"$form\",result=\"$result\"}")"
    done <<-END
	sum integer success 1
	sum string success 1
	product integer success 1
	sum integer not_whole 1
	unknown string unknown_opcode 1
	sum integer too_long 1
	sum integer above_32_bits 1
	product string above_256_digits 1
	END
    expect_equal 'replies' 8 "$(sum_of calc6_replies_total)"
    expect_equal 'dropped' 1 "$(sum_of 'calc6_dropped_datagrams_total{worker="0",reason="no_integers"}')"
    expect_equal 'all dropped' 1 "$(sum_of calc6_dropped_datagrams_total)"
    expect_equal 'failed' 0 "$(sum_of calc6_failed_replies_total)"
    expect_equal 'received octets' 562 "$(sum_of calc6_received_bytes_total)"
    expect_equal 'sent octets' $((5 + 2 + 5 + 5)) "$(sum_of calc6_sent_bytes_total)"
    expect_equal 'datagrams in batches' 9 "$(sum_of calc6_batch_datagrams_sum)"
    expect_equal 'batches of at most 256' "$(sum_of calc6_batch_datagrams_count)" "$(sum_of 'calc6_batch_datagrams_bucket.*le="256')"
    expect_equal 'times' 9 "$(sum_of calc6_latency_seconds_count)"
    expect_equal 'a time below a second' 1 "$(sum_of calc6_latency_seconds_sum | awk '{ print ($1 > 0 && $1 < 1) }')"
    expect_equal 'version' "$("$server" --version | sed 's/.* //')" "$(sed -n 's/^calc6_build_info{version="\(.*\)"} 1$/\1/p' "$scratch/page")"
    expect_equal 'started in the last minute, in milliseconds' 1 "$(awk -v now="$(date +%s)" \
        '/^process_start_time_seconds/ { print $2 ~ /[.][0-9][0-9][0-9]$/ && now - $2 < 60 && $2 - now <= 1 }' "$scratch/page")"
}

all_workers_together_have_what_usr1_prints() {
    start_metrics -w 3 ::
    "$load" -s 16 -w 4 -n 300 ::1 "$port" >"$scratch/load" 2>&1
    "$probe" ::1 "$port" 00 >"$scratch/replies"
    wait_for_count '^received '
    total=$(sed -n 's/^received \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
    expect_sum calc6_received_datagrams_total "$total"
    expect_equal 'replied and dropped' "$total" $(($(sum_of calc6_replies_total) + $(sum_of calc6_dropped_datagrams_total)))
    expect_equal 'workers' '0 1 2' "$(sed -n 's/^calc6_received_datagrams_total{worker="\(.*\)"}.*/\1/p' "$scratch/page" | xargs)"
    expect_equal 'dropped' "$(sed -n 's/^received .* dropped \([0-9]*\) .*/\1/p' "$log" | tail -n 1)" "$(sum_of calc6_dropped_datagrams_total)"
}

what_the_kernel_loses_is_there_within_seconds() {
    start_metrics -w 1 ::1
    pause "$server_pid"
    # shellcheck disable=SC2046 # words
    "$probe" -n 0 ::1 "$port" $(yes "$sum_3" | head -n 4000)
    lost=$(overflown)
    [ "$lost" -gt 0 ] || fail 'nothing is lost'
    # Its process goes on, and tells what was counted.
    expect_sum calc6_lost_datagrams_total 0
    kill -CONT "$server_pid"
    expect_sum calc6_lost_datagrams_total "$lost"
}

status_of() { # [CURL'S OPTION...]
    curl -sS -m 10 -g -o "$scratch/body" -w '%{http_code} %{content_type}' "$@"
}

requests_that_are_understood() {
    start_metrics ::1
    older='text/plain; version=0.0.4; charset=utf-8'
    expect_equal 'GET' "200 $older" "$(status_of "$where")"
    expect_equal 'its end' '# EOF' "$(tail -n 1 "$scratch/body")"
    expect_equal 'HEAD' "200 $older" "$(status_of -I "$where")"
    expect_equal 'OpenMetrics' '200 application/openmetrics-text; version=1.0.0; charset=utf-8' \
        "$(status_of -H "$open_metrics,text/plain;version=0.0.4;q=0.5" "$where")"
    expect_equal 'its end' '# EOF' "$(tail -n 1 "$scratch/body")"
    grep -q '^# UNIT ' "$scratch/body" || fail 'OpenMetrics: no unit'
    expect_equal 'with a query' "200 $older" "$(status_of "$where?a=b")"
}

over_ipv4() {
    start_server --metrics 127.0.0.1:0 ::1
    find_metrics
    where=http://127.0.0.1:$(metrics_port)/metrics
    expect_equal 'over IPv4' 200 "$(status_of "$where" | cut -c 1-3)"
}

requests_that_are_refused() {
    start_metrics ::1
    for path in 's' '/' '/x'; do
        expect_match "path $path" '404 *' "$(status_of "$where$path")"
    done
    for path in '' '..%2fmetrics' 'etc/passwd'; do
        expect_match "path $path" '404 *' "$(status_of --path-as-is "${where%metrics}$path")"
    done
    for method in POST PUT DELETE OPTIONS PATCH; do
        expect_match "$method" '405 *' "$(status_of -X "$method" "$where")"
    done
    expect_match 'a body' '405 *' "$(status_of --data-binary "@$server" "$where")"
    curl -sS -m 10 -g -i -X POST "$where" | grep -q '^Allow: GET, HEAD' || fail 'what is allowed is not said'
    expect_match 'headers of 64 KiB' '4?? *' "$(status_of -H "A: $(printf '%065000d' 0)" "$where" 2>"$scratch/err" || echo '431 closed')"
    perl -MIO::Socket::IP -e 'for ("", "GET", "GET /metrics", "GET /metrics HTTP/9.9\r\n\r\n", "\0\377\r\n\r\n",
            "GET /metrics HTTP/1.1\r\nHost:\r\nContent-Length: -1\r\n\r\n") {
            $s = IO::Socket::IP->new(PeerHost => "::1", PeerPort => $ARGV[0]) or die; print $s $_; close $s }' "$(metrics_port)"
    expect_equal 'after all' 200 "$(status_of "$where" | cut -c 1-3)"
    expect_equal 'no line for each' 2 "$(wc -l <"$log" | tr -d ' ')"
}

metrics_port() {
    echo "$where" | sed 's/.*:\([0-9]*\)\/.*/\1/'
}

# They hold all that there are; requests are answered, and metrics once they are given up.
clients_that_say_nothing_hold_up_nobody_else() {
    start_metrics ::1
    perl -MIO::Socket::IP -e '$| = 1;
        @all = map { IO::Socket::IP->new(PeerHost => "::1", PeerPort => $ARGV[0], Blocking => 0) } 1 .. 200;
        $_ && syswrite $_, "GET /met" for @all; print "there\n"; sleep 60' "$(metrics_port)" >"$scratch/idle" &
    idle_pid=$!
    wait_for_line "$scratch/idle" there
    "$load" -s 16 -w 4 -n 200 --json ::1 "$port" >"$scratch/json" 2>&1
    expect_equal 'lost' 0 "$(jq .lost "$scratch/json")"
    expect_equal 'connections' 32 "$(find "/proc/$metrics_pid/fd" -lname 'socket:*' | wc -l | awk '{ print $1 - 2 }')"
    kill "$idle_pid"
    wait "$idle_pid" 2>/dev/null
    expect_equal 'when they have gone' 200 "$(status_of "$where" | cut -c 1-3)"
}

off_unless_asked_for() {
    start_server ::1
    expect_equal 'other processes' '' "$(pgrep -P "$server_pid")"
    expect_equal 'stream sockets' '' "$(ss -Hltnxp 2>/dev/null | grep "pid=$server_pid,")"
    expect_equal 'lines' 1 "$(wc -l <"$log" | tr -d ' ')"
}

words_that_are_no_place() {
    expect_bad_usage "$server" <<-END
	--metrics*'9610'*is*neither*ADDRESS:PORT*nor*a*path	--metrics 9610 ::1 0
	--metrics*'::1:9610'*is*neither	--metrics=::1:9610 ::1 0
	can*not*bind*--metrics*'[[]2001:db8::1]:9610':*Cannot*assign	--metrics [2001:db8::1]:9610 ::1 0
	can*not*take*the*place*of*--metrics*'$server':*File*exists	--metrics $server ::1 0
	can*not*bind*--metrics*'/nowhere/at/all':*No*such*file	--metrics /nowhere/at/all ::1 0
	option*'--metrics'*needs*a*value	--metrics
	END
    start_metrics ::1
    run timeout 5 "$server" --metrics "[::1]:$(metrics_port)" ::1 0
    expect_message 'in use' "server: can not bind --metrics '[[]::1]:$(metrics_port)': Address already in use"
    expect_equal 'status' 1 "$status"
}

at_a_path() {
    start_program "$server" --metrics "$scratch/metrics.socket" ::1 0
    where=http://localhost/metrics
    "$probe" -n 1 ::1 "$port" "$sum_3" >"$scratch/replies"
    expect_equal 'received' 1 "$(curl -sS -m 10 --unix-socket "$scratch/metrics.socket" "$where" | awk '/^calc6_received_datagrams_total/ { n += $2 } END { print n }')"
    # In place of one that was left behind.
    start_program "$server" --metrics "$scratch/metrics.socket" ::1 0
    expect_equal 'where' "metrics on $scratch/metrics.socket" "$(grep '^metrics' "$log")"
    expect_equal 'again' 200 "$(status_of --unix-socket "$scratch/metrics.socket" "$where" | cut -c 1-3)"
}

# Its socket stands at another name first. A socket of a server that was killed there goes, a file is not ours to remove.
a_file_that_is_in_the_way_stays() {
    # shellcheck disable=SC2016 # of the other shell
    start_program sh -c 'perl -MIO::Socket::UNIX -e "IO::Socket::UNIX->new(Local => shift, Listen => 1) or die" "$1/m.$$"
        exec "$2" --metrics "$1/m" ::1 0' sh "$scratch" "$server"
    stop_server
    expect_equal 'what is left' "$scratch/m $scratch/m.*" "$(echo "$scratch"/m "$scratch"/m.*)"
    rm "$scratch/m"
    # shellcheck disable=SC2016 # of the other shell
    run timeout 10 sh -c 'echo mine >"$1/m.$$"; exec "$2" --metrics "$1/m" ::1 0' sh "$scratch" "$server"
    expect_equal 'status' 1 "$status"
    expect_message 'in the way' "server: can not bind --metrics '$scratch/m': Address already in use"
    expect_equal 'the file' mine "$(cat "$scratch"/m.*)"
}

# The second one is there before the first has ended.
a_next_server_takes_the_place_over() {
    start_metrics -w 1 --upgrade "$scratch/upgrade" ::1
    "$probe" -n 1 ::1 "$port" "$sum_3" >"$scratch/replies"
    expect_sum calc6_received_datagrams_total 1
    for option in "--upgrade $scratch/upgrade" --takeover; do
        # shellcheck disable=SC2086 # two words
        start_next "$server" $option --metrics "[::1]:$(metrics_port)" ::1 "$port"
        case $option in --takeover) kill "$server_pid" ;; esac
        expect_replaced "$option"
        expect_sum calc6_received_datagrams_total 0
    done
}

start_handed() { # PERL [ARGUMENT...]
    sockets=$1
    shift
    start_program perl -MSocket=:DEFAULT,inet_pton -e "$handing" "$stream $sockets" "$server" "$@"
}

# As systemd does with calc6-metrics.socket.
# shellcheck disable=SC2016 # perl's variables
stream='sub stream { socket($_[0], AF_INET6, SOCK_STREAM, 0); bind($_[0], at("::1", 0)); listen($_[0], 5) }'
a_stream_socket_that_is_handed_over_is_for_metrics() {
    export LISTEN_FDS=2
    start_handed 'socket(A, AF_INET6, SOCK_DGRAM, 0); bind(A, at("::1", 0)); stream(B);'
    find_metrics
    "$probe" -n 1 ::1 "$port" "$sum_3" >"$scratch/replies"
    expect_sum calc6_received_datagrams_total 1
    start_handed 'stream(A); socket(B, AF_INET6, SOCK_DGRAM, 0); bind(B, at("::1", 0));'
    find_metrics
    expect_sum calc6_received_datagrams_total 0
    export LISTEN_FDS=1
    start_handed 'socket(A, AF_UNIX, SOCK_STREAM, 0); bind(A, pack_sockaddr_un("\0abstract")); listen(A, 5);' ::1 0
    wait_for_line "$log" '^metrics on @abstract$'
    start_handed 'stream(A);' ::1 0
    find_metrics
    expect_sum calc6_received_datagrams_total 0
    run timeout 10 perl -MSocket=:DEFAULT,inet_pton -e "$handing" "$stream stream(A);" "$server" --metrics '[::1]:0' ::1 0
    expect_message 'and --metrics' 'server: --metrics is not for a server that was handed a stream socket by LISTEN_FDS*'
    export LISTEN_FDS=2
    run timeout 10 perl -MSocket=:DEFAULT,inet_pton -e "$handing" "$stream stream(A); stream(B);" "$server" ::1 0
    expect_message 'two' 'server: descriptor 4, which was handed over, is a second stream socket: one is allowed, for metrics'
    unset LISTEN_FDS
}

is_gone() { # PID
    ! grep -qs '^State:.*[RSDT] ' "/proc/$1/status"
}

neither_process_outlives_the_server() {
    for signal in TERM KILL; do
        start_metrics ::1
        kill -s "$signal" "$server_pid"
        wait_until is_gone "$metrics_pid" || fail "$signal: the process for metrics goes on"
        stop_server 2>/dev/null
    done
    # Not even where it does not run: then only a signal ends it, which the server's sandbox has to let through.
    start_program "$root/bin/server" --sandbox=auto --metrics '[::1]:0' ::1 0
    find_metrics
    pause "$metrics_pid"
    kill -KILL "$server_pid"
    wait_until is_gone "$metrics_pid" || fail 'stopped: the process for metrics is there'
    stop_server 2>/dev/null
    # What is sent to all processes of a terminal is for the server to obey.
    start_metrics ::1
    kill -TERM "$metrics_pid"
    kill -INT "$metrics_pid"
    expect_equal 'told to end by itself' 200 "$(status_of "$where" | cut -c 1-3)"
}

the_server_goes_on_without_it_and_says_so_once() {
    start_metrics -w 2 ::1
    kill -KILL "$metrics_pid"
    wait_for_line "$log" '^server: the process for --metrics has ended; the server goes on without it$'
    expect_equal 'answer' 8000000003 "$("$probe" -n 1 ::1 "$port" "$sum_3")"
    wait_for_count '^received 1 '
    expect_equal 'said' 1 "$(grep -c '^server: ' "$log")"
    expect_equal 'what is left of it' '' "$(pgrep -P "$server_pid")"
    run curl -sS -m 10 -g "$where"
    expect_equal 'connections are refused' 7 "$status"
    stop_server
    expect_equal 'status' 0 "$server_status"
}

# In /proc/PID/status.
of_metrics() { # FIELD
    sed -n "s/^$1:[[:space:]]*//p" "/proc/$metrics_pid/status" | tr -s '\t' ' '
}

# As it is installed, and each kind of request has been answered by it.
it_has_given_up_everything_else() {
    needs_root || return
    start_program "$root/bin/server" --sandbox=require --metrics '[::1]:0' -w 2 ::1 0
    find_metrics
    for i in 1 2 3; do
        expect_match "GET $i" '200 *' "$(status_of -H "$open_metrics" "$where")"
        expect_match "HEAD $i" '200 *' "$(status_of -I "$where")"
        expect_match "POST $i" '405 *' "$(status_of -d a=b "$where")"
    done
    nobody=$(id -u nobody)
    expect_equal 'Uid' "$nobody $nobody $nobody $nobody" "$(of_metrics Uid)"
    expect_equal 'Gid' "$(id -g nobody | sed 's/.*/& & & &/')" "$(of_metrics Gid)"
    for field in CapInh CapPrm CapEff CapBnd CapAmb; do
        expect_equal "$field" 0000000000000000 "$(of_metrics "$field")"
    done
    expect_equal 'NoNewPrivs' 1 "$(of_metrics NoNewPrivs)"
    expect_equal 'Seccomp' 2 "$(of_metrics Seccomp)"
    expect_equal 'threads' 1 "$(of_metrics Threads)"
    # It has the one that listens and one to the server, and no socket of UDP.
    find "/proc/$metrics_pid/fd" -lname 'socket:*' -printf '%l\n' | tr -dc '0-9\n' | sort >"$scratch/its"
    expect_equal 'sockets' 2 "$(wc -l <"$scratch/its" | tr -d ' ')"
    awk 'NR > 1 { print $10 }' "/proc/$metrics_pid/net/udp6" | sort >"$scratch/udp"
    [ -s "$scratch/udp" ] || fail 'there are no sockets of UDP at all'
    expect_equal 'of UDP' '' "$(comm -12 "$scratch/its" "$scratch/udp")"
    expect_match 'other descriptors' '0 /dev/null 1 /dev/null 2 */server.log' \
        "$(find "/proc/$metrics_pid/fd" ! -lname 'socket:*' -type l -printf '%f %l\n' | sort -n | xargs)"
    stop_server
    expect_equal 'status' 0 "$server_status"
}

a_library_that_is_broken_or_another_is_said() {
    export LD_LIBRARY_PATH="$scratch/lib"
    mkdir "$scratch/lib"
    : >"$scratch/lib/libmicrohttpd.so.12"
    run timeout 10 "$server" --metrics '[::1]:0' ::1 0
    expect_equal 'broken: status' 1 "$status"
    expect_message 'broken' "server: can not load what --metrics needs: $scratch/lib/libmicrohttpd.so.12: file too short"
    ln -sf "$(ldd "$server" | sed -n 's/.*libc[.]so.* => \([^ ]*\).*/\1/p')" "$scratch/lib/libmicrohttpd.so.12"
    run timeout 10 "$server" --metrics '[::1]:0' ::1 0
    expect_equal 'another: status' 1 "$status"
    expect_message 'another' 'server: libmicrohttpd.so.12, which --metrics needs, has no MHD_*'
    unset LD_LIBRARY_PATH
}

# Its numbers are too large for pselect(2) where whoever starts the server leaves it a thousand open files.
open_files_beyond_a_thousand_are_refused() {
    # shellcheck disable=SC2016 # the shell's and Perl's
    run timeout 5 sh -c 'ulimit -n 4096 && exec "$@"' sh \
        perl -MFcntl -e 'for (1 .. 1030) { open my $f, "<", "/dev/null"; fcntl $f, F_SETFD, 0; push @all, $f } exec @ARGV' \
        "$server" --metrics '[::1]:0' ::1 0
    expect_equal 'status' 1 "$status"
    expect_message 'what it says' 'server: descriptors up to 10?? are open, which is too many for --metrics: below 1024 is allowed'
}

# What reads everybody's datagrams has none of it.
the_library_is_in_its_process_alone() {
    has_library() { grep -q 'libmicrohttpd\|libgnutls' "/proc/$1/maps"; }
    start_metrics ::1
    has_library "$metrics_pid" || fail 'the process for metrics is without'
    has_library "$server_pid" && fail 'the server has it, too'
    stop_server
}

dashboard=$root/install/grafana/calc6.json

the_dashboard_shows_what_is_exposed() {
    start_metrics ::1
    scrape | sed -n 's/^\([a-z0-9_]*\)[{ ].*/\1/p' | sort -u >"$scratch/exposed"
    jq -r '.panels[].targets[].expr, (.templating.list[] | select(.type == "query") | .definition)' "$dashboard" |
        grep -oE '\b(calc6|process)_[a-z0-9_]+' | sort -u >"$scratch/shown"
    expect_equal 'shown and not exposed' '' "$(comm -13 "$scratch/exposed" "$scratch/shown" | xargs)"
    # Of a histogram, by one of its three.
    expect_equal 'exposed and not shown' '' "$(sed 's/_\(bucket\|sum\|count\)$//' "$scratch/exposed" | sort -u |
        grep -vxF "$(sed 's/_\(bucket\|sum\|count\)$//' "$scratch/shown")")"
    # The labels, too.
    { echo instance && scrape | grep -oE '[{,][a-z]+=' | tr -d '{,='; } | sort -u >"$scratch/labels"
    expect_equal 'labels of no metric' '' "$(jq -r '.panels[].targets[].expr' "$dashboard" | grep -oE 'by \([a-z, ]+\)' |
        sed 's/by (//; s/[),]/ /g' | xargs -n 1 | sort -u | grep -vxFf "$scratch/labels")"
}

the_dashboard_is_in_order() {
    expect_equal 'numbers given twice' 0 "$(jq '[.panels[].id] | length - (unique | length)' "$dashboard")"
    expect_equal 'panels beyond the edge' 0 "$(jq '[.panels[].gridPos | select(.x < 0 or .x + .w > 24 or .w < 1 or .h < 1)] | length' "$dashboard")"
    expect_equal 'panels above each other' '[]' "$(jq -c '[.panels[] | {id} + .gridPos] | [.[] as $a | .[] as $b |
        select($a.id < $b.id and $a.x < $b.x + $b.w and $b.x < $a.x + $a.w and $a.y < $b.y + $b.h and $b.y < $a.y + $a.h) | [$a.id, $b.id]]' "$dashboard")"
    # Whatever the data source is called where it is imported.
    # shellcheck disable=SC2016 # Grafana's variable
    expect_equal 'data sources' '"${datasource}"' "$(jq -c '.. | .datasource? | objects | .uid' "$dashboard" | sort -u)"
    expect_equal 'without words' 0 "$(jq '[.panels[] | select((.title | length) == 0 or (.description | length) == 0 or (.targets | length) == 0)] | length' "$dashboard")"
}

the_page_names_each_metric() {
    start_metrics ::1
    scrape | sed -n 's/^# TYPE \([a-z0-9_]*\) .*/\1/p' | sort >"$scratch/exposed"
    # shellcheck disable=SC2016 # the page's
    sed -n 's/^| `\([a-z0-9]*_[a-z0-9_]*\)` |.*/\1/p' "$root/docs/metrics.md" | sort >"$scratch/named"
    expect_equal 'metrics' "$(cat "$scratch/exposed")" "$(cat "$scratch/named")"
    for label in $(scrape | grep -oE '(reason|result|operation|form)="[a-z0-9_]+"' | sed 's/.*="//; s/"//' | sort -u); do
        grep -q "\`$label\`" "$root/docs/metrics.md" || fail "the page does not tell what $label is"
    done
}

run_tests each_family_tells_of_known_traffic all_workers_together_have_what_usr1_prints \
    what_the_kernel_loses_is_there_within_seconds requests_that_are_understood requests_that_are_refused \
    clients_that_say_nothing_hold_up_nobody_else off_unless_asked_for words_that_are_no_place at_a_path a_file_that_is_in_the_way_stays over_ipv4 \
    a_next_server_takes_the_place_over \
    a_stream_socket_that_is_handed_over_is_for_metrics neither_process_outlives_the_server \
    the_server_goes_on_without_it_and_says_so_once it_has_given_up_everything_else \
    open_files_beyond_a_thousand_are_refused the_library_is_in_its_process_alone a_library_that_is_broken_or_another_is_said \
    the_dashboard_shows_what_is_exposed the_dashboard_is_in_order the_page_names_each_metric
