# Sourced by the tests of other machines, beside tests/system/lib.sh: each program of unit tests and each fuzz target there, as a
# test here.
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

# Runs a fuzz target on all of its corpus.
expect_replay() { # MACHINE TARGET
    replay=$2
    set -- "$on" "$1" "tests/fuzz/targets/$2" "$root/tests/fuzz/corpus/$2"/*
    timeout 300 "$@" >"$scratch/names" 2>"$scratch/report" ||
        fail "$replay: $(tail -n 1 "$scratch/names"): $(head -n 20 "$scratch/report")"
    expect_equal "inputs of $replay" $(($# - 3)) "$(grep -c . "$scratch/names")"
}

# Defines a test for each source but those that are named, and puts their names into $defined.
define_tests() { # MACHINE expect_unit|expect_replay SOURCES [BUT...]
    machine=$1 expect=$2 sources=$3
    shift 3
    defined=
    for source in $sources; do
        name=$(basename "$source" .c)
        case " $* " in
        *" $name "*) continue ;;
        esac
        eval "${expect#expect_}_$name() { $expect $machine $name; }"
        defined="$defined ${expect#expect_}_$name"
    done
}

define_units() { # MACHINE [BUT...]
    unit_machine=$1
    shift
    define_tests "$unit_machine" expect_unit "$(echo "$root"/tests/unit/*_test.c)" "$@"
    unit_tests=$defined
}

define_replays() { # MACHINE [BUT...]
    replay_machine=$1
    shift
    define_tests "$replay_machine" expect_replay "$(echo "$root"/tests/fuzz/targets/*.c)" "$@"
    replay_tests=$defined
}
