#!/bin/sh
# Installs what the tests need, or the packages that are named, where missing: Debian packages, as root.
set -eu
packages='gcc clang make libc6-dev libclang-rt-dev pkg-config libcmocka-dev libpcap-dev libseccomp-dev libmicrohttpd-dev tcpdump
iproute2 curl ethtool nftables netbase util-linux bsdutils mount procps git clang-format clang-tidy cppcheck shellcheck
dash bash zsh mksh busybox fish jq lua5.2 lua5.4 lua-check tshark wireshark-common
patch aha perl libxml2-utils chromium bc faketime strace mandoc groff-base bsdextrautils'
[ $# -eq 0 ] || packages=$*

missing=
for package in $packages; do
    case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
    'install ok installed') ;;
    *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" -ne 0 ]; then
    echo "deps: missing:$missing; as root, run:" >&2
    echo "apt-get update && apt-get install -y --no-install-recommends$missing" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # a list of words
apt-get install -y -qq --no-install-recommends $missing >/dev/null
