# Sourced by the tests of client --batch: lines, and the client that answers them.
# shellcheck shell=sh
. "$(dirname "$0")/../system/lib.sh"
lines=$scratch/lines
answers=$scratch/answers

batch() { # [options], for $lines and $port; as `run`
    run "$client" --batch="$lines" "$@" ::1 "$port"
}

# Lines whose results tell them apart: + 0 7, + 1 7, and so on.
number_lines() { # HOW MANY
    seq 0 $(($1 - 1)) | sed 's/.*/+ & 7/' >"$lines"
}

expect_numbers() { # WHAT HOW MANY
    expect_equal "$1: status" 0 "$status"
    seq 7 $(($2 + 6)) | cmp -s - "$scratch/out" ||
        fail "$1: wrong answers: $(seq 7 $(($2 + 6)) | diff - "$scratch/out" | head -n 5)"
}

in_one_line() { # FILE
    tr '\n' ' ' <"$1" | sed 's/ $//'
}

# A client whose lines come one by one, from descriptor 9. Its old answers are gone before the first line can come.
start_fed() { # COMMAND...
    rm -f "$scratch/fifo"
    mkfifo "$scratch/fifo"
    "$@" >"$answers" 2>"$scratch/err" <"$scratch/fifo" &
    client_pid=$!
    exec 9>"$scratch/fifo"
}

# What a script starts in its background ignores SIGINT, unless it is told otherwise.
start_client() { # [options]
    start_fed env --default-signal=INT "$client" --batch "$@" ::1 "$port"
}

end_client() {
    exec 9>&-
    wait "$client_pid"
    status=$?
    err=$(cat "$scratch/err")
}
