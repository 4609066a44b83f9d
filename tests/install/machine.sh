# Sourced by tests behind lib.sh: a fresh Debian of its own, booted with systemd as its first process, to type commands into. All of
# it is in memory and in namespaces, and ends with the test. machine_image.sh makes what it begins with.
# shellcheck shell=sh

image=$root/build/install/machine.tar
machine=
machine_pid=
group=

# It takes a root who is root outside too, and what a container of systemd's takes.
needs_machine() {
    if [ "$(id -u)" -ne 0 ] || ! grep -q 4294967295 /proc/self/uid_map; then
        skip 'needs root: a machine is booted'
    elif ! command -v systemd-nspawn >/dev/null; then
        skip 'needs systemd-nspawn: make install-deps'
    elif [ ! -e "$image" ]; then
        skip "needs $image: make machine"
    fi
}

# Unpacks a fresh one.
make_machine() { # sets $machine
    end_machine
    machine=$scratch/machine
    mkdir -p "$machine"
    mount -t tmpfs -o mode=755 machine "$machine" && tar -C "$machine" -xf "$image"
}

# A control group for it, below that of the test: cgroups(7). In there, it finds itself at the root.
make_group() { # sets $group
    mkdir "$scratch/groups"
    mount -t cgroup2 groups "$scratch/groups"
    group=$scratch/groups$(sed -n 's/^0:://p' /proc/self/cgroup)/machine-$$
    mkdir "$group"
}

# It ends when this shell does, however that ends.
boot_machine() { # sets $machine_pid, of its first process
    make_group
    start_logged "$scratch/console" setpriv --pdeathsig KILL "$root/tests/install/boot.sh" "$machine" "$group"
    container_pid=$!
    wait_until is_up || fail "the machine does not boot; there is: $(cat "$scratch/console" "$scratch/up")"
}

# In between, the first process is still on its way into the machine.
is_up() {
    nspawn_pid=$(pgrep -P "$container_pid") && machine_pid=$(pgrep -x -P "$nspawn_pid" systemd) &&
        in_machine systemctl is-system-running --wait >"$scratch/up" 2>&1
}

# As root's shell has it who logs in there.
in_machine() { # COMMAND [ARGUMENT...]
    nsenter --target "$machine_pid" --mount --uts --ipc --net --pid --cgroup \
        env -i --chdir=/root HOME=/root USER=root LANG=C.UTF-8 TERM=dumb DEBIAN_FRONTEND=noninteractive \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

group_is_gone() {
    find "$group" -depth -type d -exec rmdir {} + 2>/dev/null
    [ ! -e "$group" ]
}

end_machine() {
    if [ -n "$group" ]; then
        pkill -KILL -P "$container_pid"
        wait "$container_pid" 2>/dev/null
        wait_until group_is_gone || echo "# what is left of the machine: $group"
        umount "$scratch/groups" && rmdir "$scratch/groups"
    fi
    [ -z "$machine" ] || umount "$machine"
    machine='' machine_pid='' group=''
}

trap 'end_machine; clean_up' EXIT
