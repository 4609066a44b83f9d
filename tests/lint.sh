#!/bin/bash
# The tree is formatted, and free of warnings in two compilers and four linters.
set -eu
cd "$(dirname "$0")/.."
mapfile -t sources < <(git ls-files '*.c')
mapfile -t headers < <(git ls-files '*.h')
mapfile -t pythons < <(git ls-files '*.py')
mapfile -t scripts < <(git ls-files '*.sh' .ci/run)

clang-format --dry-run -Werror "${sources[@]}" "${headers[@]}"
for compiler in gcc clang; do
    for level in -O0 -O2 -O3; do
        make -s -j2 CC="$compiler" BUILD="build/lint-$compiler$level" CFLAGS="$level -Werror" SANITIZE= \
            check-build >/dev/null
    done
done
rm -rf bin
cppcheck --quiet --error-exitcode=1 --std=c11 --inline-suppr -I. \
    --enable=warning,performance,portability --suppress=missingIncludeSystem \
    --suppress=ctuuninitvar `# takes output parameters for input` \
    --suppress=comparePointers `# does not know what the assembler puts in` \
    proto server client tests/conformance/*.c tests/bench/limits tests/bench/load tests/bench/fresh.c
clang-tidy --quiet proto/*.c proto/net/*.c proto/term/*.c server/*.c client/*.c tests/bench/limits/*.c \
    tests/bench/load/*.c tests/bench/fresh.c -- -std=c11 -I. -DWITH_SECCOMP -DWITH_METRICS 2>/dev/null
shellcheck "${scripts[@]}"
for script in "${pythons[@]}"; do
    python3 -c 'import sys; compile(open(sys.argv[1]).read(), sys.argv[1], "exec")' "$script"
done
luacheck --quiet captures/calc6.lua tests/dissector/standin.lua >/dev/null ||
    luacheck captures/calc6.lua tests/dissector/standin.lua

# The servers that people would use instead, with what is there of their toolchains (make bench-deps); javac and rustc
# refuse warnings when they are built.
for peer in $(tests/bench/peers/peers.sh list); do
    PEERS=$PWD/build/lint-peers/tests/bench/peers tests/bench/peers/peers.sh build "$peer" || [ $? -eq 77 ]
done
rm -rf build/lint-peers
! command -v node >/dev/null || node --check tests/bench/peers/dgram.js
