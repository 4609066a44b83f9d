# Sourced by the tests of other machines, beside tests/system/lib.sh: each unit test there, as a test here.
# shellcheck shell=sh
# shellcheck source=../system/lib.sh
. "$(dirname "$0")/../system/lib.sh"

on=$root/tests/cross/on.sh

# Runs a program of the unit tests; those of its tests that fail are those that are expected to.
expect_unit() { # MACHINE NAME [EXPECTED FAILURES]
    CMOCKA_MESSAGE_OUTPUT=TAP timeout 300 "$on" "$1" "tests/unit/$2" >"$scratch/unit" 2>&1 </dev/null
    unit_status=$?
    failed=$(sed -n 's/^not ok [0-9]* - //p' "$scratch/unit" | tr '\n' ' ')
    expect_equal "what fails in $2" "${3-}" "${failed% }"
    # shellcheck disable=SC2086 # words, to be counted
    expect_equal "status of $2" "$(set -- ${3-} && echo $#)" "$unit_status"
    expect_equal "tests of $2" "$(sed -n 's/^1\.\.//p' "$scratch/unit")" "$(grep -c '^\(not \)\{0,1\}ok [0-9]' "$scratch/unit")"
    [ "$failures" -eq 0 ] || grep -v '^ok' "$scratch/unit" | head -n 20 | sed 's/^/# /'
}

# Defines a test for each program of unit tests but those that are named, and puts their names into $unit_tests.
define_units() { # MACHINE [BUT...]
    unit_machine=$1
    shift
    unit_tests=
    for source in "$root"/tests/unit/*_test.c; do
        unit=$(basename "$source" .c)
        case " $* " in
        *" $unit "*) continue ;;
        esac
        eval "unit_$unit() { expect_unit $unit_machine $unit; }"
        unit_tests="$unit_tests unit_$unit"
    done
}
