#!/bin/sh
# bash, zsh and fish complete the words of our programs as an installation has them: all options of --help, and what may
# be their values. How each shell is asked is in completion.bash, completion.zsh and completion.fish.
. "$(dirname "$0")/../system/lib.sh"
. "$(dirname "$0")/../system/help_lib.sh"
install_names

# Where each shell looks.
export COMPLETIONS="$root/install/completions" XDG_DATA_DIRS="$scratch/share" HOME="$scratch/home"
unset XDG_DATA_HOME XDG_CONFIG_HOME BASH_COMPLETION_USER_DIR
mkdir -p "$scratch/share/bash-completion/completions" "$scratch/share/fish/vendor_completions.d" "$HOME"
for program in client conformance load server; do
    ln -s "$COMPLETIONS/calc6.bash" "$scratch/share/bash-completion/completions/calc6-$program"
    ln -s "$COMPLETIONS/calc6.fish" "$scratch/share/fish/vendor_completions.d/calc6-$program.fish"
done

# What is there to be named.
mkdir -p "$scratch/here/lists"
echo + 1 2 >"$scratch/here/lines"
cd "$scratch/here" || exit 1

# Asks a shell all that this test wants to know, and leaves in $scratch/SHELL/1 and so on what it offers for each line:
# names without the / or = behind them, or the option that some shells put before them.
ask() { # SHELL
    mkdir "$scratch/$1"
    "$1" "$root/tests/install/completion.$1" <"$scratch/asked" >"$scratch/$1/all" 2>"$scratch/$1/err"
    awk -v folder="$scratch/$1" -v n=1 '/^$/ { n++; next } { if (!sub("=$", "")) sub("^--[a-z-]*=", ""); sub("/$", "")
        print >(folder "/" n) }' "$scratch/$1/all"
}

offers() { # SHELL LINE
    sort -u "$scratch/$1/$(grep -nxFe "$2" "$scratch/asked" | cut -d : -f 1)" 2>/dev/null
}

# Each as it stands on the line, without its value.
options() { # PROGRAM [COMMAND]
    options_of_help "$@" | sed 's/[ [].*//' | sort -u
}

with_options='client server load conformance conformance,grade'

# Lines, and what is offered for their last word, of which a star is quoted as in each shell.
values() { # STAR
    sed "s/STAR/$1/" <<-'END'
	calc6-client -op |+ STAR add mul product sum x
	calc6-client -op s|sum
	calc6-client --batch=li|lines lists
	calc6-client -t |
	calc6-client --retries |
	calc6-client -v -t 2 --timeout=1 ::1 |10000
	calc6-client ::1 10000 |
	calc6-server --sandbox |auto off require
	calc6-server --sandbox=r|require
	calc6-server --log |pairs text
	calc6-server --user nobod|nobody
	calc6-server --upgrade li|lines lists
	calc6-load -o |both product sum
	calc6-load --operation p|product
	calc6-load -f |both integer string
	calc6-load --format=|both integer string
	calc6-load --request |cheapest dearest mixed
	calc6-load -d 1 ::1 |10000
	calc6-conformance |client explain functions grade list server
	calc6-conformance g|grade
	calc6-conformance list |client functions server
	calc6-conformance explain REQ-6.11/|REQ-6.11/1
	calc6-conformance server --filter REQ-6.11/|REQ-6.11/1
	calc6-conformance functions --step |1 2 3 4 5
	calc6-conformance server --rubric li|lines lists
	calc6-conformance server --rubric=li|lines lists
	calc6-conformance server --capture-failures li|lists
	calc6-conformance grade -q li|lists
	calc6-conformance grade --user nobod|nobody
	calc6-conformance grade --server calc6-s|calc6-server
	END
}

{
    for program in $with_options; do
        echo "calc6-$program -"
    done | tr , ' '
    values '*' | cut -d '|' -f 1
    printf '%s\n' 'calc6-conformance explain ' 'calc6-client -t 1 '
} >"$scratch/asked"

each_option_of_the_help_is_offered() { # SHELL
    ask "$1"
    expect_equal "what $1 says on standard error" '' "$(cat "$scratch/$1/err")"
    for program in $with_options; do
        program=calc6-$(echo "$program" | tr , ' ')
        # shellcheck disable=SC2086 # a program and its command
        expect_equal "options of $program in $1" "$(options $program)" \
            "$(offers "$1" "$program -")"
    done
}

each_value_that_is_known_is_offered() { # SHELL STAR
    values "$2" >"$scratch/values"
    while IFS='|' read -r line expected; do
        expect_equal "'$line' in $1" "$(echo "$expected" | tr ' ' '\n' | sort)" "$(offers "$1" "$line")"
    done <"$scratch/values"
}

each_case_of_the_kit_and_this_host_are_offered() { # SHELL
    expect_equal "cases in $1" "$(calc6-conformance list | sed -n 's,^\(REQ-[0-9.]*/[0-9]*\) .*,\1,p' | sort)" \
        "$(offers "$1" 'calc6-conformance explain ')"
    expect_match "hosts in $1" '* ::1 *' " $(offers "$1" 'calc6-client -t 1 ' | tr '\n' ' ')"
}

bash_offers_each_option() { each_option_of_the_help_is_offered bash; }
bash_offers_values() { each_value_that_is_known_is_offered bash "'*'"; }
bash_offers_cases_and_hosts() { each_case_of_the_kit_and_this_host_are_offered bash; }
zsh_offers_each_option() { each_option_of_the_help_is_offered zsh; }
zsh_offers_values() { each_value_that_is_known_is_offered zsh '\\\*'; }
zsh_offers_cases_and_hosts() { each_case_of_the_kit_and_this_host_are_offered zsh; }
fish_offers_each_option() { each_option_of_the_help_is_offered fish; }
fish_offers_values() { each_value_that_is_known_is_offered fish '*'; }
fish_offers_cases_and_hosts() { each_case_of_the_kit_and_this_host_are_offered fish; }

run_tests bash_offers_each_option bash_offers_values bash_offers_cases_and_hosts \
    zsh_offers_each_option zsh_offers_values zsh_offers_cases_and_hosts \
    fish_offers_each_option fish_offers_values fish_offers_cases_and_hosts
