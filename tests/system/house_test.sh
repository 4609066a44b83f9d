#!/bin/sh
# The house itself: what may use what, the pure library, and a test for each clause.
. "$(dirname "$0")/lib.sh"
cd "$root" || exit 1
clauses=$scratch/clauses

# "REQ-3.1" for each clause of the specification.
sed -n 's/^\*\*\(REQ-[0-9]*\.[0-9]*\)\*\*.*/\1/p' proto/PROTOCOL.md >"$clauses"

# The clauses in the names of the tests: req_5_1_to_5_4_... stands for four, req_7_3_and_7_4_... for two.
tested_clauses() {
    grep -rhoE '\breq_[0-9]+_[0-9]+(_(to|and)_[0-9]+_[0-9]+)*' tests | sort -u | tr _ ' ' | awk '{
        for (i = 2; i < NF; i++) {
            if ($i == "to")
                for (n = last + 1; n < $(i + 2); n++)
                    print "REQ-" section "." n
            if ($i == "to" || $i == "and")
                continue
            section = $i
            last = $(++i)
            print "REQ-" section "." last
        }
    }' | sort -u
}

every_clause_has_a_test_named_after_it() {
    tested_clauses >"$scratch/tested"
    while read -r clause; do
        grep -qx "$clause" "$scratch/tested" || fail "$clause has no test"
    done <"$clauses"
    [ "$(wc -l <"$clauses")" -ge 40 ] || fail "the specification has too few clauses"
}

# Of the conformance kit: a clause has cases, or the kit says why it has none.
every_clause_has_a_case_of_the_kit_or_a_reason() {
    "$build/bin/conformance" list >"$scratch/cases"
    while read -r clause; do
        cases=$(grep -c "^$clause/" "$scratch/cases")
        reasons=$(grep -c "^$clause  *no case: " "$scratch/cases")
        case $cases,$reasons in
        0,1) continue ;;
        0,*) ;;
        *,0) continue ;;
        esac
        fail "$clause has $cases cases and $reasons reasons to have none"
    done <"$clauses"
    expect_equal 'numbered twice' '' "$(sed -n 's/^\(REQ-[0-9.]*\/[0-9]*\) .*/\1/p' "$scratch/cases" | sort | uniq -d)"
    expect_equal 'without a level' '' "$(grep '^REQ-[0-9.]*/' "$scratch/cases" | grep -vE '^REQ-[0-9.]+/[0-9]+ +(MUST|SHOULD|MAY) +(server|client|functions) +[^ ]')"
}

the_kit_uses_proto_and_the_tests_support() {
    expect_equal 'includes' '' "$(grep -hoE '^#include "[^"]*/[^"]*"' tests/conformance/*.[ch] | sort -u |
        grep -vE '"(proto/|tests/support/(datagram|frame|pcapng)\.h)')"
}

every_clause_is_numbered_once_and_each_that_is_cited_exists() {
    expect_equal 'numbered twice' '' "$(sort "$clauses" | uniq -d)"
    { git ls-files 2>/dev/null || find . -type f; } | grep -E '\.(c|h|lua|md|sh|txt|[1-8])$' | xargs cat |
        grep -oE 'REQ-[0-9]+\.[0-9]+' | sort -u >"$scratch/cited"
    while read -r clause; do
        grep -qx "$clause" "$clauses" || fail "$clause is cited and does not exist"
    done <"$scratch/cited"
}

every_test_that_a_page_names_exists() {
    grep -ohE '\b(unit|wire|system|kit|mutation|fuzz|bench|cross|endurance|install|sanitizers)/[a-z0-9_]+_test\b' ./*.md proto/*.md tests/*/*.md |
        sort -u >"$scratch/named"
    while read -r name; do
        ls "tests/$name".* >/dev/null 2>&1 || fail "there is no tests/$name"
    done <"$scratch/named"
    [ "$(wc -l <"$scratch/named")" -ge 20 ] || fail 'the pages name too few tests'
}

# Of the page on the architecture and its drawing; what has no folder is in server/.
every_file_that_the_architecture_names_exists() {
    sed -n 's/.*<text class="file"[^>]*>\([^<]*\)<.*/\1/p' docs/architecture.svg | tr ' ' '\n' >"$scratch/drawn"
    # shellcheck disable=SC2016 # names between backquotes
    grep -oE '`[a-z_/]+\.(c|h|sh)`' docs/architecture.md | tr -d '`' | sort -u | cat - "$scratch/drawn" >"$scratch/named"
    while read -r file; do
        [ -f "$file" ] || [ -f "server/$file" ] || fail "there is no $file"
    done <"$scratch/named"
    for stage in intake.c policy.c proto/answer.c limits.c outbox.c; do
        grep -qx "$stage" "$scratch/drawn" || fail "the drawing has no $stage"
    done
}

