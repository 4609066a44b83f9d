#!/bin/sh
# Runs a command in a network namespace of its own, where nothing else listens and nothing gets out,
# with three addresses. ISOLATED=1 says that it worked; without the right to, the command runs as it is.
set -eu
if [ -z "${ISOLATED-}" ]; then
    for isolate in 'unshare --net --mount' 'unshare --user --map-root-user --net --mount'; do
        if $isolate true 2>/dev/null; then
            ISOLATED=1 exec $isolate "$0" "$@"
        fi
    done
    exec "$@"
fi
ip link set lo up
for address in fd00:ca1c::2 fd00:ca1c::3; do
    ip address add "$address/128" dev lo nodad
done
exec "$@"
