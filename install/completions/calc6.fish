# Completion of the four programs' command lines for fish, installed by the name of each, which is the one that it is for. The
# options and what is said about them are those of --help; only what their values may be stands here, by the word that --help
# has for each.

function __calc6_cases
    $argv[1] list 2>/dev/null | string replace -rf '^(REQ-[0-9.]+/[0-9]+) +[A-Z]+ +[a-z]+ +' '$1\t'
end

# What may stand for a value, as arguments of `complete`; nothing: whatever people like.
function __calc6_value # PROGRAM OPTION VALUE
    switch $argv[2],$argv[3]
        case '*,FILE' '*,PATH' '*,WHERE'
            printf '%s\n' -r -F
        case '*,DIRECTORY'
            printf '%s\n' -x -a '(__fish_complete_directories)'
        case '*,NAME'
            printf '%s\n' -x -a '(__fish_complete_users)'
        case '*,COMMAND'
            printf '%s\n' -x -a '(complete -C "")'
        case '*,GLOB'
            printf '%s\n' -x -a "(__calc6_cases $argv[1])"
        case '*,HOW'
            printf '%s\n' -x -a 'auto off require'
        case '*,FORMAT'
            printf '%s\n' -x -a 'pairs text'
        case 'step,*'
            printf '%s\n' -x -a '1 2 3 4 5'
        case 'o,WORD' 'operation,*'
            printf '%s\n' -x -a 'both product sum'
        case 'f,WORD' 'format,*'
            printf '%s\n' -x -a 'both integer string'
        case 'request,*'
            printf '%s\n' -x -a 'cheapest dearest mixed'
        case '*,OPERATOR'
            printf '%s\n' -x -a '+ \'*\' add mul product sum x'
        case '*,?*'
            printf '%s\n' -x
    end
end

# Tells fish of the options of a help, where a condition holds. Those that take the next word are in __calc6_taking.
function __calc6_options # CONDITION PROGRAM [COMMAND]
    set -l option '^(--?[a-z][-a-z0-9]*)(?|(\[=| )([A-Z]+)[^ ,]*|()())(, |  +|$)(.*)'
    for line in ($argv[2..] --help 2>/dev/null | string match -rg '^ +(-.*)')
        set -l names
        set -l values
        set -l optional
        while set -l parts (string match -r -- $option $line)
            set names $names $parts[2]
            set values $values "$parts[4]"
            test "$parts[3]" = '[='; and set optional yes
            set line $parts[6]
        end
        # In -t, --timeout SECS the value is that of both.
        string match -qr -- '^-.$' $names[1]; and test -z "$values[1]$optional"; and set -q values[2]; and set values[1] $values[2]
        for i in (seq (count $names))
            set -l name (string replace -r -- '^-*' '' $names[$i])
            set -l kind --old-option
            string match -q -- '--*' $names[$i]; and set kind --long-option
            test (string length $name) = 1; and set kind --short-option
            set -l value (__calc6_value $argv[2] $name $values[$i])
            if test -n "$optional"
                # It stands behind a = only.
                set value (string match -v -- -r $value)
            else if test -n "$values[$i]"
                set -ga __calc6_taking "$argv[2] $names[$i]"
            end
            complete -c $argv[2] -n $argv[1] $kind $name -d "$line" $value
        end
    end
end

# True: as many words are there already that are neither options nor their values.
function __calc6_operands # NUMBER
    set -l words (commandline -opc)
    set -l program (string replace -r '.*/' '' $words[1])
    set -l operands 0
    set -l before
    for word in $words[2..]
        if not string match -q -- '-*' $word; and not contains -- "$program $before" $__calc6_taking
            set operands (math $operands + 1)
        end
        set before $word
    end
    test $operands -eq $argv[1]
end

set -l program (status basename | string replace -r '\.fish$' '')
complete -c $program -f
switch $program
    case calc6-conformance
        set -l commands ($program --help | string match -rg '^[u ].*conformance ([a-z]+) ' | sort -u)
        set -l at "__fish_seen_subcommand_from"
        complete -c $program -n "not $at $commands" -a "$commands"
        complete -c $program -n "$at explain" -a "(__calc6_cases $program)"
        complete -c $program -n "$at list" -a 'client functions server'
        complete -c $program -n "$at functions" -F
        complete -c $program -n "$at grade" -a '(__fish_complete_directories)'
        __calc6_options "not $at grade" $program
        __calc6_options "$at grade" $program grade
    case '*'
        complete -c $program -n '__calc6_operands 0' -a '(__fish_print_hostnames) ::1'
        complete -c $program -n '__calc6_operands 1' -a 10000
        __calc6_options true $program
end
