/** The lines of a text that stands in a test: without the empty first and last one. */
export function linesOf(text: string): readonly string[] {
  return text
    .replace(/^\n/, '')
    .replace(/\n\s*$/, '')
    .split('\n');
}
