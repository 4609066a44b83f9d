#!/bin/sh
# The documents keep their word. Each ```console block of each document is typed into a shell, in the
# folder of the document, in a copy of the project. Behind a line `$ COMMAND` comes what it prints, on
# standard output and standard error; where nothing is shown, it has to succeed. What ends in & stays
# until the block ends.
. "$(dirname "$0")/lib.sh"

# The documents are for people who have not set what our own make has.
unset BUILD MFLAGS MAKELEVEL MAKEOVERRIDES
MAKEFLAGS=-j$(nproc)
export MAKEFLAGS
# Nor do they write into anybody's home.
export HOME="$scratch/home"

documents() {
    cd "$root" && find . -name '*.md' ! -path './build/*' ! -path './.git/*' | sort
}

console_blocks() { # DOCUMENT: how many
    grep -c '^```console$' "$1"
}

console_block() { # DOCUMENT NUMBER
    awk -v wanted="$2" '
        /^```console$/ { inside = ++number == wanted; next }
        /^```$/ { inside = 0 }
        inside' "$1"
}

# A copy with what was made in another one, or with nothing made.
fresh_copy() { # [COPY]; sets $copy
    copy=$(mktemp -d "$scratch/copy.XXXXXX")
    tar -C "$root" --exclude=./.git --exclude=./bin --exclude=./build -cf - . | tar -C "$copy" -xof -
    [ $# -eq 0 ] || [ ! -d "$1/build" ] || cp -a "$1/build" "$1/bin" "$copy"
}

# Each command of a block as a file, and beside it what it is to print.
take_apart() { # BLOCK FOLDER
    mkdir "$2"
    awk -v folder="$2" '
        /^\$ / { file = sprintf("%s/%03d", folder, ++number); print substr($0, 3) >file; printf "" >(file ".shown"); next }
        number == 0 { print "no command" >(folder "/000"); next }
        { print >(file ".shown") }' "$1"
}

# For root it becomes another user, which it can not do in a user namespace; there, it is not root.
if ! grep -q 4294967295 /proc/self/uid_map; then
    tcpdump() {
        unshare --user --map-user=1000 tcpdump "$@"
    }
fi

# People who read the documents are not root, whom it warns.
tshark() {
    command tshark "$@" 2>"$scratch/warnings"
    tshark_status=$?
    tshark_complaints "$scratch/warnings" >&2
    return $tshark_status
}

# In a user namespace the server has nobody to become but root, and says so.
but_for_namespaces() {
    sed '/^server: the sandbox lacks a user other than root ([A-Z][a-z ]*)$/d'
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

check_document() { # DOCUMENT, in $copy
    block=0
    while [ "$block" -lt "$(console_blocks "$copy/$1")" ]; do
        block=$((block + 1))
        parts=$(mktemp -d "$scratch/block.XXXXXX")
        console_block "$copy/$1" "$block" >"$parts/block"
        take_apart "$parts/block" "$parts/commands"
        (cd "$(dirname "$copy/$1")" && type_block "$parts/commands") >"$parts/wrong"
        while read -r wrong; do
            fail "$1, block $block: $wrong"
        done <"$parts/wrong"
    done
}

what_documents_show_is_what_is_printed() {
    needs_isolation || return
    blocks=0
    copy=
    # The first one is for newcomers, whose `make` starts from nothing; that of the others has little left to do.
    for document in $(documents); do
        [ "$(console_blocks "$root/$document")" -gt 0 ] || continue
        blocks=$((blocks + $(console_blocks "$root/$document")))
        fresh_copy ${copy:+"$copy"}
        check_document "$document"
    done
    [ "$blocks" -gt 0 ] || fail 'no document shows a session'
}

# The test above, tested: a document that is wrong in one place.
a_wrong_document_is_found() {
    needs_isolation || return
    fresh_copy
    mkdir "$copy/bin"
    cp "$server" "$client" "$copy/bin"
    cat >"$copy/right.md" <<-'END'
	```console
	$ cd bin
	$ ./server ::1 10000 &
	listening on [::1]:10000
	$ ./client -q ::1 10000 1 2
	3
	$ ./client ::1 10000 4294967295 1 || echo $?
	client: the server answered with an error: the result is above 4294967295; -s asks for it as a string
	2
	```
	END
    check_document right.md
    [ "$failures" -eq 0 ] || return
    while read -r name change; do
        sed "$change" "$copy/right.md" >"$copy/$name.md"
        cmp -s "$copy/right.md" "$copy/$name.md" && fail "$name: nothing is changed"
        (
            failures=0
            check_document "$name.md" >/dev/null
            [ "$failures" -gt 0 ]
        ) || fail "$name: not found"
    done <<-'END'
	output s/^3$/4/
	more /^3$/p
	less /^2$/d
	command s/-q/-j/
	status s/^. cd bin$/&\n$ false/
	ended s/^.*10000 &$/$ echo 'listening on [::1]:10000' \&/
	END
}

run_tests what_documents_show_is_what_is_printed a_wrong_document_is_found
