#!/bin/sh
# put.sh install|uninstall KIND:PATH:SOURCE...: puts files where a system looks for them, or takes them away again, with
# DESTDIR in front of each path. A KIND is program, data, filled (with the sed script FILL done to it) or link, whose
# SOURCE is what it points to. What is where is for install.mk to say.
set -eu
action=$1
shift
# Of the folders that are made on the way; those that are there stay as they are.
umask 022

put() { # KIND PATH SOURCE
    mkdir -p "$(dirname "$2")"
    case $1 in
    program) install -m 755 "$3" "$2" ;;
    data) install -m 644 "$3" "$2" ;;
    filled) sed "$FILL" "$3" >"$2" && chmod 644 "$2" ;;
    link) ln -sf "$3" "$2" ;;
    *) echo "put.sh: kind '$1': program, data, filled or link is allowed" >&2 && exit 1 ;;
    esac
}

# A folder goes with its last file where it is of this package alone: others may count on the rest.
take_away() { # PATH
    rm -f "$1"
    folder=$(dirname "$1")
    while case $folder in */calc6 | */calc6/*) rmdir "$folder" 2>/dev/null ;; *) false ;; esac do
        folder=$(dirname "$folder")
    done
}

for word; do
    source=${word##*:}
    path=${word%:*}
    kind=${path%%:*}
    path=${DESTDIR-}${path#*:}
    case $action in
    install) put "$kind" "$path" "$source" ;;
    uninstall) take_away "$path" ;;
    *) echo "put.sh: '$action': install or uninstall is allowed" >&2 && exit 1 ;;
    esac
done
