#!/bin/sh
# The installed library, as somebody uses it who has a compiler and pkg-config: in C and C++, shared and static.
. "$(dirname "$0")/../system/lib.sh"
. "$(dirname "$0")/lib.sh"
dest=$scratch/dest
lib=$dest/usr/local/lib
export PKG_CONFIG_PATH="$lib/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$dest"

# The names of the functions that a header declares.
declared() { # HEADER
    gcc -E -P -fpreprocessed -dD "$1" | tr '\n' ' ' | grep -oE '\bcalc_[a-z_]+ *\(' | tr -d ' (' | sort
}

both_show_the_functions_of_the_header_and_no_more() {
    declared "$dest/usr/local/include/calc6.h" >"$scratch/declared"
    expect_equal 'shared' "$(cat "$scratch/declared")" \
        "$(nm -D --defined-only "$lib/libcalc6.so" | awk '$2 == "T" { sub("@@CALC6_0$", "", $3); print $3 }' | sort)"
    expect_equal 'static' "$(cat "$scratch/declared")" \
        "$(nm -g --defined-only "$lib/libcalc6.a" | awk 'NF == 3 { print $3 }' | sort)"
    expect_equal 'other kinds of names' '' "$(nm -D --defined-only "$lib/libcalc6.so" | awk '$2 != "T" && $3 !~ /^CALC6_0/')"
    [ "$(wc -l <"$scratch/declared")" -ge 7 ] || fail 'the header declares too few'
}

the_shared_one_has_a_soname_and_needs_libc_alone() {
    expect_equal 'soname' '[libcalc6.so.0]' "$(readelf -d "$lib/libcalc6.so" | awk '/SONAME/ { print $NF }')"
    expect_equal 'needed' '' "$(readelf -d "$lib/libcalc6.so" | awk '/NEEDED/ { print $NF }' | grep -vxF '[libc.so.6]')"
    expect_equal 'links' "libcalc6.so.0 libcalc6.so.$version" "$(readlink "$lib/libcalc6.so" "$lib/libcalc6.so.0" | xargs)"
    expect_equal 'writable data' 0 "$(size -A "$lib/libcalc6.a" | awk '$1 ~ /^\.(data|bss)$/ { n += $2 } END { print n + 0 }')"
}

pkg_config_knows_it() {
    expect_equal 'version' "$version" "$(pkg-config --modversion calc6)"
    run pkg-config --validate calc6
    expect_equal 'valid' '0 ' "$status $err"
    # In the folders that a compiler looks into anyway, nothing has to be said.
    expect_equal 'what else is needed' '' "$(pkg-config --print-requires --print-requires-private calc6)"
}

the_header_stands_alone_in_each_standard() {
    echo '#include <calc6.h>' >"$scratch/header.c"
    while read -r language standards; do
        for standard in $standards; do
            for compiler in gcc clang; do
                run $compiler -x "$language" -std="$standard" -Wall -Wextra -Wpedantic -Werror -fsyntax-only \
                    -I "$dest/usr/local/include" "$scratch/header.c"
                expect_equal "$compiler, $standard" '0 ' "$status $err"
            done
        done
    done <<END
c c99 c11 c17 gnu2x
c++ c++11 c++14 c++17 c++20
END
}

# A name that it has, and the library within itself, is its own.
a_program_of_ten_lines_uses_it() {
    cat >"$scratch/ten.c" <<'END'
#include <calc6.h>
#include <stdio.h>
int sum_u32(void) { return 1; }
int main(void)
{
    struct calc_request request = {CALC_PRODUCT, CALC_AS_STRING, 2, {65536, 65536}};
    struct calc_reply result;
    enum calc_code code = calc_evaluate(&request, &result);
    return code != CALC_OK || printf("%.*s\n", (int)result.digit_count, result.digits) < 0;
}
END
    for compiler in 'gcc -x c' 'clang -x c' 'g++ -x c++' 'clang++ -x c++'; do
        for linking in '' -static; do
            [ -z "$linking" ] && shared=1 || shared=0
            # shellcheck disable=SC2046,SC2086 # words
            run $compiler -Wall -Wextra -Wpedantic -Werror $linking -o "$scratch/ten" "$scratch/ten.c" -x none \
                $(pkg-config --cflags --libs ${linking:+--static} calc6)
            expect_equal "$compiler $linking" '0 ' "$status $err"
            run env LD_LIBRARY_PATH="$lib" "$scratch/ten"
            expect_equal "what it prints by $compiler $linking" '0 4294967296' "$status $out"
            uses=$(LD_LIBRARY_PATH=$lib ldd "$scratch/ten" 2>&1 | grep -cF "libcalc6.so.0 => $lib/libcalc6.so.0 ")
            expect_equal "uses the shared one by $compiler $linking" "$shared" "$uses"
        done
    done
}

unpack
make_it install DESTDIR="$dest"
run_tests both_show_the_functions_of_the_header_and_no_more the_shared_one_has_a_soname_and_needs_libc_alone \
    pkg_config_knows_it the_header_stands_alone_in_each_standard a_program_of_ten_lines_uses_it
