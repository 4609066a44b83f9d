#!/bin/sh
# From nothing to a service with its manual, metrics and a balancer, by the pages alone: each ```console machine block of the
# documents is typed into a machine of its own, the page for operators first. ~/calc6 there are the sources.
. "$(dirname "$0")/../system/lib.sh"
. "$(dirname "$0")/../system/session_lib.sh"
. "$(dirname "$0")/../system/documents_lib.sh"
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/machine.sh"

fence='```console machine'

type_in_machine() { # FOLDER OF ITS PARTS
    rm -rf "$machine/root/.session"
    cp -r "$1" "$machine/root/.session"
    in_machine calc6/tests/install/type.sh /root/.session
}

# The page for operators, and behind it all others.
pages() {
    echo docs/operator.md
    documents | sed 's,^\./,,' | grep -vxF docs/operator.md
}

a_fresh_machine_becomes_what_the_pages_promise() {
    needs_machine || return
    unpack
    make_machine
    mv "$source" "$machine/root/calc6"
    boot_machine
    pages >"$scratch/pages"
    cd "$machine/root/calc6" || return
    while read -r page; do
        check_blocks "$page" type_in_machine
    done <"$scratch/pages"
    cd "$root" || return
}

# The test above, tested.
a_wrong_page_is_found() {
    [ -n "$machine_pid" ] || skip 'needs the machine' || return
    printf '%s\n' "$fence" '$ pwd' /root '$ hostname' debian '```' >"$scratch/right.md"
    check_blocks "$scratch/right.md" type_in_machine
    for change in 's/^debian$/ubuntu/' 's/pwd/false/'; do
        sed "$change" "$scratch/right.md" >"$scratch/wrong.md"
        (
            failures=0
            check_blocks "$scratch/wrong.md" type_in_machine >/dev/null
            [ "$failures" -gt 0 ]
        ) || fail "$change: not found"
    done
}

# A session behind a fence that nothing looks for is typed by nobody.
each_session_of_a_page_is_typed_somewhere() {
    pages >"$scratch/pages"
    while read -r page; do
        expect_equal "fences of $page" '' "$(grep -nE '^ *(`{3,}|~{3,}) *console' "$root/$page" |
            grep -vE '^[0-9]+:```console( machine)?$')"
    done <"$scratch/pages"
}

run_tests each_session_of_a_page_is_typed_somewhere a_fresh_machine_becomes_what_the_pages_promise a_wrong_page_is_found
