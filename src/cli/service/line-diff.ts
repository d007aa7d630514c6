/** Longer files are compared as a whole: the time grows with the product of both lengths. */
const MAX_LINES = 500;

/** What a file would lose and gain, line by line; lines that stay begin with two spaces (as `diff -u0` shows it, with all of them). */
export function lineDiff(before: string, after: string): string[] {
  const [old, next] = [before, after].map((text) => text.replace(/\n$/, '').split('\n')) as [string[], string[]];
  if (old.length > MAX_LINES || next.length > MAX_LINES)
    return [...old.map((line) => `- ${line}`), ...next.map((line) => `+ ${line}`)];
  // The length of the longest common part of what follows two lines.
  const common = Array.from({ length: old.length + 1 }, () => Array<number>(next.length + 1).fill(0));
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = next.length - 1; j >= 0; j -= 1) {
      const row = common[i];
      if (row !== undefined) row[j] = old[i] === next[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < next.length) {
    if (i < old.length && j < next.length && old[i] === next[j]) {
      lines.push(`  ${old[i]}`);
      [i, j] = [i + 1, j + 1];
    } else if (i < old.length && (j >= next.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(`- ${old[i]}`);
      i += 1;
    } else {
      lines.push(`+ ${next[j]}`);
      j += 1;
    }
  }
  return lines;
}
