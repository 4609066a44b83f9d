#!/bin/sh
# Says what a run of the tests has reached, as tables and as pages, and whether that is as uncovered.txt has it.
set -eu
cd "$(dirname "$0")/../.."
objects=$1 # where the programs that ran were built
report=$objects/coverage.json

# The other side of an assertion is our own bug, so no test takes it; where it has a line of its own, that is listed.
gcovr --root . --filter proto/ --filter server/ --filter client/ --exclude-branches-by-pattern '^\s*assert\(' \
    --json "$report" "$objects"
gcovr --add-tracefile "$report" --html-details "$objects/index.html" --txt
gcovr --add-tracefile "$report" --branches --txt
echo "pages: $objects/index.html"
python3 tests/coverage/uncovered.py "$report" tests/coverage/uncovered.txt
