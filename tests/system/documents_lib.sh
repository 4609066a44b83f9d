# Sourced behind session_lib.sh by what types the sessions of the documents: the blocks that begin with the line $fence, which
# it sets.
# shellcheck shell=sh

documents() {
    cd "$root" && find . -name '*.md' ! -path './build/*' ! -path './.git/*' | sort
}

blocks_in() { # DOCUMENT: how many begin with $fence
    grep -cxF "$fence" "$1"
}

block_in() { # DOCUMENT NUMBER
    awk -v fence="$fence" -v wanted="$2" '
        $0 == fence { inside = ++number == wanted; next }
        /^```$/ { inside = 0 }
        inside' "$1"
}

# The blocks that are files. Each name stands once in a document.
save_files() { # DOCUMENT FOLDER
    awk -v folder="$2" '
        /^```[a-z]+ [a-z0-9]+[.][a-z]+$/ { file = folder "/" $2; printf "" >file; next }
        /^```/ { file = "" }
        file { print >file }' "$1"
}

# Each block, as type_session has it.
check_blocks() { # DOCUMENT COMMAND...
    document=$1 block=0
    shift
    while [ "$block" -lt "$(blocks_in "$document")" ]; do
        block=$((block + 1))
        block_in "$document" "$block" >"$scratch/block"
        type_session "$scratch/block" "$document, block $block" "$@"
    done
}
