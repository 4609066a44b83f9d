# Sourced by the tests of `conformance grade`, behind lib.sh: submissions, and what is left of them.
# shellcheck shell=sh disable=SC2154 # lib.sh has the rest

kit=$build/bin/conformance
nasty=$(dirname "$build")/release/tests/conformance/nasty/nasty
rubric=$root/tests/conformance/example.rubric
class=$scratch/class
grades=$scratch/grades
# Of the processes that a submission starts, to be told from all others.
mark=calc6-nasty-$$
TMPDIR=$scratch/tmp
export TMPDIR
mkdir -p "$TMPDIR" "$class"
[ -x "$nasty" ] || { echo "Bail out! there is no $nasty" && exit 1; }
chmod 711 "$scratch" "$TMPDIR"

submission() { # NAME [DEED [DEED]]: what it does when it serves, and when it is built
    rm -rf "${class:?}/$1"
    mkdir -p "$class/$1"
    cp "$nasty" "$class/$1/$mark"
    printf '#!/bin/sh\nexec "./%s" %s "$@"\n' "$mark" "${2-good}" >"$class/$1/server"
    printf '#!/bin/sh\nexec "./%s" %s\n' "$mark" "${3-good}" >"$class/$1/build"
    chmod +x "$class/$1/server" "$class/$1/build"
}

grade() { # [OPTION...] NAME...
    rm -rf "$grades"
    (cd "$class" && run "$kit" grade --server './server {port}' --out "$grades" "$@" &&
        printf '%s\n' "$status" >"$scratch/status" && printf '%s\n' "$elapsed" >"$scratch/elapsed")
    status=$(cat "$scratch/status")
    elapsed=$(cat "$scratch/elapsed")
    out=$(cat "$scratch/out")
    err=$(cat "$scratch/err")
}

line_of() { # NAME
    printf '%s\n' "$out" | grep "^$1,"
}

# As root only does each submission have a user of its own, without whom what is tried here would do harm.
needs_users() {
    setpriv --reuid 2000000000 --regid 2000000000 --clear-groups true 2>/dev/null ||
        skip 'needs users of its own: run as root'
}

left_processes() {
    for process in /proc/[0-9]*; do
        grep -qs "$mark" "$process/cmdline" && echo "$process"
    done
}

left_files() {
    ls -A "$TMPDIR"
    find /tmp /var/tmp /dev/shm -maxdepth 1 -uid +1999999999 2>/dev/null
}

expect_nothing_left() { # WHAT
    expect_equal "processes of $1" '' "$(left_processes)"
    expect_equal "files of $1" '' "$(left_files)"
}

expect_good_grade() { # NAME
    expect_match "the line of $1" "$1,[1-9]*,0,0,*,0,*,A,," "$(line_of "$1")"
}
