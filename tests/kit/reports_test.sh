#!/bin/sh
# The reports of one run in each form, read back by who else reads such: prove, xmllint, jq, tshark and a
# browser. The run is put together by hand (tests/tools/sample_run.c), with every verdict, and with text that is
# special in one form or another; at the end, it is a run of the kit.
# shellcheck disable=SC2016 # the programs of jq have a $ of their own
. "$(dirname "$0")/../system/lib.sh"
conformance=$build/bin/conformance
sample=$tools/sample_run
schema=$root/tests/conformance/junit.xsd
without_settings

json_of() { # JQ-PROGRAM
    [ -e "$scratch/run.json" ] || "$sample" json >"$scratch/run.json"
    jq -r "$1" "$scratch/run.json"
}

# How many of the run's results are such.
count_of() { # JQ-CONDITION
    json_of "[.results[] | select($1)] | length"
}

is_failed='(.known != "failure" and (.verdict == "fail" or .verdict == "error")) or .known == "unexpected-pass"'
is_told='.verdict == "fail" or .verdict == "error" or .verdict == "non-strict" or .known == "unexpected-pass"'

# Control characters, in ASCII and beyond; characters that turn the text; what is no UTF-8.
expect_harmless() { # WHAT FILE
    expect_equal "control characters in $1" 0 "$(tr -d '\n' <"$2" | LC_ALL=C tr -dc '\000-\037\177' | wc -c | tr -d ' ')"
    iconv -f UTF-8 -t UTF-8 "$2" >"$scratch/utf8" 2>&1 || fail "$1 is no UTF-8"
    if LC_ALL=C grep -q "$(printf '\302[\200-\237]\|\342\200[\252-\256]\|\342\201[\246-\251]')" "$2"; then
        fail "$1 has characters that a terminal obeys"
    fi
}

text_is_harmless_and_fits_a_terminal() {
    "$sample" text >"$scratch/text"
    expect_harmless 'the text' "$scratch/text"
    expect_equal 'wide lines' '' "$(grep -v '^  repeat ' "$scratch/text" | LC_ALL=C.UTF-8 grep -E '^.{81,}')"
    expect_equal 'blanks at the end of lines' '' "$(grep -v '^ *| ' "$scratch/text" | grep ' $')"
}

expect_line() { # LINE, in $scratch/text
    grep -qxF -e "$1" "$scratch/text" || fail "the text has no line '$1'"
}

text_tells_what_was_due_and_what_came() {
    "$sample" text >"$scratch/text"
    while IFS= read -r line; do
        expect_line "$line"
    done <<'LINES'
fail  REQ-3.3/1  MUST  integers are sent in network byte order
  why       the reply holds another number
  clause    REQ-3.3 of proto/PROTOCOL.md
  request   sum(1, 3, 5) as integer
            00 00000001 00000003 00000005
  expected  success, 9
  actual    success, 150994944
  octet  expected, 5 octets                   actual, 5 octets
      0  80  1 0000000                        80  1 0000000
             S 1 (success)                        S 1 (success)
             Unused 0                             Unused 0
      1  00 00 00 09           9  ....     != 09 00 00 00   150994944  ....
                                              ^^ octet 1 differs first
  likely    the integers are sent in little-endian order: htonl() is missing
             S 1 (success)                 !=     S 0 (error)
             Opcode 1 (product)            !=     Opcode 5 (not defined)
                                                    ^^ octet 3 differs first
fail (crash)  REQ-6.6/1  MUST  the product of 1 to 64 as a string is exact, all
    | *** buffer overflow detected ***: terminated
  known: it fails as the baseline says
  it passes, and the baseline says that it fails: take it out there
  it fails otherwise than the baseline says
  turns     so in 2 of 2
    3 cases    the integers are sent in little-endian order: htonl() is missing
  REQ-3.1/1  REQ-3.2/1,2  REQ-6.7/1  REQ-5.4/2
  REQ-6.7/1    a sum above 4294967295, as an integer: wraps at 32 bits
LINES
    expect_equal 'lines that repeat' "$(($(count_of "$is_told") - 2))" "$(grep -c '^  repeat    sample_run server ' "$scratch/text")"
    expect_match 'a line that repeats' '*--filter*REQ-3.3/1*' "$(grep '^  repeat ' "$scratch/text" | head -n 1)"
}

