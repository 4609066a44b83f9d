#!/bin/sh
# The documents keep their word. Each ```console block of each document is typed into a shell, in the
# folder of the document, in a copy of the project, and prints what is shown (session_lib.sh). A block with a name behind
# its language, ```c NAME, is saved as that file before.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/session_lib.sh"
. "$(dirname "$0")/documents_lib.sh"

# What takes a whole machine is fenced as such, and typed by install/pages_test.
fence='```console'

# The documents are for people who have not set what our own make has.
unset BUILD MFLAGS MAKELEVEL MAKEOVERRIDES
MAKEFLAGS=-j$(nproc)
export MAKEFLAGS
# Nor do they write into anybody's home.
export HOME="$scratch/home"

# A copy with what was made in another one, or with nothing made.
fresh_copy() { # [COPY]; sets $copy
    copy=$(mktemp -d "$scratch/copy.XXXXXX")
    tar -C "$root" --exclude=./.git --exclude=./bin --exclude=./build -cf - . | tar -C "$copy" -xof -
    [ $# -eq 0 ] || [ ! -d "$1/build" ] || cp -a "$1/build" "$1/bin" "$copy"
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

check_document() { # DOCUMENT, in $copy
    save_files "$copy/$1" "$(dirname "$copy/$1")"
    check_blocks "$copy/$1" type_in "$(dirname "$copy/$1")"
}

what_documents_show_is_what_is_printed() {
    needs_isolation || return
    blocks=0
    copy=
    # The first one is for newcomers, whose `make` starts from nothing; that of the others has little left to do.
    for page in $(documents); do
        [ "$(blocks_in "$root/$page")" -gt 0 ] || continue
        blocks=$((blocks + $(blocks_in "$root/$page")))
        fresh_copy ${copy:+"$copy"}
        check_document "$page"
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
	```text two.txt
	two
	```

	```console
	$ cd bin
	$ ./server ::1 10000 &
	listening on [::1]:10000
	$ ./client -q ::1 10000 1 2
	3
	$ ./client ::1 10000 4294967295 1 || echo $?
	client: the server answered with an error: the result is above 4294967295; -s asks for it as a string
	2
	$ cat ../two.txt
	two
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
	file 1,/^two$/s/^two$/three/
	saved s/^```text .*/```text/
	ended s/^.*10000 &$/$ echo 'listening on [::1]:10000' \&/
	END
}

run_tests what_documents_show_is_what_is_printed a_wrong_document_is_found
