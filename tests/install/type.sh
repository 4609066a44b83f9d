#!/bin/sh
# type.sh FOLDER: types a session, whose parts are in a folder, in the home of whoever runs it, and prints what is wrong. For
# pages_test, which has this run in its machine.
. "$(dirname "$0")/../system/lib.sh"
. "$(dirname "$0")/../system/session_lib.sh"
type_in "$HOME" "$1"
