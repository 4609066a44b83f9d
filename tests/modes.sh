#!/bin/sh
# The tests of a server, once for each of its modes: whatever its speed comes from, what it answers stays the same.
set -eu
cd "$(dirname "$0")/.."
: "${BUILD:=build/check}"
check=$BUILD
program=$PWD/$check/bin/server
always=
more=

# A build tree whose server is in that mode.
make_mode() { # NAME OPTIONS...
    BUILD=build/modes/$1
    shift
    rm -rf "$BUILD"
    mkdir -p "$BUILD/bin"
    ln -s "$PWD/$check/tests" "$BUILD/tests"
    ln -sfn "$PWD/$check/../release" build/modes/release
    for other in client conformance load; do
        ln -s "$PWD/$check/bin/$other" "$BUILD/bin/$other"
    done
    cat >"$BUILD/bin/server" <<-END
	#!/bin/sh
	# One reply is one worker's.
	case " \$* " in *' --once '*) exec "$program" $always "\$@" ;; esac
	exec "$program" $always $* "\$@"
	END
    chmod +x "$BUILD/bin/server"
    export BUILD
}

run_mode() { # NAME OPTIONS...
    echo "== server $*" | sed 's/== server [^ ]* /== server /'
    make_mode "$@"
    for tests in wire/ system/server_test system/resilience system/conformance_server $more; do
        tests/run.sh "$tests"
    done
}

run_mode one -w 1
run_mode plain -w 1 --no-gro --no-gso
run_mode split --no-gso
run_mode joined --no-gro
run_mode four -w 4
run_mode busy --busy-poll 200 --cpu 0

# The sanitizers make system calls that the sandbox ends.
program=$PWD/bin/server
always=--sandbox=require
more=system/workers
run_mode sandbox -v
make_mode sandbox
for tests in system/restart system/loops; do
    tests/run.sh "$tests"
done
