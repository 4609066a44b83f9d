#!/bin/sh
# check.sh VERSION: whether what is installed below DESTDIR works where it lies: each program, a calculation, the
# library through pkg-config. BINDIR, SBINDIR, LIBDIR and CC are in the environment; what is wrong is told in one line.
set -eu
version=$1
bin=${DESTDIR-}$BINDIR
sbin=${DESTDIR-}$SBINDIR
scratch=$(mktemp -d)
server_pid=
clean_up() {
    # It may have ended, which is what was to be found.
    [ -z "$server_pid" ] || kill "$server_pid" 2>/dev/null || true
    rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

expect() { # WHAT EXPECTED ACTUAL
    [ "$2" = "$3" ] || { echo "installcheck: $1: '$2' is expected, not '$3'" >&2 && exit 1; }
}

for program in "$sbin/calc6-server" "$bin/calc6-client" "$bin/calc6-conformance" "$bin/calc6-load"; do
    expect "$program" "${program##*/} (calc6) $version" "$("$program" --version)"
done

mkfifo "$scratch/said"
"$sbin/calc6-server" ::1 0 >"$scratch/said" 2>"$scratch/err" &
server_pid=$!
exec 3<"$scratch/said"
read -r line <&3 || { echo "installcheck: no server: $(cat "$scratch/err")" >&2 && exit 1; }
port=${line##*:}
expect 'the sum of 1, 3 and 5' 'Result: 9' "$("$bin/calc6-client" ::1 "$port" 1 3 5)"
"$bin/calc6-conformance" server --quiet --filter 'REQ-3.3/*' ::1 "$port"
"$bin/calc6-load" --requests 1 --sockets 1 --window 1 --warmup 0 ::1 "$port" >"$scratch/load"

# The example of its manual, with the library as pkg-config knows it.
export PKG_CONFIG_PATH="${DESTDIR-}$LIBDIR/pkgconfig" PKG_CONFIG_SYSROOT_DIR="${DESTDIR-}" LD_LIBRARY_PATH="${DESTDIR-}$LIBDIR"
expect 'the version that pkg-config knows' "$version" "$(pkg-config --modversion calc6)"
sed '/^#include <calc6.h>/,/^\.Ed/!d; /^\.Ed/d; s/\\e/\\/g' man/libcalc6.3 >"$scratch/example.c"
# shellcheck disable=SC2086 # CC may be a compiler and its options
pkg-config --cflags --libs calc6 | xargs $CC -o "$scratch/example" "$scratch/example.c"
expect 'the example of libcalc6(3)' 9 "$("$scratch/example")"
echo "installcheck: the programs in $bin and $sbin and the library in ${DESTDIR-}$LIBDIR work"
