#!/bin/sh
# machine_image.sh FOLDER: makes FOLDER/machine.tar, a fresh Debian 12 with systemd and with a mirror of what the tests install in
# it, which then need no network. This takes root and a network, once for each choice of packages; without root, nothing is made.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$1
# What a Debian from the installer has beyond what all others need.
fresh=systemd-sysv,dbus,iproute2,procps,man-db,ca-certificates

# What is installed, one line each: what the documents type in a machine, what the image is made with, and what our packages and
# their tests depend on.
wanted() {
    {
        find "$root" -name '*.md' ! -path "$root/build/*" | sort | while read -r page; do
            awk '/^```/ { inside = $0 == "```console machine" } inside && /^\$ / { print }' "$page"
        done
        cat "$root/install/image/Containerfile"
    } | sed -nE '/apt-get install/{ s/^.*apt-get install //; s/ (&&|;|\|\|).*//; s@(^| )[^ ]*/[^ ]*@@g; p }'
    echo --no-install-recommends libseccomp2 libmicrohttpd12 gcc g++ libc6-dev pkg-config
}

# Debian 12 from where this machine has its own from.
sources() {
    # shellcheck disable=SC2016 # apt's variables
    apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 'Origin: Debian' |
        grep -E ' bookworm(-[a-z]+)? main$' | sort -u | grep . ||
        echo 'deb http://deb.debian.org/debian bookworm main'
}

# Run by mmdebstrap, near its end: brings what is wanted into /srv/debian of the new machine, whose apt looks nowhere else.
if [ -n "${MMDEBSTRAP_APT_CONFIG-}" ]; then
    export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"
    mkdir -p "$folder/srv/debian/partial"
    while read -r words; do
        # shellcheck disable=SC2086 # several words
        apt-get -qq -y --download-only -o "Dir::Cache::Archives=$folder/srv/debian" install $words
    done <"$WANTED"
    rm -rf "$folder/srv/debian/partial" "$folder/srv/debian/lock" "$folder/etc/apt/sources.list.d"/*
    (cd "$folder/srv/debian" && dpkg-scanpackages --multiversion . >Packages 2>/dev/null)
    echo 'deb [trusted=yes] file:/srv/debian ./' >"$folder/etc/apt/sources.list"
    echo debian >"$folder/etc/hostname"
    exit
fi

[ "$(id -u)" -eq 0 ] || exit 0
mkdir -p "$folder"
wanted >"$folder/wanted.new"
key=$(cat "$0" "$folder/wanted.new" | sha256sum | cut -c 1-16)
if [ ! -e "$folder/machine-$key.tar" ]; then
    rm -f "$folder"/machine*.tar
    mv "$folder/wanted.new" "$folder/wanted"
    sources | WANTED=$folder/wanted mmdebstrap --quiet --variant=apt --include="$fresh" --customize-hook="$0 \"\$1\"" \
        bookworm "$folder/new.tar" -
    mv "$folder/new.tar" "$folder/machine-$key.tar"
fi
ln -sf "machine-$key.tar" "$folder/machine.tar"
