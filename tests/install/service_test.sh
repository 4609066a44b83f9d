#!/bin/sh
# The service under a systemd that runs, in a Debian that is booted for it: what units_test can only foretell.
. "$(dirname "$0")/../system/lib.sh"
. "$(dirname "$0")/machine.sh"

compromised=$root/${build#"$root"/}/../release/tests/sandbox/compromised

# The programs and units of this tree, without a package.
install_service() {
    cp "$root/bin/server" "$machine/usr/sbin/calc6-server"
    cp "$root/bin/client" "$machine/usr/bin/calc6-client"
    cp "$compromised" "$machine/usr/sbin"
    for unit in "$root"/install/systemd/*; do
        sed 's|@SBINDIR@|/usr/sbin|' "$unit" >"$machine/etc/systemd/system/${unit##*/}"
    done
}

# A file beside a unit's own, from standard input.
drop_in() { # UNIT
    mkdir -p "$machine/etc/systemd/system/$1.d"
    cat >"$machine/etc/systemd/system/$1.d/test.conf"
    in_machine systemctl daemon-reload
}

restart() {
    in_machine systemctl stop calc6-server.service calc6-server.socket
    in_machine systemctl start calc6-server.service || fail "$(in_machine systemctl status calc6-server.service)"
}

show() { # PROPERTY
    in_machine systemctl show --value -p "$1" calc6-server.service
}

# What its journal has, with the priority in front.
journal() {
    in_machine journalctl -q -u calc6-server.service -o json --output-fields=PRIORITY,MESSAGE |
        jq -r '"<\(.PRIORITY)>\(.MESSAGE)"'
}

expect_answer() { # WHAT [PORT]
    expect_equal "$1: answer" 3 "$(in_machine calc6-client -q ::1 "${2-10000}" 1 2)"
}

needs_service() {
    needs_machine || return 1
    [ -n "$machine" ] && return
    make_machine
    install_service
    boot_machine
}

the_service_is_up_when_it_serves() {
    needs_service || return
    in_machine systemctl start calc6-server.service
    expect_equal 'state' active "$(show ActiveState)"
    expect_equal 'status' 'Serving on [::]:10000, workers: 1' "$(show StatusText)"
    expect_answer 'started'
    expect_match 'journal' '*<6>level=info event=start address=:: port=10000 *sockets=activated *sandbox=complete*' "$(journal)"
    in_machine systemctl stop calc6-server.service
    expect_match 'stopped' '*<6>level=info event=stop why=SIGTERM received=1 *' "$(journal)"
    expect_equal 'result' success "$(show Result)"
}

it_has_no_network_but_its_socket_and_nobodys_rights() {
    needs_service || return
    restart
    pid=$(show MainPID)
    expect_equal 'interfaces' lo "$(in_machine sed -n 's/^ *\([^ ]*\):.*/\1/p' "/proc/$pid/net/dev" | xargs)"
    for field in CapPrm CapEff CapBnd CapAmb; do
        expect_equal "$field" 0000000000000000 "$(in_machine sed -n "s/^$field:[[:space:]]*//p" "/proc/$pid/status")"
    done
    # systemd.exec(5), DynamicUser
    user=$(in_machine stat -c %u "/proc/$pid")
    if [ "$user" -lt 61184 ] || [ "$user" -gt 65519 ]; then
        fail "its user $user is none of those that systemd makes up"
    fi
}

# The first request starts it, and what comes while it restarts waits.
what_is_asked_is_answered_whether_it_runs_or_not() {
    needs_service || return
    in_machine systemctl stop calc6-server.service
    in_machine systemctl start calc6-server.socket
    expect_answer 'asked for the first time'
    in_machine sh -c 'while [ ! -e /root/enough ]; do systemctl restart calc6-server.service; sleep 0.3; done' &
    restarts_pid=$!
    for i in 1 2 3 4 5 6 7 8 9 10; do
        # It asks once, and waits for as long as a restart may take.
        expect_equal "$i: answer" 3 "$(in_machine calc6-client -q -r 0 -t 10 ::1 10000 1 2)"
    done
    : >"$machine/root/enough"
    wait "$restarts_pid"
}

