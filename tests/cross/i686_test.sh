#!/bin/sh
# The unit tests on a little-endian machine of 32 bits, with sanitizers.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# The filter is not in these builds.
define_units i686 filter_test
# shellcheck disable=SC2086 # words
run_tests $unit_tests
