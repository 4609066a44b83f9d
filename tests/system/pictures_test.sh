#!/bin/sh
# The pictures of the documents show what the programs do: they are made anew and compared.
. "$(dirname "$0")/lib.sh"

# What a drawing says, with the integers of this host as they stand on the wire, and where it has colours.
shown() { # FILE
    sed 's/<text[^>]*>//; s/<tspan class="\([a-z]*\)">/{\1 /g; s/<\/tspan>/}/g; s/<[^>]*>//g' "$1" | in_wire_order
}

the_picture_of_a_session_is_what_the_programs_show() {
    needs_isolation || return
    run env BIN="$build/bin" "$root/docs/session.sh" "$scratch/session.svg"
    expect_equal 'status' 0 "$status"
    expect_equal 'errors' '' "$err"
    expect_equal 'picture' "$(shown "$root/docs/session.svg")" "$(shown "$scratch/session.svg")"
    expect_equal 'well formed' '' "$(xmllint --noout "$root"/docs/*.svg 2>&1)"
}

run_tests the_picture_of_a_session_is_what_the_programs_show
