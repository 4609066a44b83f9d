# Completion of the four programs' command lines for bash, installed by the name of each and loaded by bash-completion. The
# options are those of --help; only what their values may be stands here, by the word that --help has for each.
# shellcheck shell=bash disable=SC2207 # words without spaces are split

# The options of a help, with the word for the value or nothing, in the caller's array `values`.
_calc6_read_help() { # PROGRAM [COMMAND]
    local line name value before=
    local option='^(--?[a-z][-a-z0-9]*)((\[=| )([A-Z]+)[^ ,]*)?(, |  +|$)(.*)'
    while IFS= read -r line; do
        [[ $line =~ ^\ +(-.*) ]] || continue
        line=${BASH_REMATCH[1]}
        while [[ $line =~ $option ]]; do
            name=${BASH_REMATCH[1]} value=${BASH_REMATCH[4]} line=${BASH_REMATCH[6]}
            [[ ${BASH_REMATCH[3]} != *= ]] || value+='?'
            values[$name]=$value
            # In -t, --timeout SECS the value is that of both.
            [[ -z $before ]] || values[$before]=$value
            before=
            [[ $name == --* || -n $value || ${BASH_REMATCH[5]} != ', ' ]] || before=$name
        done
    done < <("$@" --help 2>/dev/null)
}

_calc6_words() { # WORD...
    COMPREPLY=($(compgen -W "$*" -- "$cur"))
}

# Those whose value may be left out, as they stand before one.
_calc6_optional() {
    local name
    for name in "${!values[@]}"; do
        [[ $name != --* || ${values[$name]} != *'?' ]] || echo "$name="
    done
}

_calc6_cases() {
    _calc6_words "$("$program" list 2>/dev/null | sed -n 's,^\(REQ-[0-9.]*/[0-9]*\) .*,\1,p')"
}

_calc6_value() { # OPTION VALUE
    case $1,$2 in
    *,FILE | *,PATH | *,WHERE) _filedir ;;
    *,DIRECTORY) _filedir -d ;;
    *,NAME) COMPREPLY=($(compgen -u -- "$cur")) ;;
    *,COMMAND) COMPREPLY=($(compgen -c -- "$cur")) ;;
    *,GLOB) _calc6_cases ;;
    *,HOW) _calc6_words auto off require ;;
    *,FORMAT) _calc6_words pairs text ;;
    --step,*) _calc6_words 1 2 3 4 5 ;;
    -o,WORD | --operation,*) _calc6_words both product sum ;;
    -f,WORD | --format,*) _calc6_words both integer string ;;
    --request,*) _calc6_words cheapest dearest mixed ;;
    *,OPERATOR)
        _calc6_words + add mul product sum x
        [[ "'*'" != "$cur"* && '\*' != "$cur"* ]] || COMPREPLY+=("'*'")
        ;;
    esac
}

_calc6_operand() { # NUMBER, from 1
    case ${program##*/}:$command:$1 in
    *-conformance::1) _calc6_words "$("$program" --help 2>/dev/null | sed -n 's/^[u ].*conformance \([a-z]*\) .*/\1/p' | uniq)" ;;
    *-conformance:list:1) _calc6_words client functions server ;;
    *-conformance:explain:1) _calc6_cases ;;
    *-conformance:functions:1) _filedir c ;;
    *-conformance:grade:*) _filedir -d ;;
    *-conformance:client:*) ;;
    *:1)
        _known_hosts_real -- "$cur"
        COMPREPLY+=($(compgen -W '::1' -- "$cur"))
        __ltrim_colon_completions "$cur"
        ;;
    *:2)
        _calc6_words 10000
        [[ -z $cur ]] || COMPREPLY+=($(compgen -A service -- "$cur"))
        ;;
    esac
}

_calc6() {
    local cur prev words cword split command='' operands=0 i first=1
    _init_completion -s -n : || return
    local program=${words[0]/#\~\//$HOME/}
    [[ $program != *conformance || $cword -lt 2 ]] || command=${words[1]} first=2
    local -A values=()
    # shellcheck disable=SC2046 # or none
    _calc6_read_help "$program" $([[ $command != grade ]] || echo grade)

    for ((i = first; i < cword; i++)); do
        case ${words[i]} in
        -*) [[ ${values[${words[i]}]-} == '' || ${values[${words[i]}]} == *'?' ]] || ((i++)) ;;
        *) ((operands++)) ;;
        esac
    done
    local value=${values[$prev]-}
    if $split || [[ -n $value && $value != *'?' ]]; then
        _calc6_value "$prev" "${value%'?'}"
    elif [[ $cur == -* ]]; then
        _calc6_words "${!values[@]}" "$(_calc6_optional)"
        [[ ${COMPREPLY[*]} != *= ]] || compopt -o nospace
    else
        _calc6_operand $((operands + 1))
    fi
}

complete -F _calc6 calc6-client calc6-conformance calc6-load calc6-server
