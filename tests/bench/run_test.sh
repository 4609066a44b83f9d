#!/bin/sh
# The benchmark's runner: what it computes from known figures, the page it makes of a fixed file of results, and one run of
# everything that is too short to say how fast anything is.
. "$(dirname "$0")/../system/lib.sh"

bench=$root/tests/bench
whole=$build/../whole/tests/bench
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$bench"

needs_python() {
    command -v python3 >/dev/null || skip 'needs python3'
}

# What a Python expression is, with names of the runner's modules.
expect_value() { # WHAT EXPECTED STATEMENT EXPRESSION
    expect_equal "$1" "$2" "$(python3 -c "$3
print($4)" 2>&1)"
}

medians_and_quartiles() {
    needs_python || return
    of='from statistics_of import spread'
    expect_value 'none' None "$of" 'spread([])'
    expect_value 'one' '(7, 7, 7, 1)' "$of" '(lambda s: (s.low, s.median, s.high, s.count))(spread([7]))'
    expect_value 'two' '(1.5, 2.0, 2.5)' "$of" '(lambda s: (s.low, s.median, s.high))(spread([3, 1]))'
    expect_value 'six, in any order' '(2.25, 3.5, 4.75, 1, 6)' "$of" \
        '(lambda s: (s.low, s.median, s.high, s.least, s.most))(spread([6, 1, 5, 2, 4, 3]))'
    expect_value 'one that is far off' '(2.0, 3, 4.0, 1000)' "$of" \
        '(lambda s: (s.low, s.median, s.high, s.most))(spread([1, 2, 3, 4, 1000]))'
}

ratios_are_paired_within_a_round() {
    needs_python || return
    of='from statistics_of import ratios'
    expect_value 'a machine that gets faster' '[2.0, 2.0, 2.0]' "$of" \
        'ratios({1: 2, 2: 20, 3: 200}, {3: 100, 1: 1, 2: 10})'
    expect_value 'a round that one lacks' '[2.0]' "$of" 'ratios({1: 2, 2: 20}, {1: 1, 3: 5})'
    expect_value 'nothing to divide by' '[3.0]' "$of" 'ratios({1: 2, 2: 3}, {1: 0, 2: 1})'
}

rounds_alternate_and_begin_one_further() {
    needs_python || return
    expect_value 'orders' "['ABC', 'BCA', 'CAB', 'ABC']" 'from statistics_of import rotated' \
        '["".join(rotated("ABC", n)) for n in range(4)]'
    expect_value 'nobody' '[]' 'from statistics_of import rotated' 'rotated([], 3)'
    cat >"$scratch/short.py" <<'END'
import dataclasses
from rounds import Record, alternate
from settings import QUICK, BenchError

record = Record(skipped={"C": "not here"})
asked = []

def measure(name):
    asked.append(name)
    if name == "B" and asked.count("B") == 2:
        raise BenchError("it broke")
    return {}

alternate("load", ["A", "B", "C"], measure, dataclasses.replace(QUICK, rounds=2), record, lambda text: None)
print("".join(asked), [(run["subject"], run["round"], run["dropped"]) for run in record.runs], record.failures)
END
    expect_equal 'one is not here, one breaks in its second round, the first round is dropped' \
        "ABBAA [('A', 0, True), ('B', 0, True), ('A', 1, False), ('A', 2, False)] ['load, B: it broke']" \
        "$(python3 "$scratch/short.py" 2>&1)"
}

the_account_of_an_overload() {
    needs_python || return
    of='from overload import account, server_counts
counts = server_counts("""received 36 = replied 34 + dropped 1 + failed 1
  replied        34  with a result
  lost            1  before they were received: the queue was full
""")
sent = [{"sent": 60, "received": 20, "wrong": 0, "unexpected": 1, "dropped_here": 2},
        {"sent": 40, "received": 11, "wrong": 0, "unexpected": 0, "dropped_here": 0}]
def differences(merged, **more):
    a = account(sent, counts | more, merged)
    return a["requests_missing"], a["replies_missing"]'
    expect_value 'what a server prints' \
        "{'received': 36, 'replied': 34, 'dropped': 1, 'failed': 1, 'lost': 1}" "$of" 'counts'
    expect_value 'a drop of a whole send' '(0, 0)' "$of" 'differences(True)'
    expect_value 'a drop of one datagram' '(0, 0)' "$of" 'differences(False, lost=64)'
    expect_value 'a request and two replies too few' '(1, 2)' "$of" 'differences(True, received=35, replied=36)'
}

