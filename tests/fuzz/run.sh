#!/bin/sh
# Runs each target with libFuzzer and AFL++, the two at once, and prints a row for each: how many inputs it has tried, and
# what it has reached. A crash, a hang or the report of a sanitizer is a failure; its input stays, and its path is printed.
# Usage: tests/fuzz/run.sh SECONDS DIRECTORY TARGET...
set -u
cd "$(dirname "$0")/../.." || exit 1
seconds=$1 directory=$2
shift 2

hang_s=10 # for one input, on a machine that has other things to do
# A container has no say in the machine's core pattern and in its processors, and nobody looks at the screen.
export AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1 AFL_NO_COLOR=1
export AFL_BENCH_UNTIL_CRASH=1
unset ASAN_OPTIONS UBSAN_OPTIONS # each fuzzer has its own

row() {
    printf '%-15s %-9s %10s %8s %13s %9s\n' "$@"
}

fail() { # TARGET FUZZER LOG INPUT
    echo "FAIL $1 with $2, by the input $4"
    grep -E 'does not hold|runtime error|ERROR|SUMMARY|PROGRAM ABORT' "$3" | head -n 5 | sed 's/^/    /'
    echo "    all of it: $3"
    failed=1
}

run_libfuzzer() { # TARGET
    "$directory/libfuzzer/$1" -max_total_time="$seconds" -timeout=$hang_s -print_final_stats=1 \
        -artifact_prefix="$directory/$1/" "$directory/$1/libfuzzer" "tests/fuzz/corpus/$1" \
        >"$directory/$1/libfuzzer.log" 2>&1
    echo $? >"$directory/$1/libfuzzer.status"
}

tell_libfuzzer() { # TARGET
    log=$directory/$1/libfuzzer.log
    # shellcheck disable=SC2046 # four numbers, to be split
    row "$1" libFuzzer $(awk '
        /^INFO: Loaded/ { sub(/.*\(/, ""); counters = $1 }
        / cov: / {
            for (i = 1; i < NF; i++) {
                if ($i == "cov:") edges = $(i + 1)
                if ($i == "ft:") features = $(i + 1)
            }
        }
        /^stat::number_of_executed_units/ { executed = $2 }
        /^stat::average_exec_per_sec/ { rate = $2 }
        END { print executed + 0, rate + 0, edges + 0 "/" counters, features + 0 }' "$log")
    read -r status <"$directory/$1/libfuzzer.status"
    [ "$status" -eq 0 ] || fail "$1" libFuzzer "$log" "$(sed -n 's/.*Test unit written to //p' "$log")"
}

run_afl() { # TARGET
    rm -rf "${directory:?}/$1/afl"
    afl-fuzz -V "$seconds" -t $((1000 * hang_s)) -m none -i "tests/fuzz/corpus/$1" -o "$directory/$1/afl" \
        -- "$directory/afl/$1" >"$directory/$1/afl.log" 2>&1
    echo $? >"$directory/$1/afl.status"
}

tell_afl() { # TARGET
    log=$directory/$1/afl.log
    found=$directory/$1/afl/default
    # shellcheck disable=SC2046 # four words, to be split
    row "$1" AFL++ $(awk -F ' *: *' '{ of[$1] = $2 }
        END { print of["execs_done"] + 0, int(of["execs_per_sec"]), of["edges_found"] + 0 "/" of["total_edges"] + 0, "-" }' \
        "$found/fuzzer_stats" 2>/dev/null)
    for input in "$found"/crashes/id* "$found"/hangs/id*; do
        [ -e "$input" ] || continue
        # AFL++ keeps the input, and not what was said of it.
        "$directory/libfuzzer/$1" -timeout=$hang_s "$input" >"$directory/$1/again.log" 2>&1
        fail "$1" AFL++ "$directory/$1/again.log" "$input"
        return
    done
    read -r status <"$directory/$1/afl.status"
    [ "$status" -eq 0 ] || fail "$1" AFL++ "$log" "that is not there: afl-fuzz ended with status $status"
}

failed=0
row target fuzzer executions 'per s' edges features
for target; do
    mkdir -p "$directory/$target/libfuzzer"
    run_afl "$target" &
    run_libfuzzer "$target"
    wait
    tell_libfuzzer "$target"
    tell_afl "$target"
done
exit "$failed"