# A line that is cut must not leave the terminal coloured.
colours_end_with_their_line() {
    esc=$(printf '\033')
    "$sample" text >"$scratch/text"
    "$sample" colour >"$scratch/colour"
    grep -q "$esc\[31m" "$scratch/colour" || fail 'nothing is red'
    sed "s/$esc\[[0-9]*m\([^$esc]*\)$esc\[0m/\1/g" "$scratch/colour" >"$scratch/plain"
    diff "$scratch/text" "$scratch/plain" >"$scratch/diff" || fail "$(head -n 5 "$scratch/diff")"
}

# prove knows the versions to 13; what we use of 14 is no different.
tap_is_read_by_prove() {
    "$sample" tap >"$scratch/tap"
    expect_equal 'the first line' 'TAP version 14' "$(head -n 1 "$scratch/tap")"
    expect_harmless 'the TAP' "$scratch/tap"
    sed 1s/14/13/ "$scratch/tap" >"$scratch/sample.tap"
    run prove --verbose --exec cat "$scratch/sample.tap"
    expect_equal 'exit status' 1 "$status"
    case $out in *'Parse errors'*) fail "$(grep -A 3 'Parse errors' "$scratch/out")" ;; esac
    expect_match 'the sum' "*Tests: $(json_of '.results | length') Failed: $(count_of "$is_failed")[) ]*" "$out"
    expect_equal 'to do' "$(count_of '.known == "failure" or .verdict == "non-strict"')" "$(grep -c '^not ok .*[^\\]# TODO ' "$scratch/tap")"
    expect_equal 'skipped' "$(count_of '.verdict == "skip"')" "$(grep -c '^ok .*[^\\]# SKIP ' "$scratch/tap")"
}

# What stands in quotes there is a string of JSON, too.
tap_tells_the_same_as_json() {
    "$sample" tap >"$scratch/tap"
    expect_equal 'what is wrong' "$(json_of '.results[].why | select(. != null)' | grep -v '^no interface')" \
        "$(sed -n 's/^  message: //p' "$scratch/tap" | jq -r .)"
    expect_equal 'the mistakes' "$(json_of '.results[].diagnoses[]')" "$(sed -n 's/^    - //p' "$scratch/tap" | jq -r .)"
    expect_equal 'what came' "$(json_of '.results[] | select(.verdict != "pass") | .comparison.actual | select(. != null)')" \
        "$(sed -n 's/^  actual: //p' "$scratch/tap" | jq -r .)"
}

xpath() { # EXPRESSION
    xmllint --xpath "$1" "$scratch/run.xml"
}

