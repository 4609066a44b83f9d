#!/bin/sh
# Writes the expected texts anew, of all cases or of those that are named: update.sh [NAME...]. Look at
# `git diff` before you believe them.
set -eu
cd "$(dirname "$0")"
packets=../../${BUILD:-build/check}/tests/tools/packets
capture=$(mktemp)
trap 'rm -f "$capture"' EXIT
mkdir -p expected
grep -v '^#' cases.txt | while read -r name description expected options; do
    case " ${*:-$name} " in
    *" $name "*) ;;
    *) continue ;;
    esac
    "$packets" pcap "$description" >"$capture"
    # shellcheck disable=SC2086 # options are words
    ./view.sh "$capture" $options >"expected/$expected"
done
