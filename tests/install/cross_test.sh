#!/bin/sh
# Built with another machine's compiler, installed below a folder, and run there by an emulator.
. "$(dirname "$0")/../system/lib.sh"
. "$(dirname "$0")/lib.sh"

# The programs and the library are for MACHINE, as readelf names it, and work with what the cross compiler has for it.
expect_machine() { # ARCHITECTURE MACHINE
    dest=$scratch/$1
    make_it clean # bin/ is of no machine in particular
    make_it CC="$1-linux-gnu-gcc" BUILD="build/$1" SECCOMP= METRICS= install DESTDIR="$dest" PREFIX=/usr
    for file in bin/calc6-client bin/calc6-conformance bin/calc6-load sbin/calc6-server "lib/libcalc6.so.$version" \
        lib/libcalc6.a; do
        expect_equal "machine of $file" "$2" "$(readelf -h "$dest/usr/$file" | sed -n 's/^ *Machine: *//p')"
    done
    emulator="qemu-$1 -L /usr/$1-linux-gnu"
    # An emulator makes system calls of its own.
    # shellcheck disable=SC2086 # a command
    start_program $emulator "$dest/usr/sbin/calc6-server" --sandbox off -w 1 ::1 0
    # shellcheck disable=SC2086 # a command
    run $emulator "$dest/usr/bin/calc6-client" -s -op '*' ::1 "$port" 65536 65536
    expect_equal 'status and result' '0 Result: 4294967296' "$status $out$err"
    printf '%s\n' '#include <calc6.h>' 'int main(void) { return calc_code_text(CALC_OK) == 0; }' >"$scratch/links.c"
    for linking in '' -static; do
        run "$1-linux-gnu-gcc" $linking -I "$dest/usr/include" -o "$scratch/links" "$scratch/links.c" -L "$dest/usr/lib" -lcalc6
        expect_equal "linked $linking" '0 ' "$status $err"
        # shellcheck disable=SC2086 # a command
        run $emulator -E LD_LIBRARY_PATH="$dest/usr/lib" "$scratch/links"
        expect_equal "run $linking" '0 ' "$status $err"
    done
}

for_aarch64() {
    expect_machine aarch64 AArch64
}

for_s390x() {
    expect_machine s390x 'IBM S/390'
}

unpack
run_tests for_aarch64 for_s390x
