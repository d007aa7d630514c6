# bash completion for healdeck; made by: healdeck completion bash
_healdeck() {
  local word line
  local -a words=() lines=()
  # bash has split --option=value at the sign.
  for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
    [[ $word == = ]] || words+=("$word")
  done
  [[ $word == = ]] && words+=("")
  mapfile -t lines < <("$1" complete -- "${words[@]}" 2>/dev/null)
  COMPREPLY=()
  if [[ ${lines[0]-} == :file ]]; then
    compopt -o default
    return
  fi
  for line in "${lines[@]:1}"; do
    printf -v word %q "${line%%$'\t'*}"
    COMPREPLY+=("$word")
  done
}
complete -F _healdeck healdeck
