#!/bin/sh
# server/scale/keepalived, kubernetes and envoy, as far as they can be held to something where the kernel has no IPVS and
# there is neither a cluster nor an Envoy: their syntax, their names, and their checks, which are run against real servers.
. "$(dirname "$0")/site_lib.sh"
here=$root/tests/scale
# For checks that run as somebody else.
chmod 755 "$scratch"
cp "$client" "$scratch/calc6-client"
cp "$server" "$scratch/calc6-server"

# 65532 is who a container runs as; nobody is 65534.
as() { # USER; prints the words in front of a command
    echo "setpriv --reuid $1 --regid $1 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all"
}

# Each mistake is found, so that a test of a configuration can fail.
expect_refused() { # TEST STATUS SED SCRIPT...
    tested=$1 refused=$2
    shift 2
    for mistake in "$@"; do
        "$tested" "$mistake"
        expect_equal "status after $mistake" "$refused" "$status"
    done
}

# keepalived 2.2.7 ends itself in a test of a configuration whose scripts run as somebody else than it does.
test_keepalived() { # SED SCRIPT
    sed "s|/usr/bin/|$scratch/|; s/script_user nobody/script_user root/" "$scale/keepalived/keepalived.conf" |
        sed "$1" >"$scratch/keepalived.conf"
    run keepalived --config-test --use-file="$scratch/keepalived.conf"
}

keepalived_takes_its_configuration() {
    needs_isolation || return
    ip link add eth0 type veth peer name eth1 2>/dev/null
    ip link set eth0 up
    test_keepalived ''
    expect_equal 'what keepalived says' '' "$out$err"
    expect_equal 'status' 0 "$status"
    expect_refused test_keepalived 5 's/lvs_sched/lvs_shed/' 's/ops/oops/' 's/misc_timeout/timeout/' '/misc_path/d'
}

# keepalived splits the line into words and runs them, as script_user says; 0 is healthy.
expect_keepalived_finds() { # SERVER STATUS
    words=$(sed -n "s|.*misc_path \"/usr/bin/\(.*$(address_of "$1") .*\)\"|$scratch/\1|p" "$scale/keepalived/keepalived.conf")
    # shellcheck disable=SC2046,SC2086 # several words
    run $(as 65534) $words
    expect_equal "status of the check of server $1" "$2" "$status"
    # Its misc_timeout.
    expect_elapsed "the check of server $1" 0 3000
}

keepaliveds_check_tells_a_dead_server_in_time() {
    start_site || return
    for each in 1 2 3; do
        expect_keepalived_finds $each 0
    done
    kill_server 2
    expect_keepalived_finds 1 0
    expect_keepalived_finds 2 1
    expect_keepalived_finds 3 0
    pause "$(serving_pid 3)"
    expect_keepalived_finds 3 1
    kill -CONT "$(serving_pid 3)"
}

test_kubernetes() { # SED SCRIPT
    sed "$1" "$scale/kubernetes/calc6.yaml" >"$scratch/calc6.yaml"
    run /usr/bin/python3 "$here/check_kubernetes.py" "$scratch/calc6.yaml"
}

kubernetes_knows_each_field() {
    test_kubernetes ''
    expect_equal 'status' 0 "$status"
    expect_match 'what is found' '{"serve": *' "$out"
    expect_refused test_kubernetes 1 's/readinessProbe/readynessProbe/' 's/containerPort: 10000/containerPort: many/' \
        's/name: calc6, port: 10000/name: calc6/' \
        's/targetPort: calc6/targetPort: calc7/' 's/  selector: {app: calc6}/  selector: {app: calc7}/' \
        's/drop: \[ALL\]/drop: ALL/' 's/kind: NetworkPolicy/kind: NetworkPolice/'
}

# A word of the manifest: $1 is serve, ready, alive, or their time limits.
of_manifest() { # WORD
    jq -r ".$1 | if type == \"array\" then join(\" \") else . end" "$scratch/out.json" |
        sed "s|/calc6-|$scratch&|; s| 10000| $port|"
}

is_probed() { # PROBE STATUS
    # shellcheck disable=SC2046 # several words
    run $(as 65532) $(of_manifest "$1")
    [ "$status" -eq "$2" ]
}

kubernetes_probes_tell_a_right_server_from_a_stopped_one() {
    needs_isolation || return
    test_kubernetes ''
    printf '%s\n' "$out" >"$scratch/out.json"
    # shellcheck disable=SC2046 # several words
    start_program $(as 65532) $(of_manifest serve)
    for probe in ready alive; do
        is_probed $probe 0 || fail "$probe: $err"
    done
    pause "$server_pid"
    for probe in ready alive; do
        is_probed $probe 1 || fail "$probe, of a stopped server: status $status"
        expect_elapsed "$probe" 0 $(($(of_manifest ${probe}_s) * 1000))
    done
    kill -CONT "$server_pid"
}

test_envoy() { # SED SCRIPT
    sed "$1" "$scale/envoy/envoy.yaml" >"$scratch/envoy.yaml"
    run /usr/bin/python3 "$here/check_envoy.py" "$scratch/envoy.yaml"
}

envoys_documents_know_each_field() {
    test_envoy ''
    expect_equal 'what is wrong' '' "$out$err"
    expect_equal 'status' 0 "$status"
    expect_refused test_envoy 1 's/idle_timeout: 2s/idle_timeout: 2/' 's/stat_prefix/stats_prefix/' \
        's/port_value: 10000/port_value: 100000/' \
        's/cluster: calc6/cluster: calc7/' '/use_per_packet/d' 's/      lb_policy: .*/      outlier_detection: {}/'
}

run_tests keepalived_takes_its_configuration keepaliveds_check_tells_a_dead_server_in_time kubernetes_knows_each_field \
    kubernetes_probes_tell_a_right_server_from_a_stopped_one envoys_documents_know_each_field
