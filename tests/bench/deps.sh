#!/bin/sh
# Installs what the benchmark needs and is missing: Debian packages, as root. A program that is there already, from
# wherever, is as good as its package.
set -eu
cd "$(dirname "$0")/../.."
PATH=$PATH:/usr/sbin

packages='pkg-config libuv1-dev'
while read -r program package; do
    command -v "$program" >/dev/null || packages="$packages $package"
done <<END
python3 python3
node nodejs
javac default-jdk-headless
java default-jre-headless
rustc rustc
gnuplot gnuplot-nox
nsd nsd
dnsperf dnsperf
jq jq
END

# The benchmark starts a name server of its own; its package must not, neither now nor at the next start.
policy=/usr/sbin/policy-rc.d
case " $packages " in
*' nsd '*)
    if [ "$(id -u)" -eq 0 ] && [ ! -e $policy ]; then
        trap 'rm -f $policy' EXIT
        trap 'exit 1' INT TERM
        printf '#!/bin/sh\nexit 101\n' >$policy
        chmod +x $policy
    fi
    ;;
esac
# shellcheck disable=SC2086 # a list of words
tests/deps.sh $packages
case " $packages " in
*' nsd '*) if command -v systemctl >/dev/null; then systemctl disable --quiet nsd || true; fi ;;
esac
