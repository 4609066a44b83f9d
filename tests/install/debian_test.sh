#!/bin/sh
# The Debian packages: built, and in a machine of their own installed, started, used, upgraded under load, removed and purged.
. "$(dirname "$0")/../system/lib.sh"
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/machine.sh"

# dpkg-buildpackage in a folder, whose files end up beside it.
build_packages() { # FOLDER OPTIONS [WHAT NOT TO DO]
    # shellcheck disable=SC2086 # options
    (cd "$1" && DEB_BUILD_OPTIONS=${3-} dpkg-buildpackage -us -uc $2) >"$scratch/built" 2>&1 && return
    fail "dpkg-buildpackage $*: $(tail -n 20 "$scratch/built")"
    return 1
}

they_are_built_and_lintian_has_nothing_to_say() {
    unpack
    build_packages "$source" -F || return
    # It leaves files behind.
    run env TMPDIR="$scratch" lintian --allow-root --fail-on error,warning,info,pedantic,experimental,override --pedantic -EvIL +pedantic \
        "$scratch"/calc6_*.changes
    expect_equal 'status of lintian' 0 "$status"
    expect_equal 'what lintian says' '' "$(echo "$out" | grep -v '^N:')"
}

# As where Docker builds: the loopback interface has no IPv6.
without_the_loopback_address_the_build_skips_its_tests_and_says_so() {
    needs_isolation || return
    cd "$source" || return
    run env MAKEFLAGS= debian/rules override_dh_auto_test
    expect_equal 'status' 0 "$status"
    expect_match 'what is tested' '*bin/conformance server *bin/conformance client *' "$out"
    run unshare --net sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6 && ip link set lo up && debian/rules override_dh_auto_test'
    expect_equal "status without ::1 ($err)" 0 "$status"
    expect_match 'what it says' '*skipped*::1*' "$out"
    cd "$root" || return
}

# Elsewhere in the tree and in the world.
the_same_sources_make_the_same_packages() {
    mkdir -p "$scratch/again"
    tar -C "$scratch/again" -xzf "$tarball"
    (umask 077 && export TZ=Asia/Tokyo LC_ALL=C.UTF-8 && build_packages "$scratch/again/calc6-$version" -b nocheck)
    for package in "$scratch"/*.deb; do
        cmp "$package" "$scratch/again/${package##*/}" || fail "${package##*/} differs"
    done
}

# Every name in the machine, but for the books that dpkg, apt and man keep, and what passes.
names() {
    in_machine find / -xdev \( -path /proc -o -path /sys -o -path /run -o -path /tmp -o -path /var/tmp -o -path /root \
        -o -path /srv -o -path /var/log -o -path /var/cache -o -path /var/lib/apt -o -path /var/lib/dpkg \
        -o -path '/var/lib/systemd/*' -o -path /dev \) -prune -o -print | sort
}

# apt in the machine, which is to succeed.
apt() { # WORD...
    in_machine apt-get -qq -y "$@" >"$scratch/apt" 2>&1 || fail "apt-get $*: $(tail -n 10 "$scratch/apt")"
}

# Puts the packages of a folder, but those for debuggers, into the machine and into $packages.
packages_in() { # FOLDER
    packages=
    for package in "$1"/*.deb; do
        case $package in *-dbgsym_*) continue ;; esac
        cp "$package" "$machine/root"
        packages="$packages /root/${package##*/}"
    done
}

service() { # PROPERTY [UNIT]
    in_machine systemctl show --value --property "$1" "${2-calc6-server.service}"
}

expect_answer() {
    expect_equal 'an answer' 9 "$(in_machine calc6-client -q ::1 10000 1 3 5 2>&1)"
}

an_installation_starts_and_answers() {
    needs_machine || return
    make_machine
    boot_machine
    apt update
    names >"$scratch/before"
    # What needs Wireshark to be of any use, needs none to be there.
    packages_in "$scratch"
    # shellcheck disable=SC2086 # several words
    apt install $packages
    for unit in calc6-server.socket calc6-server.service; do
        expect_equal "$unit" 'active enabled' "$(service ActiveState $unit) $(service UnitFileState $unit)"
    done
    expect_equal 'metrics, unless asked for' 'inactive disabled' \
        "$(service ActiveState calc6-metrics.socket) $(service UnitFileState calc6-metrics.socket)"
    expect_answer
    expect_equal 'units that have failed' '' "$(in_machine systemctl --failed --quiet)"
    for page in 1/calc6-client 1/calc6-conformance 1/calc6-load 3/libcalc6 7/calc6 8/calc6-server; do
        expect_match "page $page" "/usr/share/man/man$page.?.gz" "$(in_machine man -w "${page%/*}" "${page#*/}" 2>&1)"
    done
    expect_equal 'files that are not as they were packed' '' "$(in_machine dpkg --verify)"
}

# debian/tests, as Debian's machines do it.
the_installed_packages_pass_their_own_tests() {
    [ -n "$machine_pid" ] || skip 'needs the machine' || return
    cp -r "$source" "$machine/root/calc6"
    apt install --no-install-recommends gcc libc6-dev pkg-config
    sed -n 's/^Tests: //p' "$source/debian/tests/control" >"$scratch/tests"
    while read -r script; do
        run in_machine env AUTOPKGTEST_TMP="$(in_machine mktemp -d)" "/root/calc6/debian/tests/$script"
        expect_equal "status of $script" 0 "$status"
        expect_equal "what $script says" '' "$err"
    done <"$scratch/tests"
}

