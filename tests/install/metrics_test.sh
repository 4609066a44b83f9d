#!/bin/sh
# The metrics before those who read them: promtool, the parser of OpenMetrics, and Prometheus itself, which is asked all that the
# dashboard asks.
. "$(dirname "$0")/../system/lib.sh"
. "$(dirname "$0")/lib.sh"

server=$root/bin/server
port_of_prometheus=9690

start_metrics() {
    start_server --metrics '[::1]:0' -w 2 ::1
    wait_for_line "$log" '^metrics on'
    target=$(sed -n 's/^metrics on //p' "$log")
    "$root/bin/load" -s 16 -w 4 -n 2000 --request mixed ::1 "$port" >"$scratch/load" 2>&1
}

scrape() { # [CURL'S OPTION...]
    curl -sS -m 10 -g "$@" "http://$target/metrics"
}

promtool_has_nothing_to_say() {
    start_metrics
    scrape >"$scratch/page"
    run sh -c 'promtool check metrics <"$1"' sh "$scratch/page"
    expect_equal 'status' 0 "$status"
    expect_equal 'said' '' "$out$err"
    # It would.
    run sh -c 'sed s/calc6_replies_total/calc6_replies/ "$1" | promtool check metrics' sh "$scratch/page"
    expect_match 'of a counter without _total' '*calc6_replies*_total*' "$out$err"
}

# The strict one, of Prometheus' client for Python.
it_is_openmetrics() {
    start_metrics
    scrape -H 'Accept: application/openmetrics-text; version=1.0.0' >"$scratch/page"
    run /usr/bin/python3 -c 'import sys; from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
print(sum(len(family.samples) for family in parse(open(sys.argv[1]).read())))' "$scratch/page"
    expect_equal "status ($err)" 0 "$status"
    expect_equal 'samples' "$(grep -vc '^#' "$scratch/page")" "$out"
}

has_result() { # QUERY
    [ "$(ask "$1" | jq '.status == "success" and (.data.result | length) > 0')" = true ]
}

ask() { # QUERY
    curl -s -m 10 --data-urlencode "query=$1" "http://127.0.0.1:$port_of_prometheus/api/v1/query"
}

prometheus_has_an_answer_to_all_that_the_dashboard_asks() {
    start_metrics
    cat >"$scratch/prometheus.yml" <<-END
	global: {scrape_interval: 1s}
	scrape_configs: [{job_name: calc6, static_configs: [{targets: ['$target']}]}]
	END
    prometheus --config.file="$scratch/prometheus.yml" --storage.tsdb.path="$scratch/data" \
        --web.listen-address=127.0.0.1:$port_of_prometheus >"$scratch/prometheus.log" 2>&1 &
    prometheus_pid=$!
    # A rate takes two samples, and those of histograms some that change between them.
    wait_until has_result 'count_over_time(calc6_build_info[1m]) >= 2' || fail "no scrapes: $(tail -n 3 "$scratch/prometheus.log")"
    "$root/bin/load" -s 16 -w 4 -d 2 --request mixed ::1 "$port" >"$scratch/load" 2>&1
    wait_until has_result "sum(rate(calc6_latency_seconds_count[1m])) > 0" || fail 'no rate of the latency'
    # shellcheck disable=SC2016 # Grafana's variables
    jq -r '.panels[].targets[].expr' "$root/install/grafana/calc6.json" |
        sed 's/instance=~"\$instance"/instance=~".+"/g; s/\$__rate_interval/1m/g' >"$scratch/questions"
    while read -r question; do
        has_result "$question" || fail "no answer to $question: $(ask "$question")"
    done <"$scratch/questions"
    [ "$(wc -l <"$scratch/questions")" -ge 15 ] || fail 'the dashboard asks too little'
    kill "$prometheus_pid"
    wait "$prometheus_pid"
}

# In a copy, as bin/ is everybody's.
without_libmicrohttpd_it_is_built_and_says_so() {
    unpack
    make_it METRICS= bin/server
    run timeout 5 "$source/bin/server" --metrics '[::1]:0' ::1 0
    expect_equal 'status' 1 "$status"
    expect_message 'without it' 'server: --metrics needs libmicrohttpd, and this server was built without it'
    start_program "$source/bin/server" ::1 0
    expect_equal 'without --metrics' 8000000003 "$("$tools/probe" ::1 "$port" 000000000100000002)"
}

# A glibc before 2.34 has dlopen(3) in a library of its own; to later ones its name is nothing.
the_server_is_linked_with_dlopen_where_it_needs_it() {
    expect_match 'with metrics' '* -ldl' "$(make -C "$root" -nB METRICS=yes bin/server | grep -e '-o bin/server')"
    expect_match 'without' '* -o bin/server *' "$(make -C "$root" -nB METRICS= bin/server | grep -v -e -ldl)"
}

run_tests promtool_has_nothing_to_say it_is_openmetrics prometheus_has_an_answer_to_all_that_the_dashboard_asks \
    without_libmicrohttpd_it_is_built_and_says_so the_server_is_linked_with_dlopen_where_it_needs_it
