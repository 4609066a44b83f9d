#!/bin/sh
# Runs the test programs of some folders (unit/, wire/, system/ and fuzz/, where none is named) whose name contains the first
# argument, but for those that LEFT_OUT names (as system/loops), JOBS at a time, and adds up what they say in TAP. With CI set,
# a skipped test is a failure.
set -u
cd "$(dirname "$0")/.." || exit 1
: "${BUILD:=build/check}" "${JOBS:=1}"
: "${LIMIT:=180}" # seconds for a program
: "${LEFT_OUT:=}"
export BUILD LIMIT
export CMOCKA_MESSAGE_OUTPUT=TAP
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1:abort_on_error=0}"
export UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"
wanted=${1-}
if [ $# -gt 1 ]; then
    shift
else
    set -- system unit wire fuzz # the long ones first
fi
mkdir -p "$BUILD/logs"
rm -f "$BUILD"/logs/*.count

for source in $(printf 'tests/%s/*_test.[cs]* ' "$@"); do
    folder=${source%/*}
    name=${folder##*/}/${source##*/}
    case " $LEFT_OUT " in *" ${name%_test.*} "*) continue ;; esac
    case $name in
    *'*'*) ;;
    *"$wanted"*) echo "$source" ;;
    esac
done | xargs -r -P "$JOBS" -n 1 tests/run_one.sh
# shellcheck disable=SC2046 # numbers, to be split
set -- $(cat "$BUILD"/logs/*.count 2>/dev/null | awk '
    { passed += $1; failed += $2; skipped += $3 }
    END { print passed + 0, failed + 0, skipped + 0, NR }')
if [ "$4" -eq 0 ]; then
    echo "no test is named like '$wanted'" >&2
    exit 1
fi
echo "$1 passed, $2 failed, $3 skipped"
[ "$2" -eq 0 ] || exit 1
if [ -n "${CI-}" ] && [ "$3" -gt 0 ]; then
    echo "a skipped test is a failure here (CI is set)" >&2
    exit 1
fi