the_counts_of_others() {
    needs_python || return
    of='from nsd import parse
text = """Statistics:

  Queries sent:         200
  Queries completed:    160 (80.00%)
  Queries lost:         40 (20.00%)
  Queries per second:   1600.500000
"""'
    expect_value 'dnsperf' "{'rate': 1600.5, 'lost': 40, 'cpu': {'server_us_per_reply': 5.0}}" "$of" 'parse(text, 0.0008)'
}

the_page_of_a_fixed_file_of_results() {
    needs_python || return
    run "$bench/run.py" --report "$bench/fixed/results.json" --print
    expect_equal 'status' 0 "$status"
    expect_equal 'difference' '' "$(diff "$bench/fixed/report.md" "$scratch/out")"
}

a_report_touches_what_is_between_the_markers() {
    needs_python || return
    command -v gnuplot >/dev/null || skip 'needs gnuplot' || return
    page=$scratch/README.md
    cp "$bench/README.md" "$page"
    for time in first second; do
        run "$bench/run.py" --report "$bench/fixed/results.json" --readme "$page" --plots "$scratch"
        expect_equal "$time time: status" 0 "$status"
        expect_equal "$time time: messages" '' "$err"
        expect_equal "$time time: what is around" \
            "$(sed '/^<!-- numbers/,/^<!-- end/d' "$bench/README.md")" "$(sed '/^<!-- numbers/,/^<!-- end/d' "$page")"
        expect_equal "$time time: the numbers" "$(cat "$bench/fixed/report.md")" \
            "$(sed '1,/^<!-- numbers/d; /^<!-- end/,$d' "$page" | sed '1d;$d')"
    done
    for plot in throughput latency; do
        expect_equal "$plot.svg: root" '{http://www.w3.org/2000/svg}svg' \
            "$(python3 -c 'import sys, xml.etree.ElementTree as t; print(t.parse(sys.argv[1]).getroot().tag)' "$scratch/$plot.svg")"
        for word in ours echo_batch naive 'C, libuv' '64x4: 64 sockets' prefers-color-scheme; do
            grep -q "$word" "$scratch/$plot.svg" || fail "$plot.svg: no '$word'"
        done
        grep -q 'ours ×0.25\|ours ×2.00' "$scratch/$plot.svg" || fail "$plot.svg: no ratio of libuv"
        ! grep -q 'Rust, std' "$scratch/$plot.svg" || fail "$plot.svg: one that was skipped"
    done
}

bad_usage_is_told_in_one_line() {
    needs_python || return
    while IFS='|' read -r words pattern; do
        # shellcheck disable=SC2086 # several words
        run "$bench/run.py" $words
        expect_equal "$words: status" 1 "$status"
        expect_message "$words" "run.py: $pattern"
    done <<END
--rounds 0|--rounds 0: must be above 0
--seconds -1|--seconds -1.0: must be above 0
--rounds many|argument --rounds: invalid int value: 'many'; see run.py --help
--loads 64x4,65x4|--loads '65x4': must be of 1x1, 1x64, 64x4, *
--subjects theirs|--subjects 'theirs': must be of ours, *
--report $scratch/none|can not read '$scratch/none': No such file or directory
--report $bench/README.md|'$bench/README.md' is no file of results: *
END
}

short() { # OPTION...; results in $scratch/results.json
    run "$bench/run.py" --rounds 1 --seconds 0.05 --warmup 0.02 --lines 2000 --bin "$build/bin" --bench "$whole" \
        --results "$scratch/results.json" "$@"
}

