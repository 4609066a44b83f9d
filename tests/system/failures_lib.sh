# Sourced by the tests of what fails in the kernel: strace(1) lets one system call of a program fail.
# shellcheck shell=sh
. "$(dirname "$0")/lib.sh"

# LeakSanitizer would trace the program itself.
export ASAN_OPTIONS=detect_leaks=0
rehearsal=$scratch/rehearsal
trace=$scratch/trace
tracer="strace -f -q --seccomp-bpf -o $trace"

# Of a list of errors the first, unless each is asked for: `make sanitizers` does, `make check` has no time for it.
each_of() { # ERROR,ERROR...
    if [ -n "${EACH_ERROR-}" ]; then
        echo "$1" | tr , ' '
    else
        echo "${1%%,*}"
    fi
}

# Runs a command and notes its system calls, for `failing` to count in.
rehearse() { # COMMAND...
    rm -f "$rehearsal"
    strace -f -q -o "$rehearsal" "$@" >/dev/null 2>&1 </dev/null
}

# Prints which of its namesakes in the rehearsal a call is, in its own thread. A call is NAME:PATTERN, where the pattern
# matches its arguments; where a thread has come between, those that it fills in are in a line of their own.
place_of() { # CALL
    awk -v name="${1%%:*}" -v pattern="${1#*:}" '
        $2 ~ "^" name "\\(" {
            count[$1]++
            if ($0 ~ pattern && !found++)
                print count[$1]
        }
        $2 == "<..." && $3 == name && $4 ~ "^resumed>" && $0 ~ pattern && !found++ { print count[$1] }' "$rehearsal"
}

# The pattern of a message in which % stands for the reason that the call in the trace has failed for.
with_reason() { # MESSAGE
    reason=$(sed -n 's/.* = -1 E[A-Z0-9]* (\(.*\)) (INJECTED)$/\1/p' "$trace" | head -n 1)
    printf '%s\n' "$1" | sed "s|%|$reason|; s|\[|[[]|g"
}

# The words for $tracer that let a call fail, or return a number at once, in $injection: once, so many times, or always
# from then on.
inject() { # CALL ERROR|NUMBER [once|TIMES|always]
    place=$(place_of "$1")
    [ -n "$place" ] || fail "no call $1 in $(cut -d' ' -f2- "$rehearsal" | tail -n 5)"
    case ${3-once} in
    once) when=$place ;;
    always) when=$place+ ;;
    *) when=$place..$((place + $3 - 1)) ;;
    esac
    case $2 in
    E*) result=error=$2 ;;
    *) result=retval=$2 ;;
    esac
    injection="-e trace=${1%%:*} -e inject=${1%%:*}:$result:when=$when"
}

# Waits for the end of what a tracer notes that runs beside its program.
trace_ends() { # FILE
    wait_until grep -qs '+++ exited with [0-9]* +++$' "$1"
}

# Of a program that was traced and has ended.
expect_injected() { # WHAT
    grep -qs '(INJECTED)$' "$trace" || fail "$1: was not reached"
}
