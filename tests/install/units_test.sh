#!/bin/sh
# The unit files, as far as systemd's own tools can judge them without systemd running; what the service may do, held against
# what the server does. What they say to each other is for system/systemd_test.
. "$(dirname "$0")/../system/lib.sh"

server=$root/bin/server
units=$scratch/units
service=$units/calc6-server.service
sum_3=000000000100000002

# As they are installed, below a folder of the test's own.
fill_units() {
    mkdir -p "$units" "$scratch/sbin"
    cp "$server" "$scratch/sbin/calc6-server"
    for unit in "$root"/install/systemd/*; do
        sed "s|@SBINDIR@|$scratch/sbin|" "$unit" >"$units/${unit##*/}"
    done
}

# The values of a setting, one a line.
setting() { # NAME FILE
    sed -n "s/^$1=//p" "$2"
}

# Manual pages would have to be where this host looks for them.
systemd_finds_nothing_to_complain_about() {
    run systemd-analyze verify --man=no "$units"/*
    expect_equal 'status' 0 "$status"
    expect_equal 'complaints' '' "$out$err"
    sed 's/^Type=notify/Type=notified/' "$service" >"$scratch/wrong.service"
    run systemd-analyze verify --man=no "$scratch/wrong.service"
    expect_match 'a type that there is not' '*Failed to parse service type*notified*' "$err"
}

the_service_is_exposed_to_1_0_at_most() {
    run systemd-analyze security --offline=true --no-pager "$service"
    exposure=$(echo "$out" | sed -n 's/.*exposure level for calc6-server.service: \([0-9.]*\) .*/\1/p')
    echo "# exposure: $exposure"
    expect_equal 'at most 1.0' 1 "$(echo "${exposure:-10} <= 1.0" | bc)"
}

the_service_has_the_sockets_and_no_other_network() {
    expect_equal 'datagrams' '[::]:10000' "$(setting ListenDatagram "$units/calc6-server.socket")"
    expect_equal 'metrics' '[::1]:9610' "$(setting ListenStream "$units/calc6-metrics.socket")"
    expect_equal 'whose metrics' calc6-server.service "$(setting Service "$units/calc6-metrics.socket")"
    expect_equal 'network' yes "$(setting PrivateNetwork "$service")"
    expect_equal 'type' notify "$(setting Type "$service")"
    expect_equal 'user' yes "$(setting DynamicUser "$service")"
    # No service starts the metrics along.
    expect_equal 'metrics are asked for' '' "$(grep -v '^#' "$service" | grep metrics)"
}

# The system calls of a word of SystemCallFilter, where @NAME stands for a group: systemd.exec(5).
expand() { # WORD
    case $1 in
    @*)
        for word in $(systemd-analyze syscall-filter "$1" | sed '1d; /^ *#/d'); do
            expand "$word"
        done
        ;;
    *) echo "$1" ;;
    esac
}

# What the lines of SystemCallFilter leave, in $scratch/allowed.
expand_filter() {
    expand @default >"$scratch/allowed"
    setting SystemCallFilter "$service" >"$scratch/lines"
    while read -r words; do
        for word in ${words#\~}; do
            expand "$word"
        done | sort -u >"$scratch/named"
        sort -u -o "$scratch/allowed" "$scratch/allowed"
        case $words in
        \~*) comm -23 "$scratch/allowed" "$scratch/named" >"$scratch/left" ;;
        *) sort -u "$scratch/allowed" "$scratch/named" >"$scratch/left" ;;
        esac
        mv "$scratch/left" "$scratch/allowed"
    done <"$scratch/lines"
}

# A whole life on a socket of the manager's, as a user without rights: begun, asked, counted and stopped.
each_system_call_of_its_life_is_allowed() {
    expand_filter
    expect_equal 'a call that is not for it' '' "$(grep -x mount "$scratch/allowed")"
    chmod 755 "$scratch"
    start_logged "$scratch/told" "$tools/manager" "$scratch/manager"
    manager_pid=$!
    wait_for_line "$scratch/told" '^listening$'
    chmod 666 "$scratch/manager"
    words=$(setting ExecStart "$service" | cut -d ' ' -f 2-)
    # shellcheck disable=SC2086 # several words
    NOTIFY_SOCKET=$scratch/manager WATCHDOG_USEC=20000 start_program "$tools/hold" -n 2 ::1 0 \
        strace -D -f -qq -o "$scratch/trace" setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set=-all --no-new-privs \
        "$scratch/sbin/calc6-server" $words
    wait_until grep -qs WATCHDOG "$scratch/told" || fail 'no sign of life'
    expect_equal 'answer' 8000000003 "$("$tools/probe" ::1 "$port" "$sum_3")"
    pid=$(sed -n 's/^started //p' "$log")
    kill -USR1 "$pid"
    wait_for_line "$log" '^received '
    stop_server
    kill "$manager_pid"
    wait "$manager_pid" 2>/dev/null
    expect_match 'start' '*event=start *workers=2 *sockets=activated *sandbox=complete' "$(grep 'event=start' "$log")"
    expect_match 'stop' '*event=stop why=SIGTERM *' "$(grep 'event=stop' "$log")"
    sed -n '/ execve(".*calc6-server"/,$p' "$scratch/trace" | sed -n 's/^[0-9]* *\([a-z_0-9]*\)(.*/\1/p' |
        sort -u >"$scratch/made"
    expect_equal 'calls that are not allowed' '' "$(comm -23 "$scratch/made" "$scratch/allowed" | xargs)"
    expect_equal 'that it ran' 1 "$(grep -cx recvmmsg "$scratch/made")"
    expect_equal 'sockets' "$(setting RestrictAddressFamilies "$service")" \
        "$(sed -n '/ execve(".*calc6-server"/,$s/.* socket(\([A-Z_0-9]*\),.*/\1/p' "$scratch/trace" | sort -u | xargs)"
}

fill_units
run_tests systemd_finds_nothing_to_complain_about the_service_is_exposed_to_1_0_at_most \
    the_service_has_the_sockets_and_no_other_network each_system_call_of_its_life_is_allowed
