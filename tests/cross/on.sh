#!/bin/sh
# on.sh MACHINE PROGRAM [ARGUMENT...]: becomes PROGRAM, a path below build/check/, as it was built for MACHINE: s390x, i686, or
# native for this one, a path as it is.
set -eu
cd "$(dirname "$0")/../.."
cross=${CROSS:-build/cross} machine=$1 program=$2
shift 2
case $machine in
native) exec "./$program" "$@" ;;
i686) exec "$cross/i686/check/$program" "$@" ;;
*) exec "qemu-$machine" -0 "$program" "$cross/$machine/check/$program" "$@" ;;
esac