each_socket_has_a_worker_and_the_port_may_be_low() {
    needs_service || return
    drop_in calc6-server.socket <<-END
	[Socket]
	ReusePort=yes
	ListenDatagram=
	ListenDatagram=[::]:7
	ListenDatagram=[::]:7
	END
    restart
    expect_equal 'status' 'Serving on [::]:7, workers: 2' "$(show StatusText)"
    expect_answer 'low' 7
    drop_in calc6-server.socket </dev/null
    restart
}

# Something has to wait for the worker, and what came first may have come with what makes it hang.
is_replaced() {
    in_machine bash -c 'printf 12345 >/dev/udp/::1/10000'
    [ "$(show NRestarts)" -ge 1 ]
}

# The server hangs on purpose (tests/sandbox/compromised.c).
a_worker_that_hangs_is_replaced_with_its_server() {
    needs_service || return
    drop_in calc6-server.service <<-END
	[Service]
	WatchdogSec=1s
	ExecStart=
	ExecStart=/usr/sbin/compromised --log=pairs
	END
    restart
    expect_answer 'before'
    in_machine bash -c 'printf "harm hang now " >/dev/udp/::1/10000'
    wait_until is_replaced || fail "$(in_machine systemctl status calc6-server.service)"
    expect_answer 'after'
    expect_match 'journal' '*<3>level=error event=stuck worker=0 *' "$(journal)"
    drop_in calc6-server.service </dev/null
    restart
}

killed() { # NUMBER OF RESTARTS BEFORE
    in_machine systemctl kill -s KILL --kill-who main calc6-server.service
    wait_until has_restarted "$1"
}

has_restarted() { # NUMBER OF RESTARTS BEFORE
    [ "$(show NRestarts)" -gt "$1" ] && [ "$(show ActiveState)" = active ]
}

# More often, and faster, than systemd puts up with by itself.
it_comes_back_however_often_it_is_killed() {
    needs_service || return
    restart
    restarts=$(show NRestarts)
    for i in 1 2 3 4 5 6 7 8; do
        killed $((restarts + i - 1)) && continue
        fail "killed $i times, it is gone: $(in_machine systemctl status calc6-server.service)"
        return
    done
    expect_answer 'killed eight times'
    expect_equal 'the socket' active "$(in_machine systemctl is-active calc6-server.socket)"
}

is_tried() { # TIMES
    in_machine bash -c 'printf 12345 >/dev/udp/::1/10000'
    [ "$(show NRestarts)" -ge "$1" ]
}

# Each datagram that comes meanwhile starts it, too.
the_socket_outlasts_a_service_that_can_not_start() {
    needs_service || return
    drop_in calc6-server.service <<-END
	[Service]
	ExecStart=
	ExecStart=/usr/sbin/calc6-server --log=nonsense
	END
    in_machine systemctl stop calc6-server.service calc6-server.socket
    in_machine systemctl start calc6-server.socket
    wait_until is_tried 30 || fail "$(in_machine systemctl status calc6-server.service calc6-server.socket)"
    expect_equal 'the socket' active "$(in_machine systemctl is-active calc6-server.socket)"
    drop_in calc6-server.service </dev/null
    wait_until has_restarted 30
    expect_answer 'mended'
    restart
}

run_tests the_service_is_up_when_it_serves it_has_no_network_but_its_socket_and_nobodys_rights \
    what_is_asked_is_answered_whether_it_runs_or_not each_socket_has_a_worker_and_the_port_may_be_low \
    a_worker_that_hangs_is_replaced_with_its_server it_comes_back_however_often_it_is_killed \
    the_socket_outlasts_a_service_that_can_not_start