every_decision_says_what_was_rejected() {
    awk '/^## / { if (title != "" && !rejected) print title; title = $0; rejected = 0 }
        /^\*\*Rejected:\*\* / { rejected = 1 }
        END { if (!rejected) print title }' docs/decisions.md >"$scratch/without"
    expect_equal 'without' '' "$(cat "$scratch/without")"
}

# What stands outside of blocks and of code.
prose() { # FILE
    # shellcheck disable=SC2016 # the same
    awk '/^```/ { block = !block; next } !block' "$1" | sed 's/`[^`]*`//g'
}

# The names that GitHub and GitLab give to the headings.
anchors() { # FILE
    awk '/^```/ { block = !block; next } !block && /^#+ /' "$1" | sed 's/^#* //; s/](.*)//' |
        tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9 _-]//g; y/ /-/'
}

every_link_of_a_page_leads_somewhere() {
    links=0
    find . -name '*.md' ! -path './build/*' ! -path './.git/*' >"$scratch/pages"
    while read -r page; do
        prose "$page" | grep -oE '\]\([^) ]+\)' | tr -d '])(' | grep -vE '^(https?|mailto):' >"$scratch/links"
        while read -r link; do
            links=$((links + 1))
            file=${link%%#*}
            target=$(dirname "$page")/$file
            [ -n "$file" ] || target=$page
            [ -e "$target" ] || fail "$page: there is no $file"
            case $link in
            *'#'*) anchors "$target" 2>/dev/null | grep -qxF -e "${link#*#}" || fail "$page: $link leads to no heading" ;;
            esac
        done <"$scratch/links"
    done <"$scratch/pages"
    [ "$links" -ge 100 ] || fail "the pages have too few links: $links"
}

# Includes of ours from outside the folder itself.
includes() { # FOLDER
    grep -hoE '^#include "[^"]*/[^"]*"' "$1"/*.[ch] | sort -u
}

server_and_client_use_proto_and_never_each_other() {
    for folder in server client; do
        expect_equal "$folder" '' "$(includes "$folder" | grep -v '"proto/')"
    done
    expect_equal 'proto' '' "$(includes proto)"
    expect_equal 'proto/net' '' "$(includes proto/net | grep -v '"\.\./[a-z]*\.h"')"
    expect_equal 'proto/term' '' "$(includes proto/term)"
}

the_library_includes_no_more_than_these_headers() {
    expect_equal 'others' '' "$(grep -hoE '^#include <.*>' proto/*.[ch] | sort -u |
        grep -vE '<(stdbool|stddef|stdint|string)\.h>')"
}

only_proto_net_includes_a_socket_header() {
    expect_equal 'others of proto/term' '' "$(grep -hoE '^#include <.*>' proto/term/*.[ch] | sort -u |
        grep -vE '<(errno|stdbool|stdio|stdlib|string|unistd)\.h>')"
    expect_equal 'folders of proto' "$(printf '%s\n' proto/net proto/term)" "$(find proto -mindepth 1 -type d | sort)"
}

# No I/O, no allocation, no state: it calls nothing but itself and what moves octets, and has no data that
# can be written to.
the_library_is_pure() {
    objects=$(dirname "$build")/release/proto
    nm -g --defined-only "$objects"/*.o | awk 'NF == 3 { print $3 }' | sort >"$scratch/defined"
    for symbol in $(nm -u "$objects"/*.o | awk '/ U / { print $2 }' | sort -u); do
        case $symbol in
        memcpy | memcmp | bcmp | memmove | memset | __stack_chk_fail | _GLOBAL_OFFSET_TABLE_) ;;
        *) grep -qx "$symbol" "$scratch/defined" || fail "proto/ calls $symbol" ;;
        esac
    done
    expect_equal 'octets of state' 0 "$(size -A "$objects"/*.o | awk '$1 ~ /^\.(data|bss|tdata|tbss)$/ { n += $2 } END { print n + 0 }')"
    [ -s "$scratch/defined" ] || fail "there is no library in $objects"
}

# The Makefile tells what each of them is for; a person looks into the README first.
every_knob_of_the_makefile_is_in_the_readme() {
    sed -n 's/^\([A-Z_]*\) ?=.*/\1/p' Makefile >"$scratch/knobs"
    while read -r knob; do
        grep -q "^|.*\`${knob}[\`=]" README.md || fail "README.md does not have the knob $knob"
    done <"$scratch/knobs"
    [ "$(wc -l <"$scratch/knobs")" -ge 20 ] || fail 'there are too few knobs'
}

run_tests every_clause_has_a_test_named_after_it every_clause_has_a_case_of_the_kit_or_a_reason \
    the_kit_uses_proto_and_the_tests_support \
    every_clause_is_numbered_once_and_each_that_is_cited_exists every_test_that_a_page_names_exists \
    every_file_that_the_architecture_names_exists every_decision_says_what_was_rejected \
    every_link_of_a_page_leads_somewhere \
    server_and_client_use_proto_and_never_each_other \
    the_library_includes_no_more_than_these_headers only_proto_net_includes_a_socket_header the_library_is_pure \
    every_knob_of_the_makefile_is_in_the_readme
