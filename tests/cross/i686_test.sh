#!/bin/sh
# The unit tests on a little-endian machine of 32 bits, with sanitizers.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

define_units i686
# shellcheck disable=SC2086 # words
run_tests $unit_tests
