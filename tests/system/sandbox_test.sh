#!/bin/sh
# The server's sandbox, on the release build: what is given up, that all of it works without, and each layer by itself,
# against a server that somebody has taken over (tests/sandbox/compromised.c) and on kernels that lack some of them
# (tests/tools/without.c).
. "$(dirname "$0")/lib.sh"

server=$root/bin/server
compromised=$root/${build#"$root"/}/../release/tests/sandbox/compromised
load=$root/bin/load
probe=$tools/probe
without=$tools/without
sum_3=000000000100000002
# Whether its output is a terminal is to be known before.
export TERM=xterm
unset NO_COLOR

# In /proc/PID/status of each thread, once for those that have the same.
of_each_thread() { # FIELD
    sed -n "s/^$1:[[:space:]]*//p" "/proc/$server_pid/task"/*/status | tr -s '\t' ' ' | sort -u
}

expect_answer() { # WHAT [ADDRESS]
    expect_equal "$1: answer" 8000000003 "$("$probe" "${2-::1}" "$port" "$sum_3")"
}

expect_closed() { # WHAT
    for field in CapInh CapPrm CapEff CapAmb; do
        expect_equal "$1: $field" 0000000000000000 "$(of_each_thread "$field")"
    done
    expect_equal "$1: NoNewPrivs" 1 "$(of_each_thread NoNewPrivs)"
    expect_equal "$1: Seccomp" 2 "$(of_each_thread Seccomp)"
}

each_thread_has_given_up_everything() {
    needs_root || return
    nobody=$(id -u nobody)
    for workers in 1 2 256; do
        # With a group that can read much.
        start_program setpriv --groups 0,4 "$server" --sandbox=require -w "$workers" ::1 0
        expect_equal "$workers: threads" $((workers + 1)) "$(find "/proc/$server_pid/task" -mindepth 1 -maxdepth 1 | wc -l)"
        expect_closed "$workers"
        expect_equal "$workers: CapBnd" 0000000000000000 "$(of_each_thread CapBnd)"
        expect_equal "$workers: Uid" "$nobody $nobody $nobody $nobody" "$(of_each_thread Uid)"
        expect_equal "$workers: Gid" "$(id -g nobody | sed 's/.*/& & & &/')" "$(of_each_thread Gid)"
        expect_equal "$workers: Groups" '' "$(of_each_thread Groups | tr -d ' ')"
        expect_answer "$workers"
        stop_server
        expect_equal "$workers: status" 0 "$server_status"
        expect_equal "$workers: first line" 1 "$(sed -n '1s/^listening on .*/1/p' "$log")"
    done
}

user_is_who_it_becomes() {
    needs_root || return
    daemon=$(id -u daemon)
    start_server --user daemon ::1
    expect_equal 'Uid' "$daemon $daemon $daemon $daemon" "$(of_each_thread Uid)"
    expect_equal 'Gid' "$(id -g daemon | sed 's/.*/& & & &/')" "$(of_each_thread Gid)"
    start_server --user daemon --sandbox=off ::1
    expect_equal 'without the rest: Uid' "$daemon $daemon $daemon $daemon" "$(of_each_thread Uid)"
    expect_equal 'without the rest: Seccomp' 0 "$(of_each_thread Seccomp)"
    expect_equal 'without the rest: NoNewPrivs' 0 "$(of_each_thread NoNewPrivs)"
    start_server --sandbox=off ::1
    expect_equal 'off: Uid' '0 0 0 0' "$(of_each_thread Uid)"
    stop_server
    run timeout 5 setpriv --reuid nobody --clear-groups "$server" --user daemon ::1 0
    expect_equal 'of somebody: status' 1 "$status"
    expect_message 'of somebody' "server: can not become --user 'daemon': Operation not permitted"
}

words_that_are_wrong() {
    expect_bad_usage "$server" <<-END
	--user*'no-such-user'*is*not*a*user*that*this*host*knows	--user no-such-user --sandbox=auto ::1 0
	--user*'root'*is*root;*any*other*user*is*allowed	--user root ::1 0
	--sandbox*'on'*is*not*off,*auto*or*require	--sandbox=on ::1 0
	--sandbox*''*is*not*off,*auto*or*require	--sandbox= ::1 0
	option*'--sandbox'*needs*a*value	--sandbox
	END
}

# It gave up nothing before it was bound.
a_low_port_is_bound_before() {
    needs_root || return
    needs_isolation || return
    start_program "$server" --sandbox=require ::1 1023
    expect_closed 'root'
    expect_answer 'root'
    start_program setpriv --reuid nobody --clear-groups --inh-caps +net_bind_service --ambient-caps +net_bind_service \
        "$server" --sandbox=require ::1 1023
    expect_closed 'a capability'
    expect_answer 'a capability'
}

an_ordinary_user_gets_the_rest() {
    needs_root || return
    start_program setpriv --reuid daemon --regid daemon --clear-groups "$server" --sandbox=require ::1 0
    expect_closed 'daemon'
    expect_equal 'Uid' "$(id -u daemon)" "$(of_each_thread Uid | cut -d ' ' -f 1)"
    expect_answer 'daemon'
    # Another of its processes does not see into it.
    run setpriv --reuid daemon --regid daemon --clear-groups cat "/proc/$server_pid/maps"
    expect_match 'memory' '*Permission denied' "$err"
    stop_server
    expect_equal 'status' 0 "$server_status"
}

start_closed() { # OPTION... ADDRESS
    start_server --sandbox=require "$@"
}

expect_stopped() { # WHAT
    stop_server
    expect_equal "$1: status" 0 "$server_status"
}

# The existing tests of the server run in the sandbox, too: `make modes`.
what_the_server_does_it_does_in_the_sandbox() {
    needs_root || return
    for options in -v '-v -w 4' '--busy-poll 200' '-w 4 --no-gro --no-gso' --v6only; do
        # shellcheck disable=SC2086 # words of the command line
        start_closed $options ::
        "$load" -s 16 -w 4 -g 4 -n 200 ::1 "$port" >"$scratch/out" 2>&1
        expect_answer "$options"
        wait_for_count '^received '
        expect_stopped "$options"
    done
    start_closed --once ::1
    "$probe" -n 1 ::1 "$port" "$sum_3" >/dev/null
    wait "$server_pid"
    expect_equal '--once: status' 0 "$?"
    server_pid=
}

# Its name would take a socket.
an_interface_is_shown_by_its_number() {
    needs_root || return
    needs_isolation || return
    ip link add sandbox0 type veth peer name sandbox1
    ip link set sandbox0 addrgenmode none up
    ip address add fe80::a/64 dev sandbox0 nodad
    start_closed -v fe80::a%sandbox0
    expect_match 'where' 'listening on [[]fe80::a%sandbox0]:*' "$(cat "$log")"
    expect_answer 'link-local' fe80::a%sandbox0
    wait_for_line "$log" "^request from \[fe80::a%$(ip -o link show sandbox0 | cut -d : -f 1)\]:"
    expect_stopped 'link-local'
    ip link delete sandbox0
}

an_output_that_is_full_or_gone() {
    needs_root || return
    mkfifo "$scratch/pipe"
    "$server" --sandbox=require -v ::1 0 >"$scratch/pipe" 2>"$scratch/err" &
    server_pid=$!
    exec 3<"$scratch/pipe"
    read -r _ _ endpoint <&3
    port=${endpoint##*:}
    "$load" -s 16 -w 4 -n 200 ::1 "$port" >"$scratch/out" 2>&1
    kill -USR1 "$server_pid"
    expect_answer 'full'
    exec 3<&-
    expect_answer 'gone'
    kill -USR1 "$server_pid"
    expect_answer 'counted to nobody'
    kill "$server_pid"
    wait "$server_pid"
    expect_equal 'status' 0 "$?"
    server_pid=
    expect_equal 'complaints' '' "$(cat "$scratch/err")"
}

errors_about_replies() {
    needs_root || return
    start_closed ::1
    # Whoever asked has gone.
    pause "$server_pid"
    "$probe" -n 0 ::1 "$port" "$sum_3"
    kill -CONT "$server_pid"
    wait_for_count 'ICMP errors about earlier replies'
    expect_answer 'refused'
    expect_stopped 'refused'
}

# What waits with a timeout and without.
it_may_be_stopped_and_continued() {
    needs_root || return
    start_closed -w 4 ::1
    for i in 1 2 3; do
        pause "$server_pid"
        kill -CONT "$server_pid"
        expect_answer "$i"
    done
    # While it answers, and while the threads wait for each other to print.
    "$load" -s 16 -w 4 -d 0.5 --warmup 0 ::1 "$port" >"$scratch/out" 2>&1 &
    load_pid=$!
    while kill -0 "$load_pid" 2>/dev/null; do
        kill -STOP "$server_pid"
        kill -CONT "$server_pid"
        kill -USR1 "$server_pid"
    done
    wait "$load_pid"
    expect_answer 'under load'
    pause "$server_pid"
    kill -TERM "$server_pid"
    kill -CONT "$server_pid"
    expect_stopped 'stopped and ended'
}

# Each name that the compromised server knows, with an argument.
harms="open openat2 create unlink exec socket connect ptrace fork clone3 mmap mprotect kill tgkill setuid chroot bpf io_uring
futex getsockopt other_abi"

argument() { # HARM
    case $1 in
    open | openat2) echo /etc/passwd ;;
    create) echo "$scratch/open/new" ;;
    unlink) echo "$scratch/open/old" ;;
    chroot) echo / ;;
    exec) echo /bin/true ;;
    esac
}

