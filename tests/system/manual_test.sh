#!/bin/sh
# The manual pages say what is: their options, values and exit statuses are those of the programs, their functions those
# of the library, and what their examples show is what is printed. Whether an installation finds them is left to
# `make installs`.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/help_lib.sh"
. "$(dirname "$0")/session_lib.sh"
cd "$root/man" || exit 1
install_names
pages=$(echo ./*.[1-8] | sed 's,\./,,g')

# Pages of others, and where they come from: manpages, systemd and pkg-config.
others='landlock(7) pkg-config(1) sd_listen_fds(3) sd_notify(3) sd_watchdog_enabled(3) systemd(1) systemd.socket(5) udp(7)'

each_page_is_clean_mdoc_of_80_columns() {
    expect_equal 'pages' 'calc6-client.1 calc6-conformance.1 calc6-load.1 calc6-server.8 calc6.7 libcalc6.3' "$pages"
    # What other pages there are is not for this machine to say.
    expect_equal mandoc '' "$(mandoc -T lint -W style ./*.[1-8] 2>/dev/null | grep -v 'referenced manual not found')"
    expect_equal groff '' "$(groff -mdoc -Tutf8 -ww ./*.[1-8] 2>&1 >/dev/null)"
    for page in $pages; do
        expect_equal "long lines of $page" '' "$(mandoc -T ascii "$page" | col -bx | grep -E '.{81}')"
    done
}

has_sections() { # PAGE SECTION...
    page=$1
    shift
    for section in "$@"; do
        grep -qx "\.Sh $section" "$page" || fail "$page has no section $section"
    done
}

each_page_has_its_sections() {
    for page in $pages; do
        has_sections "$page" NAME DESCRIPTION EXAMPLES 'SEE ALSO' STANDARDS 'SECURITY CONSIDERATIONS'
    done
    for page in *.1 *.8; do
        has_sections "$page" SYNOPSIS 'EXIT STATUS' DIAGNOSTICS
    done
}

each_page_that_is_referred_to_exists() {
    cat ./*.[1-8] | sed -n 's/^\.Xr \([^ ]*\) \([0-9]\).*/\1(\2)/p' | sort -u >"$scratch/referred"
    {
        echo "$others" | tr ' ' '\n'
        echo "$pages" | tr ' ' '\n' | sed 's/\.\([0-9]\)$/(\1)/'
    } | sort -u >"$scratch/known"
    expect_equal 'pages that do not exist' '' "$(comm -23 "$scratch/referred" "$scratch/known")"
    expect_equal 'pages that nobody refers to' '' "$(comm -13 "$scratch/referred" "$scratch/known")"
}

# The options that a page has a paragraph about, as options_in() gives them.
options_of_page() {
    {
        printf '%s\n' '.Dd January 1, 2000' '.Dt X 1' .Os '.Sh X' '.Bl -tag -width Ds'
        awk '/^\.It Fl/ { for (i = 2; i < NF; i++) if ($i == "Ar") $(i + 1) = toupper($(i + 1)); print }'
        echo .El
    } | mandoc -T ascii -O width=1000 | col -bx | grep '^  *-' | options_in
}

options_of_code() { # FILE...
    sed -n 's/.*{"\([a-z0-9-]*\)", *\(no\|required\|optional\)_argument.*/--\1/p' "$@" | sort -u
}

expect_same_options() { # WHAT, of $scratch/page, $scratch/help and $scratch/code
    expect_equal "only in the page of $1" '' "$(comm -23 "$scratch/page" "$scratch/help")"
    expect_equal "only in the help of $1" '' "$(comm -13 "$scratch/page" "$scratch/help")"
    sed 's/[ [].*//' "$scratch/help" | grep -- '^--' | sort -u >"$scratch/long"
    expect_equal "options of $1 that its help keeps quiet about" '' "$(comm -13 "$scratch/long" "$scratch/code")"
    expect_equal "options of $1 that it does not know" '' "$(comm -23 "$scratch/long" "$scratch/code")"
}

