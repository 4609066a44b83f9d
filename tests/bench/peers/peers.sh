#!/bin/sh
# peers.sh list | build NAME | start NAME ADDRESS PORT: the servers that people would use instead. What is built goes to
# PEERS (build/whole/tests/bench/peers). Exit status 77, and why in one line, where the toolchain is not there.
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
here=$root/tests/bench/peers
: "${PEERS:=$root/build/whole/tests/bench/peers}"
names='libuv asyncio dgram Nio std'

needs() { # PROGRAM...
    for program in "$@"; do
        command -v "$program" >/dev/null && continue
        echo "peers.sh: $name needs $program, which is not there" >&2
        exit 77
    done
}

wrong() {
    echo "peers.sh: $*" >&2
    exit 1
}

build() {
    case $name in
    libuv)
        needs make "${CC:-cc}" pkg-config
        pkg-config --exists libuv || { echo 'peers.sh: libuv needs the library of that name, which is not there' >&2 && exit 77; }
        ;;
    asyncio) needs python3 && return ;;
    dgram) needs node && return ;;
    Nio) needs make javac java ;;
    std) needs make rustc ;;
    esac
    # From a make, too; but this one's jobs are its own.
    MAKEFLAGS='' make -s -C "$root" WHOLE="${PEERS%/tests/bench/peers}" "peer-$name" >/dev/null
}

start() { # ADDRESS PORT
    case $name in
    libuv | std) set -- "$PEERS/$name" "$@" ;;
    asyncio) set -- python3 -I "$here/asyncio.py" "$@" ;;
    dgram) set -- node "$here/dgram.js" "$@" ;;
    Nio) set -- java -cp "$PEERS" Nio "$@" ;;
    esac
    case $1 in
    "$PEERS"/*) [ -x "$1" ] || wrong "$name has not been built: peers.sh build $name" ;;
    *) needs "$1" ;;
    esac
    exec "$@"
}

what=${1-} name=${2-}
case "$what $#" in
'list 1')
    echo "$names" | tr ' ' '\n'
    exit
    ;;
'build 2' | 'start 4') ;;
*) wrong 'usage: peers.sh list | build NAME | start NAME ADDRESS PORT' ;;
esac
case " $names " in
*" $name "*) ;;
*) wrong "'$name' is none of: $names" ;;
esac
shift 2
"$what" "$@"
