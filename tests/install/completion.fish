# What fish offers for each command line of standard input, whose last word is completed: one offer a line, and an empty line
# behind those of each. In $XDG_DATA_DIRS is a folder with fish/vendor_completions.d/PROGRAM.fish.
while read -l line
    # Behind a tab is what is said about it.
    complete -C $line | string replace -r '\t.*' ''
    echo
end