junit_is_valid_and_counts_right() {
    "$sample" junit >"$scratch/run.xml"
    run xmllint --noout --schema "$schema" "$scratch/run.xml"
    expect_equal 'exit status of xmllint' 0 "$status"
    for what in 'tests //testcase' 'failures //failure' 'errors //error' 'skipped //skipped'; do
        expect_equal "$what" "$(xpath "string(//testsuite/@${what% *})")" "$(xpath "count(${what#* })")"
        expect_equal "$what, of all" "$(xpath "string(/*/@${what% *})")" "$(xpath "count(${what#* })")"
    done
    expect_equal 'failures and errors' "$(count_of "$is_failed")" "$(xpath 'count(//failure | //error)')"
    expect_equal 'skipped or known' "$(count_of '.verdict == "skip" or .known == "failure"')" "$(xpath 'count(//skipped)')"
    expect_equal 'a trouble' crash "$(xpath 'string(//failure[contains(., "REQ-6.6/1")]/@type)')"
    expect_match 'the comparison in a failure' '*00 00 00 09 *!= 09 00 00 00*' "$(xpath 'string(//failure)')"
}

a_wrong_junit_is_not_valid() {
    "$sample" junit | sed 's/<failure type="[a-z]*"/<failure/' >"$scratch/run.xml"
    run xmllint --noout --schema "$schema" "$scratch/run.xml"
    expect_equal 'exit status of xmllint' 3 "$status"
}

json_has_what_report_h_lists() {
    expect_equal 'members' 'began,counts,grade,mistakes,results,settled,strict,subject,suite,took_ms,unreachable,version' \
        "$(json_of 'keys | join(",")')"
    expect_equal 'of a result' \
        'as_settled,clause,comparison,diagnoses,id,known,level,observed,output,packets,repeat,request,sentence,took_ms,trouble,turn,verdict,why' \
        "$(json_of '[.results[] | keys | join(",")] | unique[]')"
    expect_equal 'of a comparison' 'actual,actual_length,actual_means,expected,expected_means,first_difference,format,of' \
        "$(json_of '[.results[].comparison | select(. != null) | keys | join(",")] | unique[]')"
    for name in $(json_of '.results[0] | keys[]'); do
        grep -q "[ (]$name\b" "$root/tests/conformance/report.h" || fail "report.h does not name $name"
    done
    expect_equal 'counts' "$(json_of '.counts | [.pass, .fail, ."non-strict", .skip, .error] | add')" "$(json_of '.results | length')"
    expect_equal 'the first difference' '1 0 3 null' \
        "$(json_of '[.results[] | select(.id | IN("REQ-3.3/1", "REQ-3.3/2", "REQ-5.4/1", "REQ-6.1/1")).comparison.first_difference | tostring] | join(" ")')"
    expect_equal 'mistakes in order' '3 1 1 1 1 1' "$(json_of '[.mistakes[].cases | tostring] | join(" ")')"
}

# In the output and the sentences as they went in, but for what is no UTF-8.
text_from_elsewhere_arrives_in_json() {
    expect_equal 'sentences' 2 "$(count_of '.sentence | contains("<b>&amp;\"'"'"'`$(x)\\ ]]> # SKIP --> </script> {{x}} %s \u001b[31mred\u001b[0m \u0001\b\u000b\u007f \u009b")')"
    expect_equal 'an output' 1 "$(count_of '.output | startswith("received 5 octets\n\ttab\r\n<b>&amp;")')"
}

# tshark's view of some fields, a line for each packet.
packets() { # FILE FIELD...
    capture=$1
    shift
    for field in "$@"; do
        set -- "$@" -e "$field"
        shift
    done
    tshark -r "$capture" -o udp.check_checksum:TRUE -o ip.check_checksum:TRUE -T fields "$@" 2>"$scratch/err"
    expect_no_complaints "$capture"
}

a_capture_has_each_packet_with_its_comment() {
    "$sample" capture "$scratch/run.pcapng"
    expect_equal 'comments' "$(json_of '.results[] | . as $r | .packets[] | "\($r.id) \($r.verdict)\(if $r.turn > 1 then ", turn \($r.turn)" else "" end)"' | sort)" \
        "$(packets "$scratch/run.pcapng" frame.comment | sort)"
    expect_equal 'octets' "$(json_of '.results[].packets[].octets' | sort)" "$(packets "$scratch/run.pcapng" udp.payload | sort)"
    expect_equal 'sums that are good' 1 "$(packets "$scratch/run.pcapng" udp.checksum.status | sort -u)"
    expect_equal 'times in order' '' "$(packets "$scratch/run.pcapng" frame.time_delta | grep '^-')"
    expect_equal 'over IPv4' '127.0.0.1 127.0.0.1 0x0000 1' \
        "$(packets "$scratch/run.pcapng" ip.src ip.dst ip.id ip.checksum.status | grep 127 | sort -u | tr '\t' ' ')"
    expect_equal 'to a pipe' "$(cksum <"$scratch/run.pcapng")" "$("$sample" capture - | cksum)"
}

each_failure_has_a_capture() {
    "$sample" failures "$scratch/failures"
    expect_equal 'files' "$(json_of ".results[] | select($is_told).id" | sort -u | sed 's|/|-|; s/$/.pcapng/')" "$(ls "$scratch/failures")"
    expect_equal 'one of them' "REQ-3.3/1 fail" "$(packets "$scratch/failures/REQ-3.3-1.pcapng" frame.comment | sort -u)"
    expect_equal 'one without packets' '' "$(packets "$scratch/failures/REQ-3.4-1.pcapng" frame.comment)"
    "$sample" green failures "$scratch/none"
    expect_equal 'files where nothing failed' '' "$(ls "$scratch/none")"
}

what_can_not_be_written_is_said() {
    run "$sample" capture "$scratch/no/such.pcapng"
    expect_match 'a folder that is not there' "*can not create '*/no/such.pcapng': No such file or directory" "$err"
    run "$sample" failures /dev/null
    expect_match 'no folder' "*can not create '/dev/null/REQ-3.3-1.pcapng': Not a directory" "$err"
    run "$sample" capture /dev/full
    expect_match 'a full disk' "*can not write '/dev/full': No space left on device" "$err"
}

output_that_can_not_be_written_is_said() {
    for words in list 'explain REQ-3.4' --help --version 'grade --help' 'server ::1 1'; do
        # shellcheck disable=SC2086 # words of the command line
        run sh -c '"$@" >/dev/full' sh "$conformance" $words
        expect_equal "$words: status" 2 "$status"
        expect_message "$words" 'conformance: can not write to standard output'
    done
}

# A browser with nothing of its own, which may go nowhere.
browse() { # PAGE OPTION...; prints the document as it is in the end
    page=$1
    shift
    profile=$(mktemp -d "$scratch/profile.XXXXXX")
    timeout 60 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync --disable-dev-shm-usage \
        --user-data-dir="$profile" "$@" --dump-dom "file://$page" 2>"$scratch/err"
    rm -rf "$profile"
}

# Entities and blanks are all that a browser may write otherwise.
same_document() {
    sed "s/&#39;/'/g; s/&quot;/\"/g" | tr -d ' \n\t'
}

html_is_the_document_that_it_seems_to_be() {
    "$sample" html >"$scratch/run.html"
    expect_equal 'other control characters' 0 "$(LC_ALL=C tr -d '\n\t' <"$scratch/run.html" | LC_ALL=C tr -dc '\000-\037\177' | wc -c | tr -d ' ')"
    browse "$scratch/run.html" >"$scratch/dom.html"
    same_document <"$scratch/run.html" >"$scratch/page.txt"
    same_document <"$scratch/dom.html" >"$scratch/dom.txt"
    cmp "$scratch/page.txt" "$scratch/dom.txt" || fail 'the browser repairs the page'
}

# A copy of the page that measures itself, and tells the page that it is framed in. The page itself forbids
# scripts.
measuring_page() {
    "$sample" html | grep -v 'Content-Security-Policy\|style-src' | sed '/<\/body>/d; /<\/html>/d'
    cat <<'PAGE'
<script>
const luminance = c => c.map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
const colour = text => text.match(/[\d.]+/g).map(Number);
const behind = e => {
    for (; e; e = e.parentElement) {
        const c = colour(getComputedStyle(e).backgroundColor);
        if (c.length === 3 || c[3] > 0) return c.slice(0, 3);
    }
    return [255, 255, 255];
};
const contrast = e => {
    const [a, b] = [colour(getComputedStyle(e).color).slice(0, 3), behind(e)].map(luminance).sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
};
document.querySelectorAll("details").forEach(d => d.open = true);
const all = [...document.body.querySelectorAll("*")].filter(e => e.tagName !== "SCRIPT");
const withText = all.filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim() !== ""));
const found = {
    window: innerWidth,
    beyond: document.documentElement.scrollWidth - innerWidth,
    outside: all.filter(e => e.getBoundingClientRect().right > innerWidth + 0.5).length,
    loaded: performance.getEntriesByType("resource").map(r => r.name),
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    background: luminance(behind(document.body)),
    pale: [...new Set(withText.filter(e => contrast(e) < 4.5).map(e => e.className || e.tagName))],
    headings: [...document.querySelectorAll("h1, h2, h3, h4")].map(e => Number(e.tagName[1])),
    cases: document.querySelectorAll("details.case").length,
    strange: document.querySelectorAll("b:not(.counts b):not(.times b), .sentence *:not(.found), script:not(:last-of-type)").length,
    ids: [...document.querySelectorAll("[id]")].map(e => e.id),
    links: [...document.querySelectorAll("a")].map(e => decodeURIComponent(e.getAttribute("href").slice(1))),
    sentences: [...document.querySelectorAll(".sentence")].map(e => e.textContent),
};
parent.postMessage(btoa(unescape(encodeURIComponent(JSON.stringify(found)))), "*");
</script></body></html>
PAGE
}

