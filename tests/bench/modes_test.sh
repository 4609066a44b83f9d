#!/bin/sh
# Neither the number of workers nor what is merged on the way shows in a reply.
. "$(dirname "$0")/../system/lib.sh"

load=$build/bin/load

# bin/load looks at every octet of every reply.
no_mode_changes_a_reply() {
    for options in '-w 1' '-w 1 --no-gro' '-w 1 --no-gso' '-w 1 --no-gro --no-gso' '-w 3' '--busy-poll 50'; do
        for address in ::1 ::; do
            # shellcheck disable=SC2086 # words of the command line
            start_server $options "$address"
            for requests in '-s 1 -w 64 -g 64' '-s 1 -w 64' '-s 16 -w 9 -g 3' '-s 64 -w 4 --request mixed'; do
                # shellcheck disable=SC2086
                run "$load" -n 2000 --timeout 5 --json $requests ::1 "$port"
                expect_equal "$options $address, $requests" 'lost 0, wrong 0, unexpected 0' \
                    "$(printf '%s' "$out" | jq -r '"lost \(.lost), wrong \(.wrong), unexpected \(.unexpected)"')"
            done
            stop_server
            expect_equal "$options $address: not replied to" '' "$(grep -E '^  (dropped|failed)' "$log")"
        done
    done
}

run_tests no_mode_changes_a_reply
