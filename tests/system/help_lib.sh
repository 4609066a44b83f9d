# Sourced by the tests that hold pages and shells against --help: the four programs by the names that they are installed
# by, and the options that their help has.
# shellcheck shell=sh

# On PATH, as an installation has them.
install_names() {
    mkdir -p "$scratch/bin"
    for program in client conformance load server; do
        ln -sf "$build/bin/$program" "$scratch/bin/calc6-$program"
    done
    export PATH="$scratch/bin:$PATH"
}

# The options of a help, without what is said about them: two spaces are between.
options_of_help() { # PROGRAM [COMMAND]
    "$@" --help | awk -F '   *' '/^  *-/ { for (i = 2; $i ~ /^-/; i++) print $i }' | options_in
}

# The options in some lines: each as `-x` or `--name`, with its value as in `--name N`, `--name[=FILE]`; in small letters.
options_in() {
    grep -oE -e '(^|[ ,])--?[a-z][a-z0-9-]*(\[=[A-Z]+\]| [A-Z][][A-Za-z0-9./-]*)?' | sed 's/^[ ,]//' | tr '[:upper:]' '[:lower:]' | sort -u
}