each_option_is_in_the_help_the_page_and_the_code() {
    while read -r page folder; do
        options_of_page <"$page" >"$scratch/page"
        options_of_help "${page%.?}" >"$scratch/help"
        options_of_code "$root/$folder/options.c" >"$scratch/code"
        expect_same_options "$page"
    done <<-END
	calc6-client.1 client
	calc6-server.8 server
	calc6-load.1 tests/bench/load
	END
}

# Its page has the options of most of its commands, and those of grade.
each_option_of_the_kit_is_in_the_help_the_page_and_the_code() {
    sed '/^\.Ss Options of grade/,/^\.Sh/d' calc6-conformance.1 | options_of_page >"$scratch/page"
    options_of_help calc6-conformance >"$scratch/help"
    options_of_code "$root/tests/conformance/options.c" >"$scratch/code"
    expect_same_options 'the kit'
    sed -n '/^\.Ss Options of grade/,/^\.Sh/p' calc6-conformance.1 | options_of_page >"$scratch/page"
    options_of_help calc6-conformance grade >"$scratch/help"
    # Its help says how to get it in the first line of the kit's.
    options_of_code "$root/tests/conformance/grade_options.c" | grep -vx -- --help >"$scratch/code"
    expect_same_options grade
}

each_command_of_the_kit_is_in_its_page() {
    calc6-conformance --help | sed -n 's/^[u ].*conformance \([a-z][a-z]*\) .*/\1/p' | sort -u >"$scratch/help"
    sed -n '/^Its commands:/,/^\.El/s/^\.It Cm //p' calc6-conformance.1 | sort -u >"$scratch/page"
    expect_equal commands "$(cat "$scratch/help")" "$(cat "$scratch/page")"
    expect_match commands '*explain*grade*' "$(tr '\n' ' ' <"$scratch/page")"
}

statuses_of_help() { # PROGRAM [COMMAND]
    "$@" --help | sed -n '/Exit status/,$p' | tr '\n' ' ' | sed 's/.*Exit status: /, /' | grep -oE ', [0-9]+' | tr -d ', '
}

each_exit_status_is_in_the_help_and_the_page() {
    for page in *.1 *.8; do
        statuses=$(sed -n '/^\.Sh EXIT STATUS/,/^\.Sh [^E]/s/^\.It \([0-9]*\)$/\1/p' "$page")
        expect_equal "exit statuses of $page" "$(statuses_of_help "${page%.?}")" "$statuses"
        expect_match "exit statuses of $page" '0*1*' "$(echo "$statuses" | tr '\n' ' ')"
    done
}