datagram() { # WHAT ARGUMENT
    printf 'harm %s %s ' "$1" "$2" | od -An -v -tx1 | tr -d ' \n'
}

harm() { # WHAT ARGUMENT: prints the errno that the reply has as its sum, 0 for none
    reply=$("$probe" -n 1 ::1 "$port" "$(datagram "$1" "$2")")
    echo $((0x${reply#80}))
}

start_compromised() { # COMMAND...
    mkdir -p "$scratch/open"
    chmod 755 "$scratch"
    chmod 777 "$scratch/open"
    : >"$scratch/open/old"
    rm -f "$scratch/open/new"
    start_program "$@" ::1 0
}

# That each is tried, and would be done.
without_a_sandbox_all_harm_is_done() {
    needs_root || return
    start_compromised "$compromised" --sandbox=off
    for what in $harms; do
        case $what in
        ptrace) expected=3 ;;           # no such process
        bpf | io_uring) expected='*' ;; # taken, and found wrong
        connect) expected=111 ;;        # refused: it got there
        getsockopt) expected=88 ;;      # no socket
        exec) continue ;;               # nobody would be there to tell
        *) expected=0 ;;
        esac
        expect_match "$what" "$expected" "$(harm "$what" "$(argument "$what")")"
    done
    expect_stopped 'compromised'
}

