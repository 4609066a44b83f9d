#!/bin/sh
# install.sh [--remove] [FOLDER]: puts calc6.lua where Wireshark and tshark look for plugins, or takes it away: into FOLDER;
# without one, for root into the folder of the system, for others into their own. With DESTDIR set, below that, and without
# FOLDER into that of the system: others will use it. Exit status 77: there is no FOLDER, and nobody knows one.
set -eu
action=install
[ "${1-}" != --remove ] || { action=uninstall && shift; }
folder=${1-}
kind=Global
if [ -z "$folder" ]; then
    [ -n "${DESTDIR-}" ] || [ "$(id -u)" -eq 0 ] || kind=Personal
    # Each line is a name, a colon, a tab and a path.
    for program in tshark wireshark; do
        [ -n "$folder" ] || folder=$("$program" -G folders 2>/dev/null | sed -n "s/^$kind Lua Plugins:[[:space:]]*//p")
    done
fi
if [ -z "$folder" ]; then
    echo "install.sh: no tshark or wireshark says where plugins are; make $action PLUGINS=FOLDER names it" >&2
    exit 77
fi
file=${DESTDIR-}$folder/calc6.lua
if [ "$action" = uninstall ]; then
    rm -f "$file"
    echo "removed $file"
else
    # In their own home, the umask is theirs to choose.
    [ $kind = Personal ] || umask 022
    mkdir -p "${DESTDIR-}$folder"
    install -m 644 "$(dirname "$0")/calc6.lua" "$file"
    echo "installed $file"
fi
