# Sourced by the tests of what there is too little of: the release programs, as sanitizers would need more memory than those; a small
# disk, a clock that jumps, and a network whose interface can be taken away.
# shellcheck shell=sh
# shellcheck source=batch_lib.sh
. "$(dirname "$0")/../system/batch_lib.sh"

server=$root/bin/server
client=$root/bin/client
disk=$scratch/disk
here=fd00:ca1c:1::1
there=fd00:ca1c:1::2
far_pid=

clean_up_all() {
    [ -z "$far_pid" ] || kill "$far_pid"
    [ ! -d "$disk" ] || umount --lazy "$disk"
    clean_up
}
trap clean_up_all EXIT

# An empty file system of 64 KiB.
small_disk() {
    needs_isolation || return
    [ ! -d "$disk" ] || umount "$disk"
    mkdir -p "$disk"
    mount -t tmpfs -o size=64k calc6 "$disk"
}

# $faked in front of a command gives it a clock of its own, which set_clock moves while the command runs.
with_clock() {
    faketime=
    for library in /usr/lib/*/faketime/libfaketime.so.1; do
        faketime=$library
    done
    [ -e "$faketime" ] || { skip 'needs libfaketime' && return 1; }
    set_clock +0
    faked="env LD_PRELOAD=$faketime FAKETIME_TIMESTAMP_FILE=$scratch/clock FAKETIME_NO_CACHE=1"
}

set_clock() { # OFFSET, as faketime(1) has it
    echo "$1" >"$scratch/clock.next"
    mv "$scratch/clock.next" "$scratch/clock"
}

# Each line of $scratch/out has the result of its number_lines, or says that no reply came.
expect_each_right_or_missing() { # WHAT HOW MANY
    expect_equal "$1: answers" "$2" "$(grep -c . "$scratch/out")"
    expect_equal "$1: wrong answers" '' \
        "$(awk '$0 != NR + 6 && $0 !~ "^line " NR ": no reply from "' "$scratch/out" | head -n 3)"
}

has_lost() {
    [ "$(overflown)" -gt 0 ]
}

# A network namespace at the other end of a cable.
far_away() {
    needs_isolation || return
    if [ -z "$far_pid" ]; then
        unshare --net sleep 1000 &
        far_pid=$!
        wait_until is_far
        $far ip link set lo up
    fi
    plug
}

is_far() {
    far="nsenter --target $far_pid --net"
    [ "$(readlink "/proc/$far_pid/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}

plug() {
    ! ip link show here >/dev/null 2>&1 || return 0
    ip link add here type veth peer name there netns "$far_pid"
    ip address add "$here/64" dev here nodad
    ip link set here up
    $far ip address add "$there/64" dev there nodad
    $far ip link set there up
    wait_until is_plugged || fail 'the interface does not come up'
}

is_plugged() {
    ip -6 route show dev here | grep -v linkdown | grep -q '^fd00:ca1c:1::/64' &&
        $far ip -6 route show dev there | grep -v linkdown | grep -q '^fd00:ca1c:1::/64'
}

unplug() {
    ip link delete here
}

sent_so_far() {
    awk '$1 == "Udp6OutDatagrams" { print $2 }' /proc/self/net/snmp6
}

has_sent() { # HOW MANY
    [ "$(sent_so_far)" -ge "$1" ]
}
