# fish completion for healdeck; made by: healdeck completion fish
function __healdeck_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines ($words[1] complete -- $words[2..-1] "$current" 2>/dev/null)
    if test "$lines[1]" = :file
        __fish_complete_path "$current"
        return
    end
    printf '%s\n' $lines[2..-1]
end
complete -c healdeck -f -a '(__healdeck_complete)'
