#!/bin/sh
# What -v shows on a terminal: in colour, and without where colour is not wanted.
. "$(dirname "$0")/lib.sh"
unset NO_COLOR
export TERM=xterm
escape=$(printf '\033')

# Both run a shell command on a terminal of its own; what it shows is in $out.
client_on_terminal() { # COMMAND
    start_stub ::1 8000000009
    run script -qec "$(echo "$1" | sed "s|CLIENT|'$client' -v ::1 $port 9|")" /dev/null
    expect_equal "status of $1" 0 "$status"
    out=$(printf '%s\n' "$out" | tr -d '\r')
}

server_on_terminal() { # COMMAND
    stop_server
    log=$scratch/server.log
    start_logged "$log" script -qec "$(echo "$1" | sed "s|SERVER|'$server' --once -v ::1 0|")" /dev/null
    server_pid=$!
    wait_for_line "$log" '^listening on' || return
    port=$(tr -d '\r' <"$log" | port_in -)
    run "$client" -q ::1 "$port" 9
    wait "$server_pid"
    server_pid=
    out=$(tr -d '\r' <"$log")
}

# What differs from one exchange to the next, left out.
drawings() {
    sed -E '/^(request |reply[ ,]|round trip |listening )/d'
}

without_escapes() {
    sed "s/${escape}\[[0-9]*m//g"
}

expect_colour() { # WHAT
    expect_match "$1" "*|${escape}[[]1mUnused${escape}[[]0m |*${escape}[[]36m         9${escape}[[]0m*" "$out"
}

expect_no_colour() { # WHAT
    expect_match "$1" '*|Unused |Opcod|F| *|S|   Unused    | *' "$out"
    case $out in
    *"$escape"*) fail "$1: there are escapes: $out" ;;
    esac
}

the_client_colours_a_terminal() {
    for command in 'CLIENT' 'CLIENT >/dev/null' 'CLIENT </dev/null' 'NO_COLOR= CLIENT' 'TERM=vt100 CLIENT'; do
        client_on_terminal "$command"
        expect_colour "$command"
    done
    client_on_terminal 'CLIENT'
    expect_equal 'the time is not coloured' 1 "$(printf '%s\n' "$out" | grep -c '^round trip [0-9.]* ms, 1 sent$')"
}

the_client_does_not_where_colour_is_not_wanted() {
    for command in 'CLIENT 2>&1 | cat' 'CLIENT 2>DIR/file; cat DIR/file' 'NO_COLOR=1 CLIENT' 'NO_COLOR=0 CLIENT' \
        'TERM=dumb CLIENT' 'TERM= CLIENT' 'unset TERM; CLIENT'; do
        client_on_terminal "$(echo "$command" | sed "s|DIR|$scratch|g")"
        expect_no_colour "$command"
    done
}

the_server_colours_a_terminal() {
    for command in 'SERVER' 'SERVER 2>/dev/null' 'NO_COLOR= SERVER'; do
        server_on_terminal "$command"
        expect_colour "$command"
    done
}

the_server_does_not_where_colour_is_not_wanted() {
    for command in 'SERVER | cat' 'NO_COLOR=1 SERVER' 'TERM=dumb SERVER'; do
        server_on_terminal "$command"
        expect_no_colour "$command"
    done
}

but_for_the_colours_a_terminal_shows_what_a_pipe_does() {
    client_on_terminal 'CLIENT'
    shown=$(printf '%s\n' "$out" | without_escapes | drawings)
    client_on_terminal 'CLIENT 2>&1 | cat'
    expect_equal 'client' "$(printf '%s\n' "$out" | drawings)" "$shown"
    server_on_terminal 'SERVER'
    shown=$(printf '%s\n' "$out" | without_escapes | drawings)
    server_on_terminal 'SERVER | cat'
    expect_equal 'server' "$(printf '%s\n' "$out" | drawings)" "$shown"
}

what_is_wrong_is_red() {
    start_stub ::1 00
    run script -qec "'$client' -v ::1 $port 9" /dev/null
    expect_equal 'status' 2 "$status"
    expect_match 'an error' "*${escape}[[]31m0 (error)${escape}[[]0m*${escape}[[]31merror${escape}[[]0m*" "$out"
    expect_match 'the message is not' "*$(printf '\n')client: the server answered with an error*" "$out"
}

both_draw_the_same_exchange() {
    start_server --once -v ::1
    run "$client" -v -s ::1 "$port" 1 4294967295 65537
    wait "$server_pid"
    server_pid=
    expect_equal 'client and server' "$(printf '%s\n' "$err" | drawings)" \
        "$(sed '/^replied with a result/,$d' "$log" | drawings)"
}

a_batch_shows_how_far_it_is() {
    start_stub ::1 silent
    echo '+ 1 2' >"$scratch/lines"
    run script -qec "'$client' --batch='$scratch/lines' -t 0.6 -r 0 ::1 $port >'$scratch/answers'" /dev/null
    expect_equal 'status' 9 "$status"
    expect_match 'answers' 'line 1: no reply from *' "$(cat "$scratch/answers")"
    expect_match 'terminal' '*0 lines, 0 a second*' "$out"
}

run_tests the_client_colours_a_terminal the_client_does_not_where_colour_is_not_wanted \
    the_server_colours_a_terminal the_server_does_not_where_colour_is_not_wanted \
    but_for_the_colours_a_terminal_shows_what_a_pipe_does what_is_wrong_is_red both_draw_the_same_exchange a_batch_shows_how_far_it_is
