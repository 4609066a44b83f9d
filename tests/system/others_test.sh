#!/bin/sh
# With other people's programs: somebody's who has read the published protocol only, and the course's
# two functions.
. "$(dirname "$0")/lib.sh"

our_client_with_the_server_of_a_classmate() {
    start_program "$tools/classmate" server ::1 0
    for try in 1 2 3 4 5 6 7 8; do
        run "$client" -q ::1 "$port" 1 3 5 7 9
        expect_equal "sum $try" 25 "$out"
        run "$client" -q -op x -s ::1 "$port" 1 3 5 7 9
        expect_equal "product $try, with leading zeros" 945 "$out"
    done
    run "$client" -q ::1 "$port" 4294967295 2
    expect_equal 'a result that wraps there' 1 "$out"
}

the_client_of_a_classmate_with_our_server() {
    start_server ::
    classmate="$tools/classmate client ::1 $port"
    expect_equal 'sum' 25 "$($classmate sum d 1 3 5 7 9)"
    expect_equal 'sum as a string' 25 "$($classmate sum s 1 3 5 7 9)"
    expect_equal 'product' 945 "$($classmate product d 1 3 5 7 9)"
    expect_equal 'product as a string' 945 "$($classmate product s 1 3 5 7 9)"
    expect_equal 'an opcode that nobody defined' error "$($classmate nonsense d 1)"
}

# It is away for a moment between two requests. Whether one comes just then is chance: what the client does
# about it is tested in exchange_test.sh.
our_client_with_the_server_of_the_course() {
    needs_isolation || return
    port=10000
    "$tools/course" server ::1 $port &
    server_pid=$!
    i=1
    while [ $i -le 100 ]; do
        run "$client" -q -op x ::1 $port $i 7
        expect_equal "request $i" $((7 * i)) "$out"
        i=$((i + 1))
    done
}

the_client_of_the_course_with_our_server() {
    start_server ::1
    course="$tools/course client ::1 $port"
    expect_equal 'sum' 25 "$($course + d 1 3 5 7 9)"
    expect_equal 'product as a string' 945 "$($course '*' s 1 3 5 7 9)"
    expect_equal 'an error' failed "$($course '*' d 65536 65536)"
}

run_tests our_client_with_the_server_of_a_classmate the_client_of_a_classmate_with_our_server \
    our_client_with_the_server_of_the_course the_client_of_the_course_with_our_server