# That of the service and that of the metrics.
sockets_opened() {
    service ActiveEnterTimestampMonotonic calc6-server.socket
    service ActiveEnterTimestampMonotonic calc6-metrics.socket
}

# A client that asks all the time has every answer, and what has been enabled stays so.
an_upgrade_loses_nothing() {
    [ -n "$machine_pid" ] || skip 'needs the machine' || return
    mkdir "$scratch/next"
    tar -C "$scratch/next" -xzf "$tarball"
    (cd "$scratch/next/calc6-$version" && DEBEMAIL=calc6@example.org dch --preserve --newversion "$version+1" \
        --distribution unstable 'The next one.' >"$scratch/built" 2>&1) || fail "dch: $(cat "$scratch/built")"
    build_packages "$scratch/next/calc6-$version" -b nocheck
    run in_machine sh -c 'systemctl -q enable calc6-metrics.socket && systemctl stop calc6-server.socket calc6-server.service &&
        systemctl start calc6-metrics.socket calc6-server.service'
    expect_equal 'what systemctl says' '0,' "$status,$err"
    before=$(service MainPID) opened=$(sockets_opened)
    start_logged "$scratch/load" in_machine sh -c 'while [ ! -e stop ]; do echo + 1 2; done | calc6-client --batch ::1 10000 | uniq -c'
    load_pid=$!
    packages_in "$scratch/next"
    # shellcheck disable=SC2086 # several words
    apt install $packages
    touch "$machine/root/stop"
    wait "$load_pid" || fail "a request has no answer: $(tail -n 5 "$scratch/load")"
    expect_match 'answers during the upgrade' '*[0-9][0-9][0-9] 3' "$(cat "$scratch/load")"
    expect_equal 'the version' "$version+1" "$(in_machine dpkg-query -W calc6-server | cut -f 2)"
    [ "$before" != "$(service MainPID)" ] || fail 'the old service goes on'
    expect_equal 'since when the sockets are open' "$opened" "$(sockets_opened)"
    expect_equal 'the socket of the metrics' active "$(service ActiveState calc6-metrics.socket)"
    expect_answer
}

# The sockets that are open.
who_listens() {
    in_machine ss -Hltun 'sport = 10000 or sport = 9610' | awk '{ print $1, $5 }' | sort | paste -sd ,
}
both='tcp [::1]:9610,udp *:10000'

# As after a change of the socket's options (docs/operator.md).
a_restart_of_the_socket_keeps_the_metrics() {
    [ -n "$machine_pid" ] || skip 'needs the machine' || return
    run in_machine systemctl restart calc6-server.socket calc6-server.service
    expect_equal 'what systemctl says' '0,' "$status,$err"
    expect_equal 'who listens' "$both" "$(who_listens)"
    expect_answer
    expect_match 'a scrape' 'HTTP/1.1 200 *' \
        "$(in_machine bash -c 'exec 3<>/dev/tcp/::1/9610 && printf "GET /metrics HTTP/1.0\r\n\r\n" >&3 && head -n 1 <&3')"
}

what_is_removed_is_stopped_and_what_is_purged_is_gone() {
    [ -n "$machine_pid" ] || skip 'needs the machine' || return
    expect_equal 'who listens before' "$both" "$(who_listens)"
    # Prometheus asks meanwhile.
    in_machine bash -c 'until [ -e removed ]; do : <>/dev/tcp/::1/9610; done' 2>/dev/null &
    scrapes_pid=$!
    apt remove calc6-server
    touch "$machine/root/removed"
    wait "$scrapes_pid"
    for unit in calc6-server.service calc6-server.socket calc6-metrics.socket; do
        expect_equal "$unit" inactive "$(service ActiveState $unit)"
    done
    expect_equal 'who listens' '' "$(who_listens)"
    apt purge --auto-remove 'calc6-*' 'libcalc6-*' gcc libc6-dev pkg-config
    names | diff "$scratch/before" - >"$scratch/left" || fail "purged, and yet: $(cat "$scratch/left")"
    expect_equal 'links to units' '' "$(in_machine find /etc/systemd /run/systemd /var/lib/systemd -name '*calc6*')"
    expect_equal 'what dpkg still knows' '' "$(in_machine dpkg-query -W '*calc6*' 2>&1 | grep -v '^dpkg-query: no packages found')"
}

# policy-rc.d(8) of an administrator who starts services in their own time.
who_lets_no_service_start_gets_none() {
    [ -n "$machine_pid" ] || skip 'needs the machine' || return
    printf '#!/bin/sh\nexit 101\n' >"$machine/usr/sbin/policy-rc.d"
    chmod +x "$machine/usr/sbin/policy-rc.d"
    apt install "/root/calc6-server_${version}_$(dpkg --print-architecture).deb"
    expect_equal 'the service' 'inactive enabled' "$(service ActiveState) $(service UnitFileState)"
    expect_equal 'its socket' inactive "$(service ActiveState calc6-server.socket)"
}

run_tests they_are_built_and_lintian_has_nothing_to_say without_the_loopback_address_the_build_skips_its_tests_and_says_so \
    the_same_sources_make_the_same_packages an_installation_starts_and_answers \
    the_installed_packages_pass_their_own_tests an_upgrade_loses_nothing a_restart_of_the_socket_keeps_the_metrics \
    what_is_removed_is_stopped_and_what_is_purged_is_gone who_lets_no_service_start_gets_none
