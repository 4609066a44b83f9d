#!/bin/sh
# boot.sh MACHINE GROUP: runs the Debian in a folder, with systemd as its first process and in a control group, until it is killed.
# A service in it may close itself in by Landlock, as on a machine. machine.sh prepares both, and says when it is up.
set -eu
echo $$ >"$2/cgroup.procs"
# Landlock is not among what systemd-nspawn lets through by itself (252).
# Within, the groups are those of cgroup2 alone, and systemd-nspawn takes its notes where nobody else does.
# shellcheck disable=SC2016 # the inner shell's
exec unshare --cgroup --pid --fork --kill-child --mount-proc sh -euc '
    mount -t cgroup2 groups /sys/fs/cgroup
    mount -t tmpfs notes /run
    exec systemd-nspawn --quiet --register=no --keep-unit --private-network --link-journal=no \
        --system-call-filter="landlock_create_ruleset landlock_add_rule landlock_restrict_self" \
        --machine=debian --directory="$1" --boot --console=passive' sh "$1"
