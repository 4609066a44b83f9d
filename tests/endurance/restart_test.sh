#!/bin/sh
# A thousand restarts under load: one server takes over from another by the port alone (--takeover), by its sockets (--upgrade),
# and by the sockets that somebody else holds for both (LISTEN_FDS). TAKEOVERS, UPGRADES and RESTARTS say how many.
. "$(dirname "$0")/../system/lib.sh"
. "$(dirname "$0")/../system/restart_lib.sh"
: "${TAKEOVERS:=400}" "${UPGRADES:=400}" "${RESTARTS:=200}"
# The programs as they are installed: in a sandbox.
server=$root/bin/server
client=$root/bin/client

no_request_is_without_an_answer_when_the_port_is_taken_over() {
    expect_answers "$TAKEOVERS" "$server" "$client"
}

none_is_lost_when_the_sockets_are_handed_over() {
    start_program "$server" -w 2 --upgrade "$scratch/loaded" ::1 0
    expect_no_loss 'upgrade' "$UPGRADES" upgrade "$server"
}

none_is_lost_when_the_sockets_are_held() {
    start_program "$tools/hold" -n 2 ::1 0 "$server"
    expect_no_loss 'held sockets' "$RESTARTS" restart_held
}

run_tests no_request_is_without_an_answer_when_the_port_is_taken_over none_is_lost_when_the_sockets_are_handed_over \
    none_is_lost_when_the_sockets_are_held