# A window has 500 columns at least, a frame has as many as one likes.
measure() { # COLUMNS dark|light; leaves what is found in $found
    found=$scratch/found-$1-$2
    [ ! -e "$found" ] || return 0
    measuring_page >"$scratch/measuring.html"
    cat >"$scratch/frame.html" <<PAGE
<!DOCTYPE html><title></title><script>onmessage = message => document.title = "FOUND" + message.data + "DNUOF"</script>
<iframe src="measuring.html" style="width: $1px; height: 800px; border: 0"></iframe>
PAGE
    case $2 in
    dark) scheme=0 ;;
    light) scheme=1 ;;
    esac
    browse "$scratch/frame.html" --window-size=1400,900 --virtual-time-budget=5000 --blink-settings=preferredColorScheme="$scheme" |
        sed -n 's/.*<title>FOUND\([A-Za-z0-9+/=]*\)DNUOF.*/\1/p' | base64 -d >"$found"
    jq -e . "$found" >/dev/null || fail "the page measured nothing: $(head -n 3 "$scratch/err")"
}

expect_found() { # JQ-PROGRAM EXPECTED
    expect_equal "$1" "$2" "$(jq -r "$1" "$found")"
}

expect_good_page() {
    expect_found '.beyond <= 0' true
    expect_found .outside 0
    expect_found '.loaded | length' 0
    expect_found '.pale | join(" ")' ''
}

