# What zsh offers for each command line of standard input, whose last word is completed: one offer a line, and an empty line
# behind those of each. In $COMPLETIONS is the folder of _calc6. The shell that completes has a terminal of its own, and a
# compadd that writes down what it is given.
zmodload zsh/zpty
offers=$(mktemp)
trap 'rm -f $offers' EXIT

inner='PROMPT= TERM=dumb; unsetopt prompt_cr prompt_sp
# It lists nothing, as it would ask whether to list so much, and take what is typed next for the answer.
unsetopt auto_list auto_menu
fpath=($COMPLETIONS $fpath)
autoload -Uz compinit && compinit -u -D
zstyle ":completion:*" insert-tab false
compadd() {
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
        builtin compadd "$@"
        return
    fi
    local -a given
    builtin compadd -A given "$@"
    (($#given == 0)) || print -rl -- $given >>$offers
    builtin compadd "$@"
}
# As nobody sees it, the line goes away, and a character without an echo says that all is written down.
completed() { BUFFER=; print -n "\0"; }
complete_all() { zle complete-word; completed; }
zle -N complete_all && bindkey "^I" complete_all
print -n "\0"'

COLUMNS=500 zpty completing "offers=$offers zsh -f -i"
zpty -w completing "$inner"
zpty -r completing said $'*\0'
while IFS= read -r line; do
    : >$offers
    zpty -w -n completing "$line"$'\t'
    zpty -r completing said $'*\0'
    sort -u $offers
    echo
done
zpty -d completing