has_ended() {
    ! grep -qs '^State:.*[RSDT] ' "/proc/$server_pid/status"
}

# 128 and SIGSYS.
the_filter_ends_the_server_at_each_attempt() {
    needs_root || return
    for what in $harms; do
        start_compromised "$compromised" --sandbox=require -w 2
        "$probe" -n 0 ::1 "$port" "$(datagram "$what" "$(argument "$what")")"
        wait_until has_ended || fail "$what: it goes on"
        stop_server
        expect_equal "$what: status" 159 "$server_status"
    done
    [ ! -e "$scratch/open/new" ] || fail 'a file was made'
    [ -e "$scratch/open/old" ] || fail 'a file was removed'
}

# Of the process for metrics; what it does, its page says in a comment.
start_harmful() { # HARM OPTION...
    HARM="$1 $(argument "$1")"
    export HARM
    shift
    start_compromised "$compromised" "$@" -w 1 --metrics '[::1]:0'
    wait_for_line "$log" '^metrics on'
    unset HARM
}

scrape() {
    curl -sS -m 10 -g "http://$(sed -n 's/^metrics on //p' "$log")/metrics"
}

# What it has counted is protected all the same, as that takes no sandbox.
without_a_sandbox_the_process_for_metrics_does_all_harm() {
    needs_root || return
    for what in open fork turn; do
        start_harmful $what --sandbox=off
        case $what in
        turn) expected='11[15]' ;; # refused, or not yet: it got there
        *) expected=0 ;;
        esac
        expect_match "$what" "# HARM $expected" "$(scrape | sed -n 1p)"
        expect_stopped "$what"
    done
}

the_process_for_metrics_ends_at_each_attempt() {
    needs_root || return
    for what in $harms turn count; do
        start_harmful "$what" --sandbox=require
        run scrape
        [ "$status" -ne 0 ] || fail "$what: it goes on: $(echo "$out" | head -n 1)"
        wait_for_line "$log" '^compromised: the process for --metrics has ended; the server goes on without it$'
        expect_answer "$what"
        expect_stopped "$what"
    done
}

