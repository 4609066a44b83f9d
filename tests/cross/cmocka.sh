#!/bin/sh
# cmocka.sh ARCHITECTURE FOLDER: puts Debian's own cmocka for a foreign architecture into FOLDER/include and FOLDER/lib. apt keeps
# its lists of that architecture in a place of its own, so that the machine is left as it is (dpkg --add-architecture would
# change what all later upgrades do). No root is needed.
set -eu
architecture=$1 folder=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/lists/partial" "$scratch/cache/archives/partial" "$scratch/unpacked"
chmod -R go+rwX "$scratch" # for apt's own user

apt() {
    apt-get -qq -o Dir::State::Lists="$scratch/lists" -o Dir::Cache="$scratch/cache" \
        -o APT::Architecture="$architecture" -o APT::Architectures="$architecture" "$@"
}
cd "$scratch"
# A list that can not be had matters only where it is the one with cmocka in it, and then the next command says so.
apt update >"$scratch/log" 2>&1 || :
if ! apt download libcmocka0 libcmocka-dev >>"$scratch/log" 2>&1; then
    sed 's/^/cmocka.sh: /' "$scratch/log" >&2
    exit 1
fi
for package in ./*.deb; do
    dpkg-deb -x "$package" unpacked
done
cd - >/dev/null
rm -rf "$folder"
mkdir -p "$folder"
cp -r "$scratch/unpacked/usr/include" "$folder/include"
cp -r "$scratch"/unpacked/usr/lib/*/ "$folder/lib"
