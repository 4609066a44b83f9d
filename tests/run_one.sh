#!/bin/sh
# Runs one test program in a network of its own, says in a line how it went, or shows why it failed, and leaves its numbers
# beside its log: passed failed skipped. For run.sh, which has set the environment.
set -u
source=$1
case $source in
*.c) test=$BUILD/${source%.c} ;;
*) test=$source ;;
esac
name=$(basename "$(dirname "$test")")/$(basename "$test" .sh)
log=$BUILD/logs/$(echo "$name" | tr / -)

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

say() { # PASSED FAILED SKIPPED
    if [ "$2" -gt 0 ]; then
        printf 'FAIL %-28s %s passed, %s failed, %s skipped (exit status %s)\n' "$name" "$1" "$2" "$3" "$status"
        grep -Ev '^(not )?ok [0-9].*# SKIP|^ok [0-9]' "$log.tap" | head -n 60 | sed 's/^/    /'
    else
        printf 'ok   %-28s %s passed\n' "$name" "$1"
    fi
    grep '# SKIP' "$log.tap" | sed -E 's/^(not )?ok [0-9]+ (- )?(.*)# SKIP /     skipped: \3/; s/^# SKIP/     why:/' | sort -u
}

timeout -k 5 "$LIMIT" tests/isolate.sh "$test" >"$log.tap" 2>&1 </dev/null
status=$?
count "$log.tap" "$status" >"$log.count"
# shellcheck disable=SC2046 # three numbers, to be split
say $(cat "$log.count") >"$log.said"
# In one piece: others may run at the same time.
cat "$log.said"
