#!/bin/sh
# Each system call of the client fails once, in each way that its manual page leads to expect: the client says in one line
# what it has tried, or goes on and gives the right answer; it never gives a wrong one, and never hangs.
. "$(dirname "$0")/failures_lib.sh"
lines=$scratch/lines
printf '+ 1 2\n* 3 4\n' >"$lines"
echo '+ 1 2' >"$scratch/one"

# Runs a command once for each error of each line: a call, the errors, whether it fails once or always from then on, the
# exit status, and what is said: on standard error, or in place of the first answer where it begins with "line". A command
# that ends well is to print $answer, and one that does not $partial.
expect_of() { # COMMAND...
    rehearse "$@"
    while read -r call errors times expected message; do
        for error in $(each_of "$errors"); do
            what="$call $error $times"
            inject "$call" "$error" "$times"
            # shellcheck disable=SC2086 # several words
            run timeout 20 $tracer $injection "$@"
            expect_injected "$what"
            expect_equal "$what: status" "$expected" "$status"
            case $message in
            '')
                expect_equal "$what: answer" "$answer" "$out"
                expect_equal "$what: standard error" '' "$err"
                ;;
            line*)
                expect_match "$what: answers" "$(with_reason "$message")$newline$(echo "$answer" | tail -n +2)" "$out"
                expect_equal "$what: standard error" '' "$err"
                ;;
            *)
                expect_equal "$what: output" "$partial" "$out"
                expect_message "$what" "client: $(with_reason "$message")"
                ;;
            esac
        done
    done
}
newline='
'

# Where nothing is to be sent again, the time before that is long; where it is, there are many tries: so a slow machine makes
# no difference.
with_one_try='-t 20 -r 0'
with_two_tries='-t 0.05 -r 1'
with_many_tries='-t 0.05 -r 7'

expect_of_one() { # TRIES
    answer=3 partial=
    # shellcheck disable=SC2086 # several words
    expect_of "$client" -q $1 ::1 "$port" 1 2
}

expect_of_batch() { # TRIES
    answer=3${newline}12 partial=
    # shellcheck disable=SC2086 # several words
    expect_of "$client" $1 --in-flight 1 --batch="$lines" ::1 "$port"
}

expect_of_batch_through_a_pipe() {
    answer=3${newline}12 partial=
    # shellcheck disable=SC2016 # for the shell below
    expect_of sh -c 'lines=$1; shift; cat "$lines" | "$@"' sh "$lines" "$client" --batch ::1 "$port"
}

one_calculation_says_what_failed() {
    start_server ::1
    expect_of_one "$with_one_try" <<-END
	socket:AF_INET6 EMFILE,ENFILE,EACCES,EAFNOSUPPORT,ENOMEM once 10 can not exchange datagrams with [::1]:$port: %
	connect:AF_INET6 EACCES,EPERM,EADDRNOTAVAIL,ENETUNREACH,EHOSTUNREACH once 10 can not exchange datagrams with [::1]:$port: %
	connect:AF_INET6 ECONNREFUSED once 10 [::1]:$port refused the request: nothing serves that port
	sendto:. EACCES,EPERM,EMSGSIZE,ENOMEM,ENETDOWN,ENETUNREACH,EINVAL,EPIPE once 10 can not exchange datagrams with [::1]:$port: %
	recvmsg:. ENOMEM,ENETDOWN,EHOSTUNREACH,EACCES,EPROTO once 10 can not exchange datagrams with [::1]:$port: %
	ppoll:. EINVAL,ENOMEM,EFAULT once 10 can not wait for a reply: %
	write:3 ENOSPC,EDQUOT,EFBIG,EIO,EPIPE,EBADF once 10 can not print the result: %
	END
}

a_check_that_can_not_pick_its_integers_says_so() {
    start_server ::1
    answer='' partial=''
    expect_of "$client" --check ::1 "$port" <<-END
	rt_sigaction:SIG_IGN EINVAL once 1 can not ignore SIGPIPE: %
	getrandom:8,.0[)] ENOSYS,EFAULT once 1 can not pick random integers: %
	END
}

