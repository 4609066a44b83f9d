#!/bin/sh
# dist.sh VERSION FILE.tar.gz: packs the sources, those that git knows or, in a tree that was unpacked, all but what was
# built. The same sources give the same octets, wherever and whenever; SOURCE_DATE_EPOCH, the last commit or the
# CHANGELOG says how old they are (reproducible-builds.org).
set -eu
cd "$(dirname "$0")/.."
name=calc6-$1
file=$2

list() { # the sources, each with a NUL behind it
    if [ -e .git ]; then
        git ls-files -z
    else
        find . -path ./bin -prune -o -path "./${BUILD:-build}" -prune -o -type f -printf '%P\0'
    fi
}

age() { # in seconds since 1970
    if [ -e .git ]; then
        git log -1 --format=%ct
    else
        stat -c %Y CHANGELOG.md
    fi
}

list | LC_ALL=C sort -z >"$file.list"
tar --create --format=ustar --null --files-from="$file.list" --mtime="@${SOURCE_DATE_EPOCH:-$(age)}" \
    --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --transform="s,^,$name/," --file="$file.tar"
gzip -9n <"$file.tar" >"$file"
rm "$file.list" "$file.tar"
echo "packed $file"
