#!/bin/sh
# Runs the test programs of some folders (unit/, wire/ and system/, where none is named) whose name contains the first argument,
# and adds up what they say in TAP. With CI set, a skipped test is a failure.
set -u
cd "$(dirname "$0")/.." || exit 1
: "${BUILD:=build/check}"
export BUILD
export CMOCKA_MESSAGE_OUTPUT=TAP
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1:abort_on_error=0}"
export UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"
wanted=${1-}
if [ $# -gt 1 ]; then
    shift
else
    set -- unit wire system
fi
logs=$BUILD/logs
mkdir -p "$logs"
: "${LIMIT:=90}" # seconds for a program

# Prints: passed failed skipped, as the output of a program and its exit status have it.
count() {
    awk -v status="$2" '
        /^1\.\.[0-9]+/ { plan += substr($1, 4) }
        /^(not )?ok [0-9]+.*# SKIP/ { skipped++; next } # cmocka says "not ok" of a skipped one
        /^ok [0-9]+/ { passed++ }
        /^not ok [0-9]+/ { failed++ }
        END {
            ran = passed + failed + skipped
            if (failed == 0 && (status != 0 || ran == 0 || ran != plan))
                failed = 1
            print passed + 0, failed + 0, skipped + 0
        }' "$1"
}

total_passed=0 total_failed=0 total_skipped=0
for source in $(printf 'tests/%s/*_test.[cs]* ' "$@"); do
    [ -e "$source" ] || continue
    case $source in
    *.c) test=$BUILD/${source%.c} ;;
    *) test=$source ;;
    esac
    name=$(basename "$(dirname "$test")")/$(basename "$test" .sh)
    case $name in
    *"$wanted"*) ;;
    *) continue ;;
    esac
    log=$logs/$(echo "$name" | tr / -).tap
    timeout -k 5 "$LIMIT" tests/isolate.sh "$test" >"$log" 2>&1 </dev/null
    status=$?
    # shellcheck disable=SC2046 # three numbers, to be split
    set -- $(count "$log" "$status")
    total_passed=$((total_passed + $1))
    total_failed=$((total_failed + $2))
    total_skipped=$((total_skipped + $3))
    if [ "$2" -gt 0 ]; then
        printf 'FAIL %-28s %s passed, %s failed, %s skipped (exit status %s)\n' "$name" "$1" "$2" "$3" "$status"
        grep -Ev '^(not )?ok [0-9].*# SKIP|^ok [0-9]' "$log" | head -n 60 | sed 's/^/    /'
    else
        printf 'ok   %-28s %s passed\n' "$name" "$1"
    fi
    grep '# SKIP' "$log" | sed -E 's/^(not )?ok [0-9]+ (- )?(.*)# SKIP /     skipped: \3/; s/^# SKIP/     why:/' | sort -u
done
if [ "$total_passed$total_failed$total_skipped" = 000 ]; then
    echo "no test is named like '$wanted'" >&2
    exit 1
fi
echo "$total_passed passed, $total_failed failed, $total_skipped skipped"
[ "$total_failed" -eq 0 ] || exit 1
if [ -n "${CI-}" ] && [ "$total_skipped" -gt 0 ]; then
    echo "a skipped test is a failure here (CI is set)" >&2
    exit 1
fi