each_variable_that_is_read_is_in_the_page() {
    shared=$(find "$root/proto" -name '*.c')
    while read -r page folder; do
        # shellcheck disable=SC2086 # a list of files
        sed -n 's/.*getenv("\([A-Z_]*\)").*/\1/p' $shared "$root/$folder"/*.c | sort -u >"$scratch/read"
        expect_equal "environment of $page" "$(cat "$scratch/read")" \
            "$(sed -n '/^\.Sh ENVIRONMENT/,/^\.Sh [^E]/s/^\.It Ev //p' "$page" | sort -u)"
    done <<-END
	calc6-client.1 client
	calc6-server.8 server
	calc6-conformance.1 tests/conformance
	END
}

# Prototypes, one a line, as a compiler sees them; a bound that is static is so in C only.
prototypes() {
    tr '\n' ' ' | tr ';' '\n' | sed -n 's/  */ /g; s/ \([*(,)]\)/\1/g; s/\([*(]\) /\1/g; s/\[static /[/
        s/.*\(enum calc_code\|const char\*\)\( *calc_[a-z_]*(.*)\)$/\1\2/p' | tr -d ' ' | sort
}

the_library_has_the_functions_of_its_page() {
    cc -E -P "$root/proto/calc.h" | prototypes >"$scratch/header"
    mandoc -T ascii -O width=1000 libcalc6.3 | col -bx | sed -n '/^SYNOPSIS/,/^DESCRIPTION/p' | sed 's/CALC_REPLY_MAX/257/' |
        prototypes >"$scratch/page"
    sed -i 's/CALC_REPLY_MAX/257/' "$scratch/header"
    expect_equal prototypes "$(cat "$scratch/header")" "$(cat "$scratch/page")"
    expect_equal names "$(sed 's/(.*//; s/.*\(calc_\)/\1/' "$scratch/header" | sort)" \
        "$(sed -n 's/^\.Nm \([a-z_]*\).*/\1/p' libcalc6.3 | sort)"
    expect_equal 'names of numbers' "$(grep -oE '\bCALC_[A-Z0-9_]+' "$root/proto/calc.h" | grep -vx CALC_H | sort -u)" \
        "$(grep -oE '\bCALC_[A-Z0-9_]+' libcalc6.3 | sort -u)"
}

# The octets of the worked example, two rows of the specification's test vectors.
the_worked_example_is_one_of_the_specification() {
    sed -n '/^\.Ss A worked example/,/^\.Ss Errors/p' calc6.7 | grep -E '^[0-9A-F]{2}( |$)' | tr -d ' ' | paste - - |
        while read -r request reply; do
            tr -d ' `' <"$root/proto/PROTOCOL.md" | grep -q "|$request|$reply|$" || echo "$request $reply"
        done >"$scratch/wrong"
    expect_equal 'octets that are no test vectors' '' "$(cat "$scratch/wrong")"
    expect_equal 'lines of octets' 4 "$(sed -n '/^\.Ss A worked example/,/^\.Ss Errors/p' calc6.7 | grep -cE '^[0-9A-F]{2}( |$)')"
}

# The literal blocks of a page that begin so, as they are shown.
literal_blocks() { # PAGE BEGINNING
    awk -v beginning="$2" '
        /^\.Ed/ { inside = 0 }
        inside == 1 { inside = index($0, beginning) == 1 ? 2 : 0 }
        inside == 2
        /^\.Bd -literal/ { inside = 1 }' "$1" | sed 's/\\(aq/'"'"'/g; s/\\-/-/g; s/\\e/\\/g'
}

# A library to be found, made of the sources, as an installation would have it.
offer_library() {
    mkdir "$scratch/library"
    cp "$root/proto/calc.h" "$scratch/library/calc6.h"
    printf '%s\n' 'Name: calc6' 'Description: to be built with' 'Version: 0' "Cflags: -I$scratch/library -I$root" \
        "Libs: $(echo "$root"/proto/*.c | tr '\n' ' ')" >"$scratch/library/calc6.pc"
    export PKG_CONFIG_PATH="$scratch/library"
}

each_example_prints_what_its_page_shows() {
    needs_isolation || return
    offer_library
    for page in $pages; do
        mkdir "$scratch/$page"
        literal_blocks "$page" '#include' >"$scratch/$page/sum.c"
        literal_blocks "$page" '$ ' >"$scratch/session"
        [ -s "$scratch/session" ] || fail "$page has no example"
        type_session "$scratch/session" "$page" type_in "$scratch/$page"
    done
}

run_tests each_page_is_clean_mdoc_of_80_columns each_page_has_its_sections each_page_that_is_referred_to_exists \
    each_option_is_in_the_help_the_page_and_the_code each_option_of_the_kit_is_in_the_help_the_page_and_the_code \
    each_command_of_the_kit_is_in_its_page each_exit_status_is_in_the_help_and_the_page \
    each_variable_that_is_read_is_in_the_page the_library_has_the_functions_of_its_page \
    the_worked_example_is_one_of_the_specification each_example_prints_what_its_page_shows
