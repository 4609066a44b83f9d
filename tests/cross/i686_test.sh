#!/bin/sh
# The unit tests on a little-endian machine of 32 bits, with sanitizers.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# The filter is not in these builds.
define_units i686 filter_test
# This one is linked with libpcap.
define_replays i686 script
# shellcheck disable=SC2086 # words
run_tests $unit_tests $replay_tests