# EACCES is 13, EPERM 1.
landlock_by_itself() {
    needs_root || return
    start_compromised "$without" seccomp "$compromised"
    for what in open openat2 create unlink exec connect; do
        expect_equal "$what" 13 "$(harm "$what" "$(argument "$what")")"
    done
    # What it has nothing to say about.
    expect_equal 'socket' 0 "$(harm socket '')"
    expect_stopped 'Landlock'
}

another_user_by_itself() {
    needs_root || return
    echo secret >"$scratch/roots"
    chmod 600 "$scratch/roots"
    echo secret >"$scratch/groups"
    chmod 640 "$scratch/groups"
    chown 0:4 "$scratch/groups"
    # The others may read it, but nobody may write it.
    start_compromised "$without" seccomp,landlock setpriv --groups 0,4 "$compromised"
    expect_equal 'of root' 13 "$(harm open "$scratch/roots")"
    expect_equal 'of a group of before' 13 "$(harm open "$scratch/groups")"
    expect_equal 'of all' 0 "$(harm open /etc/passwd)"
    expect_equal 'in a folder of root' 13 "$(harm create "$scratch/new")"
    expect_equal 'root again' 1 "$(harm setuid '')"
    expect_equal 'another root' 1 "$(harm chroot /)"
    expect_equal 'a process of root' 1 "$(harm kill '')"
    expect_stopped 'another user'
}

# Still root, without any capability: its own files, and nothing that takes one.
no_capabilities_by_themselves() {
    needs_root || return
    echo secret >"$scratch/others"
    start_compromised "$without" seccomp,landlock,users "$compromised"
    chmod 600 "$scratch/others"
    chown nobody "$scratch/others"
    expect_equal "of another user" 13 "$(harm open "$scratch/others")"
    expect_equal 'another root' 1 "$(harm chroot /)"
    expect_stopped 'no capabilities'
}

# One line on standard error, and the rest works; with require, no server.
what_a_kernel_lacks_is_said() {
    needs_root || return
    missing='(Function not implemented)'
    while read -r parts lacks; do
        start_program "$without" "$parts" "$server" ::1 0
        expect_answer "$parts"
        expect_equal "$parts" "server: the sandbox lacks $lacks" "$(grep '^server:' "$log")"
        expect_equal "$parts: lines" 2 "$(wc -l <"$log" | tr -d ' ')"
        expect_stopped "$parts"
        # With metrics, of both processes.
        start_program "$without" "$parts" "$server" --metrics '[::1]:0' ::1 0
        wait_for_line "$log" '^metrics on'
        expect_equal "$parts: both" "server: the sandbox of the metrics lacks $lacks
server: the sandbox lacks $lacks" "$(grep '^server:' "$log")"
        scrape | grep -c '^calc6_' >/dev/null || fail "$parts: no metrics"
        expect_stopped "$parts: both"
        run timeout 5 "$without" "$parts" "$server" --sandbox=require ::1 0
        expect_equal "$parts: status" 1 "$status"
        expect_equal "$parts: output" '' "$out"
        expect_message "$parts, required" "server: --sandbox=require, but the sandbox lacks $lacks"
        start_program "$without" "$parts" "$server" --sandbox=off ::1 0
        expect_equal "$parts: complaints of none" '' "$(grep '^server:' "$log")"
        expect_stopped "$parts"
    done <<-END
	landlock Landlock $missing
	seccomp the filter of system calls $missing
	users a user other than root $missing
	capset the loss of capabilities $missing
	dumpable secrecy $missing
	no_new_privs no_new_privs $missing, Landlock (Operation not permitted), the filter of system calls (Permission denied)
	landlock,seccomp Landlock $missing, the filter of system calls $missing
	END
}

run_tests each_thread_has_given_up_everything user_is_who_it_becomes words_that_are_wrong a_low_port_is_bound_before \
    an_ordinary_user_gets_the_rest what_the_server_does_it_does_in_the_sandbox an_interface_is_shown_by_its_number \
    an_output_that_is_full_or_gone errors_about_replies it_may_be_stopped_and_continued without_a_sandbox_all_harm_is_done \
    the_filter_ends_the_server_at_each_attempt without_a_sandbox_the_process_for_metrics_does_all_harm \
    the_process_for_metrics_ends_at_each_attempt landlock_by_itself another_user_by_itself no_capabilities_by_themselves \
    what_a_kernel_lacks_is_said
