#compdef healdeck
# zsh completion for healdeck; made by: healdeck completion zsh
_healdeck() {
  local line
  local -a lines items
  lines=("${(@f)$("$words[1]" complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ $lines[1] == :file ]]; then
    _files
    return
  fi
  for line in "${(@)lines[2,-1]}"; do
    items+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
  done
  _describe healdeck items
}
# Read as a file of $fpath it is this function itself; sourced, it is named here.
if [[ $funcstack[1] == _healdeck ]]; then _healdeck "$@"; else compdef _healdeck healdeck; fi