one_calculation_ends_when_what_should_pass_does_not() {
    start_server ::1
    expect_of_one "$with_two_tries" <<-END
	sendto:. EAGAIN,ENOBUFS always 9 no reply from [::1]:$port within 0.15 s
	recvmsg:. EAGAIN always 9 no reply from [::1]:$port within 0.15 s
	recvmsg:. ECONNREFUSED always 10 [::1]:$port refused the request: nothing serves that port
	END
}

one_calculation_survives_what_passes() {
    start_server ::1
    expect_of_one "$with_many_tries" <<-END
	socket:AF_INET6 ENOBUFS once 0
	connect:AF_INET6 EAGAIN once 0
	sendto:. EAGAIN,ENOBUFS,EINTR once 0
	ppoll:. EINTR once 0
	recvmsg:. EAGAIN,EINTR,ECONNREFUSED once 0
	END
}

without_standard_input_a_socket_is_moved_up_or_that_is_said() {
    start_server ::1
    answer=3 partial=
    # shellcheck disable=SC2016 # for the shell below
    expect_of sh -c 'exec "$@" <&-' sh "$client" -q ::1 "$port" 1 2 <<-END
	fcntl:F_DUPFD_CLOEXEC,.3 EMFILE,EINVAL once 10 can not exchange datagrams with [::1]:$port: %
	END
}

a_drawing_without_a_local_address_says_so() {
    start_server ::1
    rehearse "$client" -v ::1 "$port" 1 2
    inject getsockname:. ENOBUFS
    # shellcheck disable=SC2086 # several words
    run $tracer $injection "$client" -v ::1 "$port" 1 2
    expect_injected getsockname
    expect_equal 'status' 0 "$status"
    expect_equal 'answer' 'Result: 3' "$out"
    expect_match 'drawing' "request from [[]::]:0 to [[]::1]:$port, 9 octets*" "$err"
}

a_batch_that_can_not_begin_says_so() {
    start_server ::1
    expect_of_batch "$with_one_try" <<-END
	openat:$lines EACCES,EMFILE,ENFILE,ENOENT,ELOOP,EINTR once 1 can not open FILE '$lines': %
	newfstatat:st_size=12, EIO,ENOMEM,EOVERFLOW once 1 can not read FILE '$lines': %
	epoll_create1:. EMFILE,ENFILE,ENOMEM once 10 can not watch for what comes: %
	rt_sigaction:SIG_IGN EINVAL once 10 can not watch for what comes: %
	rt_sigprocmask:SIG_BLOCK,.\\[INT.TERM\\] EINVAL once 10 can not watch for what comes: %
	signalfd4:. EMFILE,ENFILE,ENODEV,ENOMEM once 10 can not watch for what comes: %
	epoll_ctl:events=EPOLLIN, ENOMEM,ENOSPC once 10 can not watch for what comes: %
	epoll_ctl:events=EPOLLIN.EPOLLONESHOT ENOMEM,ENOSPC once 10 can not watch for what comes: %
	END
}