html_fits_a_phone() {
    measure 360 light
    expect_found .window 360
    expect_found .dark false
    expect_found '.background > 0.8' true
    expect_good_page
}

html_is_dark_where_the_reader_is() {
    measure 1200 dark
    expect_found .dark true
    expect_found '.background < 0.05' true
    expect_good_page
}

html_has_order_and_shows_text_as_text() {
    measure 1200 dark
    expect_found .cases "$(json_of '[.results[].id] | unique | length')"
    expect_found .strange 0
    expect_found '.headings[0]' 1
    expect_found '[.headings[1:][] | select(. < 2 or . > 3)] | length' 0
    expect_found '.ids | length - (unique | length)' 0
    expect_found '.links - .ids | join(" ")' ''
    expect_found '[.sentences[] | select(startswith("so it does where <b>&amp;\"'"'"'`$(x)\\ ]]> # SKIP --> </script> {{x}} %s \\x1b[31m"))] | length' 1
}

html_opens_failures_and_folds_the_rest() {
    "$sample" html >"$scratch/run.html"
    expect_equal 'open' 'error fail non-strict unexpected' \
        "$(sed -n 's/^<details class="case \([a-z-]*\)" open.*/\1/p' "$scratch/run.html" | sort -u | tr '\n' ' ' | sed 's/ $//')"
    expect_equal 'folded' 'known observed pass skip' \
        "$(sed -n 's/^<details class="case \([a-z-]*\)" id.*/\1/p' "$scratch/run.html" | sort -u | tr '\n' ' ' | sed 's/ $//')"
}

