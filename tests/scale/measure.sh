#!/bin/sh
# Measures what docs/sizing.md is about, on this machine, and prints its tables: the median of ROUNDS, and the least and the
# most. Server and load share the processors, so ratios count, and figures beside each other. Takes a minute or two, on a
# machine that does nothing else.
set -eu
cd "$(dirname "$0")/../.."
: "${ROUNDS:=5}" "${SECONDS_EACH:=1}"
scratch=$(mktemp -d)
server_pid=
nginx_pid=
trap 'stop; rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM

stop() {
    for pid in $nginx_pid $server_pid; do
        kill -CONT "$pid"
        kill "$pid"
        wait "$pid" || true
    done 2>/dev/null
    server_pid=
    nginx_pid=
}

serve() { # [OPTION...]; sets $port
    stop
    : >"$scratch/log"
    bin/server "$@" ::1 0 >>"$scratch/log" 2>&1 &
    server_pid=$!
    until grep -q '^listening on' "$scratch/log"; do sleep 0.05; done
    port=$(sed -n 's/^listening on .*:\([0-9]*\)$/\1/p' "$scratch/log")
}

# A field of the load's report, for one round.
load() { # FIELD [OPTION...]
    field=$1
    shift
    bin/load --json --duration "$SECONDS_EACH" --server-pid "$server_pid" "$@" ::1 "$port" \
        >"$scratch/json" 2>"$scratch/said" || :
    jq "$field" "$scratch/json"
}

# Median (least to most) of the numbers on standard input.
spread() { # FORMAT
    sort -g | awk -v form="$1" '{ value[NR] = $1 }
        END { printf form " (" form " to " form ")", value[int((NR + 1) / 2)], value[1], value[NR] }'
}

rounds() { # COMMAND...
    for _ in $(seq "$ROUNDS"); do
        "$@"
    done
}

shapes() {
    echo '| request | replies a second | CPU of the server for each, µs |'
    echo '|---|---:|---:|'
    serve -w 1
    for words in '--integers 3' '--request cheapest' '--request mixed' '--request dearest'; do
        # shellcheck disable=SC2086 # several words
        for _ in $(seq "$ROUNDS"); do
            load .rate $words >>"$scratch/rate"
            jq .cpu.server_us_per_reply "$scratch/json" >>"$scratch/cpu"
        done
        echo "| \`$words\` | $(spread %.0f <"$scratch/rate") | $(spread %.2f <"$scratch/cpu") |"
        rm "$scratch/rate" "$scratch/cpu"
    done
}

# Two workers beside one, in turn; each round gives a ratio.
second_worker() {
    for _ in $(seq "$ROUNDS"); do
        serve -w 1
        one=$(load .rate)
        one_cpu=$(jq .cpu.server_us_per_reply "$scratch/json")
        serve -w 2
        two=$(load .rate)
        two_cpu=$(jq .cpu.server_us_per_reply "$scratch/json")
        echo "$one $two $one_cpu $two_cpu" >>"$scratch/workers"
    done
    echo '| two workers ÷ one | ratio |'
    echo '|---|---:|'
    echo "| replies a second, load on the same processors | $(awk '{ print $2 / $1 }' "$scratch/workers" | spread %.2f) |"
    echo "| CPU for each | $(awk '{ print $4 / $3 }' "$scratch/workers" | spread %.2f) |"
}

# By the time that each worker has been running, in ns, below what they could do: schedstat of its thread; the first one waits
# for all.
busiest() { # OPTION...
    serve -w 4
    load .rate "$@" >"$scratch/rate"
    for task in /proc/"$server_pid"/task/*; do
        [ "$(basename "$task")" = "$server_pid" ] || cut -d ' ' -f 1 "$task/schedstat"
    done | awk '{ sum += $1; if ($1 > most) most = $1 } END { print 100 * most / sum }'
    stop
}

evenness() {
    echo '| senders (ports) | share of the busiest of four workers, % |'
    echo '|---:|---:|'
    for sockets in 1 4 16 64 256; do
        stop
        echo "| $sockets | $(rounds busiest --rate 5000 --sockets $sockets | spread %.0f) |"
    done
}

memory() {
    echo '| workers | memory (Pss), KiB |'
    echo '|---:|---:|'
    for workers in 1 2 4 8 16; do
        serve -w $workers
        load .rate >"$scratch/rate"
        echo "| $workers | $(awk '$1 == "Pss:" { print $2 }' "/proc/$server_pid/smaps_rollup") |"
    done
}

# What waits in the queue of a server that is stopped for a moment, and is answered then.
fitting() { # OCTETS
    serve -w 1
    kill -STOP "$server_pid"
    request=00$(printf "%0$((2 * ($1 - 1)))d" 0)
    build/check/tests/tools/forge 20000 0 ::1 0 ::1 "$port" "$request" >"$scratch/forge"
    kill -CONT "$server_pid"
    kill "$server_pid"
    wait "$server_pid" || :
    server_pid=
    sed -n 's/^received \([0-9]*\) .*/\1/p' "$scratch/log"
}

bursts() {
    echo '| octets of a request | requests that one worker has a queue for |'
    echo '|---:|---:|'
    stop
    for octets in 5 13 257; do
        echo "| $octets | $(fitting $octets) |"
    done
}

# One server behind nginx, one worker each; the other way is the server by itself.
behind_nginx() {
    for _ in $(seq "$ROUNDS"); do
        serve -w 1
        direct=$(load .rate)
        sed "s|/run/|$scratch/|; s|/var/log/nginx|$scratch|; s/auto;/1;/; /^worker_rlimit/d; /::[23]\]/d
            s/\[2001:db8:6:1::1\]:10000/[::1]:$port/; s/listen .*:10000 /listen [::1]:$((port - 1)) /; s/ipv6only=off//" \
            server/scale/nginx/nginx.conf >"$scratch/nginx.conf"
        nginx -c "$scratch/nginx.conf" -e "$scratch/error.log" -g 'daemon off;' 2>"$scratch/nginx" &
        nginx_pid=$!
        port=$((port - 1))
        until bin/client --check -t 0.5 ::1 "$port" 2>"$scratch/check"; do :; done
        echo "$direct $(load .rate)" >>"$scratch/nginx.rates"
    done
    echo '| through nginx, one worker | replies a second |'
    echo '|---|---:|'
    echo "| as measured | $(awk '{ print $2 }' "$scratch/nginx.rates" | spread %.0f) |"
    echo "| ÷ the server by itself | $(awk '{ print $2 / $1 }' "$scratch/nginx.rates" | spread %.2f) |"
}

echo "$(nproc) processors, $ROUNDS rounds of $SECONDS_EACH s; net.core.rmem_max $(cat /proc/sys/net/core/rmem_max)"
for table in shapes second_worker evenness memory bursts behind_nginx; do
    echo
    $table
done
