#!/bin/sh
# install.sh [FOLDER]: puts calc6.lua where Wireshark and tshark look for plugins: into FOLDER; without one,
# for root into the folder of the system, for others into their own. With DESTDIR set, below that.
set -eu
cd "$(dirname "$0")"
folder=${1-}
if [ -z "$folder" ]; then
    kind=Personal
    [ "$(id -u)" -ne 0 ] || kind=Global
    # Each line is a name, a colon, a tab and a path.
    for program in tshark wireshark; do
        [ -n "$folder" ] || folder=$("$program" -G folders 2>/dev/null | sed -n "s/^$kind Lua Plugins:[[:space:]]*//p")
    done
fi
if [ -z "$folder" ]; then
    echo "install.sh: no tshark or wireshark says where plugins are; make install PLUGINS=FOLDER names it" >&2
    exit 1
fi
mkdir -p "${DESTDIR-}$folder"
install -m 644 calc6.lua "${DESTDIR-}$folder/calc6.lua"
echo "installed ${DESTDIR-}$folder/calc6.lua"