all_loads_in_a_run_that_is_short() {
    needs_python || return
    short --subjects ours,ours-any,ours-plain,ours-busy,ours-2,echo,echo_batch,echo_gso,naive
    expect_equal 'status' 0 "$status"
    [ "$status" -eq 0 ] || fail "$err"
    expect_match 'what was kept' '*### Targets*### Peers*### Throughput*### Server CPU*' "$out"
    cat >"$scratch/look.py" <<'END'
import json, sys
document = json.load(open(sys.argv[1]))
runs = [run for run in document["runs"] if not run["dropped"]]
print(*sorted({run["load"] for run in runs}))
print(*sorted({run["subject"] for run in runs if run["load"] == "64x4"}))
overload = [run["result"]["account"] for run in runs if run["load"] == "overload"]
print(len(overload), sum(abs(a["requests_missing"]) + abs(a["replies_missing"]) for a in overload))
print(sum(run["result"].get("wrong", 0) for run in runs))
END
    expect_equal 'results' "$(printf '%s\n' '1x1 1x64 1x64-gso 2-cpus 256x1 64x4 batch cheapest dearest mixed nsd overload' \
        'echo echo_batch naive ours ours-any ours-plain' '3 0' 0)" \
        "$(python3 "$scratch/look.py" "$scratch/results.json")"
}

# All programs but some, as far as they are needed.
without() { # PROGRAM...
    mkdir "$scratch/path"
    for program in env sh date dirname sed tr cat make cc taskset uname pkg-config node java javac rustc nsd dnsperf; do
        case " $* " in
        *" $program "*) continue ;;
        esac
        found=$(command -v "$program") && ln -s "$found" "$scratch/path/$program"
    done
    # Where python3 is a script that looks for the right one, that one.
    ln -s "$(python3 -c 'import sys; print(sys.executable)')" "$scratch/path/python3"
    path=$scratch/path
}

who_can_not_take_part_is_named() {
    needs_python || return
    without rustc dnsperf
    PATH=$path short --subjects ours,std,nsd --loads 64x4,nsd
    expect_equal 'status' 0 "$status"
    expect_match 'the page' '*
- Skipped: std: std needs rustc, which is not there.
- Skipped: nsd: it needs dnsperf, which is not there.
*| Rust, std | skipped | skipped | skipped | skipped |*' "$out"
    expect_match 'the messages' '*skipped: std: std needs rustc, which is not there
skipped: nsd: it needs dnsperf, which is not there*' "$err"
}

# The lines of fresh.c are those of a batch.
fresh_sockets_get_right_replies() {
    start_server ::1 || return
    run "$whole/fresh" -i 20 -n 1000 ::1 "$port"
    expect_equal 'status' 0 "$status"
    expect_match 'account' '1000 right, 0 wrong, * sent again' "$out"
    start_stub ::1 8000000006 silent 800000000a || return
    run "$whole/fresh" -i 1 -n 2 ::1 "$port"
    expect_equal 'status with a wrong reply' 10 "$status"
    expect_equal 'account with a wrong reply' '1 right, 1 wrong, 1 sent again' "$out"
    for words in '' '::1' '-n 0 ::1 9' '-i 1001 ::1 9' '-x ::1 9' '-n x ::1 9' 'localhost 9' '::1 65536'; do
        # shellcheck disable=SC2086 # several words
        run "$whole/fresh" $words
        expect_equal "'$words': status" 1 "$status"
        expect_equal "'$words': lines" 1 "$(printf '%s\n' "$err" | wc -l | tr -d ' ')"
    done
}

run_tests medians_and_quartiles ratios_are_paired_within_a_round rounds_alternate_and_begin_one_further \
    the_account_of_an_overload the_counts_of_others the_page_of_a_fixed_file_of_results \
    a_report_touches_what_is_between_the_markers bad_usage_is_told_in_one_line all_loads_in_a_run_that_is_short \
    who_can_not_take_part_is_named fresh_sockets_get_right_replies