a_batch_does_without_what_it_can_do_without() {
    start_server ::1
    expect_of_batch "$with_one_try" <<-END
	lseek:SEEK_CUR ESPIPE once 0
	rt_sigaction:SIGINT,.NULL EINVAL once 0
	rt_sigaction:SIGTERM,.NULL EINVAL once 0
	prlimit64:RLIMIT_NOFILE,.NULL EINVAL once 0
	prlimit64:RLIMIT_NOFILE,.{ EPERM,EINVAL once 0
	END
}

a_batch_says_which_line_failed() {
    start_server ::1
    expect_of_batch "$with_one_try" <<-END
	socket:AF_INET6 EMFILE,ENFILE,ENOBUFS,ENOMEM,EACCES,EAFNOSUPPORT once 10 line 1: can not exchange datagrams with [::1]:$port: %
	connect:AF_INET6 EAGAIN,EADDRNOTAVAIL,EACCES,EPERM,ENETUNREACH,EHOSTUNREACH once 10 line 1: can not exchange datagrams with [::1]:$port: %
	epoll_ctl:EPOLLIN.EPOLLET ENOMEM,ENOSPC once 10 line 1: can not exchange datagrams with [::1]:$port: %
	sendto:. EACCES,EPERM,EMSGSIZE,ENETDOWN,ENETUNREACH,EINVAL once 10 line 1: can not exchange datagrams with [::1]:$port: %
	recvfrom:sa_family ENOMEM,ENETDOWN,EHOSTUNREACH,EACCES,EPROTO once 10 line 1: can not exchange datagrams with [::1]:$port: %
	END
}

a_batch_survives_what_passes() {
    start_server ::1
    expect_of_batch "$with_many_tries" <<-END
	sendto:. ECONNREFUSED,EINTR once 0
	sendto:. ENOBUFS,EAGAIN,ENOMEM once 0
	read:"[+] EINTR,EAGAIN once 0
	recvfrom:sa_family EAGAIN,EINTR,ECONNREFUSED once 0
	recvfrom:NULL ECONNREFUSED,EINTR,ENOMEM once 0
	getsockname:. ENOBUFS once 0
	epoll_wait:. EINTR once 0
	write:1, EINTR,EAGAIN once 0
	END
    expect_of_batch_through_a_pipe <<-END
	epoll_ctl:EPOLL_CTL_MOD ENOMEM once 0
	END
}

a_batch_whose_input_or_output_fails_says_so() {
    start_server ::1
    expect_of_batch "$with_one_try" <<-END
	epoll_wait:. EINVAL,EBADF,EFAULT once 10 can not wait for replies: %
	write:1, ENOSPC,EDQUOT,EFBIG,EIO,EPIPE,EBADF once 10 can not print the answers: %
	END
    # While an answer behind the one that is waited for is kept.
    printf '+ 1 2\n+ 1 two\n' >"$scratch/wrong"
    # shellcheck disable=SC2086 # several words
    expect_of "$client" $with_one_try --batch="$scratch/wrong" ::1 "$port" <<-END
	epoll_wait:. EINVAL once 10 can not wait for replies: %
	END
}

# With as many replies as it takes until more are in flight again.
a_batch_recovers_from_a_server_that_was_stopped() {
    start_server ::1
    seq -f '+ %.0f 0' 0 4200 >"$scratch/many"
    pause "$server_pid"
    # shellcheck disable=SC2086 # several words
    timeout 60 "$client" $with_many_tries --in-flight 2 --batch="$scratch/many" ::1 "$port" >"$scratch/answers" &
    client_pid=$!
    wait_until has_queued 3000 || fail 'nothing was sent again' # more than two datagrams
    kill -CONT "$server_pid"
    wait "$client_pid"
    expect_equal 'status' 0 "$?"
    seq 0 4200 | cmp - "$scratch/answers" || fail 'other answers'
}

# Its turn comes again when the other address has not replied, either.
a_batch_leaves_alone_an_address_that_has_failed() {
    needs_isolation || return
    printf '%s two.example\n' 2001:db8::1 "$second_address" >"$scratch/hosts"
    mount --bind "$scratch/hosts" /etc/hosts
    start_stub "$second_address" silent silent 8000000003
    # shellcheck disable=SC2086 # several words
    run timeout 20 "$client" $with_many_tries --batch="$scratch/one" two.example "$port"
    umount /etc/hosts
    expect_equal 'answer' 3 "$out"
    expect_equal 'standard error' '' "$err"
    expect_equal 'status' 0 "$status"
}

# A line that waits has the only socket that there is room for, and can not be sent again from another.
a_batch_waits_for_the_sockets_that_it_has() {
    start_stub ::1 slow:8000000003
    # shellcheck disable=SC2016,SC2086 # for the shell below; several words
    run timeout 20 sh -c 'ulimit -n 7; exec "$@"' sh "$client" $with_many_tries --batch="$scratch/one" ::1 "$port"
    expect_equal 'answer' 3 "$out"
    expect_equal 'standard error' '' "$err"
    expect_equal 'status' 0 "$status"
}

run_tests one_calculation_says_what_failed a_check_that_can_not_pick_its_integers_says_so one_calculation_ends_when_what_should_pass_does_not \
    one_calculation_survives_what_passes \
    without_standard_input_a_socket_is_moved_up_or_that_is_said a_drawing_without_a_local_address_says_so \
    a_batch_that_can_not_begin_says_so a_batch_does_without_what_it_can_do_without a_batch_says_which_line_failed \
    a_batch_survives_what_passes a_batch_whose_input_or_output_fails_says_so \
    a_batch_recovers_from_a_server_that_was_stopped a_batch_leaves_alone_an_address_that_has_failed \
    a_batch_waits_for_the_sockets_that_it_has
