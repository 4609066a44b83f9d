#!/bin/sh
# loader.sh LIBDIR: has the loader, which finds libraries through a cache, look again if LIBDIR is where it looks. The
# cache is root's, and of this system: with DESTDIR set, for others than root, and where there is no cache (musl), nothing
# is done.
set -eu
PATH=$PATH:/usr/sbin:/sbin # not everybody who becomes root has these
if [ -n "${DESTDIR-}" ] || [ "$(id -u)" -ne 0 ]; then
    exit 0
fi
if ldconfig -NXv 2>/dev/null | sed -n 's/:.*//p' | grep -qxF -e "$1"; then
    ldconfig
fi