# The policy stands: a script that got into the page, and an image from elsewhere, are refused.
html_runs_and_loads_nothing() {
    "$sample" html | sed 's|</body>|<img src="http://[::1]:9/x"><script>document.title = "it runs"</script></body>|' >"$scratch/run.html"
    browse "$scratch/run.html" --enable-logging=stderr --v=0 >"$scratch/dom.html"
    grep -q '<title>11 failed: server ' "$scratch/dom.html" || fail "the title is $(grep '<title>' "$scratch/dom.html")"
    expect_equal 'refusals' 2 "$(grep -c 'Content Security Policy' "$scratch/err")"
    "$sample" html >"$scratch/run.html"
    expect_equal 'addresses from elsewhere' '' "$(grep -oiE '(src|href)="(https?:)?//[^"]*|url\([^)]*\)|@import' "$scratch/run.html")"
}

all_forms_come_from_one_run() {
    start_server ::1
    run "$conformance" server --tap "$scratch/own.tap" --junit "$scratch/own.xml" --json "$scratch/own.json" \
        --html "$scratch/own.html" --capture "$scratch/own.pcapng" --capture-failures "$scratch/own-failures" ::1 "$port"
    expect_equal 'exit status' 0 "$status"
    results=$(jq '.results | length' "$scratch/own.json")
    [ "$results" -gt 40 ] || fail "$results results"
    sed 1s/14/13/ "$scratch/own.tap" >"$scratch/own13.tap"
    run prove --exec cat "$scratch/own13.tap"
    expect_equal 'exit status of prove' 0 "$status"
    run xmllint --noout --schema "$schema" "$scratch/own.xml"
    expect_equal 'exit status of xmllint' 0 "$status"
    expect_equal 'results in XML' "$results" "$(xmllint --xpath 'count(//testcase)' "$scratch/own.xml")"
    expect_equal 'results in HTML' "$results" "$(grep -c '^<details class="case ' "$scratch/own.html")"
    expect_equal 'packets' "$(jq '[.results[].packets[]] | length' "$scratch/own.json")" "$(packets "$scratch/own.pcapng" frame.number | wc -l | tr -d ' ')"
    expect_equal 'sums that are good' 1 "$(packets "$scratch/own.pcapng" udp.checksum.status | sort -u)"
    expect_equal 'captures of failures' '' "$(ls "$scratch/own-failures")"
    browse "$scratch/own.html" | same_document >"$scratch/dom.txt"
    same_document <"$scratch/own.html" | cmp - "$scratch/dom.txt" || fail 'the browser repairs the page'
}

run_tests text_is_harmless_and_fits_a_terminal text_tells_what_was_due_and_what_came colours_end_with_their_line \
    tap_is_read_by_prove tap_tells_the_same_as_json \
    junit_is_valid_and_counts_right a_wrong_junit_is_not_valid \
    json_has_what_report_h_lists text_from_elsewhere_arrives_in_json \
    a_capture_has_each_packet_with_its_comment each_failure_has_a_capture what_can_not_be_written_is_said \
    output_that_can_not_be_written_is_said \
    html_is_the_document_that_it_seems_to_be html_fits_a_phone html_is_dark_where_the_reader_is \
    html_has_order_and_shows_text_as_text html_opens_failures_and_folds_the_rest html_runs_and_loads_nothing \
    all_forms_come_from_one_run
