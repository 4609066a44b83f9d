#!/bin/sh
# Each system call of the server fails once, in each way that its manual page leads to expect: it says in one line what it
# has tried and does not start, or goes on and answers; what is lost is counted.
. "$(dirname "$0")/failures_lib.sh"
. "$(dirname "$0")/restart_lib.sh"

# Starts the server traced, by a process beside it, so that signals come to the server.
start_traced() { # WORDS FOR STRACE, OPTION...
    words=$1
    shift
    # shellcheck disable=SC2086 # several words
    start_program strace -D -f -q $words "$server" "$@" 0
}

# Notes the system calls of a server's whole life: one reply, its counts, its end.
rehearse_server() { # OPTION...
    rm -f "$rehearsal"
    start_traced "-o $rehearsal" "$@" || return 1
    run "$client" ::1 "$port" 1 2
    wait_for_count '^received 1 '
    stop_server
    trace_ends "$rehearsal"
}

# Lines: a call, the errors, and what is said of an ADDRESS and port 0.
expect_no_start() { # OPTION...
    rehearse_server "$@"
    expect_refusals "$@"
}

expect_refusals() { # OPTION...
    while read -r call errors message; do
        for error in $(each_of "$errors"); do
            inject "$call" "$error"
            # shellcheck disable=SC2086 # several words
            run timeout 20 $tracer $injection "$server" "$@" 0
            expect_injected "$call $error"
            expect_equal "$call $error: status" 1 "$status"
            expect_equal "$call $error: output" '' "$out"
            expect_message "$call $error" "server: $(with_reason "$message")"
        done
    done
}

# Lines: a call, the errors, how often it fails, and what is counted then, if anything. A calculation is
# answered all the same.
expect_goes_on() { # OPTION...
    rehearse_server "$@"
    while read -r call errors times counted; do
        for error in $(each_of "$errors"); do
            what="$call $error $times"
            inject "$call" "$error" "$times"
            start_traced "--seccomp-bpf -o $trace $injection" "$@" || continue
            run timeout 20 "$client" -q -t 0.1 -r 7 ::1 "$port" 1 2
            expect_equal "$what: answer" 3 "$out"
            expect_equal "$what: status" 0 "$status"
            wait_for_count "${counted:-^received}"
            stop_server
            expect_equal "$what: status of the server" 0 "$server_status"
            trace_ends "$trace"
            expect_injected "$what"
        done
    done
}

