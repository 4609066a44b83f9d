# Sourced by the tests of the installation, behind system/lib.sh: the sources as somebody gets them, unpacked and built, and
# installed below a folder.
# shellcheck shell=sh

# Whoever gets the sources has not set what our own make has.
unset BUILD MFLAGS MAKELEVEL MAKEOVERRIDES PREFIX DESTDIR
MAKEFLAGS=-sj$(nproc)
export MAKEFLAGS
# Nor is anything put into anybody's home, or where this machine's Wireshark looks.
export HOME="$scratch/home" PLUGINS=/opt/plugins
version=$(sed -n 's/^#define CALC_VERSION "\(.*\)"/\1/p' "$root/proto/calc.h")
dest="$scratch/with a blank"
source=$scratch/calc6-$version
: "$dest"

# Git is there, and knows nothing.
mkdir "$scratch/no-git"
printf '#!/bin/sh\nexit 127\n' >"$scratch/no-git/git"
chmod +x "$scratch/no-git/git"

# The sources that `make dist` packs, in $source, where no git is known.
unpack() {
    make -C "$root" dist BUILD="$scratch/dist" >"$scratch/said" || fail 'make dist fails'
    tarball=$scratch/dist/calc6-$version.tar.gz
    tar -C "$scratch" -xzf "$tarball"
}

# Make in the sources, as somebody without git.
make_it() { # WORD...
    run env PATH="$scratch/no-git:$PATH" make -C "$source" "$@"
    expect_equal "status of make $*" 0 "$status"
    [ "$status" -eq 0 ] || echo "$err" | sed 's/^/# /'
}

# What is installed below $dest but folders, each with its mode.
installed() {
    (cd "$dest" && find . ! -type d -printf '%M %P\n' | sort -k 2)
}
