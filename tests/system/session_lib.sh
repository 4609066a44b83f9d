# Sourced by the tests of pages that show sessions: types what stands behind `$ ` into a shell, and holds what it
# prints, on standard output and standard error, against what is shown. Where nothing is shown, it has to succeed.
# What ends in & stays until the session ends.
# shellcheck shell=sh

# Each command of a block as a file, and beside it what it is to print.
take_apart() { # BLOCK FOLDER
    mkdir "$2"
    awk -v folder="$2" '
        /^\$ / { file = sprintf("%s/%03d", folder, ++number); print substr($0, 3) >file; printf "" >(file ".shown"); next }
        number == 0 { print "no command" >(folder "/000"); next }
        { print >(file ".shown") }' "$1"
}

# In a user namespace the server has nobody to become but root, and says so.
but_for_namespaces() {
    sed '/^\(calc6-\)\{0,1\}server: the sandbox lacks a user other than root ([A-Z][a-z ]*)$/d'
}

# What runs in the background prints when it likes, while it runs.
has_printed_or_ended() { # PID FILE EXPECTED
    but_for_namespaces <"$2" | cmp -s - "$3" || ! kill -0 "$1" 2>/dev/null
}

# In a subshell, so that a `cd` ends with the block. Says what is wrong, one line each.
type_block() { # FOLDER OF ITS PARTS
    background=
    for command in "$1"/???; do
        line=$(cat "$command")
        eval "$line" >"$command.printed" 2>&1 </dev/null
        command_status=$?
        case $line in
        *'&')
            background="$background $!"
            wait_until has_printed_or_ended $! "$command.printed" "$command.shown"
            ;;
        esac
        if [ -s "$command.shown" ]; then
            for text in "$command.printed" "$command.shown"; do
                in_wire_order <"$text" | but_for_namespaces >"$text.same"
            done
            cmp -s "$command.printed.same" "$command.shown.same" ||
                echo "\$ $line: shown '$(cat "$command.shown")', printed '$(cat "$command.printed")'"
        elif [ "$command_status" -ne 0 ]; then
            echo "\$ $line: exit status $command_status, printed '$(tail -n 5 "$command.printed")'"
        fi
    done
    for pid in $background; do
        kill "$pid" 2>/dev/null || echo "what ran in the background had ended: see '$(cat "$1"/*.printed)'"
        wait "$pid" 2>/dev/null
    done
}

# The same in a folder.
type_in() { # FOLDER, FOLDER OF ITS PARTS
    (cd "$1" && type_block "$2")
}

# A session as it stands in a page: a command is given the folder of its parts, and says what is wrong with them.
type_session() { # FILE WHAT COMMAND...
    parts=$(mktemp -d "$scratch/session.XXXXXX")
    take_apart "$1" "$parts/commands"
    what=$2
    shift 2
    "$@" "$parts/commands" >"$parts/wrong"
    while read -r wrong; do
        fail "$what: $wrong"
    done <"$parts/wrong"
}
