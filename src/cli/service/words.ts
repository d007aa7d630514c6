/**
 * One word of ExecStart= (systemd.service(5), "Command lines"): in double quotes with C escapes, with `%%` for a specifier's sign.
 * `$$` is a dollar in an argument only: the path of the program is not searched for variables.
 */
export function systemdWord(word: string, place: 'program' | 'argument'): string {
  const escaped = word
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    .replaceAll(/[\x01-\x1f\x7f]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .replaceAll('%', '%%');
  const written = place === 'argument' ? escaped.replaceAll('$', '$$$$') : escaped;
  return /^[\w./:@=,+-]+$/.test(written) ? written : `"${written}"`;
}

/** One word of a script for any POSIX shell; `$'…'` is not in all of them. */
export function shellWord(word: string): string {
  return /^[\w./:@=,+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * A word of Exec= (Desktop Entry Specification): the quotes' backslashes are escaped once more, as in every value, and `%%` is the sign of
 * a field code.
 */
export function desktopWord(word: string): string {
  const percent = word.replaceAll('%', '%%');
  if (/^[\w./:@=,+%-]+$/.test(percent)) return percent;
  const quoted = percent.replaceAll(/["`$\\]/g, String.raw`\$&`);
  return `"${quoted}"`
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\t', String.raw`\t`);
}

/** As CommandLineToArgvW reads it. */
export function windowsWord(word: string): string {
  if (/^[\w\\/:.=@+-]+$/.test(word)) return word;
  return `"${word.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
}

/** Text in XML. */
export function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