a_server_that_can_not_start_says_so() {
    expect_no_start -w 2 :: <<-END
	socket:AF_INET6 EMFILE,ENFILE,EACCES,EAFNOSUPPORT,ENOBUFS,ENOMEM can not open a socket for [::]:0: %
	fcntl:F_SETFL EINVAL can not wait for datagrams on [::]:0: %
	setsockopt:IPV6_V6ONLY ENOPROTOOPT,EINVAL can not set IPV6_V6ONLY for [::]:0: %
	setsockopt:IPV6_RECVPKTINFO ENOPROTOOPT can not set IPV6_RECVPKTINFO for [::]:0: %
	setsockopt:IPV6_RECVERR ENOPROTOOPT can not set IPV6_RECVERR for [::]:0: %
	setsockopt:IP_RECVERR ENOPROTOOPT can not set IP_RECVERR for [::]:0: %
	bind:AF_INET6 EADDRINUSE,EACCES,EADDRNOTAVAIL,EINVAL,ENOMEM can not bind [::]:0: %
	setsockopt:SO_REUSEPORT ENOPROTOOPT can not set SO_REUSEPORT for [::]:0: %
	getsockname:. ENOBUFS can not get the name of [::]:0: %
	rt_sigaction:SIGPIPE EINVAL can not receive signals: %
	rt_sigaction:SIGUSR2 EINVAL can not receive signals: %
	rt_sigprocmask:SIG_UNBLOCK,.\\[USR2\\] EINVAL can not receive signals: %
	rt_sigprocmask:SIG_BLOCK,.\\[INT.USR1.TERM\\] EINVAL can not receive signals: %
	signalfd4:. EMFILE,ENFILE,ENODEV,ENOMEM can not receive signals: %
	eventfd2:. EMFILE,ENFILE,ENODEV,ENOMEM can not open an eventfd: %
	bind:htons\\([1-9] EADDRINUSE,ENOMEM can not bind [::]:*: %
	setsockopt:[(][4-9],.*SO_REUSEPORT ENOPROTOOPT can not set SO_REUSEPORT for [::]:*: %
	getrandom:16,.0 ENOSYS,EFAULT can not set up the limits on replies: %
	clone3:. EAGAIN can not start a worker: %
	write:listening ENOSPC,EDQUOT,EFBIG,EIO,EPIPE,EBADF can not print what it listens on: %
	END
}

a_server_that_can_not_share_the_port_or_have_the_processor_says_so() {
    expect_no_start -w 1 --takeover --cpu 0 ::1 <<-END
	sched_setaffinity:. EINVAL,EPERM can not start a worker on processor 0 (--cpu): %
	END
}

metrics_that_can_not_be_had_are_said() {
    expect_no_start --metrics '[::1]:0' -w 1 ::1 <<-END
	socket:SOCK_STREAM EMFILE,ENFILE,EACCES,EAFNOSUPPORT,ENOBUFS,ENOMEM can not open a socket for --metrics '[::1]:0': %
	setsockopt:SO_REUSEADDR ENOPROTOOPT can not set SO_REUSEADDR for --metrics '[::1]:0': %
	setsockopt:[(][4-9],.*IPV6_V6ONLY ENOPROTOOPT,EINVAL can not set IPV6_V6ONLY for --metrics '[::1]:0': %
	setsockopt:[(][4-9],.*SO_REUSEPORT ENOPROTOOPT can not set SO_REUSEPORT for --metrics '[::1]:0': %
	listen:. EADDRINUSE can not listen at --metrics '[::1]:0': %
	socketpair:. EMFILE,ENFILE,ENOMEM can not open a pair of sockets for --metrics: %
	rt_sigaction:SIGCHLD EINVAL can not start a process for --metrics: %
	clone:. EAGAIN,ENOMEM can not start a process for --metrics: %
	openat:/dev/null EMFILE,ENFILE,ENOENT,EACCES can not open /dev/null for --metrics: %
	dup2:. EBUSY,EINTR can not close what is the server's for --metrics: %
	close_range:. ENOSYS,EINVAL can not close what is the server's for --metrics: %
	prctl:PR_SET_PDEATHSIG EINVAL can not ask for the server's end for --metrics: %
	read:[(][6-9], ECONNRESET,EINTR the process for --metrics has ended at once
	eventfd2:. EMFILE can not open an eventfd: %
	END
    metrics=$(sed -n 's/^metrics on //p' "$log")
    expect_no_start --takeover --metrics "$metrics" -w 1 ::1 <<-END
	setsockopt:[(][4-9],.*SO_REUSEPORT ENOPROTOOPT can not set SO_REUSEPORT for --metrics '$metrics': %
	END
}

a_stream_socket_that_can_not_be_made_ready_is_said() {
    export LISTEN_FDS=1
    set -- perl -MSocket=:DEFAULT,inet_pton -e "$handing" \
        'socket(A, AF_INET6, SOCK_STREAM, 0); bind(A, at("::1", 0)); listen(A, 5)' "$server" ::1%none 0
    rehearse "$@"
    inject fcntl:F_SETFL,.*O_NONBLOCK EINVAL
    # shellcheck disable=SC2086 # several words
    run timeout 20 $tracer $injection "$@"
    unset LISTEN_FDS
    expect_injected fcntl
    expect_equal 'status' 1 "$status"
    expect_message 'message' \
        "server: $(with_reason 'can not set O_NONBLOCK for descriptor 3, which was handed over: %')"
}

metrics_go_on_after_an_error() {
    rehearse_server --metrics '[::1]:0' -w 1 ::1
    inject pselect6:. EINTR
    start_traced "--seccomp-bpf -o $trace $injection" --metrics '[::1]:0' -w 1 ::1 || return
    wait_for_line "$log" '^metrics on'
    run curl -sS -m 20 -g "http://$(sed -n 's/^metrics on //p' "$log")/metrics"
    expect_match 'metrics' '*calc6_build_info*' "$out"
    stop_server
    trace_ends "$trace"
    expect_injected pselect6
    expect_goes_on --metrics '[::1]:0' -w 1 ::1 <<-END
	getsockname:[(]4, ENOBUFS once
	END
    expect_equal 'without an address' 'metrics on descriptor 4' "$(grep '^metrics on' "$log")"
}

help_that_can_not_be_printed_is_an_error() {
    for option in --help --version; do
        rehearse "$server" $option
        inject write:1, ENOSPC # a later one succeeds
        # shellcheck disable=SC2086 # several words
        run $tracer $injection "$server" $option
        expect_injected "$option"
        expect_equal "$option: status" 1 "$status"
        expect_message "$option" "server: $(with_reason 'can not print: %')"
    done
}

the_server_does_without_what_it_can_do_without() {
    expect_goes_on -w 2 :: <<-END
	setsockopt:SO_RCVBUF ENOBUFS once
	setsockopt:UDP_GRO ENOPROTOOPT once
	setsockopt:IPV6_MULTICAST_ALL ENOPROTOOPT once
	setsockopt:IP_MULTICAST_ALL ENOPROTOOPT once
	getsockopt:SO_MEMINFO ENOPROTOOPT always
	END
}

receiving_goes_on_after_an_error() {
    expect_goes_on -w 1 ::1 <<-END
	recvmmsg:. ENOMEM,ENOBUFS,ENETDOWN,EIO once noted .* 1  receive calls failed
	recvmmsg:. EINTR once noted .* 1  system calls interrupted
	recvmmsg:. EAGAIN once
	END
}

a_reply_that_can_not_be_sent_is_counted() {
    expect_goes_on -w 1 ::1 <<-END
	sendmmsg:. EPERM,EACCES 4 failed .* 1  to reply: not permitted
	sendmmsg:. ENETUNREACH,EHOSTUNREACH 4 failed .* 1  to reply: unreachable
	sendmmsg:. EADDRNOTAVAIL 4 failed .* 1  to reply: address not usable
	sendmmsg:. ENETDOWN,EPIPE 4 failed .* 1  to reply: otherwise
	END
}

a_reply_is_sent_once_more_where_that_may_help() {
    expect_goes_on -w 1 ::1 <<-END
	sendmmsg:. EINTR,ECONNREFUSED once ^received 1 = replied 1
	END
}

what_can_not_be_shown_is_counted() {
    expect_goes_on -v -w 1 :: <<-END
	ppoll:events=POLLOUT 0 once noted .* 1  exchanges not shown
	END
}

waiting_counting_and_ending_go_on_after_an_error() {
    expect_goes_on -w 1 ::1 <<-END
	ppoll:fd=[0-9]*,.events=POLLIN.,..fd= EINTR once
	ppoll:events=POLLOUT ENOMEM once
	tgkill:. EAGAIN,ESRCH once
	END
}

a_server_that_can_not_wait_for_signals_says_so_and_ends() {
    rehearse_server -w 2 ::1
    for error in $(each_of ENOMEM,EINVAL,EFAULT); do
        inject 'ppoll:fd=[0-9]*,.events=POLLIN.,..fd=' "$error"
        # shellcheck disable=SC2086 # several words
        run timeout 20 $tracer $injection "$server" -w 2 ::1 0
        expect_injected "$error"
        expect_equal "$error: status" 1 "$status"
        expect_match "$error: output" "listening on *received 0 = *" "$out"
        # The workers wait by this call, too, until the process ends: strace(1) may say that it could not tell them more.
        err=$(echo "$err" | grep -v '^strace: Failed to tamper')
        expect_message "$error" "server: $(with_reason 'can not wait for signals: %')"
    done
}

# When nothing comes for long, the server asks the kernel what it has lost; here, ppoll(2) says at once that this time is over.
a_server_that_is_left_alone_goes_on() {
    expect_goes_on -w 1 ::1 <<-END
	ppoll:fd=[0-9]*,.events=POLLIN.,..fd= 0 once
	END
}

a_path_for_the_next_server_that_can_not_be_had_is_said() {
    path=$scratch/path
    rehearse_server -w 1 --upgrade "$path" ::1 # leaves a socket there
    expect_no_start -w 1 --upgrade "$path" ::1 <<-END
	socket:AF_UNIX EMFILE,ENFILE,EACCES,ENOBUFS,ENOMEM can not reach a server at --upgrade '$path': %
	connect:AF_UNIX EACCES,EAGAIN,EPROTOTYPE can not reach a server at --upgrade '$path': %
	setsockopt:SO_PASSCRED ENOPROTOOPT can not set SO_PASSCRED for --upgrade '$path': %
	bind:AF_UNIX EACCES,ENOSPC,EROFS,ENOMEM can not bind --upgrade '$path': %
	rename:path EACCES,ENOSPC,EROFS,EXDEV can not take the place of --upgrade '$path': %
	END
}

# Starts a server traced in the place of $server_pid, which ends.
replace_traced() { # WORDS FOR STRACE, OPTION...
    first_pid=$server_pid server_pid=
    start_traced "$@" || return 1
    wait "$first_pid"
    expect_equal 'status of the first' 0 "$?"
}

a_server_that_can_not_take_the_place_of_another_says_so_and_the_other_goes_on() {
    path=$scratch/path
    start_server -w 1 --upgrade "$path" ::1
    replace_traced "-o $rehearsal" --upgrade "$path" ::1
    expect_refusals --upgrade "$path" ::1 <<-END
	socketpair:. EMFILE,ENFILE,ENOMEM can not ask the server at --upgrade '$path': %
	sendmmsg:calc EAGAIN,ENOBUFS,ENOMEM can not ask the server at --upgrade '$path': %
	recvmmsg:calc ENOMEM,ENOBUFS the server at --upgrade '$path' has ended, or has no sockets to hand over
	setsockopt:IPV6_RECVERR ENOPROTOOPT can not set IPV6_RECVERR for [::1]:$port: %
	fcntl:F_SETFD EBADF can not keep to itself [::1]:$port: %
	END
    run timeout 20 "$server" --upgrade "$path" ::1%none "$port"
    expect_message 'another address' "server: ADDRESS '::1%none' can not be resolved*"
    expect_equal 'the other' 3 "$("$client" -q ::1 "$port" 1 2)"
}

# A call of the one that gives, or of the one that takes; the rehearsals are of both.
taking_the_place_of_another_goes_on_after_an_error() {
    path=$scratch/path
    while read -r call error who; do
        start_traced "-o $rehearsal" -w 1 --upgrade "$path" ::1 || return
        replace_traced "-o $scratch/taken" --upgrade "$path" ::1
        stop_server
        trace_ends "$rehearsal"
        [ "$who" = gives ] || mv "$scratch/taken" "$rehearsal"
        inject "$call" "$error"
        gives='' takes=''
        eval "$who=\$injection"
        start_traced "--seccomp-bpf -o $trace.gives ${gives:--e trace=none}" -w 1 --upgrade "$path" ::1 || return
        replace_traced "--seccomp-bpf -o $trace.takes ${takes:--e trace=none}" --upgrade "$path" ::1
        expect_equal "$call: answer" 3 "$("$client" -q ::1 "$port" 1 2)"
        stop_server
        trace_ends "$trace.gives"
        trace_ends "$trace.takes"
        mv "$trace.$who" "$trace"
        expect_injected "$call $error"
    done <<-END
	recvmmsg:calc.1.1 EAGAIN gives
	recvmmsg:calc.1.3 EAGAIN gives
	recvmmsg:calc.1.2 EAGAIN takes
	END
}

# What the manager has heard is for system/systemd_test.
a_service_manager_that_can_not_be_told_is_said_and_holds_up_nothing() {
    manager=$scratch/manager
    start_logged "$scratch/told" "$tools/manager" "$manager"
    manager_pid=$!
    wait_for_line "$scratch/told" '^listening$'
    export NOTIFY_SOCKET="$manager"
    rehearse_server -w 1 ::1
    while read -r call errors message; do
        for error in $(each_of "$errors"); do
            inject "$call" "$error"
            start_traced "--seccomp-bpf -o $trace $injection" -w 1 ::1 || continue
            expect_equal "$call $error: answer" 3 "$("$client" -q ::1 "$port" 1 2)"
            stop_server
            expect_equal "$call $error: status of the server" 0 "$server_status"
            trace_ends "$trace"
            expect_injected "$call $error"
            expect_match "$call $error: message" "server: $(with_reason "$message")" "$(grep '^server:' "$log")"
        done
    done <<-END
	socket:AF_UNIX EMFILE,ENFILE,ENOMEM can not reach NOTIFY_SOCKET '$manager': %
	connect:AF_UNIX EACCES,EPROTOTYPE,EAGAIN can not reach NOTIFY_SOCKET '$manager': %
	sendmmsg:READY EAGAIN,ECONNREFUSED,ENOBUFS can not tell NOTIFY_SOCKET 'READY=1': %
	sendmmsg:STOPPING ECONNREFUSED,EPIPE can not tell NOTIFY_SOCKET 'STOPPING=1': %
	END
    unset NOTIFY_SOCKET
    kill "$manager_pid"
    wait "$manager_pid" 2>/dev/null
}

# The calls that close the sandbox do nothing here but return, as a program that is built to be tested may write files at
# its end; for the same reason it is built without the filter. One of them fails.
in_a_sandbox_without() { # CALL ERROR; the words for strace(1) are in $injection
    calls='setgroups setresgid setresuid capset landlock_create_ruleset landlock_restrict_self'
    injection="-e trace=$(echo "$calls" | tr ' ' ,)"
    for call in $calls; do
        case $call in
        "$1") injection="$injection -e inject=$call:error=$2" ;;
        landlock_create_ruleset) injection="$injection -e inject=$call:retval=99" ;; # a descriptor
        *) injection="$injection -e inject=$call:retval=0" ;;
        esac
    done
}

a_layer_that_is_missing_is_said() {
    while read -r failing error layer; do
        in_a_sandbox_without "$failing" "$error"
        start_traced "--seccomp-bpf -o $trace $injection" --sandbox=auto -w 1 ::1 || continue
        run "$client" -q ::1 "$port" 1 2
        expect_equal "$failing: answer" 3 "$out"
        stop_server
        expect_equal "$failing: status" 0 "$server_status"
        trace_ends "$trace"
        expect_equal "$failing: what is missing" \
            "server: the sandbox lacks $(with_reason "${layer:+$layer }")the filter of system calls (built without libseccomp)" \
            "$(grep '^server:' "$log")"
    done <<-END
	setgroups EPERM a user other than root (%),
	setresgid EPERM a user other than root (%),
	setresuid EAGAIN a user other than root (%),
	capset EPERM the loss of capabilities (%),
	landlock_create_ruleset ENOSYS Landlock (%),
	landlock_create_ruleset EMFILE:when=4 Landlock (%),
	landlock_create_ruleset EMFILE:when=2
	landlock_restrict_self E2BIG Landlock (%),
	none none
	END
}

a_user_or_a_layer_that_is_asked_for_and_can_not_be_had_is_an_error() {
    in_a_sandbox_without setgroups EPERM
    while read -r option message; do
        # shellcheck disable=SC2086 # several words
        run timeout 20 $tracer $injection "$server" "$option" -w 1 ::1 0
        expect_equal "$option: status" 1 "$status"
        expect_message "$option" "server: $message"
    done <<-END
	--user=no-such-user --user 'no-such-user' is not a user that this host knows
	--user=root --user 'root' is root; any other user is allowed
	--user=nobody can not become --user 'nobody': Operation not permitted
	--sandbox=require --sandbox=require, but the sandbox lacks a user other than root (Operation not permitted), *
	--sandbox=on --sandbox 'on' is not off, auto or require
	END
}

# The kernel says here that the server is not root's but nobody's.
a_user_that_it_is_already_takes_no_call_to_become() {
    start_traced "--seccomp-bpf -o $trace -e trace=getresuid,getuid,setgroups,setresgid,setresuid
        -e inject=getresuid:error=EFAULT -e inject=getuid:retval=$(id -u nobody)" --user nobody -w 1 ::1 || return
    expect_equal 'answer' 3 "$("$client" -q ::1 "$port" 1 2)"
    stop_server
    trace_ends "$trace"
    expect_injected 'getuid'
    expect_equal 'calls to become somebody' 0 "$(grep -c ' set' "$trace")"
}

counts_that_can_not_be_printed_hold_up_nothing() {
    rehearse_server -w 1 ::1
    for error in $(each_of ENOSPC,EIO,EPIPE,EAGAIN); do
        inject write:received "$error" always
        start_traced "--seccomp-bpf -o $trace $injection" -w 1 ::1
        kill -USR1 "$server_pid"
        run "$client" -q ::1 "$port" 1 2
        expect_equal "$error: answer" 3 "$out"
        stop_server
        expect_equal "$error: status of the server" 0 "$server_status"
        trace_ends "$trace"
        expect_injected "$error"
    done
}

run_tests metrics_that_can_not_be_had_are_said a_stream_socket_that_can_not_be_made_ready_is_said \
    metrics_go_on_after_an_error help_that_can_not_be_printed_is_an_error \
    a_server_that_can_not_start_says_so a_server_that_can_not_share_the_port_or_have_the_processor_says_so \
    the_server_does_without_what_it_can_do_without receiving_goes_on_after_an_error \
    a_reply_that_can_not_be_sent_is_counted a_reply_is_sent_once_more_where_that_may_help \
    waiting_counting_and_ending_go_on_after_an_error a_server_that_can_not_wait_for_signals_says_so_and_ends \
    a_server_that_is_left_alone_goes_on a_path_for_the_next_server_that_can_not_be_had_is_said \
    what_can_not_be_shown_is_counted a_server_that_can_not_take_the_place_of_another_says_so_and_the_other_goes_on \
    taking_the_place_of_another_goes_on_after_an_error \
    a_layer_that_is_missing_is_said a_user_or_a_layer_that_is_asked_for_and_can_not_be_had_is_an_error \
    a_service_manager_that_can_not_be_told_is_said_and_holds_up_nothing \
    a_user_that_it_is_already_takes_no_call_to_become counts_that_can_not_be_printed_hold_up_nothing
