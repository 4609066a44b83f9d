#!/bin/sh
# make STATIC=1, with glibc and with musl: one file each, which answers and asks where there is no library and nothing else.
. "$(dirname "$0")/../system/lib.sh"
. "$(dirname "$0")/lib.sh"

# Builds with a compiler and installs it; sets $source, $dest and what make said, $said.
build_with() { # COMPILER
    source=$scratch/$1/calc6-$version
    dest=$scratch/$1/dest
    said=$scratch/$1/said
    [ ! -e "$dest" ] || return 0
    mkdir -p "$scratch/$1"
    tar -C "$scratch/$1" -xzf "$tarball"
    make_it STATIC=1 CC="$1" install DESTDIR="$dest" PREFIX=
    printf '%s\n' "$err" >"$said"
}

each_needs_no_library() {
    for program in bin/calc6-client bin/calc6-conformance bin/calc6-load sbin/calc6-server; do
        expect_equal "interpreter and libraries of $program" '' "$(readelf -ld "$dest/$program" | grep -E 'INTERP|NEEDED')"
        run ldd "$dest/$program"
        expect_match "ldd of $program" '*not a dynamic executable*' "$out$err"
    done
}

# In a folder that is all there is, as in an image from scratch.
they_answer_and_ask_in_an_empty_root() {
    start_program chroot "$dest" /sbin/calc6-server --sandbox off ::1 0
    run chroot "$dest" /bin/calc6-client ::1 "$port" 1 3 5
    expect_equal 'status and result' '0 Result: 9' "$status $out$err"
    run chroot "$dest" /bin/calc6-conformance server --quiet --filter 'REQ-3.*' ::1 "$port"
    expect_equal 'the kit' '0 ' "$status $err"
    run chroot "$dest" /bin/calc6-load -n 1 -s 1 -w 1 --warmup 0 ::1 "$port"
    expect_equal 'the load' '0 ' "$status $err"
}

with_glibc_they_work() {
    build_with gcc
    each_needs_no_library
    they_answer_and_ask_in_an_empty_root
}

# The linker says of each name that is looked up that glibc does so with libraries of the host.
with_glibc_the_linker_warns_of_names_alone() {
    build_with gcc
    expect_equal 'warnings' 'getaddrinfo getpwnam' \
        "$(sed -n "s/.*warning: Using '\([a-z]*\)' in statically linked .*/\1/p" "$said" | sort -u | xargs)"
    expect_equal 'others' '' "$(grep warning "$said" | grep -v 'in statically linked applications')"
}

with_glibc_the_sandbox_is_whole() {
    grep -q 4294967295 /proc/self/uid_map || { skip "needs root, for a user to become" || return 0; }
    build_with gcc
    start_program "$dest/sbin/calc6-server" --sandbox require :: 0
    run "$dest/bin/calc6-client" localhost "$port" 1 3 5
    expect_equal 'by a name, on the host that has its libraries' '0 Result: 9' "$status $out$err"
}

with_musl_they_work() {
    build_with musl-gcc
    each_needs_no_library
    they_answer_and_ask_in_an_empty_root
    expect_equal 'warnings' '' "$(cat "$said")"
}

with_musl_names_are_found_without_a_library_and_the_filter_is_missing() {
    build_with musl-gcc
    start_program "$dest/sbin/calc6-server" ::1 0
    expect_match 'what the sandbox lacks' 'calc6-server: the sandbox lacks *seccomp*' "$(cat "$log")"
    mkdir -p "$dest/etc"
    echo '::1 here' >"$dest/etc/hosts"
    run chroot "$dest" /bin/calc6-client here "$port" 1 3 5
    expect_equal 'by a name' '0 Result: 9' "$status $out$err"
}

unpack
run_tests with_glibc_they_work with_glibc_the_linker_warns_of_names_alone with_glibc_the_sandbox_is_whole \
    with_musl_they_work with_musl_names_are_found_without_a_library_and_the_filter_is_missing
