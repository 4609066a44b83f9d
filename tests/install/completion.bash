# What bash offers for each command line of standard input, whose last word is completed: one offer a line, and an empty line
# behind those of each. With bash-completion, and in $XDG_DATA_DIRS a folder with bash-completion/completions/PROGRAM.
. /usr/share/bash-completion/bash_completion

# What tells readline how to show the offers has nobody to tell it to.
compopt() { :; }

# The words as readline has them: it breaks them at = and runs of :.
break_words() { # WORD...
    local word
    COMP_WORDS=()
    for word; do
        while [[ $word =~ ^([^=:]*)(=|:+)(.*)$ ]]; do
            [[ -z ${BASH_REMATCH[1]} ]] || COMP_WORDS+=("${BASH_REMATCH[1]}")
            COMP_WORDS+=("${BASH_REMATCH[2]}")
            word=${BASH_REMATCH[3]}
        done
        [[ -z $word ]] || COMP_WORDS+=("$word")
    done
}

while IFS= read -r line; do
    read -ra words <<<"$line"
    break_words "${words[@]}"
    [[ $line != *' ' ]] || COMP_WORDS+=('')
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$line COMP_POINT=${#line}
    complete -p "${words[0]}" >/dev/null 2>&1 || _completion_loader "${words[0]}"
    function=$(complete -p "${words[0]}" | sed -n 's/.* -F \([^ ]*\) .*/\1/p')
    COMPREPLY=()
    "$function" "${words[0]}" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
    printf '%s\n' "${COMPREPLY[@]}" | grep .
    echo
done
